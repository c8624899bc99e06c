"""Turns lists and drains of one kind into changes against what is mirrored.

Reads the cluster and the mirror, writes nothing. A list that differs little from the
mirror costs little memory: equal objects are recognised by their digest and dropped.
"""

import json
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from ipamweb.addressing import records
from ipamweb.cluster import reading
from ipamweb.cluster.access import Session
from ipamweb.cluster.errors import Expired
from ipamweb.cluster.readers.contract import (
    Kind,
    Reader,
    ReaderSettings,
    listed_of,
)
from ipamweb.mirror.models import Cluster, Cursor
from ipamweb.sync import staging
from ipamweb.sync.changes import Bounds, Gone, Seen
from ipamweb.sync.fits import keep_what_fits
from ipamweb.sync.known import known_uids
from ipamweb.sync.plan_space import SpaceObject


@dataclass(slots=True)
class Gathered:
    """What one kind has to say in one poll."""

    kind: str
    # As problems name it: Pod, for kind pods.
    object_kind: str
    bounds: Bounds
    resource_version: str
    listed: bool
    # In the order of the stream; of a list, those that differ.
    changes: list[Any] = field(default_factory=list)
    # Pods and endpoints of a list: too many to hold.
    staged: staging.Staged | None = None
    space: list[SpaceObject] = field(default_factory=list)
    absent: list[str] = field(default_factory=list)
    problems: list[records.Problem] = field(default_factory=list)
    unchanged: int = 0
    unidentified: int = 0
    versions_comparable: bool = True

    def seen_uids(self) -> set[str]:
        """Return the UIDs of a drain: what was wrong with these objects may be over."""
        return {
            each.uid if isinstance(each, Gone) else each.record.uid
            for each in self.changes
        } | {each.uid for each in self.space}

    def gone_uids(self) -> set[str]:
        return {each.uid for each in self.changes if isinstance(each, Gone)}

    def close(self) -> None:
        if self.staged is not None:
            self.staged.close()


@dataclass(frozen=True, slots=True)
class Source:
    """Where a kind is read from and how it is understood."""

    session: Session
    kind: Kind
    reader: Reader
    settings: ReaderSettings
    clock: Callable[[], datetime]

    def read(self, objects: Iterable[Any]) -> records.Reading:
        read = self.reader.read(listed_of(self.kind, objects), self.settings)
        return keep_what_fits(read, kind=self.kind.name)


def gather_list(
    source: Source,
    cluster: Cluster,
    *,
    cursor: Cursor | None,
    every_page: Callable[[], None],
) -> Gathered:
    """Read a complete list and return what differs; nothing is believed before its end.

    Raises ClusterError when the list is not whole. `every_page` is called after each
    page.
    """
    kind = source.kind.resource
    known = known_uids(cluster, kind, namespaces=source.session.namespaces)
    gathering = _Gathering(kind, known)
    try:
        first, last = _take_pages(source, gathering, every_page)
    except BaseException:
        gathering.close()
        raise
    previous = cursor.as_of if cursor else None
    version = last.resource_version
    # Several namespaces are several snapshots: the last one bounds them all.
    answered_at = (last if source.session.namespaces else first).answered_at
    return Gathered(
        kind,
        source.kind.name,
        _bounds(previous, first.asked_at, answered_at),
        version,
        listed=True,
        changes=gathering.changes,
        staged=gathering.staged,
        space=list(gathering.space.values()),
        absent=gathering.absent(),
        problems=gathering.problems,
        unchanged=gathering.unchanged,
        unidentified=gathering.unidentified,
        versions_comparable=not (
            cursor and went_back(cursor.resource_version, version)
        ),
    )


def _take_pages(
    source: Source, gathering: "_Gathering", every_page: Callable[[], None]
) -> tuple[reading.Page, reading.Page]:
    """Return the first and the last page of the list, which is whole then."""
    first: reading.Page | None = None
    last: reading.Page | None = None
    pages = reading.list_pages(source.session, source.kind, clock=source.clock)
    with closing(pages):
        for page in pages:
            first, last = first or page, page
            gathering.unidentified += page.unidentified
            gathering.take_problems(page.problems)
            gathering.take(source.read(page.objects))
            every_page()
    assert first is not None
    assert last is not None
    return first, last


