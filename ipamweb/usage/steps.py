"""Samples as steps: a value holds until the next sample, a gap until the next value.

Pure: what is written, where a gap begins, and how many samples become one. Not here:
the rows (models.py), and who takes samples when (samples.py, retention.py).
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import groupby

STEP = timedelta(minutes=5)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Values:
    """What the counters of one thing said, in one family.

    A namespace has no capacity and no slots: None. Slots are those of nodes; a pool has
    the sum over the nodes with a block of it.
    """

    allocated: int
    capacity: int | None = None
    slots_used: int | None = None
    slots_total: int | None = None


@dataclass(frozen=True, slots=True)
class Point:
    """One sample, or several rolled up into one: what held at the end of its time.

    `values` None: the mirror did not see the cluster at the end of it. `least` and
    `most` are of `allocated`; None where nothing of it was seen. `gap`: a part of it,
    or all, was not seen. `opened` and `closed` are sums since the point before.
    """

    at: datetime
    values: Values | None
    least: int | None = None
    most: int | None = None
    gap: bool = False
    opened: int = 0
    closed: int = 0


def seen(at: datetime, values: Values, *, opened: int = 0, closed: int = 0) -> Point:
    """Return a sample of one instant."""
    held = values.allocated
    return Point(at, values, held, held, opened=opened, closed=closed)


def unseen(at: datetime) -> Point:
    """Return the beginning of a gap."""
    return Point(at, None, gap=True)


def start_of(moment: datetime, length: timedelta) -> datetime:
    """Return when the step, hour or day (UTC) of a moment began.

    start_of(14:03:22, STEP) -> 14:00:00.
    """
    return _EPOCH + (moment - _EPOCH) // length * length


def is_news(before: Point | None, now: Point) -> bool:
    """Say whether a sample is to be written: a value changed, or something came and
    went."""
    if before is None or before.values != now.values:
        return True
    return bool(now.opened or now.closed)


def first_unseen(
    gaps: Iterable[tuple[datetime, datetime | None]],
    *,
    after: datetime,
    before: datetime,
) -> datetime | None:
    """Return the first step between two others that began inside a gap; None of none.

    A gap holds its beginning and not its end. Between 12:00 and 12:30 a gap from 12:07
    to 12:12 gives 12:10, one from 12:11 to 12:14 gives None.
    """
    found = []
    for started, ended in gaps:
        first = max(after + STEP, start_of(started, STEP))
        if first < started:
            first += STEP
        if first < before and (ended is None or first < ended):
            found.append(first)
    return min(found, default=None)


def roll_up(
    points: Iterable[Point], *, before: Point | None, length: timedelta
) -> Iterator[Point]:
    """Yield one point for each hour or day (`length`) in which there are points.

    Points are of one thing, in order; `before` is the last one ahead of them, whose
    value held until the first.
    """
    for start, inside in groupby(points, lambda point: start_of(point.at, length)):
        rolled = _rolled(start, list(inside), before=before)
        yield rolled
        before = rolled


def _rolled(start: datetime, inside: list[Point], *, before: Point | None) -> Point:
    least = [point.least for point in inside if point.least is not None]
    most = [point.most for point in inside if point.most is not None]
    gap = any(point.gap for point in inside)
    if before and inside[0].at > start:
        # What held when it began counts too.
        if before.values is None:
            gap = True
        else:
            least.append(before.values.allocated)
            most.append(before.values.allocated)
    return Point(
        start,
        inside[-1].values,
        min(least, default=None),
        max(most, default=None),
        gap,
        opened=sum(point.opened for point in inside),
        closed=sum(point.closed for point in inside),
    )
