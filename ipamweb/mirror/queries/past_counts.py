"""How much was held for certain at an instant: by namespace, and pods by node.

Counted from the allocations themselves: counters know the present only. Open and ended
ones are counted by one statement: what ends meanwhile is in one of the two tables. Not
here: by block and pool (past_places.py).
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from ipamweb.addressing import capacity
from ipamweb.mirror.models import Allocation, Node, PastAllocation, Pod
from ipamweb.mirror.queries import past_filters
from ipamweb.mirror.queries.clusters import ClusterRow
from ipamweb.mirror.queries.numbers import FamilyNumbers
from ipamweb.mirror.scope import Scope

# So few nodes are found sooner by their own index than by the bins of time.
FEW_NODES = 8
BY_ADDRESS = ("network", "address")


@dataclass(frozen=True, slots=True)
class Where:
    """Which allocations are counted; `is_narrow`: an index finds them by it."""

    condition: Q
    is_narrow: bool = False


EVERYWHERE = Where(Q())


def everywhere(*, cluster: ClusterRow, at: datetime, scope: Scope) -> int:
    """Return how many allocations there were in a cluster. One query."""
    parts = [
        query.values("cluster_id").annotate(n=Count("pk")).values_list("n")
        for query in held(EVERYWHERE, cluster=cluster, at=at, once_by=())
    ]
    return sum(number for (number,) in parts[0].union(parts[1], all=True))


def of_namespaces(
    uids: Iterable[str], *, cluster: ClusterRow, at: datetime, scope: Scope
) -> Counter[tuple[str, int]]:
    """Return how many allocations pods of some namespaces held, by the namespace's UID
    and family. One query.

    As the counters of now count: an address with two owners counts for both.
    """
    where = Where(Q(namespace_uid__in=list(uids)))
    opened, ended = held(where, cluster=cluster, at=at, once_by=())
    parts = [
        query.values("namespace_uid", "family")
        .annotate(n=Count("pk"))
        .values_list("namespace_uid", "family", "n")
        for query in (opened, ended)
    ]
    counts: Counter[tuple[str, int]] = Counter()
    for uid, family, number in parts[0].union(parts[1], all=True):
        counts[uid, family] += number
    return counts


def pods_of_nodes(
    node_ids: Iterable[int] | None, *, cluster: ClusterRow, at: datetime, scope: Scope
) -> Counter[str]:
    """Return how many pods on each of some nodes, None: of all, took a slot, by the
    node's name: those that held an address, and those on the host network. Two queries.

    A pod that waited for its address is left out: its phase of then is not kept. Pods
    of a node that was made again later belong to the new one now: the name tells.
    """
    ids = None if node_ids is None else list(node_ids)
    of_them = Q()
    if ids is not None:
        of_them = Q(node__in=namesakes(ids, cluster=cluster, scope=scope))
    where = Where(
        of_them & Q(kind="pod"), is_narrow=ids is not None and len(ids) <= FEW_NODES
    )
    parts = [
        query.filter(node__isnull=False)
        .values("node__name")
        .annotate(n=Count("owner_key", distinct=True))
        .values_list("node__name", "n")
        for query in held(where, cluster=cluster, at=at, once_by=("owner_key",))
    ]
    counts: Counter[str] = Counter()
    for name, number in parts[0].union(parts[1], all=True):
        counts[name] += number
    on_host = Pod.objects.there_at(
        at, of_them, cluster_id=cluster.id, host_network=True, node__isnull=False
    )
    grouped = on_host.order_by().values("node__name").annotate(n=Count("*"))
    counts.update(dict(grouped.values_list("node__name", "n")))
    return counts


def namesakes(
    node_ids: Iterable[int], *, cluster: ClusterRow, scope: Scope
) -> QuerySet[Node, Node]:
    """Return the query of some nodes, and of those made again under their names: what
    went on meanwhile is the new one's, also as of before."""
    names = Node.objects.filter(pk__in=node_ids).values("name")
    return Node.objects.filter(cluster_id=cluster.id, name__in=names)


def slots_of(
    families: Iterable[FamilyNumbers], *, used: int, max_pods: int | None
) -> capacity.Slots:
    """Return the slots of a node with some numbers and pods."""
    return capacity.slots(
        max_pods, slots_used=used, free_by_family=[each.free for each in families]
    )


def held(
    where: Where,
    *,
    cluster: ClusterRow,
    at: datetime,
    once_by: tuple[str, ...] = BY_ADDRESS,
) -> past_filters.Queries:
    """Return the queries of what was held for certain and is open, and is ended; of the
    latter without those for which an open one is the same by some columns."""
    known = Q(
        opened_generation__lte=cluster.freshness.generation, cluster_id=cluster.id
    )
    opened = Allocation.objects.filter(
        where.condition, past_filters.certain_open(at), known
    )
    if once_by == BY_ADDRESS:
        # Of several open owners the first counts, now as then.
        opened = opened.filter(counted=True)
    ended: QuerySet[Any, Any] = PastAllocation.objects.filter(
        where.condition,
        past_filters.certain_ended(at, by_bins=not where.is_narrow),
        known,
    )
    if once_by:
        same = Allocation.objects.filter(past_filters.certain_open(at), known)
        outer = {name: OuterRef(name) for name in once_by}
        ended = ended.filter(~Exists(same.filter(**outer)))
    return opened.order_by(), ended.order_by()
