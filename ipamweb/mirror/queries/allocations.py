"""Who holds which address now, and who held it: both tables behind one module.

Not here: the filters (allocation_filters.py), what a row shows (allocation_rows.py).
"""

from collections.abc import Iterable, Sequence
from datetime import datetime

from django.db.models import Q

from ipamweb.addressing.ranges import Range
from ipamweb.mirror.models import Allocation, PastAllocation
from ipamweb.mirror.queries import allocation_filters
from ipamweb.mirror.queries.allocation_filters import ALL, AllocationFilter
from ipamweb.mirror.queries.allocation_rows import (
    OPEN_COLUMNS,
    PAST_COLUMNS,
    AllocationRow,
    open_row,
    open_rows,
    past_row,
    past_rows,
)
from ipamweb.mirror.queries.clusters import ClusterRow
from ipamweb.mirror.queries.paging import FIRST_PAGE, Order, Page, Window, read_page
from ipamweb.mirror.scope import Scope

BY_ADDRESS = Order("allocations.address", ("address", "id"))
NEWEST_FIRST = Order("allocations.newest", ("from_earliest", "id"), descending=True)
# Of a node: more than any node runs pods, and no page of it takes a second.
MOST_OF_A_NODE = 2048


def listed(
    cluster: ClusterRow,
    *,
    scope: Scope,
    wanted: AllocationFilter = ALL,
    window: Window = FIRST_PAGE,
) -> Page[AllocationRow]:
    """Return a page of what is held now, in address order, IPv4 before fd00::/8.

    One query, and up to seven for what a filter names. A filter that names an owner
    finds only owners inside the scope.
    """
    query = allocation_filters.matching(wanted, cluster_id=cluster.id, scope=scope)
    return read_page(
        query.values_list(*OPEN_COLUMNS, named=True),
        order=BY_ADDRESS,
        window=window,
        build=lambda found: [open_row(each, scope) for each in found],
    )


def of_node(
    node_id: int, *, cluster: ClusterRow, ranges: Iterable[Range], scope: Scope
) -> tuple[AllocationRow, ...]:
    """Return what lies in a node's blocks or belongs to the node, in address order.

    At most MOST_OF_A_NODE. One query.
    """
    # Each arm names all it needs, so that an index of its own serves each.
    arms = Q(node_id=node_id)
    for each in ranges:
        arms |= Q(
            cluster_id=cluster.id,
            address__gte=each.first,
            address__lte=each.last,
            family=each.family,
        )
    query = Allocation.objects.filter(arms).order_by("address", "id")
    return open_rows(query[:MOST_OF_A_NODE], scope)


def of_owner(
    owner_key: str, *, cluster: ClusterRow, scope: Scope
) -> tuple[AllocationRow, ...]:
    """Return what an owner holds now, in address order. One query."""
    query = Allocation.objects.filter(cluster_id=cluster.id, owner_key=owner_key)
    # Sorted here: SQLite would take the index that has the order, not the owner.
    rows = open_rows(query.order_by(), scope)
    return tuple(sorted(rows, key=lambda row: (row.address, row.id)))


def of_address(
    address: int, *, cluster_ids: Sequence[int], scope: Scope
) -> tuple[AllocationRow, ...]:
    """Return who holds an address now in any of the clusters, first come first.

    One query.
    """
    query = Allocation.objects.filter(cluster_id__in=cluster_ids, address=address)
    return open_rows(query.order_by("id"), scope)


def past_of_owner(
    owner_key: str, *, cluster: ClusterRow, most: int, scope: Scope
) -> tuple[AllocationRow, ...]:
    """Return what an owner held, newest first, `most` at most. One query."""
    query = PastAllocation.objects.filter(cluster_id=cluster.id, owner_key=owner_key)
    return past_rows(query.order_by("-from_earliest", "-id")[:most], scope)


def past_of_address(
    address: int, *, cluster_ids: Sequence[int], window: Window, scope: Scope
) -> Page[AllocationRow]:
    """Return a page of who held an address, newest first. One query."""
    query = PastAllocation.objects.filter(cluster_id__in=cluster_ids, address=address)
    return read_page(
        query.values_list(*PAST_COLUMNS, named=True),
        order=NEWEST_FIRST,
        window=window,
        build=lambda found: [past_row(each, scope) for each in found],
    )


def past_at(
    address: int, *, cluster_ids: Sequence[int], at: datetime, scope: Scope
) -> tuple[AllocationRow, ...]:
    """Return who of the past may have held an address at an instant, newest first.

    One query.
    """
    query = PastAllocation.objects.filter(
        cluster_id__in=cluster_ids,
        address=address,
        from_earliest__lte=at,
        to_latest__gt=at,
    )
    return past_rows(query.order_by("-from_earliest", "-id"), scope)