def gather_drain(source: Source, *, cursor: Cursor) -> Gathered:
    """Read what happened since the cursor. Touches no database: it may run in a thread.

    Raises Expired when the cursor is of no use any more, ClusterError when it failed.
    """
    drain = _drain(source, cursor)
    gathered = Gathered(
        source.kind.resource,
        source.kind.name,
        _drain_bounds(cursor, drain),
        drain.resource_version,
        listed=False,
        unidentified=drain.unidentified,
    )
    for sequence, event in enumerate(drain.events, 1):
        _take_event(gathered, source, event, sequence)
    gone = gathered.gone_uids()
    gathered.problems += [
        each for each in drain.problems if each.object_uid not in gone
    ]
    return gathered


def _drain(source: Source, cursor: Cursor) -> reading.Drain:
    return reading.drain(
        source.session,
        source.kind,
        cursor=cursor.resource_version,
        clock=source.clock,
    )


def gather_between(source: Source, *, cursor: Cursor, listed: Gathered) -> Gathered:
    """Read what happened since the cursor and up to a list that was made after it.

    A list shows what is there, not what came and went before it. What was seen to go
    is taken out of the list's absent. Raises ClusterError where the stream does not
    reach the list. Touches no database.
    """
    drain = _drain(source, cursor)
    limits = _versions(listed.resource_version)
    events = [event for event in drain.events if _is_within(event, limits)]
    if len(events) == len(drain.events) and not drain.is_caught_up:
        why = "its events end before the list that was made meanwhile"
        action = f"watch {source.kind.resource}"
        raise Expired(source.session.name, action=action, why=why)
    gathered = Gathered(
        source.kind.resource,
        source.kind.name,
        listed.bounds,
        cursor.resource_version,
        listed=False,
    )
    for sequence, event in enumerate(events, 1):
        _take_event(gathered, source, event, sequence)
    # The list has the last word on what cannot be read.
    gathered.problems.clear()
    gone = gathered.gone_uids()
    listed.absent = [uid for uid in listed.absent if uid not in gone]
    return gathered


def _is_within(event: reading.Event, limits: dict[str, int]) -> bool:
    if "" in limits:
        return int(event.resource_version) <= limits[""]
    namespace = event.object.metadata.namespace  # type: ignore[attr-defined]
    return int(event.resource_version) <= limits.get(namespace, 0)


def _take_event(
    gathered: Gathered, source: Source, event: reading.Event, sequence: int
) -> None:
    # Every shape has metadata; msgspec knows no protocol for it.
    uid: str = event.object.metadata.uid  # type: ignore[attr-defined]
    # What was wrong with an earlier state is over.
    gathered.problems = [each for each in gathered.problems if each.object_uid != uid]
    if event.type == "DELETED":
        gathered.changes.append(Gone(sequence, uid, "watch"))
        return
    read = source.read([event.object])
    gathered.problems += read.problems
    gathered.changes += [
        Seen(sequence, record, "watch") for record in _objects_of(read)
    ]
    if gathered.kind in SPACE_KINDS:
        gathered.space += _space_objects(read, [uid], sequence)


def _objects_of(read: records.Reading) -> Iterator[Any]:
    yield from read.namespaces
    yield from read.nodes
    yield from read.pods
    yield from read.endpoints


# Endpoints are written by the beginning of their UIDs: neighbours in the index.
NEAR = 3
# Kinds whose objects state blocks and addresses of nodes.
SPACE_KINDS = ("nodes", "ciliumnodes")


