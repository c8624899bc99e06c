"""Who stood beside a pod at an instant: the others of its workload, and the others that
held its addresses or had held them. Not here: the pod itself (past_pods.py).
"""

from collections.abc import Collection
from datetime import datetime

from django.db.models import Q

from ipamweb.mirror.models import Allocation, PastAllocation, Pod
from ipamweb.mirror.queries import past_allocations, past_counts
from ipamweb.mirror.queries.allocation_rows import AllocationRow, open_rows, past_rows
from ipamweb.mirror.queries.clusters import ClusterRow
from ipamweb.mirror.queries.past_counts import Where
from ipamweb.mirror.queries.pods import PodRow
from ipamweb.mirror.queries.visibility import only_shown
from ipamweb.mirror.scope import Scope

MOST_ENDED = 20


def siblings(
    pod: PodRow, *, cluster: ClusterRow, at: datetime, most: int, scope: Scope
) -> tuple[AllocationRow, ...]:
    """Return what the other pods of a pod's workload held for certain, in address
    order: all of each of the first `most` pods by name. Three queries; none of a pod
    without a workload."""
    if not pod.workload_name:
        return ()
    seen = cluster.seen_at(at)
    others = Pod.objects.there_at(
        seen,
        cluster_id=cluster.id,
        namespace_name=pod.namespace,
        workload_kind=pod.workload_kind,
        workload_name=pod.workload_name,
        host_network=False,
    ).exclude(pk=pod.id)
    by_name = only_shown(others, scope, cluster_id=cluster.id).order_by("name", "id")
    uids = list(by_name.values_list("uid", flat=True)[:most])
    where = Where(Q(owner_key__in=uids), is_narrow=True)
    held, ended = past_counts.held(where, cluster=cluster, at=seen, once_by=())
    rows = past_allocations.once(open_rows(held, scope), past_rows(ended, scope))
    return tuple(
        past_allocations.known_at(row, cluster=cluster, at=at)
        for row in sorted(rows, key=lambda row: (row.address, row.id))
    )


def other_holders(
    addresses: Collection[int],
    *,
    owner_key: str,
    at: datetime,
    cluster: ClusterRow,
    scope: Scope,
) -> tuple[AllocationRow, ...]:
    """Return who else held some addresses or had held them, those that held one then
    first, then the newest; MOST_ENDED of the ended at most. Two queries; none of no
    address."""
    if not addresses:
        return ()
    begun = Q(cluster_id=cluster.id, address__in=addresses, from_earliest__lte=at)
    held = Allocation.objects.filter(begun).exclude(owner_key=owner_key)
    ended = PastAllocation.objects.filter(begun).exclude(owner_key=owner_key)
    rows = [
        past_allocations.known_at(row, cluster=cluster, at=at)
        for row in past_allocations.once(
            open_rows(held.order_by("address", "id"), scope),
            past_rows(ended.order_by("-from_earliest", "-id")[:MOST_ENDED], scope),
        )
    ]
    return tuple(sorted(rows, key=lambda row: row.state == "ended"))
