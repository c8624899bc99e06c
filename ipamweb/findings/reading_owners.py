"""Reads who holds addresses where that looks odd; the database does the grouping.

Each question walks the open allocations, or the endpoints, of one cluster once by an
index or a hash (at 300,000 open allocations some tenths of a second), and brings at
most MOST rows into Python. Not here: whether what looks odd is a fault (rules).
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from django.db.models import Count, Exists, F, Max, Min, OuterRef, Q, QuerySet

from ipamweb.findings.facts import Endpoint as EndpointFact
from ipamweb.findings.facts import Holder
from ipamweb.mirror.models import Allocation, Block, Cluster, Endpoint, Namespace, Pod
from ipamweb.mirror.queries import clusters

MOST = 1_000
ENDPOINTS = "ciliumendpoints"


def read(cluster: Cluster, *, is_host_scope: bool) -> dict[str, Any]:
    """Return the fields of Facts that are about owners."""
    found: dict[str, Sequence[Any]] = {
        "shared": _shared(cluster.pk),
        "nodes_in_pools": _nodes_in_pools(cluster.pk),
        "strays": _strays(cluster.pk) if is_host_scope else (),
    }
    served = _served(cluster.pk) if is_host_scope else frozenset()
    if len(cluster.families) > 1:
        found["of_one_family"] = _of_one_family(cluster.pk)
    are_read = _are_read(cluster)
    if ENDPOINTS in cluster.kinds and are_read:
        found["torn_endpoints"] = _torn(cluster.pk)
        found["orphan_endpoints"] = _orphans(cluster.pk)
        found["without_endpoint"] = _without_endpoint(cluster)
    cut = {
        rule
        for name, rules in _RULES.items()
        if len(found.get(name, ())) >= MOST
        for rule in rules
    }
    return {
        **{key: tuple(each) for key, each in found.items()},
        "served": served,
        "cut": frozenset(cut),
        "untold": frozenset() if are_read else frozenset({"F25"}),
    }


def _are_read(cluster: Cluster) -> bool:
    """Say whether endpoints are as fresh as the rest: a cluster is read on without them
    when the right to list them is lost."""
    if cluster.as_of is None:
        return False
    old = cluster.cursors.filter(
        kind=ENDPOINTS, as_of__lt=cluster.as_of - clusters.stale_after()
    )
    return not old.exists()


# Which rules look at what, for when there is more of it than is read.
_RULES = {
    "shared": ("F07", "F08"),
    "nodes_in_pools": ("F18",),
    "strays": ("F06",),
    "of_one_family": ("F29",),
    "torn_endpoints": ("F25",),
    "orphan_endpoints": ("F25",),
    "without_endpoint": ("F25",),
}


def pods_older_than(
    cluster_id: int, moments: Iterable[datetime]
) -> dict[datetime, int]:
    """Return how many pods that hold an address were made before each moment."""
    held = _held_by_pods(cluster_id)
    return {
        moment: held.filter(pod__created_at__lt=moment)
        .aggregate(pods=Count("pod_id", distinct=True))
        .get("pods", 0)
        for moment in moments
    }


def _held(cluster_id: int) -> QuerySet[Allocation, Allocation]:
    """Return what is held and is not being given up: who terminates may have lost its
    address to another already."""
    return Allocation.objects.filter(
        cluster=cluster_id, network="", terminating_at=None, released_at=None
    )


def _held_by_pods(cluster_id: int) -> QuerySet[Allocation, Allocation]:
    return _held(cluster_id).filter(kind="pod")


def _shared(cluster_id: int) -> list[tuple[Holder, ...]]:
    """Return the holders of each address that has several, one of them a pod.

    Two queries; the first walks the index of addresses.
    """
    several = (
        _held(cluster_id)
        .values("address")
        .annotate(holders=Count("id"), pods=Count("pod_id"))
        .filter(holders__gt=1, pods__gt=0)
        .order_by("address")
    )
    addresses = [row["address"] for row in several[:MOST]]
    found: dict[int, list[Holder]] = {}
    several_of = _held(cluster_id).filter(address__in=addresses)
    for holder in _holders(several_of.order_by("address", "valid_from", "id")):
        found.setdefault(holder.address, []).append(holder)
    return [tuple(found[address]) for address in addresses if address in found]


def _nodes_in_pools(cluster_id: int) -> list[Holder]:
    """Return addresses of nodes themselves that lie in a pool of pods."""
    held = _held(cluster_id).filter(kind="node", pool__isnull=False)
    return _holders(held.order_by("address")[:MOST])


def _served(cluster_id: int) -> frozenset[int]:
    """Return the nodes without a block on which pods hold addresses. One query."""
    own = Block.objects.filter(node=OuterRef("node"), valid_to=None)
    held = _held_by_pods(cluster_id).filter(node__isnull=False, block=None)
    nodes = held.filter(~Exists(own)).values_list("node_id", flat=True)
    return frozenset(node for node in nodes.distinct() if node is not None)


def _strays(cluster_id: int) -> list[Holder]:
    """Return pods' addresses in no block of their node, of nodes most of whose pods
    are inside. Two queries; the first groups by node and family."""
    held = _held_by_pods(cluster_id).filter(node__gone_at=None, node__isnull=False)
    inside = Q(block__node=F("node"))
    odd = (
        held.values("node_id", "family")
        .annotate(all=Count("id"), inside=Count("id", filter=inside))
        .filter(all__gt=F("inside"), inside__gt=0)
        .filter(inside__gt=(F("all") - F("inside")))
    )
    nodes = {(row["node_id"], row["family"]) for row in odd[:MOST]}
    query = held.filter(node_id__in={node for node, _ in nodes})
    outside = query.filter(Q(block=None) | ~inside).order_by("address")
    return [
        holder for holder in _holders(outside[:MOST]) if _family_key(holder) in nodes
    ]


def _family_key(holder: Holder) -> tuple[int | None, int]:
    return holder.node, 4 if holder.address >> 32 == 0xFFFF else 6


def _of_one_family(cluster_id: int) -> list[Holder]:
    """Return pods that hold addresses of one family only. Two queries."""
    single = (
        _held_by_pods(cluster_id)
        .filter(pod__phase="Running")
        .values("pod_id")
        .annotate(low=Min("family"), high=Max("family"), one=Min("id"))
        .filter(low=F("high"))
        .order_by("pod_id")
    )
    ids = [row["one"] for row in single[:MOST]]
    return _holders(Allocation.objects.filter(pk__in=ids))


def _without_endpoint(cluster: Cluster) -> list[Holder]:
    """Return pods that came while we looked on and have no CiliumEndpoint, on nodes
    where others have one. Three queries."""
    endpoint = Endpoint.objects.filter(
        cluster=cluster.pk, pod_uid=OuterRef("owner_key"), gone_at=None
    )
    held = _held_by_pods(cluster.pk).filter(pod__phase="Running", counted=True)
    lone = held.filter(~Exists(endpoint), from_earliest__gte=cluster.first_as_of)
    found = _holders(lone.order_by("address")[:MOST])
    with_one = held.filter(Exists(endpoint), node__in={each.node for each in found})
    managed = set(with_one.values_list("node_id", flat=True).distinct())
    names = Endpoint.objects.filter(
        cluster=cluster.pk, gone_at=None, name__in={each.name for each in found}
    ).values_list("namespace_name", "name")
    known = set(names)
    return [
        each
        for each in found
        if each.node in managed and (each.namespace, each.name) not in known
    ]


def _torn(cluster_id: int) -> list[EndpointFact]:
    """Return endpoints whose pod reports other addresses. Three queries."""
    pods = Pod.objects.filter(
        cluster=cluster_id,
        uid=OuterRef("pod_uid"),
        gone_at=None,
        host_network=False,
        phase="Running",
        terminating_at=None,
    )
    other = pods.exclude(addresses="").exclude(addresses=OuterRef("addresses"))
    query = _endpoints(cluster_id).exclude(addresses="").filter(Exists(other))
    return _endpoint_facts(cluster_id, list(query[:MOST]))


def _orphans(cluster_id: int) -> list[EndpointFact]:
    """Return endpoints whose pod is not there. Three queries."""
    pod = Pod.objects.filter(cluster=cluster_id, uid=OuterRef("pod_uid"), gone_at=None)
    query = _endpoints(cluster_id).exclude(pod_uid="").filter(~Exists(pod))
    return _endpoint_facts(cluster_id, list(query[:MOST]))


def _endpoints(cluster_id: int) -> QuerySet[Endpoint, Endpoint]:
    return Endpoint.objects.filter(cluster=cluster_id, gone_at=None).order_by("id")


def _endpoint_facts(cluster_id: int, found: list[Endpoint]) -> list[EndpointFact]:
    pods = {
        pod.uid: pod
        for pod in Pod.objects.filter(
            cluster=cluster_id,
            uid__in=[each.pod_uid for each in found],
            gone_at=None,
        )
    }
    names = {each.namespace_name for each in found}
    namespaces = Namespace.objects.filter(
        cluster=cluster_id, name__in=names, gone_at=None
    )
    uids = dict(namespaces.values_list("name", "uid"))
    return [
        _endpoint_fact(each, pods.get(each.pod_uid), uids.get(each.namespace_name, ""))
        for each in found
    ]


def _endpoint_fact(
    endpoint: Endpoint, pod: Pod | None, namespace_uid: str
) -> EndpointFact:
    return EndpointFact(
        uid=endpoint.uid,
        namespace=endpoint.namespace_name,
        name=endpoint.name,
        namespace_uid=pod.namespace_uid if pod else namespace_uid,
        pod_uid=endpoint.pod_uid,
        state=endpoint.state,
        addresses=endpoint.addresses,
        first_seen=endpoint.first_seen,
        pod_addresses=pod.addresses if pod else "",
        pod_first_seen=pod.first_seen if pod else None,
    )


def _holders(query: QuerySet[Allocation, Allocation]) -> list[Holder]:
    rows = query.select_related("pod", "node")
    return [_holder(row) for row in rows]


def _holder(row: Any) -> Holder:
    pod, node = row.pod, row.node
    workload = f"{pod.workload_kind} {pod.workload_name}".strip() if pod else ""
    return Holder(
        address=row.address,
        kind=row.kind,
        node=row.node_id,
        node_name=node.name if node else pod.node_name if pod else "",
        source=row.source,
        from_earliest=row.from_earliest,
        valid_from=row.valid_from,
        uid=pod.uid if pod else "",
        namespace_uid=row.namespace_uid,
        namespace=pod.namespace_name if pod else "",
        name=pod.name if pod else "",
        workload=workload,
        created_at=pod.created_at if pod else None,
    )