class _Gathering:
    """Compares pages with what is known, one at a time."""

    def __init__(self, kind: str, known: dict[str, int]) -> None:
        self.kind = kind
        self.known = known
        self.changes: list[Any] = []
        self.staged = staging.Staged() if kind in ("pods", "ciliumendpoints") else None
        # What was staged: a server's list may name an object twice.
        self.taken: set[str] = set()
        self.space: dict[str, SpaceObject] = {}
        self.problems: list[records.Problem] = []
        self.unchanged = 0
        self.unidentified = 0

    def take(self, read: records.Reading) -> None:
        self.take_problems(read.problems)
        self._take_pods(read.pods)
        self._take_endpoints(read.endpoints)
        places: list[records.Namespace | records.Node]
        places = [*read.namespaces, *read.nodes]
        for record in places:
            self.known.pop(record.uid, None)
            self.changes.append(Seen(0, record, "list"))
        if self.kind in SPACE_KINDS:
            for each in _space_objects(read, [], 0):
                self.known.pop(each.uid, None)
                self.space[each.uid] = each

    def take_problems(self, problems: list[records.Problem]) -> None:
        """Note problems; what is not understood is there all the same, not absent."""
        self.problems += problems
        for problem in problems:
            self.known.pop(problem.object_uid, None)

    def _take_pods(self, pods: list[records.Pod]) -> None:
        known, staged, taken = self.known, self.staged, self.taken
        for pod in pods:
            fields = staging.pod_fields(pod)
            digest = staging.digest(fields)
            if known.pop(pod.uid, None) == digest:
                self.unchanged += 1
            elif staged is not None and pod.uid not in taken:
                taken.add(pod.uid)
                version = pod.resource_version
                staged.add(pod.node, staging.pack(pod.uid, version, digest, fields))

    def _take_endpoints(self, endpoints: list[records.Endpoint]) -> None:
        known, staged, taken = self.known, self.staged, self.taken
        for endpoint in endpoints:
            fields = staging.endpoint_fields(endpoint)
            digest = staging.digest(fields)
            if known.pop(endpoint.uid, None) == digest:
                self.unchanged += 1
            elif staged is not None and endpoint.uid not in taken:
                taken.add(endpoint.uid)
                version = endpoint.resource_version
                near = endpoint.uid[:NEAR]
                staged.add(near, staging.pack(endpoint.uid, version, digest, fields))

    def absent(self) -> list[str]:
        """Return what is known and not listed; nothing where a UID was unreadable."""
        return [] if self.unidentified else list(self.known)

    def close(self) -> None:
        if self.staged is not None:
            self.staged.close()


def _space_objects(
    read: records.Reading, uids: list[str], sequence: int
) -> list[SpaceObject]:
    """Return what each object of a reading states, also those that state nothing."""
    found = {uid: SpaceObject(uid, sequence) for uid in uids}
    for node in read.nodes:
        found.setdefault(node.uid, SpaceObject(node.uid, sequence))
    for block in read.blocks:
        each = found.setdefault(block.owner_uid, SpaceObject(block.owner_uid, sequence))
        each.blocks.append(block)
    for address in read.node_addresses:
        uid = address.object_uid
        found.setdefault(uid, SpaceObject(uid, sequence)).addresses.append(address)
    for record in read.node_records:
        uid = record.uid
        found.setdefault(uid, SpaceObject(uid, sequence)).record = record
    for problem in read.problems:
        if problem.object_uid in found:
            found[problem.object_uid].is_doubtful = True
    return list(found.values())


def _bounds(previous: datetime | None, asked: datetime, answered: datetime) -> Bounds:
    """Return the bounds of a reading; a clock that steps back is held where it was."""
    asked = max(asked, previous) if previous else asked
    return Bounds(previous, asked, max(asked, answered))


def _drain_bounds(cursor: Cursor, drain: reading.Drain) -> Bounds:
    """Return the bounds of a drain; one that is not whole does not move `as_of`."""
    bounds = _bounds(cursor.as_of, drain.asked_at, drain.answered_at)
    is_whole = drain.is_caught_up and not drain.unidentified
    if is_whole or cursor.as_of is None:
        return bounds
    return Bounds(cursor.as_of, cursor.as_of, bounds.answered_at)


def went_back(before: str, now: str) -> bool:
    """Say whether a version lies before the cursor: a past state was restored."""
    known, found = _versions(before), _versions(now)
    return any(found[scope] < known[scope] for scope in known.keys() & found.keys())


def _versions(cursor: str) -> dict[str, int]:
    """Return the version of each namespace that was read; "" is the whole cluster."""
    texts = json.loads(cursor) if cursor.startswith("{") else {"": cursor}
    return {scope: int(text) for scope, text in texts.items() if text.isdigit()}
