"""How full a thing was over time: lines of slots and addresses, with their peaks."""

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
