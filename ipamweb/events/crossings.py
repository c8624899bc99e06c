"""What crossed a threshold since the levels that are kept: pools, nodes, clusters.

Read from counters. Of a cluster that is not seen now, nothing is said of its pools and
nodes. Not here: what is made of it (notice.py), the levels themselves (thresholds.py).
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from ipamweb.events.models import Level
from ipamweb.events.thresholds import level_after
from ipamweb.mirror.queries import clusters as cluster_queries
from ipamweb.mirror.queries import metrics, pools
from ipamweb.mirror.queries.clusters import ClusterRow
from ipamweb.mirror.scope import EVERYTHING

POOL, NODE, CLUSTER = "pool", "node", "cluster"
ADDRESSES, BLOCKS, AGE = "addresses", "blocks", "age"
# A cluster that misses a poll or two is no news yet.
LEAST_SILENCE = timedelta(minutes=2)

# A subject and what of it: the cluster's id, kind, subject, measure.
Key = tuple[int, str, str, str]


@dataclass(frozen=True, slots=True)
class Crossing:
    """`level` in per cent, 0 below all; of a cluster 1: it is not seen. `used` of
    `total` are addresses or blocks."""

    cluster_id: int
    cluster: str
    kind: str
    subject: str
    measure: str
    level: int
    before: int
    family: int = 0
    used: int = 0
    total: int = 0
    as_of: datetime | None = None

    @property
    def key(self) -> Key:
        return self.cluster_id, self.kind, self.subject, self.measure


@dataclass(frozen=True, slots=True)
class Found:
    """What crossed, and the ids of levels that hold no more: left, or of what is
    gone."""

    crossings: tuple[Crossing, ...]
    ended: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Share:
    """How much of something is used."""

    cluster: ClusterRow
    kind: str
    subject: str
    measure: str
    family: int
    used: int
    total: int

    @property
    def key(self) -> Key:
        return self.cluster.id, self.kind, self.subject, self.measure


def found(clusters: tuple[ClusterRow, ...], *, now: datetime) -> Found:
    """Return what crossed a threshold. Five queries, whatever there is."""
    seen = [each for each in clusters if _is_seen(each)]
    ids = {each.id for each in seen}
    kept = {
        (each.cluster_id, each.kind, each.subject, each.measure): each
        for each in Level.objects.all()
    }
    levels = {key: each.level for key, each in kept.items()}
    shares = {each.key: each for each in _shares(seen)}
    crossed = (*_crossed(shares, levels), *_silent(clusters, levels, now))
    left = {each.key for each in crossed if not each.level}
    return Found(
        crossings=crossed,
        ended=tuple(
            level.pk
            for key, level in kept.items()
            if key in left
            or (level.kind != CLUSTER and key[0] in ids and key not in shares)
        ),
    )


def _crossed(shares: dict[Key, Share], levels: dict[Key, int]) -> Iterator[Crossing]:
    for key, each in shares.items():
        before = levels.get(key, 0)
        level = level_after(each.used, each.total, before=before)
        if level != before:
            yield Crossing(
                *(each.cluster.id, each.cluster.slug, each.kind, each.subject),
                measure=each.measure,
                level=level,
                before=before,
                family=each.family,
                used=each.used,
                total=each.total,
                as_of=each.cluster.freshness.as_of,
            )


def _shares(clusters: list[ClusterRow]) -> Iterator[Share]:
    yield from _of_pools(clusters)
    by_slug = {each.slug: each for each in clusters}
    for node in metrics.nodes(clusters, scope=EVERYTHING):
        for family, used, room in node.families:
            # A share of an IPv6 block says nothing.
            if family == 4:
                cluster = by_slug[node.cluster]
                yield Share(cluster, NODE, node.name, ADDRESSES, family, used, room)


def _of_pools(clusters: Iterable[ClusterRow]) -> Iterator[Share]:
    clusters = list(clusters)
    by_cluster = pools.of_clusters(clusters, scope=EVERYTHING)
    for cluster in clusters:
        for pool in by_cluster[cluster.id]:
            numbers, family = pool.numbers, pool.family
            if family == 4:
                used, room = numbers.allocated, numbers.capacity
                yield Share(cluster, POOL, pool.slug, ADDRESSES, family, used, room)
            if pool.blocks_total is not None:
                used, room = pool.blocks_assigned, pool.blocks_total
                yield Share(cluster, POOL, pool.slug, BLOCKS, family, used, room)


def _silent(
    clusters: Iterable[ClusterRow], levels: dict[Key, int], now: datetime
) -> Iterator[Crossing]:
    """Yield the clusters that are not seen any more, and those that are again.

    Not one that is paused, nor one that was never seen.
    """
    silence = max(2 * cluster_queries.stale_after(), LEAST_SILENCE)
    for each in clusters:
        fresh = each.freshness
        if fresh.as_of is None or fresh.paused:
            continue
        before = levels.get((each.id, CLUSTER, each.slug, AGE), 0)
        if before and not fresh.stale:
            level = 0
        elif not before and now - fresh.as_of > silence:
            level = 1
        else:
            continue
        yield Crossing(
            *(each.id, each.slug, CLUSTER, each.slug, AGE, level, before),
            as_of=fresh.as_of,
        )


def _is_seen(cluster: ClusterRow) -> bool:
    fresh = cluster.freshness
    return fresh.as_of is not None and not (fresh.stale or fresh.paused)
