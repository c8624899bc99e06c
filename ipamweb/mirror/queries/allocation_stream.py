"""All allocations that a filter asks for, in batches, as one generation knew them.

No transaction stays open: each batch goes on behind the last address of the one before.
What a poll opened since is left out, and what ended since is looked for among the past,
so that the batches together are the cluster at one moment, however long they take.
"""

from array import array
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from heapq import merge
from itertools import islice
from typing import Any, TypeVar

from django.db.models import Q, QuerySet

from ipamweb.mirror import stored
from ipamweb.mirror.models import Cluster, PastAllocation
from ipamweb.mirror.queries import allocation_filters, past_filters, snapshots
from ipamweb.mirror.queries.allocation_filters import ALL, AllocationFilter
from ipamweb.mirror.queries.allocation_rows import (
    OPEN_COLUMNS,
    PAST_COLUMNS,
    AllocationRow,
    open_row,
    past_rows,
)
from ipamweb.mirror.queries.clusters import ClusterRow
from ipamweb.mirror.queries.past_allocations import as_of, ended_row
from ipamweb.mirror.queries.past_filters import Times
from ipamweb.mirror.queries.stored_columns import Reader, Stored
from ipamweb.mirror.scope import Scope

# Rows of a batch: what a reader waits for, and what is in memory at a time.
MOST = 4_000
# Before retention is asked for by their ids: far below what SQLite takes.
MOST_IDS = 2_000
Key = tuple[int, int]
Found = TypeVar("Found")


@dataclass(frozen=True, slots=True)
class Batch:
    """`open` are in address order, None where there are none; `ended` were held at that
    moment in the same run of addresses, and have ended since."""

    open: Stored | None
    ended: tuple[AllocationRow, ...]


class Pruned(RuntimeError):
    """What was asked for was pruned while it was read: the rest is not whole."""


def held(
    cluster: ClusterRow, *, scope: Scope, wanted: AllocationFilter = ALL
) -> Iterator[Batch]:
    """Yield what was held at the generation of `cluster`. Three to six queries for each
    batch, another where anything ended since, and those of the filter."""
    snapshot = snapshots.taken(cluster)
    then, generation = snapshot.read_until, snapshot.generation
    if then is None:
        # Before the first good poll nothing was there.
        return
    reader = Reader()
    query = reader.asked(_open_then(cluster, scope=scope, wanted=wanted))
    closed = past_filters.closed_since(generation, cluster_id=cluster.id)
    any_closed = stored.Statement(closed.values_list("id")[:1])
    ended = past_filters.ended_since(
        wanted, generation, read_until=then, cluster_id=cluster.id, scope=scope
    )
    for found, run in _runs(query, read=reader.read, last=_last_stored):
        # Asked after the open ones: what ends in between is told once all the same.
        others = past_rows(run.of(ended), scope) if any_closed.lines() else ()
        known = set(map(int, found.id)) if found and others else set()
        yield Batch(
            found,
            tuple(
                snapshots.as_then(row, then) for row in others if row.id not in known
            ),
        )


def held_in(
    cluster: ClusterRow, *, times: Times, scope: Scope, wanted: AllocationFilter = ALL
) -> Iterator[tuple[AllocationRow, ...]]:
    """Yield what was held at an instant, or at any time in a window, as it was known at
    the generation of `cluster`. Raises Pruned where retention overtakes it.

    The ids of what had ended, eight bytes each, are kept in memory.
    """
    at = times.until if times.is_instant else None
    generation = cluster.freshness.generation
    opened, ended = past_filters.matching(
        wanted, times=times, cluster=cluster, scope=scope
    )
    still_open = _still_open(
        opened, ended.filter(closed_generation__gt=generation), cluster, scope
    )
    had_ended = _had_ended(ended.filter(closed_generation__lte=generation), scope)
    told = (
        as_of(row, cluster=cluster, at=at)
        for row in merge(still_open, had_ended, key=_key)
    )
    while batch := tuple(islice(told, MOST)):
        yield batch
    _refuse_if_pruned(cluster, times)


