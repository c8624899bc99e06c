"""The pods: what each holds, what Kubernetes and the CNI say of it, what it held."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import F, QuerySet

from ipamweb.addressing.ranges import parse_address
from ipamweb.mirror.models import Allocation, Endpoint, Pod
from ipamweb.mirror.queries import allocations
from ipamweb.mirror.queries.allocation_rows import AllocationRow
from ipamweb.mirror.queries.clusters import ClusterRow
from ipamweb.mirror.queries.paging import FIRST_PAGE, Order, Page, Window, read_page
from ipamweb.mirror.queries.visibility import only_shown
from ipamweb.mirror.scope import Scope

BY_NAME = Order("pods.name", ("namespace_name", "name", "id"))
# Of a pod, newest first: a pod holds one address a family, seldom one after another.
MOST_HISTORY = 100


@dataclass(frozen=True, slots=True)
class PodFilter:
    """Which pods are wanted; empty means all. `q` is a part of the name."""

    namespace: str = ""
    node: str = ""
    phase: str = ""
    workload_kind: str = ""
    workload_name: str = ""
    host_network: bool | None = None
    q: str = ""


ALL = PodFilter()


@dataclass(frozen=True, slots=True)
class PodRow:
    """A pod. `addresses` it holds; `reported` stand in its status, held or not.

    A hostNetwork pod, a finished one and one that waits for an address hold none.
    """

    id: int
    uid: str
    namespace: str
    namespace_uid: str
    name: str
    node: str
    phase: str
    host_network: bool
    workload_kind: str
    workload_name: str
    terminating_at: datetime | None
    addresses: tuple[int, ...]
    reported: tuple[int, ...]
    created_at: datetime | None
    first_seen: datetime
    gone_at: datetime | None
    gone_how: str


@dataclass(frozen=True, slots=True)
class EndpointRow:
    """What the CNI itself records of a pod."""

    uid: str
    state: str
    addresses: tuple[int, ...]
    first_seen: datetime
    gone_at: datetime | None


@dataclass(frozen=True, slots=True)
class PodDetail:
    """A pod with what it holds, what the CNI says (newest first) and what it held."""

    pod: PodRow
    allocations: tuple[AllocationRow, ...]
    endpoints: tuple[EndpointRow, ...]
    history: tuple[AllocationRow, ...]


def listed(
    cluster: ClusterRow,
    *,
    scope: Scope,
    wanted: PodFilter = ALL,
    window: Window = FIRST_PAGE,
) -> Page[PodRow]:
    """Return a page of the present pods by namespace and name. Two queries.

    Only those inside the scope: a pod is its namespace's alone.
    """
    query = only_shown(
        Pod.objects.filter(cluster_id=cluster.id, gone_at=None),
        scope,
        cluster_id=cluster.id,
    )
    return read_page(
        filtered(query, wanted),
        order=BY_NAME,
        window=window,
        build=lambda found: _rows(cluster, found),
    )


def of_node(node_id: int, *, cluster: ClusterRow, scope: Scope) -> tuple[PodRow, ...]:
    """Return the present pods of a node by namespace and name. Two queries."""
    query = only_shown(
        Pod.objects.filter(node_id=node_id, gone_at=None), scope, cluster_id=cluster.id
    )
    return tuple(_rows(cluster, list(query.order_by(*BY_NAME.fields))))


def one(uid: str, *, cluster: ClusterRow, scope: Scope) -> PodDetail | None:
    """Return the pod of a UID, also a past one; None outside the scope.

    Four queries.
    """
    query = Pod.objects.filter(cluster_id=cluster.id, uid=uid)
    return _detail(
        cluster, only_shown(query, scope, cluster_id=cluster.id).first(), scope=scope
    )


def newest(
    name: str, *, namespace: str, cluster: ClusterRow, scope: Scope
) -> PodDetail | None:
    """Return the present pod of a name, else the last that had it. Four queries."""
    query = Pod.objects.filter(
        cluster_id=cluster.id, namespace_name=namespace, name=name
    ).order_by(F("gone_at").desc(nulls_first=True), "-id")
    return _detail(
        cluster, only_shown(query, scope, cluster_id=cluster.id).first(), scope=scope
    )


def parse_addresses(text: str) -> tuple[int, ...]:
    """Return the addresses of the text form they are stored in: "10.0.0.1 fd00::1"."""
    return tuple(parse_address(part) for part in text.split())


def filtered(query: QuerySet[Pod, Pod], wanted: PodFilter) -> QuerySet[Pod, Pod]:
    """Return what of a query of pods passes a filter."""
    exact = {
        "namespace_name": wanted.namespace,
        "node_name": wanted.node,
        "phase": wanted.phase,
        "workload_kind": wanted.workload_kind,
        "workload_name": wanted.workload_name,
    }
    query = query.filter(**{field: value for field, value in exact.items() if value})
    if wanted.host_network is not None:
        query = query.filter(host_network=wanted.host_network)
    if wanted.q:
        query = query.filter(name__contains=wanted.q.lower())
    return query


def _detail(cluster: ClusterRow, pod: Pod | None, *, scope: Scope) -> PodDetail | None:
    if pod is None:
        return None
    endpoints = Endpoint.objects.filter(cluster_id=cluster.id, pod_uid=pod.uid)
    newest_first = endpoints.order_by(F("gone_at").desc(nulls_first=True), "-id")
    held = allocations.of_owner(pod.uid, cluster=cluster, scope=scope)
    return PodDetail(
        pod=_row(pod, tuple(sorted(each.address for each in held))),
        allocations=held,
        endpoints=tuple(_endpoint(each) for each in newest_first),
        history=allocations.past_of_owner(
            pod.uid, cluster=cluster, most=MOST_HISTORY, scope=scope
        ),
    )


def _held(cluster: ClusterRow, uids: Iterable[str]) -> dict[str, list[int]]:
    held: dict[str, list[int]] = {}
    rows = Allocation.objects.filter(cluster_id=cluster.id, owner_key__in=list(uids))
    # Sorted here: SQLite would take the index that has the order, not the owner.
    for address, uid in sorted(rows.values_list("address", "owner_key")):
        held.setdefault(uid, []).append(address)
    return held


def _rows(cluster: ClusterRow, found: list[Pod]) -> list[PodRow]:
    held = _held(cluster, [pod.uid for pod in found])
    return [_row(pod, tuple(held.get(pod.uid, ()))) for pod in found]


def _row(pod: Any, addresses: tuple[int, ...]) -> PodRow:
    return PodRow(
        id=pod.pk,
        uid=pod.uid,
        namespace=pod.namespace_name,
        namespace_uid=pod.namespace_uid,
        name=pod.name,
        node=pod.node_name,
        phase=pod.phase,
        host_network=pod.host_network,
        workload_kind=pod.workload_kind,
        workload_name=pod.workload_name,
        terminating_at=pod.terminating_at,
        addresses=addresses,
        reported=parse_addresses(pod.addresses),
        created_at=pod.created_at,
        first_seen=pod.first_seen,
        gone_at=pod.gone_at,
        gone_how=pod.gone_how,
    )


def _endpoint(endpoint: Endpoint) -> EndpointRow:
    return EndpointRow(
        uid=endpoint.uid,
        state=endpoint.state,
        addresses=parse_addresses(endpoint.addresses),
        first_seen=endpoint.first_seen,
        gone_at=endpoint.gone_at,
    )
