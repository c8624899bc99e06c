"""What a namespace holds, by workload and by node, and who came to it last.

Not here: the namespace with its counters (namespaces.py), its addresses one by one
(allocations.py).
"""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Count, QuerySet

from ipamweb.mirror.models import Allocation, PastAllocation
from ipamweb.mirror.queries.allocation_rows import AllocationRow, open_rows, past_rows
from ipamweb.mirror.queries.clusters import ClusterRow
from ipamweb.mirror.queries.namespaces import NamespaceRow
from ipamweb.mirror.queries.visibility import only_shown, only_shown_anywhere
from ipamweb.mirror.scope import Scope


@dataclass(frozen=True, slots=True)
class WorkloadUse:
    """How many pods of a workload hold how many addresses; no name: of pods that belong
    to none."""

    kind: str
    name: str
    pods: int
    addresses: int


@dataclass(frozen=True, slots=True)
class NodeUse:
    """How many addresses pods of the namespace hold on a node; no name: on one that is
    not known."""

    name: str
    addresses: int


def by_workload(
    namespace: NamespaceRow, *, cluster: ClusterRow, most: int, scope: Scope
) -> tuple[WorkloadUse, ...]:
    """Return the workloads that hold most, the largest first. One query.

    Counts all that the namespace holds: 10,000 addresses take some 20 ms.
    """
    grouped = (
        _held(namespace, cluster=cluster, scope=scope)
        .values_list("pod__workload_kind", "pod__workload_name")
        .annotate(pods=Count("owner_key", distinct=True), addresses=Count("id"))
        .order_by("-addresses", "pod__workload_kind", "pod__workload_name")
    )
    return tuple(
        WorkloadUse(kind or "", name or "", pods, addresses)
        for kind, name, pods, addresses in grouped[:most]
    )


def by_workload_of_each(
    uids: Iterable[str], *, cluster: ClusterRow, most: int, scope: Scope
) -> dict[str, tuple[WorkloadUse, ...]]:
    """Return the workloads that hold most in each of several namespaces, the largest
    first. One query.

    Counts all that they hold: of a cluster of 150,000 addresses that is the dearest
    column there is.
    """
    held = Allocation.objects.filter(
        cluster_id=cluster.id, kind="pod", namespace_uid__in=list(uids)
    )
    grouped = (
        only_shown(held, scope, cluster_id=cluster.id)
        .values_list("namespace_uid", "pod__workload_kind", "pod__workload_name")
        .annotate(pods=Count("owner_key", distinct=True), addresses=Count("id"))
        .order_by("-addresses", "pod__workload_kind", "pod__workload_name")
    )
    found: dict[str, list[WorkloadUse]] = {}
    for uid, kind, name, pods, addresses in grouped:
        use = WorkloadUse(kind or "", name or "", pods, addresses)
        found.setdefault(uid, []).append(use)
    return {uid: tuple(uses[:most]) for uid, uses in found.items()}


def by_node(
    namespace: NamespaceRow, *, cluster: ClusterRow, scope: Scope
) -> tuple[NodeUse, ...]:
    """Return the nodes on which the namespace holds any, the largest share first.

    One query; as many rows as there are nodes.
    """
    grouped = (
        _held(namespace, cluster=cluster, scope=scope)
        .values_list("node__name")
        .annotate(addresses=Count("id"))
        .order_by("-addresses", "node__name")
    )
    return tuple(NodeUse(name or "", addresses) for name, addresses in grouped)


def by_node_anywhere(*, scope: Scope) -> dict[int, tuple[NodeUse, ...]]:
    """Return the nodes on which the namespaces inside the scope hold any, by cluster,
    the largest share first. One query; as many rows as there are nodes."""
    grouped = (
        only_shown_anywhere(Allocation.objects.exclude(namespace_uid=""), scope)
        .values_list("cluster_id", "node__name")
        .annotate(addresses=Count("id"))
        .order_by("cluster_id", "-addresses", "node__name")
    )
    found: dict[int, list[NodeUse]] = {}
    for cluster_id, name, addresses in grouped:
        found.setdefault(cluster_id, []).append(NodeUse(name or "", addresses))
    return {cluster_id: tuple(uses) for cluster_id, uses in found.items()}


def newest(
    namespace: NamespaceRow, *, cluster: ClusterRow, most: int, scope: Scope
) -> tuple[AllocationRow, ...]:
    """Return the allocations that began last, held or ended, newest first.

    Two queries.
    """
    past = only_shown(
        PastAllocation.objects.filter(
            cluster_id=cluster.id, namespace_uid=namespace.uid
        ),
        scope,
        cluster_id=cluster.id,
    )
    held = _held(namespace, cluster=cluster, scope=scope)
    # An allocation keeps its id when it ends, and ids rise with time.
    rows = (
        *open_rows(held.order_by("-id")[:most], scope),
        *past_rows(past.order_by("-id")[:most], scope),
    )
    return tuple(sorted(rows, key=lambda row: row.id, reverse=True)[:most])


def _held(
    namespace: NamespaceRow, *, cluster: ClusterRow, scope: Scope
) -> QuerySet[Allocation, Allocation]:
    query = Allocation.objects.filter(
        cluster_id=cluster.id, namespace_uid=namespace.uid
    )
    return only_shown(query, scope, cluster_id=cluster.id)
