"""What a map shows of two instants side by side: which addresses are gone, new, or in
other hands. Only what was held for certain is compared.

A byte for an address, as in a map's cells, with other flags: cidrmap/legend.py.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime

from django.db.models import Q

from ipamweb.addressing.ranges import Range
from ipamweb.cidrmap import legend
from ipamweb.mirror.models import Allocation, PastAllocation
from ipamweb.mirror.queries import gaps, past_cells, past_filters
from ipamweb.mirror.queries.clusters import ClusterRow
from ipamweb.mirror.scope import Scope

_COLUMNS = ("address", "id", "kind")


@dataclass(frozen=True, slots=True)
class Differences:
    """How many addresses of some space are gone, new, and in other hands."""

    gone: int = 0
    new: int = 0
    changed: int = 0

    @property
    def any(self) -> bool:
        return bool(self.gone or self.new or self.changed)

    def __add__(self, other: "Differences") -> "Differences":
        return Differences(
            self.gone + other.gone, self.new + other.new, self.changed + other.changed
        )


@dataclass(frozen=True, slots=True)
class _Side:
    """Who held each address for certain at an instant, by id, and as what kind;
    which addresses may have been held; and whether the instant was seen: in a gap that
    lost events any may have been."""

    ids: dict[int, frozenset[int]]
    kinds: dict[int, str]
    possible: frozenset[int]
    was_seen: bool


def _instants(cluster: ClusterRow) -> tuple[datetime, datetime]:
    """Return the two instants that a cluster is compared at, the earlier first."""
    assert cluster.at is not None
    assert cluster.vs is not None
    return min(cluster.at, cluster.vs), max(cluster.at, cluster.vs)


def held_bytes(
    asked: Q, *, cluster: ClusterRow, scope: Scope, is_wide: bool
) -> Iterator[tuple[int, int]]:
    """Yield (address, byte) of what was held at either instant, in address order.

    Ten queries.
    """
    before, after = (
        _side(asked, at=at, cluster=cluster, scope=scope, is_wide=is_wide)
        for at in _instants(cluster)
    )
    for address in sorted(before.ids.keys() | after.ids.keys()):
        kind = after.kinds.get(address) or before.kinds[address]
        yield address, legend.held_byte(kind) | _flags(address, before, after)


def differences(
    asked: Q, *, cluster: ClusterRow, scope: Scope
) -> Iterator[tuple[int, Differences]]:
    """Yield (address, what differs) of the addresses of some space that differ, in
    address order. Ten queries."""
    bytes_of = held_bytes(asked, cluster=cluster, scope=scope, is_wide=True)
    for address, byte in bytes_of:
        if found := _difference_of(byte):
            yield address, found


def by_range(
    ranges: Iterable[Range], asked: Q, *, cluster: ClusterRow, scope: Scope
) -> dict[Range, Differences]:
    """Return what differs in each of some ranges that share no addresses. Ten
    queries."""
    found: dict[Range, Differences] = defaultdict(Differences)
    ordered = sorted(ranges, key=lambda each: each.first)
    place = 0
    for address, difference in differences(asked, cluster=cluster, scope=scope):
        while place < len(ordered) and ordered[place].last < address:
            place += 1
        if place < len(ordered) and ordered[place].contains(address):
            found[ordered[place]] += difference
    return dict(found)


def _difference_of(byte: int) -> Differences | None:
    """Return what a byte says; None where it was held by the same."""
    if byte & legend.GONE:
        return Differences(gone=1)
    if byte & legend.NEW:
        return Differences(new=1)
    return Differences(changed=1) if byte & legend.CHANGED else None


def _flags(address: int, before: _Side, after: _Side) -> int:
    one, other = before.ids.get(address), after.ids.get(address)
    if one == other:
        return 0
    if one and other:
        return legend.CHANGED
    flag, elsewhere = (legend.GONE, after) if one else (legend.NEW, before)
    is_uncertain = address in elsewhere.possible or not elsewhere.was_seen
    return flag | (legend.UNCERTAIN if is_uncertain else 0)


def _side(
    asked: Q, *, at: datetime, cluster: ClusterRow, scope: Scope, is_wide: bool
) -> _Side:
    asked &= Q(network="")
    then = replace(cluster, at=at, vs=None)
    ids: dict[int, frozenset[int]] = {}
    kinds: dict[int, str] = {}
    columns = past_cells.columns(asked, _COLUMNS, cluster=then, is_wide=is_wide)
    for address, number, kind in columns:
        ids[address] = ids.get(address, frozenset()) | {number}
        kinds.setdefault(address, kind)
    was_seen = gaps.was_seen(at, cluster_id=cluster.id, scope=scope)
    return _Side(ids, kinds, _possible(asked, at, cluster, is_wide), was_seen)


def _possible(
    asked: Q, at: datetime, cluster: ClusterRow, is_wide: bool
) -> frozenset[int]:
    times = past_filters.instant(at)
    of = Q(cluster_id=cluster.id) & asked
    held = Allocation.objects.filter(of, past_filters.open_in(times, cluster=cluster))
    ended = PastAllocation.objects.filter(
        of, past_filters.ended_in(times, by_bins=is_wide, cluster=cluster)
    )
    uncertain = (
        held.filter(~past_filters.certain_open(at)),
        ended.filter(~past_filters.certain_ended(at, by_bins=False)),
    )
    return frozenset(
        address
        for query in uncertain
        for address in query.order_by().values_list("address", flat=True)
    )
