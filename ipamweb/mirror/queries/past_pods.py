"""The pods of an instant, with the addresses they held then.

A pod's phase and reported addresses are not kept: of the past they are empty.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db.models import Q

from ipamweb.mirror.models import Allocation, PastAllocation, Pod
from ipamweb.mirror.queries import past_allocations, past_counts, past_filters
from ipamweb.mirror.queries.allocation_rows import AllocationRow, open_rows, past_rows
from ipamweb.mirror.queries.clusters import ClusterRow
from ipamweb.mirror.queries.paging import FIRST_PAGE, Page, Window, read_page
from ipamweb.mirror.queries.pods import (
    ALL,
    BY_NAME,
    MOST_HISTORY,
    PodDetail,
    PodFilter,
    PodRow,
    filtered,
)
from ipamweb.mirror.queries.visibility import only_shown
from ipamweb.mirror.scope import Scope


def listed(
    cluster: ClusterRow,
    *,
    at: datetime,
    scope: Scope,
    wanted: PodFilter = ALL,
    window: Window = FIRST_PAGE,
) -> Page[PodRow]:
    """Return a page of the pods that were there, by namespace and name. Three queries.

    A filter by phase finds nothing: that of then is not kept.
    """
    at = cluster.seen_at(at)
    query = Pod.objects.there_at(at, cluster_id=cluster.id)
    return read_page(
        filtered(only_shown(query, scope, cluster_id=cluster.id), wanted),
        order=BY_NAME,
        window=window,
        build=lambda found: _rows(found, _held(found, cluster=cluster, at=at), at),
    )


def one(
    uid: str, *, cluster: ClusterRow, at: datetime, scope: Scope
) -> PodDetail | None:
    """Return the pod of a UID as it was; None where it was not there, or outside the
    scope. Three queries."""
    seen = cluster.seen_at(at)
    query = Pod.objects.there_at(seen, cluster_id=cluster.id, uid=uid)
    return _detail(
        only_shown(query, scope, cluster_id=cluster.id).first(), cluster, at, scope
    )


def named(
    name: str, *, namespace: str, cluster: ClusterRow, at: datetime, scope: Scope
) -> PodDetail | None:
    """Return the pod that had a name. Three queries."""
    seen = cluster.seen_at(at)
    query = Pod.objects.there_at(
        seen, cluster_id=cluster.id, namespace_name=namespace, name=name
    )
    found = only_shown(query, scope, cluster_id=cluster.id).order_by("-id").first()
    return _detail(found, cluster, at, scope)


def of_node(
    node_id: int,
    *,
    cluster: ClusterRow,
    at: datetime,
    held: Sequence[AllocationRow],
    scope: Scope,
) -> tuple[PodRow, ...]:
    """Return the pods that were on a node; `held` is what was held there then.

    One query.
    """
    nodes = past_counts.namesakes([node_id], cluster=cluster, scope=scope)
    query = Pod.objects.there_at(at, cluster_id=cluster.id, node__in=nodes)
    found = only_shown(query, scope, cluster_id=cluster.id).order_by(*BY_NAME.fields)
    by_owner: dict[str, list[int]] = defaultdict(list)
    for row in held:
        if row.in_numbers:
            by_owner[row.owner_key].append(row.address)
    return tuple(_rows(list(found), by_owner, at))


def _detail(
    pod: Pod | None, cluster: ClusterRow, at: datetime, scope: Scope
) -> PodDetail | None:
    """Return a pod with what it held, or may have held, and what it had held before.

    What Kubernetes and the CNI said of it then is not kept.
    """
    if pod is None:
        return None
    begun = Q(cluster_id=cluster.id, owner_key=pod.uid, from_earliest__lte=at)
    ended = PastAllocation.objects.filter(begun).order_by("-from_earliest", "-id")
    rows = [
        past_allocations.known_at(row, cluster=cluster, at=at)
        for row in past_allocations.once(
            open_rows(Allocation.objects.filter(begun).order_by(), scope),
            past_rows(ended[:MOST_HISTORY], scope),
        )
    ]
    held = sorted(
        (row for row in rows if row.state != "ended"),
        key=lambda row: (row.address, row.id),
    )
    certain = tuple(sorted({row.address for row in held if row.in_numbers}))
    return PodDetail(
        pod=_row(pod, certain, at),
        allocations=tuple(held),
        endpoints=(),
        history=tuple(row for row in rows if row.state == "ended"),
    )


def _held(
    found: Iterable[Pod], *, cluster: ClusterRow, at: datetime
) -> dict[str, set[int]]:
    owners = Q(owner_key__in=[pod.uid for pod in found], cluster_id=cluster.id)
    held = Allocation.objects.filter(owners, past_filters.certain_open(at))
    ended = PastAllocation.objects.filter(
        owners, past_filters.certain_ended(at, by_bins=False)
    )
    # Sets: what ends between the two queries is in both.
    by_owner: dict[str, set[int]] = defaultdict(set)
    for query in (held, ended):
        for address, owner in query.order_by().values_list("address", "owner_key"):
            by_owner[owner].add(address)
    return by_owner


def _rows(
    found: Iterable[Pod], held: Mapping[str, Collection[int]], at: datetime
) -> list[PodRow]:
    return [_row(pod, tuple(sorted(held.get(pod.uid, ()))), at) for pod in found]


def _row(pod: Any, addresses: tuple[int, ...], at: datetime) -> PodRow:
    ending = pod.terminating_at
    return PodRow(
        id=pod.pk,
        uid=pod.uid,
        namespace=pod.namespace_name,
        namespace_uid=pod.namespace_uid,
        name=pod.name,
        node=pod.node_name,
        phase="",
        host_network=pod.host_network,
        workload_kind=pod.workload_kind,
        workload_name=pod.workload_name,
        terminating_at=ending if ending and ending <= at else None,
        addresses=addresses,
        reported=(),
        created_at=pod.created_at,
        first_seen=pod.first_seen,
        gone_at=None,
        gone_how="",
    )
