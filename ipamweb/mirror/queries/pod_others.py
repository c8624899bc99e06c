"""Who stands beside a pod: the others of its workload, and the others that hold or held
its addresses. Not here: the pod itself (pods.py).
"""

from collections.abc import Collection

from ipamweb.mirror.models import Allocation, PastAllocation, Pod
from ipamweb.mirror.queries.allocation_rows import AllocationRow, open_rows, past_rows
from ipamweb.mirror.queries.clusters import ClusterRow
from ipamweb.mirror.queries.pods import PodRow
from ipamweb.mirror.queries.visibility import only_shown
from ipamweb.mirror.scope import Scope

# Of these phases a pod holds no address (data: terminal phases).
ENDED = ("Succeeded", "Failed")


def siblings(
    pod: PodRow, *, cluster: ClusterRow, most: int, scope: Scope
) -> tuple[AllocationRow, ...]:
    """Return what the other pods of a pod's workload hold, in address order: all of
    each of the first `most` pods by name that have not ended.

    Empty of a pod without a workload. One query.
    """
    if not pod.workload_name:
        return ()
    others = (
        only_shown(Pod.objects.all(), scope, cluster_id=cluster.id)
        .filter(
            cluster_id=cluster.id,
            namespace_name=pod.namespace,
            workload_kind=pod.workload_kind,
            workload_name=pod.workload_name,
            host_network=False,
            gone_at=None,
        )
        .exclude(phase__in=ENDED)
        .exclude(pk=pod.id)
        .order_by("name", "id")
    )
    held = Allocation.objects.filter(
        cluster_id=cluster.id, owner_key__in=others.values("uid")[:most]
    )
    # Sorted here: SQLite would take the index that has the order, not the owner.
    rows = open_rows(held.order_by(), scope)
    return tuple(sorted(rows, key=lambda row: (row.address, row.id)))


def other_holders(
    addresses: Collection[int],
    *,
    owner_key: str,
    cluster: ClusterRow,
    most: int,
    scope: Scope,
) -> tuple[AllocationRow, ...]:
    """Return who else holds or held some addresses, the present first, then the newest.

    `most` of the past at most. Two queries; none of no address.
    """
    if not addresses:
        return ()
    which = {"cluster_id": cluster.id, "address__in": addresses}
    held = Allocation.objects.filter(**which).exclude(owner_key=owner_key)
    past = PastAllocation.objects.filter(**which).exclude(owner_key=owner_key)
    newest_first = past.order_by("-from_earliest", "-id")
    return (
        *open_rows(held.order_by("address", "id"), scope),
        *past_rows(newest_first[:most], scope),
    )
