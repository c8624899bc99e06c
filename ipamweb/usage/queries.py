"""What pages and REST ask of the samples: lists, courses for sparklines, peaks.

Reads only. Not here: the taking of samples (samples.py). A window of courses begins
with the first sample, and thirty days ago at most.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import F, Max, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce

from ipamweb.mirror.models import Namespace, Node, Pool
from ipamweb.mirror.queries.clusters import ClusterRow
from ipamweb.mirror.queries.namespaces import NamespaceRow
from ipamweb.mirror.queries.paging import FIRST_PAGE, Order, Page, Window, read_page
from ipamweb.mirror.queries.visibility import only_shown_anywhere
from ipamweb.mirror.scope import Scope
from ipamweb.usage import courses, rows
from ipamweb.usage.courses import Course as Course
from ipamweb.usage.courses import Peak as Peak
from ipamweb.usage.models import (
    NAMESPACE,
    NODE,
    POOL,
    SCOPES,
    Sampling,
    UsageSample,
    UsageSeries,
)
from ipamweb.usage.steps import DAY, HOUR, STEP, Point

BY_SERIES = Order("usage.series", ("series_id", "at"))
RESOLUTIONS = {"5m": STEP, "1h": HOUR, "1d": DAY}
KINDS = SCOPES
LONGEST = timedelta(days=30)
PARTS = 60
CHURN_PARTS = 24
_MINUTE = timedelta(minutes=1)
_NAMES = {length // _MINUTE: name for name, length in RESOLUTIONS.items()}
# By what the things of a scope are known: the model, and the fields of id and name.
_PUBLIC: dict[str, tuple[Any, str, str]] = {
    POOL: (Pool, "slug", "slug"),
    NODE: (Node, "uid", "name"),
    NAMESPACE: (Namespace, "uid", "name"),
}


@dataclass(frozen=True, slots=True)
class SampleFilter:
    """Which samples are wanted; empty means all.

    `scope_id` is the slug of a pool or the UID of a node or namespace; `name` its name.
    """

    scope: str = ""
    scope_id: str = ""
    name: str = ""
    family: int | None = None
    resolution: str = ""
    since: datetime | None = None
    until: datetime | None = None


ALL = SampleFilter()


@dataclass(frozen=True, slots=True)
class SampleRow:
    """A sample of a thing. `point` as in steps.py; `resolution` is 5m, 1h or 1d."""

    cluster: str
    scope: str
    scope_id: str
    name: str
    family: int
    resolution: str
    point: Point


@dataclass(frozen=True, slots=True)
class Usage:
    """How full a thing was in one family; `slots` is None where it has none."""

    held: Course
    slots: Course | None
    peak: Peak | None


@dataclass(frozen=True, slots=True)
class Churn:
    """(opened, closed) of each hour of the last day, in all pools together.

    None where nothing was seen.
    """

    hours: tuple[tuple[int | None, int | None], ...]


@dataclass(frozen=True, slots=True)
class PoolsUsage:
    by_pool: dict[int, Usage]
    churn: Churn


def listed(
    clusters: Sequence[ClusterRow],
    *,
    scope: Scope,
    wanted: SampleFilter = ALL,
    window: Window = FIRST_PAGE,
) -> Page[SampleRow]:
    """Return a page of samples, thing by thing, oldest first. Four queries at most."""
    slugs = {cluster.id: cluster.slug for cluster in clusters}
    things = UsageSeries.objects.filter(cluster_id__in=list(slugs))
    query = UsageSample.objects.filter(series__in=_wanted(things, wanted, scope))
    if wanted.resolution:
        query = query.filter(resolution=RESOLUTIONS[wanted.resolution] // _MINUTE)
    if wanted.since:
        query = query.filter(at__gte=wanted.since)
    if wanted.until:
        query = query.filter(at__lt=wanted.until)
    return read_page(
        query.select_related("series"),
        order=BY_SERIES,
        window=window,
        build=lambda found: _rows(found, slugs=slugs),
    )


def state(clusters: Sequence[ClusterRow], *, scope: Scope) -> list[Any]:
    """Return what changes when samples do, though nothing in the mirror did.

    One query.
    """
    found = Sampling.objects.filter(cluster_id__in=[each.id for each in clusters])
    return list(
        found.order_by("cluster_id").values_list("cluster_id", "at", "rolled_at")
    )


def of_pools(cluster: ClusterRow, *, now: datetime, scope: Scope) -> PoolsUsage:
    """Return the usage of all pools over one window, and their churn. One query."""
    series = UsageSeries.objects.filter(cluster_id=cluster.id, scope=POOL)
    points = _points(series, now=now)
    start = _start(points.values(), now=now)
    return PoolsUsage(
        by_pool={
            pool: _usage(found, start=start, end=now)
            for (pool, _), found in points.items()
        },
        churn=_churn(points.values(), now=now),
    )


def of_pool(
    pool_id: int, *, cluster: ClusterRow, now: datetime, scope: Scope
) -> dict[int, Usage]:
    """Return the usage of a pool by its family; empty before the first sample.

    One query.
    """
    return _of_thing(cluster, POOL, pool_id, now=now)


def of_node(
    node_id: int, *, cluster: ClusterRow, now: datetime, scope: Scope
) -> dict[int, Usage]:
    """Return the usage of a node by family, IPv4 first. One query."""
    return _of_thing(cluster, NODE, node_id, now=now)


def of_namespace(
    namespace: NamespaceRow, *, cluster: ClusterRow, now: datetime, scope: Scope
) -> dict[int, Usage]:
    """Return the usage of a namespace inside the scope by family. One query."""
    if not scope.shows(namespace.uid, cluster_id=cluster.id):
        return {}
    return _of_thing(cluster, NAMESPACE, namespace.id, now=now)


def of_namespaces(
    clusters: Sequence[ClusterRow], *, now: datetime, scope: Scope
) -> dict[int, Course]:
    """Return how many addresses the namespaces inside the scope held together, those
    that are gone too, by family; empty before the first sample. Two queries."""
    begun = {each.id: each.freshness.first_as_of for each in clusters}
    owned = Namespace.objects.filter(cluster_id__in=begun)
    places = only_shown_anywhere(owned, scope, field="uid")
    cluster_of = dict(places.values_list("id", "cluster_id"))
    series = UsageSeries.objects.filter(scope=NAMESPACE, subject_id__in=cluster_of)
    points = _points(series, now=now)
    start = _start(points.values(), now=now)
    things: dict[int, list[tuple[datetime, Sequence[Point]]]] = {}
    for (subject, family), found in points.items():
        since = begun[cluster_of[subject]] or now
        things.setdefault(family, []).append((since, found))
    return {
        family: courses.held_together(found, start=start, end=now, parts=PARTS)
        for family, found in sorted(things.items())
    }


def peaks_of_namespaces(
    found: Sequence[NamespaceRow], *, cluster: ClusterRow, now: datetime, scope: Scope
) -> dict[int, dict[int, int]]:
    """Return the most addresses that namespaces of a cluster, inside the scope, held in
    thirty days, what they hold now included, by the namespace's id and the family.

    One query.
    """
    shown = [each for each in found if scope.shows(each.uid, cluster_id=cluster.id)]
    peaks = {each.id: dict(each.allocated) for each in shown}
    series = UsageSeries.objects.filter(scope=NAMESPACE, subject_id__in=list(peaks))
    most = Max(Coalesce("samples__allocated_max", "samples__allocated"))
    sampled = _sampled(series, now).values("pk").annotate(most=most)
    for subject, family, held in sampled.values_list("subject_id", "family", "most"):
        so_far = peaks[subject].get(family, 0)
        peaks[subject][family] = max(so_far, held or 0)
    return peaks


def _of_thing(
    cluster: ClusterRow, scope: str, subject_id: int, *, now: datetime
) -> dict[int, Usage]:
    series = UsageSeries.objects.filter(
        cluster_id=cluster.id, scope=scope, subject_id=subject_id
    )
    points = _points(series, now=now)
    start = _start(points.values(), now=now)
    return {
        family: _usage(points[subject, family], start=start, end=now)
        for subject, family in sorted(points)
    }


def _usage(points: Sequence[Point], *, start: datetime, end: datetime) -> Usage:
    return Usage(
        held=courses.held(points, start=start, end=end, parts=PARTS),
        slots=courses.slots_used(points, start=start, end=end, parts=PARTS),
        peak=courses.peak(points, start=start),
    )


def _churn(every: Iterable[Sequence[Point]], *, now: datetime) -> Churn:
    sums: list[tuple[int | None, int | None]] = [(None, None)] * CHURN_PARTS
    for points in every:
        found = courses.changed(points, start=now - DAY, end=now, parts=CHURN_PARTS)
        sums = [_added(*pair) for pair in zip(sums, found, strict=True)]
    return Churn(tuple(sums))


def _added(
    one: tuple[int | None, int | None], other: tuple[int | None, int | None]
) -> tuple[int | None, int | None]:
    if one[0] is None or other[0] is None:
        return one if other[0] is None else other
    return one[0] + other[0], (one[1] or 0) + (other[1] or 0)


def _start(every: Iterable[Sequence[Point]], *, now: datetime) -> datetime:
    """Return where a window begins: an hour at least before its end."""
    first = min((points[0].at for points in every), default=now)
    return min(max(first, now - LONGEST), now - HOUR)


def _points(
    series: QuerySet[UsageSeries], *, now: datetime
) -> Mapping[tuple[int, int], list[Point]]:
    """Return the samples of the longest window that ends now, and the last one before,
    by thing and family. One query.
    """
    found = _sampled(series, now).order_by("pk", "samples__at")
    columns = [f"samples__{name}" for name in rows.COLUMNS]
    points: dict[tuple[int, int], list[Point]] = {}
    for subject, family, *row in found.values_list("subject_id", "family", *columns):
        points.setdefault((subject, family), []).append(rows.point(tuple(row)))
    return points


def _sampled(series: QuerySet[UsageSeries], now: datetime) -> QuerySet[UsageSeries]:
    """Return series joined with their samples of the longest window that ends now, and
    the last one before: one row for each of these. Of an instant of the past nothing
    later is told, nor an hour or a day that had not ended: nobody knows what of it came
    when."""
    since = now - LONGEST
    ended = Q()
    for length in RESOLUTIONS.values():
        begins = now if length == STEP else now - length
        ended |= Q(samples__resolution=length // _MINUTE, samples__at__lte=begins)
    before = UsageSample.objects.filter(series_id=OuterRef("pk"), at__lte=since)
    last = before.order_by().values("series_id").annotate(last=Max("at"))
    first = Coalesce(Subquery(last.values("last")), Value(since))
    return series.annotate(first=first).filter(ended, samples__at__gte=F("first"))


def _wanted(
    things: QuerySet[UsageSeries], wanted: SampleFilter, scope: Scope
) -> QuerySet[UsageSeries]:
    if wanted.scope:
        things = things.filter(scope=wanted.scope)
    if wanted.family:
        things = things.filter(family=wanted.family)
    if not scope.everything:
        shown = only_shown_anywhere(Namespace.objects.all(), scope, field="uid")
        things = things.filter(
            ~Q(scope=NAMESPACE) | Q(subject_id__in=shown.values("id"))
        )
    for value, place in ((wanted.scope_id, 1), (wanted.name, 2)):
        if value:
            things = things.filter(_is_called(value, place))
    return things


def _is_called(value: str, place: int) -> Q:
    """Return the condition that a series is of a thing with this id or name."""
    condition = Q()
    for scope, public in _PUBLIC.items():
        found = public[0].objects.filter(**{str(public[place]): value}).values("id")
        condition |= Q(scope=scope, subject_id__in=found)
    return condition


def _rows(found: list[UsageSample], *, slugs: dict[int, str]) -> list[SampleRow]:
    names = {scope: _names_of(scope, found) for scope in SCOPES}
    return [
        _row(sample, names, cluster=slugs[sample.series.cluster_id]) for sample in found
    ]


def _names_of(scope: str, found: list[UsageSample]) -> dict[int, tuple[str, str]]:
    """Return (id, name) of the things of a scope by their row. One query, or none."""
    model, public_id, name = _PUBLIC[scope]
    ids = {each.series.subject_id for each in found if each.series.scope == scope}
    if not ids:
        return {}
    things = model.objects.filter(id__in=ids).values_list("id", public_id, name)
    return {pk: (identity, called) for pk, identity, called in things}


def _row(
    sample: UsageSample,
    names: dict[str, dict[int, tuple[str, str]]],
    *,
    cluster: str,
) -> SampleRow:
    series = sample.series
    scope_id, name = names[series.scope].get(series.subject_id, ("", ""))
    return SampleRow(
        cluster=cluster,
        scope=series.scope,
        scope_id=scope_id,
        name=name,
        family=series.family,
        resolution=_NAMES[sample.resolution],
        point=rows.point(tuple(getattr(sample, column) for column in rows.COLUMNS)),
    )
