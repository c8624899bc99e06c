"""Writes the plan for pods and their addresses: rows, history and counters as one.

Called inside a transaction that holds the lease (lease.writing). Not here: nodes,
namespaces and blocks (apply_space.py), what is to be written (plan.py).
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from ipamweb.addressing import ranges, records
from ipamweb.mirror import stored
from ipamweb.mirror.models import Allocation, Pod
from ipamweb.sync import bulk, places, staging
from ipamweb.sync.changes import Bounds, Gone
from ipamweb.sync.counters import Counters
from ipamweb.sync.history import History, Owner
from ipamweb.sync.namesakes import Namesakes, namespace_of
from ipamweb.sync.places import Place
from ipamweb.sync.plan import (
    KnownAllocation,
    KnownPod,
    Opening,
    PodChange,
    PodOutcome,
    PodPlan,
    plan_pods,
)
from ipamweb.sync.staging import StagedPod

POD_CHANGES = (
    "namespace_id", "namespace_uid", "node_id", "node_name", "phase", "host_network",
    "workload_kind", "workload_name", "terminating_at", "addresses", "resource_version",
    "digest", "gone_at", "gone_by", "gone_how",
)  # fmt: skip
POD = (
    "id", "cluster_id", "uid", "namespace_name", "name", "created_at", "seen_earliest",
    "first_seen", *POD_CHANGES,
)  # fmt: skip
_GONE = ("gone_at", "gone_by", "gone_how")


@dataclass(slots=True)
class Tally:
    """What a poll did, for its run."""

    opened: int = 0
    changed: int = 0
    closed: int = 0
    unchanged: int = 0

    @property
    def did_anything(self) -> bool:
        return bool(self.opened or self.changed or self.closed)


@dataclass(slots=True)
class MirroredPod(KnownPod):
    """A known pod with what the counters and the row need of it."""

    namespace_uid: str = ""
    namespace_id: int | None = None
    node_id: int | None = None
    node_name: str = ""
    # Last known there: the end of what is certain when it is gone.
    gone: bool = False

    @property
    def counts(self) -> bool:
        return not self.gone

    @property
    def takes_slot(self) -> bool:
        return not self.gone and self.phase not in records.TERMINAL_PHASES


@dataclass(frozen=True, slots=True)
class Writing:
    """Into which cluster, under which generation, and between which instants."""

    cluster_id: int
    generation: int
    bounds: Bounds
    versions_comparable: bool = True
    namesakes: Namesakes = field(default_factory=dict)


def apply_pods(writing: Writing, changes: Sequence[PodChange]) -> Tally:
    """Plan the changes against their rows and write what follows.

    A fixed number of statements, however many changes; at most 2,000 rows are asked for
    at a time (poll.py cuts).
    """
    known = known_pods(writing.cluster_id, changes)
    plan = plan_pods(
        changes,
        known=known,
        bounds=writing.bounds,
        versions_comparable=writing.versions_comparable,
    )
    return _PodWriter(writing, Counters(writing.cluster_id)).write(plan)


def apply_listed_pods(writing: Writing, pods: Sequence[StagedPod]) -> Tally:
    """The same for pods of a complete list."""
    return apply_pods(writing, [pod.as_seen() for pod in pods])


def known_pods(cluster_id: int, changes: Sequence[PodChange]) -> list[MirroredPod]:
    """Return the mirrored pods that the changes name, by UID or by name."""
    uids, names = set(), set()
    for change in changes:
        if isinstance(change, Gone):
            uids.add(change.uid)
        else:
            uids.add(change.record.uid)
            names.add(change.record.name)
    columns = (
        "id", "uid", "namespace_name", "name", "resource_version", "phase", "gone_how",
        "namespace_uid", "namespace_id", "node_id", "node_name",
    )  # fmt: skip
    rows = stored.select(
        Pod,
        columns,
        where="cluster_id = %s AND uid IN {among}",
        among=list(uids),
        values=[cluster_id],
    ) + _namesakes(cluster_id, columns, changes)
    pods: dict[str, MirroredPod] = {}
    for pk, uid, namespace, name, version, phase, gone_how, *rest in rows:
        pods[uid] = MirroredPod(
            pk, uid, namespace, name, version, phase, gone_how, {}, *rest
        )
        pods[uid].gone = gone_how != ""
    _add_open_allocations(cluster_id, pods)
    return list(pods.values())


def _namesakes(
    cluster_id: int, columns: Sequence[str], changes: Sequence[PodChange]
) -> list[tuple[Any, ...]]:
    """Return the rows of pods that exist under a namespace and name that was seen."""
    seen = {
        (change.record.namespace, change.record.name)
        for change in changes
        if not isinstance(change, Gone)
    }
    return stored.select_pairs(
        Pod,
        columns,
        where="cluster_id = %s AND gone_how = ''",
        among=stored.Pairs(("namespace_name", "name"), sorted(seen)),
        values=[cluster_id],
    )


def _add_open_allocations(cluster_id: int, pods: dict[str, MirroredPod]) -> None:
    rows = Allocation.objects.filter(
        cluster=cluster_id, network="", owner_key__in=list(pods)
    ).values_list("owner_key", "id", "address", "valid_from", "terminating_at")
    for uid, pk, address, valid_from, terminating_at in rows:
        pods[uid].open[address] = KnownAllocation(
            pk, address, valid_from, terminating_at is not None
        )


class _PodWriter:
    """One transaction's worth of pods."""

    def __init__(self, writing: Writing, counters: Counters) -> None:
        self.writing = writing
        self.counters = counters
        self.history = History(writing.cluster_id, writing.generation, counters)
        self.tally = Tally()

    def write(self, plan: PodPlan) -> Tally:
        outcomes = [each for each in plan.outcomes.values() if each.changed]
        self._look_up(outcomes)
        closings = [each for outcome in outcomes for each in outcome.closings]
        self.history.close(closings)
        self._insert([each for each in outcomes if each.known is None])
        self._update([each for each in outcomes if each.known is not None])
        openings = self._openings(outcomes)
        self.history.open(openings)
        self._mark_terminating(outcomes)
        self.counters.write()
        ended = sum(1 for opening, *_ in openings if opening.ending)
        self.tally.opened = len(openings)
        self.tally.closed = len(closings) + ended
        return self.tally

    def _look_up(self, outcomes: list[PodOutcome]) -> None:
        found = [each.record for each in outcomes if each.record]
        cluster_id = self.writing.cluster_id
        self.nodes = places.nodes_by_name(cluster_id, {pod.node for pod in found})
        self.namespaces = places.namespaces_by_name(
            cluster_id, {pod.namespace for pod in found}
        )
        self.ids: dict[str, int] = {}
        self.facts: dict[str, tuple[int | None, str, int | None]] = {}

    def _facts(self, outcome: PodOutcome) -> tuple[int | None, str, int | None]:
        """Return namespace id, its UID and node id; late facts are kept once known."""
        record, known = outcome.record, outcome.known
        namespace_id, namespace_uid, node_id = None, "", None
        if record:
            namespace_id, namespace_uid = self._namespace(record)
            node_id = self.nodes.get(record.node)
        if isinstance(known, MirroredPod):
            if known.namespace_uid:
                namespace_id, namespace_uid = known.namespace_id, known.namespace_uid
            if known.node_id is not None:
                node_id = known.node_id
        return namespace_id, namespace_uid, node_id

    def _namespace(self, record: records.Pod) -> tuple[int | None, str]:
        several = self.writing.namesakes.get(record.namespace)
        if several:
            return namespace_of(record.created_at, several)
        return self.namespaces.get(record.namespace, (None, ""))

    def _row(self, outcome: PodOutcome) -> list[Any]:
        """Return the columns of POD_CHANGES for a pod that was seen."""
        record = outcome.record
        assert record is not None
        namespace_id, namespace_uid, node_id = self.facts[outcome.uid]
        return [
            namespace_id,
            namespace_uid,
            node_id,
            record.node,
            outcome.final_phase or record.phase,
            record.host_network,
            record.workload_kind,
            record.workload_name,
            record.terminating_at,
            ranges.format_addresses(record.addresses),
            record.resource_version,
            outcome.digest or staging.digest(staging.pod_fields(record)),
            *self._gone(outcome),
        ]

    def _gone(self, outcome: PodOutcome) -> tuple[Any, Any, str]:
        if not outcome.gone_how:
            return None, None, ""
        bounds = self.writing.bounds
        gone_at, gone_by = bounds.closing(bounds.previous or bounds.asked_at)
        return gone_at, gone_by, outcome.gone_how

    def _insert(self, outcomes: list[PodOutcome]) -> None:
        ids = bulk.reserve_ids(Pod, len(outcomes))
        rows = []
        for pk, outcome in zip(ids, outcomes, strict=True):
            record = outcome.record
            assert record is not None
            self.ids[outcome.uid] = pk
            self.facts[outcome.uid] = self._facts(outcome)
            rows.append(
                (
                    pk,
                    self.writing.cluster_id,
                    record.uid,
                    record.namespace,
                    record.name,
                    record.created_at,
                    *self.writing.bounds.opening(record.created_at),
                    *self._row(outcome),
                )
            )
            self._count_after(outcome)
        bulk.insert(Pod, POD, rows)

    def _update(self, outcomes: list[PodOutcome]) -> None:
        changed, gone = [], []
        for outcome in outcomes:
            known = outcome.known
            assert isinstance(known, MirroredPod)
            self.ids[outcome.uid] = known.id
            self.facts[outcome.uid] = self._facts(outcome)
            self._count_before(known)
            self._count_after(outcome)
            if outcome.record:
                changed.append((*self._row(outcome), known.id))
            else:
                gone.append((*self._gone(outcome), known.id))
        bulk.update(Pod, POD_CHANGES, changed)
        bulk.update(Pod, _GONE, gone)
        self.tally.changed = len(changed) + len(gone)

    def _count_before(self, known: MirroredPod) -> None:
        if known.counts:
            self.counters.pod(
                -1,
                node=known.node_id,
                namespace_uid=known.namespace_uid,
                takes_slot=known.takes_slot,
            )

    def _count_after(self, outcome: PodOutcome) -> None:
        if outcome.gone_how:
            return
        _, namespace_uid, node_id = self.facts[outcome.uid]
        self.counters.pod(
            1,
            node=node_id,
            namespace_uid=namespace_uid,
            takes_slot=not outcome.is_terminal,
        )

    def _openings(
        self, outcomes: list[PodOutcome]
    ) -> list[tuple[Opening, Owner, Place]]:
        opened = [each for outcome in outcomes for each in outcome.openings]
        nodes = {
            node
            for outcome in outcomes
            if outcome.openings and (node := self.facts[outcome.uid][2]) is not None
        }
        cluster_id = self.writing.cluster_id
        where = places.places_of(
            cluster_id,
            {each.address for each in opened},
            nodes=nodes,
            pools=places.open_pools(cluster_id) if opened else [],
        )
        rows = []
        for opening in opened:
            uid = opening.owner_key
            _, namespace_uid, node = self.facts[uid]
            owner = Owner(
                "pod", "pod-status", "derived", self.ids[uid], namespace_uid, node
            )
            rows.append((opening, owner, where[opening.address]))
        return rows

    def _mark_terminating(self, outcomes: list[PodOutcome]) -> None:
        self.history.terminating(
            [
                (outcome.record.terminating_at, pk)
                for outcome in outcomes
                if outcome.record and outcome.record.terminating_at
                for pk in outcome.terminating
            ]
        )
