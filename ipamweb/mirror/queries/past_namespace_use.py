"""What a namespace held at an instant, by workload and by node, and who had come to it
last by then. Only what was held for certain is counted.
"""

from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Q

from ipamweb.mirror.models import Allocation, PastAllocation
from ipamweb.mirror.queries import past_allocations, past_counts
from ipamweb.mirror.queries.allocation_rows import AllocationRow, open_rows, past_rows
from ipamweb.mirror.queries.clusters import ClusterRow
from ipamweb.mirror.queries.namespace_use import NodeUse, WorkloadUse
from ipamweb.mirror.queries.namespaces import NamespaceRow
from ipamweb.mirror.queries.past_counts import Where
from ipamweb.mirror.queries.visibility import only_shown
from ipamweb.mirror.scope import Scope

_COLUMNS = ("pod__workload_kind", "pod__workload_name", "node__name", "owner_key")


@dataclass(frozen=True, slots=True)
class Use:
    """The workloads and the nodes, the largest first."""

    workloads: tuple[WorkloadUse, ...]
    nodes: tuple[NodeUse, ...]


def of_namespace(
    namespace: NamespaceRow, *, cluster: ClusterRow, at: datetime, scope: Scope
) -> Use:
    """Return who of a namespace held how many, and where. Two queries."""
    pods: dict[tuple[str, str], set[str]] = defaultdict(set)
    workloads: Counter[tuple[str, str]] = Counter()
    nodes: Counter[str] = Counter()
    where, seen = Where(Q(namespace_uid=namespace.uid)), cluster.seen_at(at)
    # By id: what ends between the two queries is in both.
    found: dict[int, tuple[Any, ...]] = {}
    for query in past_counts.held(where, cluster=cluster, at=seen, once_by=()):
        shown = only_shown(query, scope, cluster_id=cluster.id)
        for pk, *row in shown.values_list("id", *_COLUMNS):
            found[pk] = tuple(row)
    for kind, name, node, owner in found.values():
        workload = (kind or "", name or "")
        workloads[workload] += 1
        pods[workload].add(owner)
        nodes[node or ""] += 1
    return Use(
        tuple(
            WorkloadUse(kind, name, len(pods[kind, name]), number)
            for (kind, name), number in _largest_first(workloads)
        ),
        tuple(NodeUse(name, number) for name, number in _largest_first(nodes)),
    )


def newest(
    namespace: NamespaceRow,
    *,
    cluster: ClusterRow,
    at: datetime,
    most: int,
    scope: Scope,
) -> tuple[AllocationRow, ...]:
    """Return the allocations that had begun last at an instant, as they were known
    then, newest first. Two queries."""
    wanted = Q(cluster_id=cluster.id, namespace_uid=namespace.uid, valid_from__lte=at)
    held = only_shown(Allocation.objects.filter(wanted), scope, cluster_id=cluster.id)
    ended = only_shown(
        PastAllocation.objects.filter(wanted), scope, cluster_id=cluster.id
    )
    rows = past_allocations.once(
        open_rows(held.order_by("-id")[:most], scope),
        past_rows(ended.order_by("-id")[:most], scope),
    )
    found = sorted(rows, key=lambda row: row.id, reverse=True)[:most]
    return tuple(
        past_allocations.known_at(row, cluster=cluster, at=at) for row in found
    )


def _largest_first(counts: Counter[Any]) -> list[tuple[Any, int]]:
    return sorted(counts.items(), key=lambda each: (-each[1], each[0]))
