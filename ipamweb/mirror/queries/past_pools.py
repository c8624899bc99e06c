"""The pools of an instant: their ranges of then, and how much of them was held."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime

from django.db.models import Count, Prefetch, Q, QuerySet

from ipamweb.addressing.ranges import Range
from ipamweb.mirror.models import Pool, PoolRange
from ipamweb.mirror.queries import past_blocks, past_places, pools
from ipamweb.mirror.queries.blocks import Held
from ipamweb.mirror.queries.clusters import ClusterRow
from ipamweb.mirror.queries.paging import FIRST_PAGE, Page, Window, read_page
from ipamweb.mirror.queries.past_places import Tally
from ipamweb.mirror.queries.pools import ALL, BY_SLUG, PoolFilter, PoolRow, row_with
from ipamweb.mirror.scope import Scope


def every(
    cluster: ClusterRow, *, at: datetime, scope: Scope, wanted: PoolFilter = ALL
) -> tuple[PoolRow, ...]:
    """Return the pools of an instant by slug. Six queries."""
    at = cluster.seen_at(at)
    found = list(matching(cluster, at=at, wanted=wanted, scope=scope))
    return tuple(_rows(found, cluster=cluster, at=at, scope=scope))


def listed(
    cluster: ClusterRow,
    *,
    at: datetime,
    scope: Scope,
    wanted: PoolFilter = ALL,
    window: Window = FIRST_PAGE,
) -> Page[PoolRow]:
    """Return a page of the pools of an instant by slug. Six queries."""
    at = cluster.seen_at(at)
    return read_page(
        matching(cluster, at=at, wanted=wanted, scope=scope),
        order=BY_SLUG,
        window=window,
        build=lambda found: _rows(found, cluster=cluster, at=at, scope=scope),
    )


def with_ids(
    ids: Iterable[int], *, cluster: ClusterRow, at: datetime, scope: Scope
) -> dict[int, PoolRow]:
    """Return those of some pools that were there at an instant. Five queries."""
    found = list(pools_at(at).filter(cluster_id=cluster.id, pk__in=list(ids)))
    rows = _rows(found, cluster=cluster, at=at, scope=scope)
    return {row.id: row for row in rows}


def one(
    slug: str, *, cluster: ClusterRow, at: datetime, scope: Scope
) -> PoolRow | None:
    """Return a pool as it was; None where there was none. Six queries."""
    at = cluster.seen_at(at)
    found = list(pools_at(at).filter(cluster_id=cluster.id, slug=slug)[:1])
    rows = _rows(found, cluster=cluster, at=at, scope=scope)
    return rows[0] if rows else None


def bare(
    slug: str, *, cluster: ClusterRow, at: datetime, scope: Scope
) -> PoolRow | None:
    """Return a pool with its ranges of then and how many blocks nodes had; what was
    held is not counted, for that reads all of it. Three queries."""
    at = cluster.seen_at(at)
    found = pools_at(at).filter(cluster_id=cluster.id, slug=slug).first()
    if found is None:
        return None
    assigned = past_blocks.blocks_at(at).filter(pool_id=found.pk).count()
    return row_with(found, held=Held(0, 0, {}), blocks_assigned=assigned)


def matching(
    cluster: ClusterRow, *, at: datetime, wanted: PoolFilter, scope: Scope
) -> QuerySet[Pool, Pool]:
    """Return the query of the pools of an instant that pass a filter, which is asked of
    the ranges of then."""
    query = pools_at(at).filter(cluster_id=cluster.id)
    return pools.matching(query, wanted=wanted, ranges=ranges_at(at))


def pools_at(at: datetime) -> QuerySet[Pool, Pool]:
    """Return the query of the pools of an instant, with their ranges of then."""
    is_there = Q(gone_at=None) | Q(gone_at__gt=at)
    return (
        Pool.objects.filter(is_there, first_seen__lte=at)
        .prefetch_related(Prefetch("ranges", queryset=ranges_at(at)))
        .order_by("slug", "id")
    )


def ranges_at(at: datetime) -> QuerySet[PoolRange, PoolRange]:
    """Return the query of the ranges of an instant, in address order."""
    return PoolRange.objects.valid_at(at).order_by("first", "last", "id")


def _rows(
    found: list[Pool], *, cluster: ClusterRow, at: datetime, scope: Scope
) -> list[PoolRow]:
    tallies = _held(found, cluster=cluster, at=at, scope=scope) if found else {}
    ids = [pool.pk for pool in found]
    blocks = past_blocks.blocks_at(at).filter(pool_id__in=ids).order_by()
    grouped = blocks.values("pool_id").annotate(n=Count("pk"))
    assigned = dict(grouped.values_list("pool_id", "n"))
    return [
        row_with(
            pool,
            held=tallies.get(pool.pk, Tally()).held,
            blocks_assigned=assigned.get(pool.pk, 0),
        )
        for pool in found
    ]


def _held(
    found: list[Pool], *, cluster: ClusterRow, at: datetime, scope: Scope
) -> dict[int, Tally]:
    """Return what was held in pools: in their blocks, and in their ranges outside of
    all blocks. Three queries."""
    blocks = past_blocks.blocks_at(at).filter(cluster_id=cluster.id)
    spots = past_places.of_blocks(blocks)
    # Of ranges inside one another the narrowest holds an address.
    every = ranges_at(at).filter(pool__cluster_id=cluster.id, pool__network="")
    bounds = sorted(
        ((Range(each.first, each.last), each.pool_id) for each in every),
        key=lambda pair: (pair[0].size, pair[0].first, pair[1]),
    )
    asked = {pool.pk for pool in found}
    ranges = [each.range for each in spots if each.pool_id in asked]
    ranges += [each for each, pool_id in bounds if pool_id in asked]
    tallies: dict[int, Tally] = defaultdict(Tally)
    for share in past_places.shares(
        ranges, spots=spots, cluster=cluster, at=at, scope=scope
    ):
        pool_id = share.spot.pool_id if share.spot else None
        if pool_id is None and share.network == "":
            pool_id = next(
                (pool for each, pool in bounds if each.contains(share.first)), None
            )
        if pool_id is not None:
            tallies[pool_id].add(share)
    return tallies
