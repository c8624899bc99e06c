"""Writes what was gathered, in bounded transactions: openings first, closings last.

Every transaction begins by proving the lease, and a kill may cut off after it: what is
written is true by itself, and the next poll goes on from the same cursor.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any

from ipamweb.mirror import stored
from ipamweb.mirror.models import Allocation, Block, Endpoint, Node, Pod
from ipamweb.sync import apply_places, apply_space, first_list, lease, staging
from ipamweb.sync.apply import Tally, Writing, apply_listed_pods, apply_pods
from ipamweb.sync.changes import Gone, Seen
from ipamweb.sync.gather import SPACE_KINDS, Gathered
from ipamweb.sync.known import gone_already
from ipamweb.sync.namesakes import namesakes
from ipamweb.sync.plan import PodChange
from ipamweb.sync.plan_space import NODE_KINDS, SpaceObject, owner_key
from ipamweb.sync.staging import StagedPod

# A transaction writes at most so many rows, so that readers and other clusters wait
# little and a kill loses little.
ROWS = 2_000
# Of a cluster of which nothing is mirrored nobody reads yet; what is written in fewer
# transactions, so many times as large, touches fewer pages of the indexes twice.
FIRST_TIMES = 5
# Objects that may go into one transaction: a node with two blocks and eight addresses.
SPACE_OBJECTS = 200


PLACES: dict[str, Callable[[Writing, Sequence[Any]], Tally]] = {
    "namespaces": apply_places.apply_namespaces,
    "nodes": apply_places.apply_nodes,
}


@dataclass(slots=True)
class Writer:
    """Applies gathered kinds of one poll, in order, and adds up what was done."""

    held: lease.Held
    cluster_id: int
    generation: int
    tally: Tally
    # Seen of namespaces so far.
    namespaces: list[Any] = field(default_factory=list)

    def seen(self, gathered: Gathered) -> None:
        """Write what was seen; of pods also what was seen to go, in its order."""
        writing = self._writing(gathered)
        if gathered.kind == "pods":
            several = namesakes(self.cluster_id, self.namespaces)
            self._pods(replace(writing, namesakes=several), gathered)
            return
        if gathered.kind == "ciliumendpoints":
            self._endpoints(writing, gathered)
            return
        if gathered.kind == "namespaces":
            self.namespaces += gathered.changes
        over = self._over(gathered)
        seen = [
            each
            for each in gathered.changes
            if isinstance(each, Seen) and each.record.uid not in over
        ]
        self._places(writing, gathered, seen)
        space = [each for each in gathered.space if each.uid not in over]
        if gathered.listed:
            # A transaction's blocks lie side by side: it asks what lies between them.
            space.sort(key=_first_address)
        size = _size(SPACE_OBJECTS, is_first=self._is_first(gathered, Block))
        for part in _parts(space, size):
            self._apply(partial(apply_space.apply_space, writing, part, []))

    def _over(self, gathered: Gathered) -> set[str]:
        going = [each.uid for each in gathered.changes if isinstance(each, Gone)]
        return gone_already(self.cluster_id, gathered.kind, going)

    def gone(self, gathered: Gathered) -> None:
        """Write what is gone: deleted in the stream, or absent from a whole list."""
        writing = self._writing(gathered)
        gone = [Gone(0, uid, "absence") for uid in gathered.absent]
        if gathered.kind != "pods":
            gone += [each for each in gathered.changes if isinstance(each, Gone)]
        for part in _parts(gone, ROWS // 4):
            self._apply(partial(self._gone, writing, gathered.kind, part))

    def _gone(self, writing: Writing, kind: str, gone: list[Gone]) -> Tally:
        if kind == "pods":
            return apply_pods(writing, gone)
        if kind == "ciliumendpoints":
            return apply_places.apply_endpoints(writing, gone)
        if kind == "namespaces":
            return apply_places.apply_namespaces(writing, gone)
        tally = apply_space.apply_space(writing, [], gone)
        if kind == "nodes":
            tally.changed += apply_places.apply_nodes(writing, gone).changed
        return tally

    def _places(self, writing: Writing, gathered: Gathered, seen: list[Any]) -> None:
        apply = PLACES.get(gathered.kind)
        if apply is None:
            return
        size = _size(ROWS // 4, is_first=self._is_first(gathered, Node))
        for part in _parts(seen, size):
            self._apply(partial(apply, writing, part))

    def _pods(self, writing: Writing, gathered: Gathered) -> None:
        is_first = self._is_first(gathered, Pod)
        write = first_list.write_first_pods if is_first else apply_listed_pods
        for batch in listed_pods(gathered, _size(ROWS, is_first=is_first)):
            self._apply(partial(write, writing, batch))
        for changes in changed_pods(gathered):
            self._apply(partial(apply_pods, writing, changes))

    def _endpoints(self, writing: Writing, gathered: Gathered) -> None:
        is_first = self._is_first(gathered, Endpoint)
        write = apply_places.apply_listed_endpoints
        if is_first:
            write = first_list.write_first_endpoints
        staged = gathered.staged.by_group() if gathered.staged else ()
        listed = map(staging.unpack_endpoint, staged)
        for part in _parts(listed, _size(ROWS, is_first=is_first)):
            self._apply(partial(write, writing, part))
        seen = [each for each in gathered.changes if isinstance(each, Seen)]
        for part in _parts(seen, ROWS):
            self._apply(partial(apply_places.apply_endpoints, writing, part))

    def _is_first(
        self, gathered: Gathered, model: type[Block | Endpoint | Node | Pod]
    ) -> bool:
        """Say whether nothing of the model is mirrored; a drain follows a list, and
        costs no query."""
        if not gathered.listed:
            return False
        return not model.objects.filter(cluster=self.cluster_id).exists()

    def _apply(self, write: Callable[[], Tally]) -> None:
        with lease.writing(self.held):
            tally = write()
        self.tally.opened += tally.opened
        self.tally.changed += tally.changed
        self.tally.closed += tally.closed

    def _writing(self, gathered: Gathered) -> Writing:
        return Writing(
            self.cluster_id,
            self.generation,
            gathered.bounds,
            gathered.versions_comparable,
        )


def _size(usual: int, *, is_first: bool) -> int:
    return usual * FIRST_TIMES if is_first else usual


def _first_address(stated: SpaceObject) -> int:
    return min((block.range.first for block in stated.blocks), default=0)


def listed_pods(gathered: Gathered, rows: int) -> Iterator[list[StagedPod]]:
    """Yield the pods of a list that differ, by node, in parts of so many rows."""
    batch: list[StagedPod] = []
    cost = 0
    for payload in gathered.staged.by_group() if gathered.staged else ():
        pod = staging.unpack_pod(payload)
        own = 1 + len(pod.addresses)
        if batch and cost + own > rows:
            yield batch
            batch, cost = [], 0
        batch.append(pod)
        cost += own
    if batch:
        yield batch


def changed_pods(gathered: Gathered) -> Iterator[list[PodChange]]:
    """Yield the changes of pods in parts of at most ROWS rows.

    Changes of one pod, and of pods of one name, stay together and in their order.
    """
    names = {
        change.record.uid: (change.record.namespace, change.record.name)
        for change in gathered.changes
        if isinstance(change, Seen)
    }
    groups: dict[tuple[str, str], list[PodChange]] = {}
    for change in gathered.changes:
        uid = change.uid if isinstance(change, Gone) else change.record.uid
        groups.setdefault(names.get(uid, ("", uid)), []).append(change)
    batch: list[PodChange] = []
    rows = 0
    for group in groups.values():
        cost = sum(map(_rows_of, group))
        if batch and rows + cost > ROWS:
            yield batch
            batch, rows = [], 0
        batch += group
        rows += cost
    if batch:
        yield batch


def _rows_of(change: PodChange) -> int:
    """Return how many rows a change writes at most."""
    return 3 if isinstance(change, Gone) else 1 + len(change.record.addresses)


def _parts(items: Iterable[Any], size: int) -> Iterator[list[Any]]:
    part: list[Any] = []
    for item in items:
        part.append(item)
        if len(part) == size:
            yield part
            part = []
    if part:
        yield part


def open_allocations_of(cluster_id: int, gathered: Sequence[Gathered]) -> int:
    """Return how many open allocations the absence of objects would end.

    A query for each 10,000 absent objects; none where nothing is absent.
    """
    keys: list[str] = []
    for each in gathered:
        if each.kind == "pods":
            keys += each.absent
        elif each.kind in SPACE_KINDS:
            keys += [owner_key(uid, kind) for uid in each.absent for kind in NODE_KINDS]
    return sum(
        len(
            stored.select(
                Allocation,
                ("id",),
                where="cluster_id = %s AND network = '' AND owner_key IN {among}",
                among=part,
                values=[cluster_id],
            )
        )
        for part in _parts(keys, 10_000)
    )
