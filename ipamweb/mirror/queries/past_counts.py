"""How many addresses were held for certain at an instant, by block, kind, namespace …

Counted from the allocations themselves: counters know the present only. An address
with several owners counts once.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from ipamweb.addressing import capacity
from ipamweb.mirror.models import Allocation, PastAllocation, Pod
from ipamweb.mirror.queries import past_filters
from ipamweb.mirror.queries.clusters import ClusterRow
from ipamweb.mirror.queries.numbers import FamilyNumbers
from ipamweb.mirror.scope import Scope


@dataclass(frozen=True, slots=True)
class Where:
    """Which allocations are counted; `is_narrow`: an index finds them by it."""

    condition: Q
    is_narrow: bool = False


EVERYWHERE = Where(Q())


def addresses(
    columns: tuple[str, ...],
    *,
    cluster: ClusterRow,
    at: datetime,
    where: Where = EVERYWHERE,
    scope: Scope,
) -> Counter[tuple[Any, ...]]:
    """Return how many addresses were held by each combination of some columns.

    Two queries.
    """
    counts: Counter[tuple[Any, ...]] = Counter()
    for query in held(where, cluster_id=cluster.id, at=at):
        grouped = query.values(*columns).annotate(n=Count("address", distinct=True))
        for *key, number in grouped.values_list(*columns, "n"):
            counts[tuple(key)] += number
    return counts


def pods_of_nodes(
    node_ids: Iterable[int], *, cluster: ClusterRow, at: datetime, scope: Scope
) -> Counter[int]:
    """Return how many pods on each node took a slot: those that held an address, and
    those on the host network. Three queries.

    A pod that waited for its address is left out: its phase of then is not kept.
    """
    ids = list(node_ids)
    counts: Counter[int] = Counter()
    where = Where(Q(node_id__in=ids, kind="pod"), is_narrow=True)
    for query in held(where, cluster_id=cluster.id, at=at):
        grouped = query.values("node_id").annotate(n=Count("owner_key", distinct=True))
        for node_id, number in grouped.values_list("node_id", "n"):
            counts[node_id] += number
    on_host = Pod.objects.there_at(
        at, cluster_id=cluster.id, node_id__in=ids, host_network=True
    )
    grouped = on_host.order_by().values("node_id").annotate(n=Count("pk"))
    counts.update(dict(grouped.values_list("node_id", "n")))
    return counts


def slots_of(
    families: Iterable[FamilyNumbers], *, used: int, max_pods: int | None
) -> capacity.Slots:
    """Return the slots of a node with some numbers and pods."""
    return capacity.slots(
        max_pods, slots_used=used, free_by_family=[each.free for each in families]
    )


def held(
    where: Where, *, cluster_id: int, at: datetime
) -> tuple[QuerySet[Any, Any], QuerySet[Any, Any]]:
    """Return the queries of what was held for certain and is open, and is ended."""
    opened = Allocation.objects.filter(
        where.condition, past_filters.certain_open(at), cluster_id=cluster_id
    )
    same = Allocation.objects.filter(
        past_filters.certain_open(at),
        cluster_id=cluster_id,
        network=OuterRef("network"),
        address=OuterRef("address"),
    )
    ended = PastAllocation.objects.filter(
        ~Exists(same),
        where.condition,
        past_filters.certain_ended(at, by_bins=not where.is_narrow),
        cluster_id=cluster_id,
    )
    return opened.order_by(), ended.order_by()