def _refuse_if_pruned(cluster: ClusterRow, times: Times) -> None:
    """Raise Pruned where a row may have gone before it was looked for."""
    found = Cluster.objects.filter(pk=cluster.id).values_list("pruned_to", flat=True)
    pruned_to, before = found.first(), cluster.freshness.history_from
    if pruned_to and pruned_to > times.since and (not before or pruned_to > before):
        raise Pruned("retention has removed a part of what was asked for")


def _open_then(
    cluster: ClusterRow, *, scope: Scope, wanted: AllocationFilter
) -> QuerySet[Any, Any]:
    """Return the query for the rows that are open, and were at that generation."""
    generation = cluster.freshness.generation
    query = allocation_filters.matching(
        replace(wanted, state=""), cluster_id=cluster.id, scope=scope
    ).filter(opened_generation__lte=generation)
    if not wanted.state:
        return query
    marked = Q(terminating_at__isnull=False, changed_generation__lte=generation)
    states = {
        "held": ~marked & Q(released_at=None),
        "terminating": marked & Q(released_at=None),
        "cooling-down": Q(released_at__isnull=False),
    }
    return query.filter(states[wanted.state])


@dataclass(frozen=True, slots=True)
class _Run:
    """A run of keys: behind `start`, up to `end`; None where it has no such end."""

    start: Key | None
    end: Key | None

    def of(self, query: QuerySet[Any, Any]) -> QuerySet[Any, Any]:
        if self.start:
            query = query.filter(_behind(self.start))
        return query.exclude(_behind(self.end)) if self.end else query


def _behind(key: Key) -> Q:
    address, pk = key
    # Said so, PostgreSQL knows how many rows are left (paging.py).
    return Q(address__gte=address) & ~Q(address=address, id__lte=pk)


def _runs(
    query: QuerySet[Any, Any],
    *,
    read: Callable[[QuerySet[Any, Any]], Found],
    last: Callable[[Found], Key | None],
) -> Iterator[tuple[Found, _Run]]:
    """Yield what is read of rows in address order, MOST at a time, with the run that
    they fill. `last` is the key of the last one, None where there are fewer."""
    start: Key | None = None
    while True:
        page = _Run(start, None).of(query).order_by("address", "id")
        found = read(page[:MOST])
        end = last(found)
        yield found, _Run(start, end)
        if end is None:
            return
        start = end


def _last_stored(found: Stored | None) -> Key | None:
    if found is None or len(found.id) < MOST:
        return None
    return int(found.address[-1], 16), int(found.id[-1])


def _last_row(found: Sequence[Any]) -> Key | None:
    return _key(found[-1]) if len(found) == MOST else None


def _key(row: Any) -> Key:
    return row.address, row.id


def _still_open(
    query: QuerySet[Any, Any],
    ended: QuerySet[Any, Any],
    cluster: ClusterRow,
    scope: Scope,
) -> Iterator[AllocationRow]:
    """Yield in address order what was open at the cluster's generation, also what has
    ended since."""
    columns = query.values_list(*OPEN_COLUMNS, named=True)
    for found, run in _runs(columns, read=list, last=_last_row):
        known = {row.id for row in found}
        others = run.of(ended).order_by("address", "id")
        yield from merge(
            [open_row(each, scope) for each in found],
            [
                ended_row(each, cluster, scope)
                for each in others.values_list(*PAST_COLUMNS, named=True)
                if each.id not in known
            ],
            key=_key,
        )


def _had_ended(query: QuerySet[Any, Any], scope: Scope) -> Iterator[AllocationRow]:
    """Yield rows in address order. They are asked for by id: in the order of addresses
    the index of times is no help, and each batch would read all of them."""
    ordered = query.order_by("address", "id").values_list("id", flat=True)
    ids = array("q", ordered.iterator(chunk_size=MOST))
    for first in range(0, len(ids), MOST_IDS):
        wanted = ids[first : first + MOST_IDS].tolist()
        rows = past_rows(PastAllocation.objects.filter(pk__in=wanted), scope)
        if len(rows) < len(wanted):
            raise Pruned("retention has removed a part of what was asked for")
        yield from sorted(rows, key=_key)
