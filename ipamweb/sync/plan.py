"""What decides opened / changed / closed for pods and their addresses. Pure.

Compares what is mirrored (`KnownPod`) with what was seen, change by change in order,
so that a pod that comes and goes inside one drain leaves its interval. Not here: blocks
and node addresses (plan_space.py), writing (apply.py).
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from ipamweb.addressing import ranges, records
from ipamweb.sync.changes import (
    Bounds,
    Gone,
    GoneHow,
    Seen,
    SeenHow,
    is_newer,
    is_older,
)

PodChange = Seen[records.Pod] | Gone


@dataclass(slots=True)
class KnownAllocation:
    """An open allocation as it is mirrored."""

    id: int
    address: int
    valid_from: datetime
    terminating: bool = False


@dataclass(slots=True)
class KnownPod:
    """A pod as it is mirrored, with its open allocations by address."""

    id: int
    uid: str
    namespace: str
    name: str
    resource_version: str = ""
    phase: str = ""
    gone_how: str = ""
    open: dict[int, KnownAllocation] = field(default_factory=dict)


@dataclass(slots=True)
class Ending:
    """How and when an allocation ended."""

    how: GoneHow
    sequence: int
    valid_to: datetime
    to_latest: datetime


@dataclass(slots=True)
class Opening:
    """An allocation to write; with an `ending` it is past when it is written."""

    address: int
    owner_key: str
    how: SeenHow
    sequence: int
    from_earliest: datetime
    valid_from: datetime
    terminating_at: datetime | None = None
    ending: Ending | None = None


@dataclass(slots=True)
class Closing:
    """An open allocation that ended."""

    allocation: KnownAllocation
    ending: Ending


@dataclass(slots=True)
class PodOutcome:
    """What becomes of one pod: its row, its openings and closings."""

    uid: str
    known: KnownPod | None
    record: records.Pod | None = None
    digest: int | None = None
    # The phase in which it finished; empty while it has not. A finished pod stays so.
    final_phase: str = ""
    gone_how: str = ""
    came_back: bool = False
    openings: list[Opening] = field(default_factory=list)
    closings: list[Closing] = field(default_factory=list)
    terminating: list[int] = field(default_factory=list)
    held: dict[int, KnownAllocation | Opening] = field(default_factory=dict)

    @property
    def is_terminal(self) -> bool:
        return self.final_phase != ""

    @property
    def version(self) -> str:
        """The resourceVersion it was last seen with; empty where it was not."""
        last = self.record or self.known
        return last.resource_version if last else ""

    @property
    def changed(self) -> bool:
        exists = self.known is not None or self.record is not None
        return exists and bool(self.record or self.closings or self.gone_how)


@dataclass(slots=True)
class PodPlan:
    """The outcomes by UID, in the order of first mention."""

    outcomes: dict[str, PodOutcome]
    ignored: int = 0


def plan_pods(
    changes: Sequence[PodChange],
    *,
    known: Iterable[KnownPod],
    bounds: Bounds,
    versions_comparable: bool = True,
) -> PodPlan:
    """Return what the changes, in their order, make of the mirrored pods.

    `known` must hold every mirrored pod that a change names by UID, and every pod that
    exists under the namespace and name of one seen (a new UID under an old name proves
    that the old one is gone). Applying the same changes twice changes nothing the
    second time. With `versions_comparable` False (a new epoch) a pod that had finished
    may not have.
    """
    mirrored = {pod.uid: pod for pod in known}
    plan = PodPlan({})
    names = {
        (pod.namespace, pod.name): pod.uid
        for pod in mirrored.values()
        if not pod.gone_how
    }
    for change in changes:
        uid = change.uid if isinstance(change, Gone) else change.record.uid
        outcome = plan.outcomes.get(uid)
        if outcome is None:
            outcome = _begin(uid, mirrored.get(uid), versions_comparable)
            plan.outcomes[uid] = outcome
        if isinstance(change, Gone):
            _go(outcome, change, bounds)
            continue
        name = (change.record.namespace, change.record.name)
        namesake = names.get(name, uid)
        other = plan.outcomes.get(namesake) or _begin(namesake, mirrored.get(namesake))
        if not _may_write(outcome, change, other):
            plan.ignored += 1
            continue
        names[name] = uid
        if namesake != uid:
            plan.outcomes[namesake] = other
            _go(other, Gone(change.sequence, namesake, "replaced"), bounds)
        _see(outcome, change, bounds)
    return plan


def _begin(
    uid: str, known: KnownPod | None, versions_comparable: bool = True
) -> PodOutcome:
    outcome = PodOutcome(uid, known)
    if known:
        if known.phase in records.TERMINAL_PHASES and versions_comparable:
            outcome.final_phase = known.phase
        outcome.held.update(known.open)
    return outcome


def _may_write(
    outcome: PodOutcome, change: Seen[records.Pod], namesake: PodOutcome
) -> bool:
    if outcome.gone_how:
        return False
    if change.how == "list":
        # Also what was deleted: the list of a cluster that was restored says so.
        return True
    if outcome.known and outcome.known.gone_how == "watch":
        # A deletion that was seen is final: a UID is never used again.
        return False
    # An event that comes late, of this pod or of one that had its name before.
    version = change.record.resource_version
    return all(
        is_newer(version, than=each.version, how=change.how)
        for each in (outcome, namesake)
    )


def _see(outcome: PodOutcome, change: Seen[records.Pod], bounds: Bounds) -> None:
    record = change.record
    if outcome.known and outcome.known.gone_how:
        outcome.came_back = True
    if record.is_terminal:
        outcome.final_phase = record.phase
    elif change.how == "list" and is_older(
        record.resource_version, than=outcome.version
    ):
        # A restored past, also where the list's own version does not tell.
        outcome.final_phase = ""
    outcome.record, outcome.digest = record, change.digest
    holds = record.holds_addresses and not outcome.is_terminal
    wanted = record.addresses if holds else ()
    _close_unwanted(outcome, change.sequence, wanted, holds, bounds)
    for address in wanted:
        held = outcome.held.get(address)
        if held is None:
            _open(outcome, address, change, bounds)
        elif record.terminating_at:
            _mark_terminating(outcome, held, record.terminating_at)


def _close_unwanted(
    outcome: PodOutcome,
    sequence: int,
    wanted: Sequence[int],
    holds: bool,
    bounds: Bounds,
) -> None:
    """Close what is not wanted any more.

    A status without any address of a family proves nothing (it is empty while a sandbox
    is made again), so only another address of the same family closes one.
    """
    if not outcome.held:
        return
    families = {ranges.family_of(address) for address in wanted}
    for address in list(outcome.held):
        if not holds:
            _close(outcome, address, "terminal", sequence, bounds)
        elif address not in wanted and ranges.family_of(address) in families:
            _close(outcome, address, "ip-change", sequence, bounds)


def _open(
    outcome: PodOutcome, address: int, change: Seen[records.Pod], bounds: Bounds
) -> None:
    record = change.record
    from_earliest, valid_from = bounds.opening(record.created_at)
    opening = Opening(
        address,
        record.uid,
        change.how,
        change.sequence,
        from_earliest,
        valid_from,
        record.terminating_at,
    )
    outcome.openings.append(opening)
    outcome.held[address] = opening


def _close(
    outcome: PodOutcome, address: int, how: GoneHow, sequence: int, bounds: Bounds
) -> None:
    held = outcome.held.pop(address)
    valid_to, to_latest = bounds.closing(held.valid_from)
    ending = Ending(how, sequence, valid_to, to_latest)
    if isinstance(held, Opening):
        held.ending = ending
    else:
        outcome.closings.append(Closing(held, ending))


def _mark_terminating(
    outcome: PodOutcome, held: KnownAllocation | Opening, moment: datetime
) -> None:
    if isinstance(held, Opening):
        held.terminating_at = moment
    elif not held.terminating:
        held.terminating = True
        outcome.terminating.append(held.id)


def _go(outcome: PodOutcome, change: Gone, bounds: Bounds) -> None:
    known_gone = outcome.known is not None and outcome.known.gone_how != ""
    if outcome.gone_how or (known_gone and not outcome.came_back):
        return
    for address in list(outcome.held):
        _close(outcome, address, change.how, change.sequence, bounds)
    outcome.gone_how = change.how
