"""All allocations that a filter asks for, in batches, as one generation knew them.

No transaction stays open: each batch goes on behind the last address of the one before.
What a poll opened since is left out, and what ended since is looked for among the past,
so that the batches together are the cluster at one moment, however long they take.
"""

from array import array
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from heapq import merge
from itertools import islice
from typing import Any, NamedTuple

from django.db.models import BinaryField, Q, QuerySet, TextField
from django.db.models.functions import Cast

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
from ipamweb.mirror.scope import Scope

# Rows of a batch: what a reader waits for, and what is in memory at a time.
MOST = 3_000
# Before retention is asked for by their ids: far below what SQLite takes.
MOST_IDS = 2_000
Key = tuple[int, int]


class Raw(NamedTuple):
    """An open allocation as the database says it: times are its text, addresses 16
    bytes. Names are there whatever the scope is: who shows them hides them."""

    id: int
    address: bytes
    family: int
    kind: str
    node: str | None
    first: bytes | None
    last: bytes | None
    pool: str | None
    network: str
    namespace_uid: str
    owner_key: str
    namespace: str | None
    pod: str | None
    workload_kind: str | None
    workload_name: str | None
    source: str
    confidence: str
    from_earliest: str
    valid_from: str
    terminating_at: str | None
    released_at: str | None
    opened_by: str
    changed_generation: int


# Text and bytes cost a tenth of what datetimes and integers cost to make.
_COLUMNS = (
    "id", Cast("address", BinaryField()), "family", "kind", "node__name",
    Cast("block__first", BinaryField()), Cast("block__last", BinaryField()),
    "pool__slug", "network", "namespace_uid", "owner_key", "pod__namespace_name",
    "pod__name", "pod__workload_kind", "pod__workload_name", "source", "confidence",
    Cast("from_earliest", TextField()), Cast("valid_from", TextField()),
    Cast("terminating_at", TextField()), Cast("released_at", TextField()), "opened_by",
    "changed_generation",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Batch:
    """`raw` are tuples as Raw names them, in address order; `ended` were held at that
    moment in the same run of addresses, and have ended since."""

    raw: list[tuple[Any, ...]]
    ended: tuple[AllocationRow, ...]


class Pruned(RuntimeError):
    """What was asked for was pruned while it was read: the rest is not whole."""


def held(
    cluster: ClusterRow, *, scope: Scope, wanted: AllocationFilter = ALL
) -> Iterator[Batch]:
    """Yield what was held at the generation of `cluster`. Two queries for each batch,
    a third where anything ended since, and those of the filter."""
    snapshot = snapshots.taken(cluster)
    then, generation = snapshot.read_until, snapshot.generation
    if then is None:
        # Before the first good poll nothing was there.
        return
    query = _open_then(cluster, scope=scope, wanted=wanted).values_list(*_COLUMNS)
    closed = past_filters.closed_since(generation, cluster_id=cluster.id)
    ended = past_filters.ended_since(
        wanted, generation, read_until=then, cluster_id=cluster.id, scope=scope
    )
    for raw, run in _runs(query, lambda row: (int.from_bytes(row[1], "big"), row[0])):
        # Asked after the open ones: what ends in between is told once all the same.
        others = past_rows(run.of(ended), scope) if closed.exists() else ()
        known = {row[0] for row in raw}
        yield Batch(
            raw,
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
    beyond = Q(address__gt=address) | Q(address=address, id__gt=pk)
    # Said once more for the index.
    return Q(address__gte=address) & beyond


def _runs(
    query: QuerySet[Any, Any], key: Callable[[Any], Key]
) -> Iterator[tuple[list[Any], _Run]]:
    """Yield rows in address order, MOST at a time, with the run that they fill."""
    start: Key | None = None
    while True:
        page = _Run(start, None).of(query).order_by("address", "id")
        rows = list(page[:MOST])
        end = key(rows[-1]) if len(rows) == MOST else None
        yield rows, _Run(start, end)
        if end is None:
            return
        start = end


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
    for found, run in _runs(columns, _key):
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
