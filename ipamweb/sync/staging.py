"""What of a complete list differs from the mirror, kept until the list is whole.

Nothing of a list may be written before its last page is there, and 150,000 pods do not
fit into the memory a poll may take: the changed ones wait in a temporary file, and are
taken out by node, so that a transaction touches few counters.
"""

import hashlib
import marshal
import tempfile
from array import array
from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import count
from mmap import ACCESS_READ, mmap
from typing import Any, NamedTuple

from ipamweb.addressing import records
from ipamweb.sync.changes import Seen

# A write for each object would cost more than the object.
WRITE_BYTES = 2**20


def pod_fields(pod: records.Pod) -> bytes:
    """Return what is mirrored of a pod as bytes: equal bytes, equal pods.

    Version 0 of marshal writes no references, so it depends on values alone.
    """
    times = _stamp(pod.terminating_at), _stamp(pod.created_at)
    return marshal.dumps(pod[1:9] + times, 0)


def endpoint_fields(endpoint: records.Endpoint) -> bytes:
    """Return what is mirrored of an endpoint as bytes."""
    return marshal.dumps(endpoint[1:-1], 0)


def digest(fields: bytes) -> int:
    """Return 64 bits that differ when fields do; signed, as databases store them."""
    return int.from_bytes(
        hashlib.blake2b(fields, digest_size=8).digest(), "big", signed=True
    )


class Staged:
    """Changed objects on disk: 16 bytes of memory each. Close it to delete the file."""

    def __init__(self) -> None:
        # Closed by `close`: it lives as long as the poll.
        self._file = tempfile.TemporaryFile(buffering=0)  # noqa: SIM115
        self._unwritten = bytearray()
        self._groups: dict[str, int] = {}
        self._group = array("l")
        self._offset = array("q", [0])

    def __len__(self) -> int:
        return len(self._group)

    def add(self, group: str, payload: tuple[Any, ...]) -> None:
        """Keep a tuple of plain values under a group: what is written side by side."""
        groups, offsets, unwritten = self._groups, self._offset, self._unwritten
        content = marshal.dumps(payload, 0)
        self._group.append(groups.setdefault(group, len(groups)))
        offsets.append(offsets[-1] + len(content))
        unwritten += content
        if len(unwritten) > WRITE_BYTES:
            self._write()

    def _write(self) -> None:
        """Write what waits; a write may take less than it was given."""
        while self._unwritten:
            del self._unwritten[: self._file.write(self._unwritten)]

    def by_group(self) -> Iterator[tuple[Any, ...]]:
        """Yield what was kept, by name of the group, then in the order it came."""
        if not self._group:
            return
        places = dict(zip(sorted(self._groups), count()))
        ranks = [places[name] for name in self._groups]
        order = sorted(range(len(self._group)), key=lambda i: ranks[self._group[i]])
        self._write()
        offsets, load = self._offset, marshal.loads
        with mmap(self._file.fileno(), 0, access=ACCESS_READ) as content:
            for index in order:
                yield load(content[offsets[index] : offsets[index + 1]])

    def close(self) -> None:
        self._file.close()


class StagedPod(NamedTuple):
    """A pod as it was staged."""

    uid: str
    resource_version: str
    digest: int
    namespace: str
    name: str
    node: str
    phase: str
    host_network: bool
    addresses: tuple[int, ...]
    workload_kind: str
    workload_name: str
    terminating_at: datetime | None
    created_at: datetime | None

    def as_seen(self) -> Seen[records.Pod]:
        """Return it as seen in a list."""
        uid, version, digest, *fields = self
        values: list[Any] = [uid, *fields, version]
        return Seen(0, records.Pod(*values), "list", digest)


class StagedEndpoint(NamedTuple):
    """An endpoint as it was staged."""

    uid: str
    resource_version: str
    digest: int
    namespace: str
    name: str
    pod_uid: str
    node_address: int | None
    state: str
    addresses: tuple[int, ...]

    def as_seen(self) -> Seen[records.Endpoint]:
        """Return it as seen in a list."""
        uid, version, digest, *fields = self
        values: list[Any] = [uid, *fields, version]
        return Seen(0, records.Endpoint(*values), "list", digest)


def pack(uid: str, version: str, digest: int, fields: bytes) -> tuple[Any, ...]:
    """Return a pod or an endpoint as plain values, for Staged."""
    return (uid, version, digest, fields)


def unpack_pod(payload: tuple[Any, ...]) -> StagedPod:
    """Return the pod that was packed."""
    *head, fields = payload
    *facts, terminating_at, created_at = marshal.loads(fields)
    stamps = _moment(terminating_at), _moment(created_at)
    return StagedPod._make([*head, *facts, *stamps])


def unpack_endpoint(payload: tuple[Any, ...]) -> StagedEndpoint:
    """Return the endpoint that was packed."""
    *head, fields = payload
    return StagedEndpoint._make([*head, *marshal.loads(fields)])


def _stamp(moment: datetime | None) -> float | None:
    return None if moment is None else moment.timestamp()


def _moment(stamp: float | None) -> datetime | None:
    return None if stamp is None else datetime.fromtimestamp(stamp, UTC)
