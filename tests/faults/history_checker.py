"""Compares what the mirror says of the past with what was, a violation a line.

The truth comes from the simulator's store, noted at each change by the clock the mirror
uses. Not here: what happens in the cluster (churn.py).
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import pairwise

from ipamweb.addressing.ranges import format_address
from ipamweb.mirror.holders import Coverage, who_held
from ipamweb.mirror.models import (
    Allocation,
    Cluster,
    CoverageGap,
    PastAllocation,
)
from tests.faults.truth import Holding, Truth

Mirrored = Allocation | PastAllocation
# From here on silence is a gap (sync/poll.py).
SILENCE = timedelta(seconds=30)


@dataclass(slots=True)
class TrueInterval:
    begun: datetime
    ended: datetime | None = None

    def holds(self, at: datetime) -> bool:
        return self.begun <= at and (self.ended is None or at < self.ended)


@dataclass(slots=True)
class Chronicle:
    """When who held what in truth, and when the mirror was brought up to now."""

    truth: Truth
    clock: Callable[[], datetime]
    intervals: dict[Holding, list[TrueInterval]] = field(
        default_factory=lambda: defaultdict(list)
    )
    # The instants of polls, and whether they went well.
    polls: list[tuple[datetime, bool]] = field(default_factory=list)

    def note(self) -> None:
        """Note what changed; to be called after each change."""
        now = self.clock()
        begun, ended = self.truth.look()
        for key in ended:
            self.intervals[key][-1].ended = now
        for key in begun:
            self.intervals[key].append(TrueInterval(now))

    def holders(self, address: str, at: datetime) -> set[str]:
        return {
            uid
            for (uid, held), intervals in self.intervals.items()
            if held == address and any(each.holds(at) for each in intervals)
        }


def violations(cluster: Cluster, chronicle: Chronicle) -> list[str]:
    """Return what is wrong with the history of pods; empty when it is true (H1 to H8).

    To be called right after a poll that went well, with the truth noted.
    """
    mirrored = _mirrored(cluster)
    gaps = list(CoverageGap.objects.filter(cluster=cluster).order_by("id"))
    lost = [gap for gap in gaps if gap.recovered_by == "list"]
    return [
        *_times_out_of_order(mirrored),
        *_overlaps(mirrored),
        *_untrue(mirrored, chronicle, lost),
        *_missing(mirrored, chronicle, cluster, lost),
        *_uncovered(chronicle, gaps),
        *_crooked_gaps(gaps),
        *_wrong_answers(mirrored, chronicle, cluster, lost),
    ]


def _mirrored(cluster: Cluster) -> dict[Holding, list[Mirrored]]:
    """Return the intervals of each pod and address, in the order they were opened."""
    found: dict[Holding, list[Mirrored]] = defaultdict(list)
    for model in (PastAllocation, Allocation):
        for row in model.objects.filter(cluster=cluster, kind="pod"):
            found[row.owner_key, format_address(row.address)].append(row)
    for rows in found.values():
        rows.sort(key=lambda row: (row.valid_from, row.opened_sequence, row.pk))
    return found


def _ends(row: Mirrored) -> tuple[datetime | None, datetime | None]:
    """Return valid_to and to_latest; None of an open one."""
    return getattr(row, "valid_to", None), getattr(row, "to_latest", None)


def _times_out_of_order(mirrored: dict[Holding, list[Mirrored]]) -> Iterator[str]:
    for key, rows in mirrored.items():
        for row in rows:
            valid_to, to_latest = _ends(row)
            times = [row.from_earliest, row.valid_from, valid_to, to_latest]
            known = [moment for moment in times if moment]
            if known != sorted(known):
                yield f"{key}: times out of order {known}"


def _overlaps(mirrored: dict[Holding, list[Mirrored]]) -> Iterator[str]:
    for key, rows in mirrored.items():
        for first, second in pairwise(rows):
            valid_to, _ = _ends(first)
            if valid_to is None or valid_to > second.valid_from:
                yield f"{key}: {first.pk} and {second.pk} overlap"


def _untrue(
    mirrored: dict[Holding, list[Mirrored]],
    chronicle: Chronicle,
    lost: list[CoverageGap],
) -> Iterator[str]:
    """Each begin and each end lies within its bounds; between them it was held."""
    for key, rows in mirrored.items():
        true = chronicle.intervals.get(key, [])
        for row in rows:
            valid_to, to_latest = _ends(row)
            if not any(
                row.from_earliest <= each.begun <= row.valid_from for each in true
            ):
                yield f"{key}: {row.pk} did not begin by {row.valid_from}"
            if valid_to is None or to_latest is None:
                continue
            ends = [each.ended for each in true if each.ended]
            # Come and gone in one drain: nothing of it is certain.
            is_empty = row.valid_from == to_latest
            earliest = row.from_earliest if is_empty else valid_to
            if not any(earliest <= end <= to_latest for end in ends):
                yield f"{key}: {row.pk} did not end by {to_latest}"
            for end in ends:
                if row.valid_from < end < valid_to and not _in_gap(end, lost):
                    yield f"{key}: {row.pk} was not held at {end}"


def _missing(
    mirrored: dict[Holding, list[Mirrored]],
    chronicle: Chronicle,
    cluster: Cluster,
    lost: list[CoverageGap],
) -> Iterator[str]:
    """Every true interval is there, unless it came and went while we were blind."""
    assert cluster.first_as_of is not None
    for key, intervals in chronicle.intervals.items():
        for each in intervals:
            if each.ended and each.ended <= cluster.first_as_of:
                continue
            found = any(
                row.from_earliest <= each.begun <= row.valid_from
                for row in mirrored.get(key, [])
            )
            if not found and not (each.ended and _in_gap(each.begun, lost)):
                yield f"{key}: what began at {each.begun} is not there"


def _uncovered(chronicle: Chronicle, gaps: list[CoverageGap]) -> Iterator[str]:
    """Between two good polls either nothing was amiss, or there is a gap."""
    good: datetime | None = None
    failed = False
    for moment, went_well in chronicle.polls:
        if not went_well:
            failed = True
            continue
        if good and (failed or moment - good > SILENCE):
            covering = [
                gap
                for gap in gaps
                if gap.started_at <= good and gap.ended_at and gap.ended_at >= moment
            ]
            if not covering:
                yield f"nothing says that we were blind from {good} to {moment}"
        good, failed = moment, False


def _crooked_gaps(gaps: list[CoverageGap]) -> Iterator[str]:
    for gap in gaps:
        if gap.ended_at is None or gap.ended_at < gap.started_at:
            yield f"gap {gap.pk} from {gap.started_at} to {gap.ended_at}"
    for first, second in pairwise(gaps):
        if first.ended_at and second.started_at < first.ended_at:
            yield f"gaps {first.pk} and {second.pk} overlap"


def _in_gap(moment: datetime, gaps: list[CoverageGap]) -> bool:
    return any(
        gap.started_at <= moment and (gap.ended_at is None or moment <= gap.ended_at)
        for gap in gaps
    )


def _wrong_answers(
    mirrored: dict[Holding, list[Mirrored]],
    chronicle: Chronicle,
    cluster: Cluster,
    lost: list[CoverageGap],
) -> Iterator[str]:
    """Asked who held an address, the mirror is never sure of what is not so."""
    coverage = Coverage(
        cluster.first_as_of,
        cluster.as_of,
        tuple((gap.started_at, gap.ended_at) for gap in lost),
    )
    by_address: dict[str, list[_Past]] = defaultdict(list)
    for (uid, address), rows in mirrored.items():
        by_address[address] += [_Past(uid, row) for row in rows]
    for address in {address for _, address in chronicle.intervals}:
        for at in _instants(chronicle, address):
            answer = who_held(by_address[address], at=at, coverage=coverage)
            true = chronicle.holders(address, at)
            certain = {each.uid for each in answer.certain}
            possible = certain | {each.uid for each in answer.possible}
            if not certain <= true and not answer.blind:
                yield f"{address} at {at}: {certain - true} is certain, and is not so"
            if not true <= possible and not answer.blind:
                yield f"{address} at {at}: {true - possible} is not possible, and is so"


@dataclass(frozen=True, slots=True)
class _Past:
    """An interval as holders.py wants it, with its owner."""

    uid: str
    row: Mirrored

    @property
    def from_earliest(self) -> datetime:
        return self.row.from_earliest

    @property
    def valid_from(self) -> datetime:
        return self.row.valid_from

    @property
    def valid_to(self) -> datetime | None:
        return _ends(self.row)[0]

    @property
    def to_latest(self) -> datetime | None:
        return _ends(self.row)[1]


def _instants(chronicle: Chronicle, address: str) -> Iterable[datetime]:
    """Return the instants at which something of an address changed, and others."""
    changes = {
        moment
        for (_, held), intervals in chronicle.intervals.items()
        if held == address
        for each in intervals
        for moment in (each.begun, each.ended)
        if moment
    }
    polls = [moment for moment, _ in chronicle.polls][::7]
    return sorted({*changes, *polls})
