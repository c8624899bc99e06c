"""What differs between two instants: who held an address for certain at one of them and
not at the other.

An allocation is the same one by its id, so owners who are not shown are told apart too.
Where somebody may have held the address at the other instant, between two reads or in a
gap that lost events, the difference says so: it is not certain.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from django.db.models import Q

from ipamweb.mirror import holders
from ipamweb.mirror.models import Allocation, PastAllocation
from ipamweb.mirror.queries import gaps, past_allocations, past_filters
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
from ipamweb.mirror.queries.allocations import BY_ADDRESS
from ipamweb.mirror.queries.clusters import ClusterRow
from ipamweb.mirror.queries.paging import FIRST_PAGE, Page, Window, read_merged
from ipamweb.mirror.queries.past_filters import Times
from ipamweb.mirror.scope import Scope

Change = Literal["gone", "new", "changed"]
CHANGES: tuple[Change, ...] = ("gone", "new", "changed")


@dataclass(frozen=True, slots=True)
class ChangedRow:
    """An allocation that was held for certain at one of two instants only.

    `side`: before or after, by which; `change` is that of its address: gone (nobody
    held it after), new (nobody before), changed (others). `before` and `after` are who
    held it for certain; `is_certain` is False where at the other instant somebody may
    have held it.
    """

    row: AllocationRow
    side: str
    change: Change
    is_certain: bool
    before: tuple[AllocationRow, ...]
    after: tuple[AllocationRow, ...]


def between(
    cluster: ClusterRow, *, at: datetime | None, vs: datetime, scope: Scope
) -> Times:
    """Return two instants, the earlier first; none lies behind the last read, for what
    is held since is not known yet. Without `at` the other is the last read."""
    shown = at or cluster.freshness.as_of or vs
    return Times(*sorted(cluster.seen_at(each) for each in (shown, vs)))


def is_known(cluster: ClusterRow, times: Times, *, scope: Scope) -> bool:
    """Say whether history reaches back to both instants: before it nobody is known to
    have held anything, and everything would seem new."""
    start = cluster.freshness.history_from
    return start is not None and start <= times.since


def listed(
    cluster: ClusterRow,
    *,
    times: Times,
    scope: Scope,
    wanted: AllocationFilter = ALL,
    window: Window = FIRST_PAGE,
) -> Page[ChangedRow]:
    """Return a page of what differs, in address order. Seven queries, and up to four
    for what a filter names; `wanted` chooses allocations, not addresses."""
    found = read_merged(
        list(_arms(cluster, times, wanted, scope)), order=BY_ADDRESS, window=window
    )
    around = _around(cluster, times, found.rows, scope)
    seen = tuple(
        gaps.was_seen(at, cluster_id=cluster.id, scope=scope)
        for at in (times.since, times.until)
    )
    rows = tuple(
        _changed(row, around[row.network, row.address], cluster, times, seen=seen)
        for row in found.rows
    )
    return Page(rows, next=found.next, previous=found.previous)


def _arms(
    cluster: ClusterRow, times: Times, wanted: AllocationFilter, scope: Scope
) -> Iterator[tuple[Any, Any]]:
    """Yield the queries of what was held for certain at one instant only, with what
    makes their rows."""
    held, ended = past_filters.matching(
        wanted, times=times, cluster=cluster, scope=scope
    )
    for one, other in ((times.since, times.until), (times.until, times.since)):
        if one == other:
            continue
        yield (
            held.filter(
                past_filters.certain_open(one), ~past_filters.certain_open(other)
            ).values_list(*OPEN_COLUMNS, named=True),
            lambda found: open_row(found, scope),
        )
        yield (
            ended.filter(
                past_filters.certain_ended(one, by_bins=True),
                ~past_filters.certain_ended(other, by_bins=False),
            ).values_list(*PAST_COLUMNS, named=True),
            lambda found: past_row(found, scope),
        )


def _around(
    cluster: ClusterRow, times: Times, rows: Sequence[AllocationRow], scope: Scope
) -> dict[tuple[str, int], list[AllocationRow]]:
    """Return all who may have held some addresses between two instants. Two queries."""
    found: dict[tuple[str, int], list[AllocationRow]] = defaultdict(list)
    addresses = {row.address for row in rows}
    if not addresses:
        return found
    asked = Q(cluster_id=cluster.id, address__in=addresses)
    held = Allocation.objects.filter(
        asked, past_filters.open_in(times, cluster=cluster)
    )
    ended = PastAllocation.objects.filter(
        asked, past_filters.ended_in(times, by_bins=False, cluster=cluster)
    )
    for row in past_allocations.once(
        open_rows(held.order_by("id"), scope), past_rows(ended.order_by("id"), scope)
    ):
        found[row.network, row.address].append(row)
    return found


def _changed(
    row: AllocationRow,
    around: Iterable[AllocationRow],
    cluster: ClusterRow,
    times: Times,
    *,
    seen: tuple[bool, ...],
) -> ChangedRow:
    sides = [
        [_then(each, cluster, at) for each in around if holders.may_hold(each, at)]
        for at in (times.since, times.until)
    ]
    before, after = (tuple(each for each in side if each.is_certain) for side in sides)
    is_before = row.id in {each.id for each in before}
    others = int(is_before)
    change: Change = "changed"
    if not after:
        change = "gone"
    elif not before:
        change = "new"
    return ChangedRow(
        row=_then(row, cluster, times.since if is_before else times.until),
        side="before" if is_before else "after",
        change=change,
        is_certain=change == "changed" or (seen[others] and not sides[others]),
        before=before,
        after=after,
    )


def _then(row: AllocationRow, cluster: ClusterRow, at: datetime) -> AllocationRow:
    return past_allocations.as_of(row, cluster=cluster, at=at)
