"""What a map's addresses show of an instant: who held each for certain then."""

from collections.abc import Iterator
from datetime import UTC, datetime
from heapq import merge
from typing import Any

from django.db.models import Q

from ipamweb.mirror.models import Allocation, PastAllocation
from ipamweb.mirror.queries import past_allocations, past_filters
from ipamweb.mirror.queries.allocation_rows import AllocationRow, open_rows, past_rows
from ipamweb.mirror.queries.clusters import ClusterRow
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
    held = Allocation.objects.filter(
        asked, past_filters.certain_open(at), cluster_id=cluster.id
    )
    ended = PastAllocation.objects.filter(
        asked, past_filters.certain_ended(at, by_bins=is_wide), cluster_id=cluster.id
    )
    found = merge(
        *(
            query.order_by("address", "id").values_list(*names)
            for query in (held, ended)
        ),
        key=lambda row: row[0],
    )
    ends = [place for place, name in enumerate(names) if name in _ENDS]
    for row in found:
        values = list(row)
        for place in ends:
            if values[place] and values[place] > at:
                values[place] = None
        yield tuple(values)


def rows(
    asked: Q, *, cluster: ClusterRow, at: datetime, scope: Scope
) -> dict[int, list[AllocationRow]]:
    """Return who held some addresses for certain, by address. Two queries."""
    held = Allocation.objects.filter(
        asked, past_filters.certain_open(at), cluster_id=cluster.id, network=""
    )
    ended = PastAllocation.objects.filter(
        asked,
        past_filters.certain_ended(at, by_bins=False),
        cluster_id=cluster.id,
        network="",
    )
    found: dict[int, list[AllocationRow]] = {}
    for row in (
        *open_rows(held.order_by("address", "-counted", "id"), scope),
        *past_rows(ended.order_by("address", "id"), scope),
    ):
        then = past_allocations.as_of(row, cluster=cluster, at=at)
        found.setdefault(row.address, []).append(then)
    return found
