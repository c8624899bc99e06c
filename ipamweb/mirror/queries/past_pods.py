"""The pods of an instant, with the addresses they held then.

A pod's phase and reported addresses are not kept: of the past they are empty.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from django.db.models import Q

from ipamweb.mirror.models import Allocation, PastAllocation, Pod
from ipamweb.mirror.queries import past_filters
from ipamweb.mirror.queries.allocation_rows import AllocationRow
from ipamweb.mirror.queries.clusters import ClusterRow
from ipamweb.mirror.queries.paging import FIRST_PAGE, Page, Window, read_page
from ipamweb.mirror.queries.pods import ALL, BY_NAME, PodFilter, PodRow, filtered
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
        filtered(only_shown(query, scope), wanted),
        order=BY_NAME,
        window=window,
        build=lambda found: _rows(found, _held(found, cluster=cluster, at=at), at),
    )


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
    query = Pod.objects.there_at(at, cluster_id=cluster.id, node_id=node_id)
    found = only_shown(query, scope).order_by(*BY_NAME.fields)
    by_owner: dict[str, list[int]] = defaultdict(list)
    for row in held:
        if row.in_numbers:
            by_owner[row.owner_key].append(row.address)
    return tuple(_rows(list(found), by_owner, at))


def _held(
    found: Iterable[Pod], *, cluster: ClusterRow, at: datetime
) -> dict[str, list[int]]:
    owners = Q(owner_key__in=[pod.uid for pod in found], cluster_id=cluster.id)
    held = Allocation.objects.filter(owners, past_filters.certain_open(at))
    ended = PastAllocation.objects.filter(
        owners, past_filters.certain_ended(at, by_bins=False)
    )
    by_owner: dict[str, list[int]] = defaultdict(list)
    for query in (held, ended):
        for address, owner in query.order_by().values_list("address", "owner_key"):
            by_owner[owner].append(address)
    return by_owner


def _rows(
    found: Iterable[Pod], held: dict[str, list[int]], at: datetime
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
