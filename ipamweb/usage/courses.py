"""How a number went over time, in equal parts of it: what sparklines draw.

Pure, like steps.py. A part of which nothing was seen has no value: never a zero, and
never a line drawn across it.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from ipamweb.usage.steps import Point

Number = Callable[[Point], int | None]


@dataclass(frozen=True, slots=True)
class Course:
    """The greatest value of each part from `start` to `end`; None: nothing was seen."""

    start: datetime
    end: datetime
    values: tuple[int | None, ...]

    @property
    def seen(self) -> tuple[int, ...]:
        return tuple(value for value in self.values if value is not None)


@dataclass(frozen=True, slots=True)
class Peak:
    """The most addresses held, and when that was first so, as exactly as is known."""

    held: int
    at: datetime


def held(
    points: Sequence[Point], *, start: datetime, end: datetime, parts: int
) -> Course:
    """Return how many addresses were held. `points` are of one thing, in order."""
    return _course(points, _most_held, _last_held, span=(start, end, parts))


def held_together(
    things: Sequence[tuple[datetime, Sequence[Point]]],
    *,
    start: datetime,
    end: datetime,
    parts: int,
) -> Course:
    """Return how many addresses some things held together, at the end of each part.

    Each thing with the instant from which on it was looked for. None where one of them
    was not seen: the sum of the others would be too small. At ends and not the
    greatest of parts: those of different things were not held at one time.
    """
    edges = [start + (end - start) * number / parts for number in range(1, parts + 1)]
    values = [_held_at(things, edge) for edge in edges]
    return Course(start, end, tuple(values))


def _held_at(
    things: Sequence[tuple[datetime, Sequence[Point]]], moment: datetime
) -> int | None:
    held = 0
    for since, points in things:
        place = bisect_right(points, moment, key=lambda point: point.at)
        now = points[place - 1].values if place else None
        if moment < since or (place and now is None):
            return None
        # Before its first sample a thing was not there.
        held += now.allocated if now else 0
    return held if things else None


def slots_used(
    points: Sequence[Point], *, start: datetime, end: datetime, parts: int
) -> Course | None:
    """Return how many slots were used; None of a thing that has no slots."""
    course = _course(points, _slots, _slots, span=(start, end, parts))
    return course if course.seen else None


def peak(points: Sequence[Point], *, start: datetime) -> Peak | None:
    """Return the peak since `start`; None where nothing was seen."""
    first = bisect_left(points, start, key=lambda point: point.at)
    found = [
        Peak(point.most, point.at) for point in points[first:] if point.most is not None
    ]
    if first and (before := points[first - 1].values):
        found.insert(0, Peak(before.allocated, start))
    return max(found, key=lambda each: each.held, default=None)


def changed(
    points: Sequence[Point], *, start: datetime, end: datetime, parts: int
) -> tuple[tuple[int | None, int | None], ...]:
    """Return (opened, closed) of each part; None where nothing was seen."""
    found: list[tuple[int | None, int | None]] = []
    for before, inside in _parts(points, (start, end, parts)):
        if (before is None or before.values is None) and all(
            point.values is None for point in inside
        ):
            found.append((None, None))
        else:
            opened = sum(point.opened for point in inside)
            found.append((opened, sum(point.closed for point in inside)))
    return tuple(found)


def _course(
    points: Sequence[Point],
    number: Number,
    number_before: Number,
    *,
    span: tuple[datetime, datetime, int],
) -> Course:
    values: list[int | None] = []
    for before, inside in _parts(points, span):
        numbers = [number(point) for point in inside]
        if before is not None:
            numbers.append(number_before(before))
        values.append(max((each for each in numbers if each is not None), default=None))
    start, end, _ = span
    return Course(start, end, tuple(values))


def _parts(
    points: Sequence[Point], span: tuple[datetime, datetime, int]
) -> Iterator[tuple[Point | None, Sequence[Point]]]:
    """Yield for each part the points inside it, and the last one before them whose
    value still held when it began; None where the first inside is at its beginning."""
    start, end, parts = span
    times = [point.at for point in points]
    edges = [start + (end - start) * number / parts for number in range(parts + 1)]
    places = [bisect_left(times, edge) for edge in edges]
    # What happened at the very end belongs to the last part.
    places[-1] = len(points)
    for edge, first, last in zip(edges, places, places[1:], strict=False):
        inside = points[first:last]
        is_new = bool(inside) and inside[0].at == edge
        yield (points[first - 1] if first and not is_new else None), inside


def _most_held(point: Point) -> int | None:
    return point.most


def _last_held(point: Point) -> int | None:
    return point.values.allocated if point.values else None


def _slots(point: Point) -> int | None:
    return point.values.slots_used if point.values else None
