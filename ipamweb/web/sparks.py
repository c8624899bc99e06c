"""Small drawings of what was sampled: a line of slots or addresses, bars of churn.

Finished SVG attributes in a fixed box, and the words that say the same. What was not
seen is a band of its own: no line crosses it, and nothing in it stands at zero.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby

from ipamweb.usage.queries import Churn, Course, Usage
from ipamweb.web import formatting

WIDTH, HEIGHT = 120, 24
# Room for half of the line above the greatest and below the least value.
EDGE = 2
CHURN_WIDTH, CHURN_HALF = 240, 24
# The height of a line is this part of its greatest value at least: what hardly changes
# is to look so.
LEAST_SPAN = 0.1


@dataclass(frozen=True, slots=True)
class Band:
    """A part of the time, from `x` on."""

    x: str
    width: str


@dataclass(frozen=True, slots=True)
class Spark:
    """A line in a box of WIDTH by HEIGHT: the `d` of a path, and the bands not seen."""

    words: str
    line: str
    gaps: tuple[Band, ...]


@dataclass(frozen=True, slots=True)
class Column:
    """A column that stands on `y`, or hangs from it."""

    x: str
    y: str
    height: str


@dataclass(frozen=True, slots=True)
class ChurnChart:
    """Opened above the middle of the box, closed below it; all in one scale."""

    words: str
    opened: tuple[Column, ...]
    closed: tuple[Column, ...]
    gaps: tuple[Band, ...]
    width: str


@dataclass(frozen=True, slots=True)
class Tenth:
    """How many nodes are in a tenth of the shares: a column, and its own words."""

    column: Column
    number: int
    words: str
    is_high: bool


@dataclass(frozen=True, slots=True)
class Histogram:
    words: str
    tenths: tuple[Tenth, ...]


def headline(usage: Usage) -> tuple[str, Course]:
    """Return what is drawn of a thing: its slots, else the addresses it holds."""
    if usage.slots:
        return "Pod slots used", usage.slots
    return "Addresses held", usage.held


def spark(title: str, course: Course) -> Spark:
    """Return the drawing of a course, in a scale of its own: from its least value to
    its greatest, LEAST_SPAN of that at least."""
    width = WIDTH / len(course.values)
    return Spark(
        words=_words(title, course),
        line=" ".join(_steps(course.values, _scale(course), width)),
        gaps=tuple(_gaps(course.values, width)),
    )


def churn_chart(churn: Churn) -> ChurnChart | None:
    """Return the drawing of a day's churn; None where nothing of it was seen."""
    seen = [hour for hour in churn.hours if hour[0] is not None]
    if not seen:
        return None
    opened = [hour[0] for hour in churn.hours]
    closed = [hour[1] for hour in churn.hours]
    greatest = max(*(each or 0 for each in opened + closed), 1)
    width = CHURN_WIDTH / len(churn.hours)
    return ChurnChart(
        words=_churn_words(churn),
        opened=tuple(_columns(opened, greatest, width, is_up=True)),
        closed=tuple(_columns(closed, greatest, width, is_up=False)),
        gaps=tuple(_gaps(opened, width)),
        width=_number(width - 2),
    )


def histogram(counts: Sequence[int]) -> Histogram | None:
    """Return how many nodes use how much of their slots, in tenths; None of no node."""
    if not any(counts):
        return None
    tenths = [
        _tenth(place, number, most=max(counts)) for place, number in enumerate(counts)
    ]
    told = [tenth.words for tenth, number in zip(tenths, counts, strict=True) if number]
    return Histogram(f"Nodes by pod slots used. {'; '.join(told)}.", tuple(tenths))


def _tenth(place: int, number: int, *, most: int) -> Tenth:
    width = CHURN_WIDTH / 10
    height = number / most * (2 * CHURN_HALF - EDGE)
    if number:
        height = max(height, EDGE)
    column = Column(
        _number(place * width + 1), _number(2 * CHURN_HALF - height), _number(height)
    )
    words = f"{place * 10} to {place * 10 + 10} %: {formatting.plural(number, 'node')}"
    return Tenth(column, number, words, is_high=place == 9)


def span_words(start: datetime, end: datetime) -> str:
    """Return how long a window is: "14 days", "30 days", "5 hours"."""
    length = end - start
    if length >= timedelta(days=1):
        return formatting.plural(round(length / timedelta(days=1)), "day")
    return formatting.plural(max(1, round(length / timedelta(hours=1))), "hour")


def _words(title: str, course: Course) -> str:
    span = span_words(course.start, course.end)
    if not course.seen:
        return f"{title}, {span}: not seen."
    now = course.values[-1]
    words = (
        f"{title}, {span}: least {formatting.count(min(course.seen))}, most "
        f"{formatting.count(max(course.seen))}, at the end "
        f"{'not seen' if now is None else formatting.count(now)}."
    )
    missing = sum(each is None for each in _known(course.values))
    if missing:
        part = (course.end - course.start).total_seconds() / len(course.values)
        words += f" Not seen for about {formatting.duration(missing * part)}."
    return words


def _churn_words(churn: Churn) -> str:
    opened = sum(hour[0] or 0 for hour in churn.hours)
    closed = sum(hour[1] or 0 for hour in churn.hours)
    words = (
        f"In 24 hours {formatting.count(opened)} addresses were taken and "
        f"{formatting.count(closed)} released."
    )
    missing = sum(hour[0] is None for hour in churn.hours)
    if missing:
        words += f" Not seen: {formatting.plural(missing, 'hour')}."
    return words


def _known(values: Sequence[int | None]) -> Sequence[int | None]:
    """Return the values from the first that was seen on: before it nobody looked."""
    first = next((place for place, each in enumerate(values) if each is not None), 0)
    return values[first:]


def _scale(course: Course) -> tuple[float, float]:
    """Return the values at the lower and the upper edge."""
    greatest = max(course.seen, default=0) or 1
    return min(min(course.seen, default=0), greatest * (1 - LEAST_SPAN)), greatest


def _steps(
    values: Sequence[int | None], scale: tuple[float, float], width: float
) -> Iterator[str]:
    """Yield the path: a value holds over its part, and a gap ends the line."""
    low, high = scale
    pen_is_down = False
    for place, value in enumerate(values):
        if value is None:
            pen_is_down = False
            continue
        y = HEIGHT - EDGE - (value - low) / (high - low) * (HEIGHT - 2 * EDGE)
        move = "V" if pen_is_down else f"M{_number(place * width)} "
        yield f"{move}{_number(y)}H{_number((place + 1) * width)}"
        pen_is_down = True


def _gaps(values: Sequence[int | None], width: float) -> Iterator[Band]:
    unknown = len(values) - len(_known(values))
    for is_gap, places in groupby(
        range(unknown, len(values)), key=lambda place: values[place] is None
    ):
        found = list(places)
        if is_gap:
            yield Band(_number(found[0] * width), _number(len(found) * width))


def _columns(
    values: Sequence[int | None], greatest: int, width: float, *, is_up: bool
) -> Iterator[Column]:
    for place, value in enumerate(values):
        if value:
            height = max(1.0, value / greatest * (CHURN_HALF - 1))
            y = CHURN_HALF - 0.5 - height if is_up else CHURN_HALF + 0.5
            yield Column(_number(place * width + 1), _number(y), _number(height))


def _number(value: float) -> str:
    return f"{value:.2f}".rstrip("0").rstrip(".")
