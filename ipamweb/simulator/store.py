"""All objects of the simulated cluster, under one counter of versions; thread-safe.

Objects go in as dicts and are encoded once; what is kept is bytes. Every change is told
to the listeners (the server wakes its watches). Not here: how requests read it
(listing.py).
"""

import threading
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any

import msgspec

from ipamweb.simulator.kinds import KINDS, Kind
from ipamweb.simulator.shelf import (
    ADDED,
    DELETED,
    MODIFIED,
    WINDOW_EVENTS,
    Change,
    Shelf,
    Slice,
    Stored,
)

FIRST_VERSION = 1000
Object = Mapping[str, Any]


def utc_now() -> datetime:
    return datetime.now(UTC)


def as_timestamp(moment: datetime) -> str:
    """Return a metav1.Time: whole seconds in UTC, such as 2026-11-22T21:26:58Z."""
    return f"{moment.astimezone(UTC).isoformat()[:19]}Z"


@dataclass(frozen=True, slots=True)
class TimedChange:
    """A change at an instant; a DELETED one needs only metadata in its object."""

    at: datetime
    type: str
    kind: str
    object: Object = field(default_factory=dict)


class Store:
    def __init__(
        self,
        *,
        clock: Callable[[], datetime] = utc_now,
        window: int = WINDOW_EVENTS,
    ) -> None:
        self.clock = clock
        self.lock = threading.RLock()
        self.version = FIRST_VERSION
        self.groups = {kind.group for kind in KINDS.values()}
        self._made = 0
        self._listeners: list[Callable[[], None]] = []
        self._shelves = {resource: Shelf(window=window) for resource in KINDS}

    # Reading

    @property
    def kinds(self) -> list[str]:
        return list(self._shelves)

    def get(self, kind: str, name: str, *, namespace: str = "") -> dict[str, Any]:
        """Return the object as a dict; KeyError when there is none."""
        decoded: dict[str, Any] = msgspec.json.decode(
            self.stored(kind, name, namespace=namespace).body
        )
        return decoded

    def stored(self, kind: str, name: str, *, namespace: str = "") -> Stored:
        key = f"{namespace}/{name}" if namespace else name
        return self._shelves[kind].objects[key]

    def count(self, kind: str) -> int:
        return len(self._shelves[kind].objects)

    def all(self, kind: str) -> list[Stored]:
        """Return every object of a kind in the order of lists."""
        return self.read(Slice(kind, self.version))[0]

    def read(self, wanted: Slice) -> tuple[list[Stored], int]:
        """Return a part of a list as of a version; TooOld when that is forgotten."""
        with self.lock:
            return self._shelves[wanted.kind].read(wanted)

    def changes(self, kind: str, *, after: int) -> tuple[list[Change], int]:
        """Return the changes after a version, and the version they lead to."""
        with self.lock:
            return self._shelves[kind].changes(after), self.version

    def oldest(self, kind: str) -> int:
        return self._shelves[kind].oldest

    # Writing

    def listen(self, listener: Callable[[], None]) -> None:
        self._listeners.append(listener)

    def load(self, kind: str, objects: Iterable[Object]) -> None:
        """Take many objects that were there before anybody looked; no events."""
        with self.lock:
            self.version += 1
            shelf = self._shelves[kind]
            shelf.load(self._store(KINDS[kind], each) for each in objects)
            shelf.forget(self.version)
        self._tell()

    def add(self, kind: str, wanted: Object, *, at: datetime | None = None) -> Stored:
        """Create an object; ValueError when the name is taken."""
        with self.lock:
            self.version += 1
            stored = self._store(KINDS[kind], wanted, at=at)
            if stored.key in self._shelves[kind].objects:
                raise ValueError(f"{kind} {stored.key} exists already")
            return self._record(kind, Change(self.version, ADDED, stored, None))

    def replace(self, kind: str, wanted: Object) -> Stored:
        """Write an object over that of the same name; its UID and creation stay."""
        with self.lock:
            metadata = wanted["metadata"]
            namespace = metadata.get("namespace", "")
            previous = self.stored(kind, metadata["name"], namespace=namespace)
            kept = msgspec.json.decode(previous.body)["metadata"]
            metadata = {
                "uid": kept["uid"],
                "creationTimestamp": kept["creationTimestamp"],
            } | dict(metadata)
            self.version += 1
            stored = self._store(KINDS[kind], {**wanted, "metadata": metadata})
            return self._record(kind, Change(self.version, MODIFIED, stored, previous))

    def modify(
        self, kind: str, name: str, *, namespace: str = "", patch: Object
    ) -> Stored:
        """Merge a patch into an object (RFC 7386: None removes a field)."""
        with self.lock:
            before = self.get(kind, name, namespace=namespace)
            return self.replace(kind, _merged(before, patch))

    def delete(
        self, kind: str, name: str, *, namespace: str = "", announced: bool = True
    ) -> Stored:
        """Remove an object; not announced, no watch ever hears of it."""
        with self.lock:
            previous = self.stored(kind, name, namespace=namespace)
            self.version += 1
            stored = _with_version(previous, self.version)
            change = Change(self.version, DELETED, stored, previous, announced)
            return self._record(kind, change)

    def put_raw(self, kind: str, stored: Stored) -> Stored:
        """Write an object whose body is taken as it is, however broken.

        Its version is set to the next one, in `stored`, not in the body.
        """
        with self.lock:
            previous = self._shelves[kind].objects.get(stored.key)
            self.version += 1
            stored = replace(stored, version=self.version)
            type_ = MODIFIED if previous else ADDED
            return self._record(kind, Change(self.version, type_, stored, previous))

    def apply(self, change: TimedChange) -> Stored:
        """Make a timed change; what it creates is created at the change's instant."""
        if change.type == ADDED:
            return self.add(change.kind, change.object, at=change.at)
        if change.type == MODIFIED:
            return self.replace(change.kind, change.object)
        metadata = change.object["metadata"]
        namespace = metadata.get("namespace", "")
        return self.delete(change.kind, metadata["name"], namespace=namespace)

    def compact(self, version: int | None = None) -> None:
        """Forget the changes up to a version (None: all), as etcd's compaction does."""
        with self.lock:
            for shelf in self._shelves.values():
                shelf.forget(self.version if version is None else version)

    def rewind(self, version: int) -> None:
        """Go back to an earlier version with its objects, as a restored etcd does."""
        with self.lock:
            for shelf in self._shelves.values():
                shelf.undo(version)
            self.version = version
        self._tell()

    def skip_versions(self, count: int) -> None:
        """Let the counter run on, as writes to kinds nobody reads here do."""
        with self.lock:
            self.version += count
        self._tell()

    # Inside

    def _record(self, kind: str, change: Change) -> Stored:
        self._shelves[kind].record(change)
        self._tell()
        return change.stored

    def _tell(self) -> None:
        for listener in self._listeners:
            listener()

    def _store(
        self, kind: Kind, wanted: Object, *, at: datetime | None = None
    ) -> Stored:
        given = wanted["metadata"]
        uid = given.get("uid") or self._new_uid()
        created = given.get("creationTimestamp") or as_timestamp(at or self.clock())
        # Version and UID come first, so that a later version is a swap near the start.
        metadata = {
            "uid": uid,
            "resourceVersion": str(self.version),
            "creationTimestamp": created,
        }
        metadata |= {key: given[key] for key in given if key not in metadata}
        rest = {
            key: wanted[key]
            for key in wanted
            if key not in ("metadata", "kind", "apiVersion")
        }
        head = {"apiVersion": kind.api_version, "kind": kind.name}
        whole = {**(head if kind.is_custom else {}), "metadata": metadata, **rest}
        return Stored(
            namespace=given.get("namespace", ""),
            name=given["name"],
            uid=uid,
            version=self.version,
            content=msgspec.json.encode(whole),
            labels=given.get("labels") or {},
            node=(wanted.get("spec") or {}).get("nodeName", ""),
        )

    def _new_uid(self) -> str:
        self._made += 1
        return f"{self._made:08x}-5e1f-4000-8000-{self._made:012x}"


def _merged(before: Any, patch: Any) -> Any:
    if not isinstance(patch, Mapping):
        return patch
    found = dict(before) if isinstance(before, Mapping) else {}
    for key, value in patch.items():
        if value is None:
            found.pop(key, None)
        else:
            found[key] = _merged(found.get(key), value)
    return found


def _with_version(stored: Stored, version: int) -> Stored:
    old = b'"resourceVersion":"%d"' % stored.version
    new = b'"resourceVersion":"%d"' % version
    body = stored.body.replace(old, new, 1)
    return replace(stored, version=version, content=body, dictionary=b"")
