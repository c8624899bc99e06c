"""How full a thing was over time: lines of slots and addresses, with their peaks."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from ipamweb.mirror.queries.clusters import ClusterRow
from ipamweb.usage.queries import Course, Peak, Usage
from ipamweb.web import formatting, sparks
from ipamweb.web.sparks import Spark


@dataclass(frozen=True, slots=True)
class UsageLine:
    """A line with its title and its extremes in words; `peak_at` is None of slots."""

    title: str
    spark: Spark
    least: str
    most: str
    peak_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class UsagePart:
    """What a page shows of the past: `span` is how far back it goes."""

    span: str
    lines: tuple[UsageLine, ...]


def usage_part(found: dict[int, Usage], *, cluster: ClusterRow) -> UsagePart | None:
    """Return the lines of a thing, its slots once; None where nothing was seen."""
    begun = cluster.freshness.first_as_of
    lines: list[UsageLine] = []
    for family, usage in found.items():
        if usage.slots and not lines:
            lines.append(_line("Pod slots used", usage.slots))
        if usage.held.seen:
            title = f"IPv{family} addresses held"
            lines.append(_line(title, usage.held, peak=_after(begun, usage.peak)))
    if not lines:
        return None
    first = next(iter(found.values())).held
    return UsagePart(sparks.span_words(first.start, first.end), tuple(lines))


TOGETHER = (
    "Addresses held by all of them together at these times; none where a cluster was"
    " not seen"
)
BY_PART = "The most addresses held at once since the row below"


@dataclass(frozen=True, slots=True)
class HeldRow:
    """What was held at an instant, in the order of the lines; "" where not seen."""

    at: datetime
    held: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class HeldPart:
    """Addresses held over time: drawn, and the same as a table, which `caption` says
    of what it is."""

    caption: str
    span: str
    lines: tuple[UsageLine, ...]
    families: tuple[int, ...]
    rows: tuple[HeldRow, ...]


def held_part(found: Mapping[int, Course], *, caption: str) -> HeldPart | None:
    """Return the courses of families, newest row first; None where nothing was seen."""
    seen = {family: course for family, course in found.items() if course.seen}
    if not seen:
        return None
    lines = [
        _line(f"IPv{family} addresses held", course) for family, course in seen.items()
    ]
    first = next(iter(seen.values()))
    width = (first.end - first.start) / len(first.values)
    columns = zip(*(course.values for course in seen.values()), strict=True)
    rows = [
        HeldRow(first.start + width * number, tuple(map(_shown, values)))
        for number, values in enumerate(columns, 1)
    ]
    return HeldPart(
        caption=caption,
        span=sparks.span_words(first.start, first.end),
        lines=tuple(lines),
        families=tuple(seen),
        rows=tuple(reversed(rows)),
    )


def _shown(held: int | None) -> str:
    return "" if held is None else formatting.count(held)


def _after(begun: datetime | None, peak: Peak | None) -> Peak | None:
    """Return a peak not before the cluster was first read: a sample bears the time its
    five minutes began."""
    if peak is None or begun is None:
        return peak
    return Peak(peak.held, max(peak.at, begun))


def _line(title: str, course: Course, *, peak: Peak | None = None) -> UsageLine:
    most = max(course.seen) if peak is None else peak.held
    return UsageLine(
        title=title,
        spark=sparks.spark(title, course),
        least=formatting.count(min(course.seen)),
        most=formatting.count(most),
        peak_at=peak.at if peak else None,
    )
