"""The pools of a cluster with their ranges and numbers."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db.models import Prefetch, Q, QuerySet

from ipamweb.addressing import capacity, records
from ipamweb.addressing.ranges import Range
from ipamweb.mirror.models import Pool, PoolRange
from ipamweb.mirror.queries.allocation_filters import as_range
from ipamweb.mirror.queries.blocks import Held
from ipamweb.mirror.queries.clusters import ClusterRow
from ipamweb.mirror.queries.numbers import FamilyNumbers, family_numbers
from ipamweb.mirror.queries.paging import FIRST_PAGE, Order, Page, Window, read_page
from ipamweb.mirror.scope import Scope

BY_SLUG = Order("pools.slug", ("slug", "id"))


@dataclass(frozen=True, slots=True)
class PoolFilter:
    """Which pools are wanted; empty means all. `q` is a part of the slug or the name,
    or an address or a CIDR all of which lies in one of the ranges."""

    family: int | None = None
    system: str = ""
    network: str = ""
    q: str = ""


ALL = PoolFilter()


@dataclass(frozen=True, slots=True)
class PoolRow:
    """A pool of one family. `blocks_total` is None where it is not cut into blocks."""

    id: int
    slug: str
    name: str
    system: str
    network: str
    family: int
    capacity_rule: str
    read_from: str
    ranges: tuple[records.PoolRange, ...]
    numbers: FamilyNumbers
    blocks_assigned: int
    blocks_total: int | None


def every(
    cluster: ClusterRow, *, scope: Scope, wanted: PoolFilter = ALL
) -> tuple[PoolRow, ...]:
    """Return the present pools of a cluster by slug. Two queries."""
    return tuple(_rows(list(_wanted(cluster, wanted))))


def listed(
    cluster: ClusterRow,
    *,
    scope: Scope,
    wanted: PoolFilter = ALL,
    window: Window = FIRST_PAGE,
) -> Page[PoolRow]:
    """Return a page of the present pools by slug. Two queries."""
    query = _wanted(cluster, wanted)
    return read_page(query, order=BY_SLUG, window=window, build=_rows)


def matching(
    query: QuerySet[Pool, Pool],
    *,
    wanted: PoolFilter,
    ranges: QuerySet[PoolRange, PoolRange],
) -> QuerySet[Pool, Pool]:
    """Return what of a query of pools passes a filter; `ranges` are those of the time
    that is asked about."""
    if wanted.family:
        query = query.filter(family=wanted.family)
    if wanted.system:
        query = query.filter(system=wanted.system)
    if wanted.network:
        query = query.filter(network=wanted.network)
    if text := wanted.q.strip():
        found = Q(slug__icontains=text) | Q(name__icontains=text)
        if asked := as_range(text):
            around = ranges.filter(
                family=asked.family, first__lte=asked.first, last__gte=asked.last
            )
            found |= Q(pk__in=around.order_by().values("pool_id"))
        query = query.filter(found)
    return query


def one(slug: str, *, cluster: ClusterRow, scope: Scope) -> PoolRow | None:
    """Return a present pool; None when there is none of this slug. Two queries."""
    found = _present().filter(cluster_id=cluster.id, slug=slug).first()
    return _row(found) if found else None


def of_clusters(
    clusters: Iterable[ClusterRow], *, scope: Scope
) -> dict[int, tuple[PoolRow, ...]]:
    """Return the present pools of several clusters by the cluster's id. Two queries."""
    ids = [cluster.id for cluster in clusters]
    by_cluster: dict[int, list[PoolRow]] = {each: [] for each in ids}
    for pool in _present().filter(cluster_id__in=ids):
        by_cluster[pool.cluster_id].append(_row(pool))
    return {each: tuple(rows) for each, rows in by_cluster.items()}


def overlapping(
    asked: Range, *, cluster_ids: Sequence[int], most: int, scope: Scope
) -> list[tuple[int, str, Range]]:
    """Return (cluster id, slug, range) of the present pools that share addresses with a
    range, in address order, `most` at most. One query."""
    query = PoolRange.objects.filter(
        pool__cluster_id__in=cluster_ids,
        pool__gone_at=None,
        valid_to=None,
        family=asked.family,
        first__lte=asked.last,
        last__gte=asked.first,
    ).select_related("pool")
    return [
        (each.pool.cluster_id, each.pool.slug, Range(each.first, each.last))
        for each in query.order_by("first", "id")[:most]
    ]


def _wanted(cluster: ClusterRow, wanted: PoolFilter) -> QuerySet[Pool, Pool]:
    query = _present().filter(cluster_id=cluster.id)
    return matching(query, wanted=wanted, ranges=_present_ranges())


def _present() -> QuerySet[Pool, Pool]:
    return (
        Pool.objects.filter(gone_at=None)
        .prefetch_related(Prefetch("ranges", queryset=_present_ranges()))
        .order_by("slug", "id")
    )


def _present_ranges() -> QuerySet[PoolRange, PoolRange]:
    return PoolRange.objects.filter(valid_to=None).order_by("first", "last", "id")


def _rows(found: list[Pool]) -> list[PoolRow]:
    return [_row(pool) for pool in found]


def _row(pool: Pool) -> PoolRow:
    held = Held(pool.allocated, pool.allocated_reserved, dict(pool.allocated_by_kind))
    return row_with(pool, held=held, blocks_assigned=pool.blocks_assigned)


def row_with(pool: Pool, *, held: Held, blocks_assigned: int) -> PoolRow:
    """Return the row of a Pool read together with its ranges, and of what it holds."""
    ranges = tuple(
        records.PoolRange(Range(each.first, each.last), each.block_prefix_length)
        for each in pool.ranges.all()
    )
    is_cut = any(each.block_prefix_length is not None for each in ranges)
    return PoolRow(
        id=pool.pk,
        slug=pool.slug,
        name=pool.name,
        system=pool.system,
        network=pool.network,
        family=pool.family,
        capacity_rule=pool.capacity_rule,
        read_from=pool.read_from,
        ranges=ranges,
        numbers=family_numbers(
            capacity.pool_numbers(ranges, pool.capacity_rule),
            family=pool.family,
            allocated=held.allocated,
            allocated_reserved=held.allocated_reserved,
            by_kind=held.by_kind,
        ),
        blocks_assigned=blocks_assigned,
        blocks_total=capacity.blocks_total(ranges) if is_cut else None,
    )
