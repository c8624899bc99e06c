"""What was held at a generation: a list that stands still while it is paged.

A poll writes in several transactions and moves the generation in the last, so between
two pages rows may open, close, or be half written. The cursor carries the generation of
the first page, and every page shows what was open then. Not here: the list of what is
held now (allocations.py), of an instant or a window (past_allocations.py).
"""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime
from typing import Any

from ipamweb.mirror.queries import allocation_filters, past_filters
from ipamweb.mirror.queries.allocation_filters import ALL, AllocationFilter
from ipamweb.mirror.queries.allocation_rows import (
    OPEN_COLUMNS,
    PAST_COLUMNS,
    AllocationRow,
    open_row,
    past_row,
)
from ipamweb.mirror.queries.clusters import ClusterRow
from ipamweb.mirror.queries.paging import (
    FIRST_PAGE,
    Order,
    Page,
    Snapshot,
    Window,
    read_merged,
    snapshot_of,
)
from ipamweb.mirror.scope import Scope

BY_ADDRESS = Order("snapshots.address", ("address", "id"))
Arm = tuple[Any, Callable[[Any], AllocationRow]]


class Expired(ValueError):
    """What ended since a cursor was made may be pruned: the list starts anew."""


def taken(cluster: ClusterRow, *, window: Window = FIRST_PAGE) -> Snapshot:
    """Return the snapshot of a page: that of its cursor, else the present one.

    Raises BadCursor, Expired.
    """
    fresh = cluster.freshness
    found = snapshot_of(window, BY_ADDRESS)
    if found is None:
        return Snapshot(fresh.generation, fresh.as_of, fresh.last_poll_at)
    if found.as_of and fresh.history_from and found.as_of < fresh.history_from:
        raise Expired("this cursor is older than the history kept; start without one")
    return found


def listed(
    cluster: ClusterRow,
    *,
    scope: Scope,
    wanted: AllocationFilter = ALL,
    window: Window = FIRST_PAGE,
) -> Page[AllocationRow]:
    """Return a page of what was held at its snapshot, in address order.

    Two queries, a third where anything ended since, and up to seven, then eleven, for
    what a filter names. Raises BadCursor, Expired.
    """
    snapshot = taken(cluster, window=window)
    return read_merged(
        _arms(cluster, snapshot, wanted=wanted, scope=scope),
        order=BY_ADDRESS,
        window=window,
        snapshot=snapshot,
    )


def _arms(
    cluster: ClusterRow, snapshot: Snapshot, *, wanted: AllocationFilter, scope: Scope
) -> Iterator[Arm]:
    """Yield the query for what is still open, then the one for what ended since.

    Whether anything has ended is asked when the open ones were read: what ends between
    the two is found twice, and never missed.
    """
    at = _since_when(cluster, snapshot)
    plain = replace(wanted, state="") if at else wanted
    held = allocation_filters.matching(plain, cluster_id=cluster.id, scope=scope)
    if at and wanted.state:
        held = held.filter(past_filters.so_at(wanted.state, at))
    yield (
        held.filter(opened_generation__lte=snapshot.generation).values_list(
            *OPEN_COLUMNS, named=True
        ),
        lambda found: as_then(open_row(found, scope), at),
    )
    since, then = snapshot.generation, snapshot.read_until
    closed = past_filters.closed_since(since, cluster_id=cluster.id)
    # Before the first good poll nothing was open that could have ended.
    if then is None or not closed.exists():
        return
    ended = past_filters.ended_since(
        wanted, since, read_until=then, cluster_id=cluster.id, scope=scope
    )
    yield (
        ended.values_list(*PAST_COLUMNS, named=True),
        lambda found: as_then(past_row(found, scope), then),
    )


def _since_when(cluster: ClusterRow, snapshot: Snapshot) -> datetime | None:
    """Return the moment that states are told of; None: of now."""
    is_present = snapshot.generation == cluster.freshness.generation
    return None if is_present else snapshot.read_until


def as_then(row: AllocationRow, at: datetime | None) -> AllocationRow:
    """Return a row as it stood at a moment before which it had not ended."""
    if at is None:
        return row
    terminating_at = row.terminating_at
    if terminating_at and terminating_at > at:
        terminating_at = None
    state = "terminating" if terminating_at else "held"
    if row.released_at and row.released_at <= at:
        state = "cooling-down"
    return replace(
        row,
        state=state,
        valid_to=None,
        to_latest=None,
        closed_by="",
        terminating_at=terminating_at,
    )
