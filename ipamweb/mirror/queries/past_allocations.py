"""Who held which address at an instant or in a window: open and ended ones as one list.

What may have been held is listed too, and its state says so. Of two tables read one
after another a row that ends between is in both: it counts as what it was at the
generation of the cluster that was read first. Not here: who had one address
(addresses.py), the filters (past_filters.py).
"""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from itertools import chain
from typing import Any

from django.db.models import Q

from ipamweb.addressing.ranges import Range
from ipamweb.mirror import holders
from ipamweb.mirror.models import Allocation, PastAllocation
from ipamweb.mirror.queries import past_counts, past_filters
from ipamweb.mirror.queries.allocation_filters import ALL, AllocationFilter, inside
from ipamweb.mirror.queries.allocation_rows import (
    OPEN_COLUMNS,
    PAST_COLUMNS,
    POSSIBLE,
    AllocationRow,
    open_row,
    past_row,
    state_of,
)
from ipamweb.mirror.queries.allocations import BY_ADDRESS, MOST_OF_A_NODE
from ipamweb.mirror.queries.clusters import ClusterRow
from ipamweb.mirror.queries.paging import FIRST_PAGE, Page, Window, read_merged
from ipamweb.mirror.queries.past_filters import Times
from ipamweb.mirror.scope import Scope


def listed(
    cluster: ClusterRow,
    *,
    times: Times,
    scope: Scope,
    wanted: AllocationFilter = ALL,
    window: Window = FIRST_PAGE,
) -> Page[AllocationRow]:
    """Return a page of what was held at an instant, or at any time in a window, in
    address order. Two queries, and up to four for what a filter names."""
    held, ended = past_filters.matching(
        wanted, times=times, cluster=cluster, scope=scope
    )
    at = times.until if times.is_instant else None
    return read_merged(
        [
            (
                held.values_list(*OPEN_COLUMNS, named=True),
                lambda found: as_of(open_row(found, scope), cluster=cluster, at=at),
            ),
            (
                ended.values_list(*PAST_COLUMNS, named=True),
                lambda found: as_of(
                    ended_row(found, cluster, scope), cluster=cluster, at=at
                ),
            ),
        ],
        order=BY_ADDRESS,
        window=window,
    )


def of_node(
    node_id: int,
    *,
    cluster: ClusterRow,
    ranges: Iterable[Range],
    at: datetime,
    scope: Scope,
) -> tuple[AllocationRow, ...]:
    """Return what at an instant lay in a node's blocks or belonged to the node, in
    address order, MOST_OF_A_NODE at most. Three queries."""
    nodes = past_counts.namesakes([node_id], cluster=cluster, scope=scope)
    # Read first: no index serves a subquery beside ranges.
    arms = Q(node_id__in=list(nodes.values_list("id", flat=True)))
    for each in ranges:
        arms |= inside(each) & Q(cluster_id=cluster.id)
    times = Times(cluster.seen_at(at), at)
    held = Allocation.objects.filter(arms, past_filters.open_in(times, cluster=cluster))
    ended = PastAllocation.objects.filter(
        arms, past_filters.ended_in(times, by_bins=False, cluster=cluster)
    )
    opened = held.order_by("address", "id").values_list(*OPEN_COLUMNS, named=True)
    closed = ended.order_by("address", "id").values_list(*PAST_COLUMNS, named=True)
    found = once(
        [open_row(each, scope) for each in opened[:MOST_OF_A_NODE]],
        [ended_row(each, cluster, scope) for each in closed[:MOST_OF_A_NODE]],
    )
    there = (row for row in found if holders.may_hold(row, at))
    rows = sorted(there, key=lambda row: (row.address, row.id))
    return tuple(as_of(row, cluster=cluster, at=at) for row in rows[:MOST_OF_A_NODE])


def once(
    held: Iterable[AllocationRow], ended: Iterable[AllocationRow]
) -> list[AllocationRow]:
    """Return the rows of two queries, asked in this order: what ended between them is
    in both, and is told as it was first read."""
    by_id: dict[int, AllocationRow] = {}
    for row in chain(held, ended):
        by_id.setdefault(row.id, row)
    return list(by_id.values())


def as_of(
    row: AllocationRow, *, cluster: ClusterRow, at: datetime | None
) -> AllocationRow:
    """Return a row with the state it had at an instant; without one as it is."""
    if at is None:
        return row
    last = cluster.freshness.as_of
    return replace(
        row,
        state=_state(row, at, last_read=last),
        in_numbers=holders.is_certain(row, cluster.seen_at(at), last_read=last),
    )


def known_at(row: AllocationRow, *, cluster: ClusterRow, at: datetime) -> AllocationRow:
    """Return an allocation as it was known at an instant that lies behind its earliest
    beginning: not ended while it had not ended yet."""
    if row.to_latest is not None and row.to_latest <= at:
        return row
    then = as_of(row, cluster=cluster, at=at)
    if row.valid_to is not None and row.valid_to <= at:
        return replace(then, to_latest=None)
    return replace(then, valid_to=None, to_latest=None, closed_by="")


def ended_row(found: Any, cluster: ClusterRow, scope: Scope) -> AllocationRow:
    """Return an ended row as the cluster's generation knows it: open, where it ended
    later."""
    row = past_row(found, scope)
    if found.closed_generation <= cluster.freshness.generation:
        return row
    return replace(
        row, valid_to=None, to_latest=None, closed_by="", state=state_of(found)
    )


def _state(row: AllocationRow, at: datetime, *, last_read: datetime | None) -> str:
    if not holders.is_certain(row, at, last_read=last_read):
        return POSSIBLE
    if row.released_at and row.released_at <= at:
        return "cooling-down"
    if row.terminating_at and row.terminating_at <= at:
        return "terminating"
    return "held"
