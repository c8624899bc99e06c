"""The pools of an instant: their ranges of then, and how much of them was held."""

from collections import defaultdict
from datetime import datetime

from django.db.models import Count, Prefetch, Q, QuerySet

from ipamweb.mirror.models import Pool, PoolRange
from ipamweb.mirror.queries import past_blocks, past_counts
from ipamweb.mirror.queries.blocks import Held
from ipamweb.mirror.queries.clusters import ClusterRow
from ipamweb.mirror.queries.paging import FIRST_PAGE, Page, Window, read_page
from ipamweb.mirror.queries.past_counts import Where
from ipamweb.mirror.queries.pools import BY_SLUG, PoolRow, row_with
from ipamweb.mirror.scope import Scope


def every(cluster: ClusterRow, *, at: datetime, scope: Scope) -> tuple[PoolRow, ...]:
    """Return the pools of an instant by slug. Five queries."""
    at = cluster.seen_at(at)
    found = list(pools_at(at).filter(cluster_id=cluster.id))
    return tuple(_rows(found, cluster=cluster, at=at, scope=scope))


def listed(
    cluster: ClusterRow, *, at: datetime, scope: Scope, window: Window = FIRST_PAGE
) -> Page[PoolRow]:
    """Return a page of the pools of an instant by slug. Five queries."""
    at = cluster.seen_at(at)
    return read_page(
        pools_at(at).filter(cluster_id=cluster.id),
        order=BY_SLUG,
        window=window,
        build=lambda found: _rows(found, cluster=cluster, at=at, scope=scope),
    )


def one(
    slug: str, *, cluster: ClusterRow, at: datetime, scope: Scope
) -> PoolRow | None:
    """Return a pool as it was; None where there was none. Five queries."""
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
    ids = [pool.pk for pool in found]
    counts = past_counts.addresses(
        ("pool_id", "kind"),
        cluster=cluster,
        at=at,
        where=Where(Q(pool_id__in=ids)),
        scope=scope,
    )
    kinds: dict[int, dict[str, int]] = defaultdict(dict)
    for (pool_id, kind), number in counts.items():
        kinds[pool_id][kind] = number
    blocks = past_blocks.blocks_at(at).filter(pool_id__in=ids).order_by()
    grouped = blocks.values("pool_id").annotate(n=Count("pk"))
    assigned = dict(grouped.values_list("pool_id", "n"))
    return [
        row_with(
            pool,
            held=Held(sum(kinds[pool.pk].values()), 0, kinds[pool.pk]),
            blocks_assigned=assigned.get(pool.pk, 0),
        )
        for pool in found
    ]
