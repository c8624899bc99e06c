"""What the mirror's counters say now, and what came and went since a generation.

The numbers are those that pages and REST show. Eight queries for a cluster, whatever
its size.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.db.models import Q

from ipamweb.mirror.models import Allocation, Namespace, Node, PastAllocation
from ipamweb.mirror.queries import blocks, pools, slots
from ipamweb.mirror.queries.clusters import ClusterRow
from ipamweb.mirror.scope import EVERYTHING
from ipamweb.usage.models import NAMESPACE, NODE, POOL
from ipamweb.usage.steps import Values

# A thing in one family: its scope, its row in the mirror, the family.
Key = tuple[str, int, int]
# What fits the column: nodes that do not say how many pods they may run have as many
# slots as IPv6 addresses.
_MOST_SLOTS = 2**62
_HOLDS = Q(gone_at=None) | Q(allocated_v4__gt=0) | Q(allocated_v6__gt=0)


@dataclass(frozen=True, slots=True)
class Changes:
    """Addresses that were opened and closed, by thing."""

    opened: Counter[Key]
    closed: Counter[Key]


def present(cluster: ClusterRow) -> dict[Key, Values]:
    """Return the values of all pools, nodes and namespaces of a cluster.

    One that is gone is left out, unless it still holds addresses. Six queries.
    """
    return {
        **dict(_of_pools(cluster)),
        **dict(_of_nodes(cluster)),
        **dict(_of_namespaces(cluster)),
    }


def ended(scope: str) -> Values:
    """Return the values of a thing that is gone."""
    return Values(0) if scope == NAMESPACE else Values(0, 0, 0, 0)


def changes(cluster: ClusterRow, *, since: int) -> Changes:
    """Return what was opened and closed after a generation, up to the one that
    `cluster` tells. Three queries.

    What came and went in between is both. In pools and nodes an address counts where
    its block is.
    """
    until = cluster.freshness.generation
    namespaces = dict(
        Namespace.objects.filter(cluster_id=cluster.id).values_list("uid", "id")
    )
    opened: Counter[Key] = Counter()
    closed: Counter[Key] = Counter()
    for *place, first, last in _changed(cluster.id, since):
        keys = list(_keys(*place, namespaces=namespaces))
        if since < first <= until:
            opened.update(keys)
        if last is not None and last <= until:
            closed.update(keys)
    return Changes(opened, closed)


def _changed(cluster_id: int, since: int) -> Iterator[tuple[Any, ...]]:
    """Yield pool, node, namespace, family, and the generations that opened and closed
    it; None while it is open."""
    place = ("pool_id", "block__node_id", "namespace_uid", "family")
    # The past first: what is closed meanwhile would else be in neither.
    past = PastAllocation.objects.filter(
        cluster_id=cluster_id, closed_generation__gt=since
    )
    yield from past.values_list(*place, "opened_generation", "closed_generation")
    begun = Allocation.objects.filter(
        cluster_id=cluster_id,
        changed_generation__gt=since,
        opened_generation__gt=since,
    )
    for row in begun.values_list(*place, "opened_generation"):
        yield (*row, None)


def _keys(
    pool: int | None,
    node: int | None,
    namespace: str,
    family: int,
    *,
    namespaces: dict[str, int],
) -> Iterator[Key]:
    if pool is not None:
        yield POOL, pool, family
    if node is not None:
        yield NODE, node, family
    if namespace in namespaces:
        yield NAMESPACE, namespaces[namespace], family


def _of_pools(cluster: ClusterRow) -> Iterator[tuple[Key, Values]]:
    slots_of = slots.of_cluster(cluster, scope=EVERYTHING).by_pool
    for pool in pools.every(cluster, scope=EVERYTHING):
        room = slots_of.get(pool.id, slots.Slots())
        numbers, total = pool.numbers, min(room.total, _MOST_SLOTS)
        yield (
            (POOL, pool.id, pool.family),
            Values(numbers.allocated, numbers.capacity, room.used, total),
        )


def _of_nodes(cluster: ClusterRow) -> Iterator[tuple[Key, Values]]:
    rooms = blocks.held_by_nodes([cluster.id], scope=EVERYTHING)
    nodes = Node.objects.filter(_HOLDS, cluster_id=cluster.id).values_list(
        "id", "allocated_v4", "allocated_v6", "slots_used", "slots_total"
    )
    for node, v4, v6, used, total in nodes:
        room = rooms.get(node, {})
        for family, held in _families({4: v4, 6: v6}, room or cluster.families):
            yield (
                (NODE, node, family),
                Values(held, room.get(family, (0, 0))[1], used, total),
            )


def _of_namespaces(cluster: ClusterRow) -> Iterator[tuple[Key, Values]]:
    namespaces = Namespace.objects.filter(_HOLDS, cluster_id=cluster.id)
    for namespace, v4, v6 in namespaces.values_list(
        "id", "allocated_v4", "allocated_v6"
    ):
        for family, held in _families({4: v4, 6: v6}, cluster.families):
            yield (NAMESPACE, namespace, family), Values(held)


def _families(held: dict[int, int], known: Iterable[int]) -> Iterator[tuple[int, int]]:
    """Yield (family, addresses held) of the families a thing has or holds."""
    for family, count in held.items():
        if count or family in known:
            yield family, count
