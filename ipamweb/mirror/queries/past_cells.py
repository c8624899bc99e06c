"""What a map's addresses show of an instant: who held each for certain then.

What ends between the two queries of an answer is in both, and counts once.
"""

from collections.abc import Iterator
from datetime import UTC, datetime
from heapq import merge
from typing import Any

from django.db.models import Q

from ipamweb.mirror.queries import past_allocations, past_counts, past_filters
from ipamweb.mirror.queries.allocation_rows import (
    PAST_COLUMNS,
    AllocationRow,
    open_rows,
)
from ipamweb.mirror.queries.clusters import ClusterRow
from ipamweb.mirror.queries.past_counts import Where
from ipamweb.mirror.scope import Scope

_ENDS = {"terminating_at", "released_at"}


def columns(
    asked: Q, names: tuple[str, ...], *, cluster: ClusterRow, is_wide: bool
) -> Iterator[tuple[Any, ...]]:
    """Yield columns of what was held for certain at the instant the cluster is looked
    at, in address order; the first is the address. Two queries.

    An end that had not begun yet is None. `is_wide`: of so much space that the bins of
    time find it sooner than the addresses.
    """
    at = cluster.at or datetime.max.replace(tzinfo=UTC)
    found = merge(
        *(
            query.order_by("address", "id").values_list("address", "id", *names)
            for query in _queries(asked, cluster=cluster, at=at, by_bins=is_wide)
        ),
        key=lambda row: row[:2],
    )
    ends = [place for place, name in enumerate(names) if name in _ENDS]
    before: Any = None
    for _, pk, *values in found:
        if pk == before:
            continue
        before = pk
        for place in ends:
            if values[place] and values[place] > at:
                values[place] = None
        yield tuple(values)


def rows(
    asked: Q, *, cluster: ClusterRow, at: datetime, scope: Scope
) -> dict[int, list[AllocationRow]]:
    """Return who held some addresses for certain, by address. Two queries."""
    asked &= Q(network="")
    held, ended = _queries(asked, cluster=cluster, at=at, by_bins=False)
    # In a dict the first place counts, and the first query: it is asked first.
    by_id = {
        row.id: row
        for row in open_rows(held.order_by("address", "-counted", "id"), scope)
    }
    ordered = ended.order_by("address", "id").values_list(*PAST_COLUMNS, named=True)
    for found in ordered:
        row = past_allocations.ended_row(found, cluster, scope)
        by_id.setdefault(row.id, row)
    by_address: dict[int, list[AllocationRow]] = {}
    for row in by_id.values():
        then = past_allocations.as_of(row, cluster=cluster, at=at)
        by_address.setdefault(row.address, []).append(then)
    return by_address


def _queries(
    asked: Q, *, cluster: ClusterRow, at: datetime, by_bins: bool
) -> past_filters.Queries:
    where = Where(asked, is_narrow=not by_bins)
    return past_counts.held(where, cluster=cluster, at=at, once_by=())
