"""What a map stands on: the blocks of some space, with their nodes' slots; the present
ones, or those of the instant that the cluster is looked at.

One query for all of a pool; rows are slim, for there may be thousands. Only the pod
network is drawn. Not here: what is held, address for address (map_cells.py).
"""

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet

from ipamweb.addressing import capacity
from ipamweb.addressing.ranges import ADDRESS_BITS, Range
from ipamweb.mirror.models import Block, PoolRange
from ipamweb.mirror.queries import past_blocks, past_ground, past_pools
from ipamweb.mirror.queries.clusters import ClusterRow
from ipamweb.mirror.queries.numbers import family_numbers
from ipamweb.mirror.queries.past_places import Share
from ipamweb.mirror.scope import Scope

# A map draws no more; more would pass the bound on the size of an answer.
MOST_BLOCKS = 16_384

NO_NODE = 1
NOT_READY = 2
SLOTS_ARE_ADDRESSES = 4
OVERLAPS = 8
NODE_SEEN_BEFORE = 16

_COLUMNS = (
    "id", "first", "last", "capacity_rule", "allocated", "allocated_reserved",
    "node_id", "node_name", "node__gone_at", "node__zone", "node__ready",
    "node__max_pods", "node__slots_used", "node__slots_total",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class GroundBlock:
    """A block on a map. `node` is empty where no node has it; its slots are then 0.

    `flags` are those of docs, the map's data, without what depends on other blocks.
    """

    id: int
    range: Range
    capacity_rule: str
    node_id: int | None
    node: str
    zone: str
    slots_used: int
    slots_total: int
    allocated: int
    capacity: int
    free: int
    flags: int


@dataclass(frozen=True, slots=True)
class GroundRange:
    """A present range of a pool, and to which prefix length its plane is drawn."""

    pool: str
    pool_id: int
    range: Range
    block_prefix_length: int | None

    @property
    def leaf(self) -> int:
        """The prefix length of a cell: addresses, or the blocks of IPv6 that are larger
        than a tile of addresses."""
        bits = ADDRESS_BITS[self.range.family]
        if self.range.family == 4 or self.block_prefix_length is None:
            return bits
        return bits if self.block_prefix_length >= 120 else self.block_prefix_length


def blocks_in(
    bounds: Range, *, cluster: ClusterRow, scope: Scope
) -> tuple[GroundBlock, ...]:
    """Return the present blocks that share addresses with a range, in address order.

    At most MOST_BLOCKS. One query.
    """
    return _read(_present(cluster).filter(_shares(bounds)), cluster, scope)


def blocks_then(
    bounds: Range, *, part: Range, cluster: ClusterRow, scope: Scope
) -> tuple[tuple[GroundBlock, ...], list[Share]]:
    """Return the same blocks of the instant that the cluster is looked at, with what
    was held in them and beside; nothing of it crosses the bounds of a part. Seven
    queries."""
    rows = _columns(_present(cluster).filter(_shares(bounds)))
    if cluster.at is None:
        return tuple(_block(row) for row in rows), []
    rows, shares = past_ground.as_of(
        rows, cluster=cluster, at=cluster.at, scope=scope, beside=(part, bounds)
    )
    return tuple(_block(row) for row in rows), shares


def bare_blocks_in(
    bounds: Range, *, cluster: ClusterRow, scope: Scope
) -> tuple[GroundBlock, ...]:
    """Return the same, of an instant without numbers and slots: to count them reads
    all that was held. One query."""
    rows = _columns(_present(cluster).filter(_shares(bounds)))
    if cluster.at:
        rows = past_ground.without_numbers(rows)
    return tuple(_block(row) for row in rows)


def blocks_of_pool(
    pool_id: int, *, cluster: ClusterRow, scope: Scope
) -> tuple[GroundBlock, ...]:
    """Return the present blocks of a pool in address order, at most MOST_BLOCKS.

    One query.
    """
    return _read(_present(cluster).filter(pool_id=pool_id), cluster, scope)


def blocks_with(
    *, ids: Iterable[int], cluster: ClusterRow, scope: Scope
) -> tuple[GroundBlock, ...]:
    """Return the present ones of some blocks in address order. One query."""
    return _read(_present(cluster).filter(pk__in=list(ids)), cluster, scope)


def blocks_around(
    addresses: Sequence[int], *, cluster: ClusterRow, scope: Scope
) -> tuple[GroundBlock, ...]:
    """Return the present blocks that hold any of some addresses, the widest first where
    several do. One query; `addresses` are in order and not empty."""
    query = _present(cluster).filter(first__lte=addresses[-1], last__gte=addresses[0])
    found = _read(query, cluster, scope)
    return tuple(block for block in found if _holds(block.range, addresses))


def range_with(
    bounds: Range, *, pool: str, cluster: ClusterRow, scope: Scope
) -> GroundRange | None:
    """Return the present range, of a pool or of any, that holds a CIDR: the narrowest.

    One query.
    """
    query = _ranges(cluster).filter(
        pool__cluster_id=cluster.id,
        family=bounds.family,
        first__lte=bounds.first,
        last__gte=bounds.last,
    )
    if pool:
        query = query.filter(pool__slug=pool)
    found = [
        GroundRange(
            each.pool.slug,
            each.pool_id,
            Range(each.first, each.last),
            each.block_prefix_length,
        )
        for each in query.select_related("pool").order_by("pool__slug", "id")
    ]
    return min(found, key=lambda each: each.range.size, default=None)


def unit(blocks: Iterable[GroundBlock], *, base: Range, length: int | None) -> int:
    """Return the prefix length in which blocks are counted from a base: that of the
    smallest, or of the pool's blocks where these are smaller; at most 32 below."""
    lengths = [each.range.prefix_length or 0 for each in blocks]
    base_length = base.prefix_length or 0
    return min(max([length or 0, base_length, *lengths]), base_length + 32)


def overlapping(blocks: tuple[GroundBlock, ...]) -> frozenset[int]:
    """Return the ids of blocks that share addresses with another; in address order."""
    found: set[int] = set()
    widest: GroundBlock | None = None
    for block in blocks:
        if widest and block.range.first <= widest.range.last:
            found |= {widest.id, block.id}
        if widest is None or block.range.last > widest.range.last:
            widest = block
    return frozenset(found)


def _holds(bounds: Range, addresses: Sequence[int]) -> bool:
    place = bisect_left(addresses, bounds.first)
    return place < len(addresses) and addresses[place] <= bounds.last


def _present(cluster: ClusterRow) -> QuerySet[Block, Block]:
    if cluster.at:
        blocks = past_blocks.blocks_at(cluster.at)
        return blocks.filter(cluster_id=cluster.id, network="")
    return Block.objects.filter(cluster_id=cluster.id, valid_to=None, network="")


def _ranges(cluster: ClusterRow) -> QuerySet[PoolRange, PoolRange]:
    if cluster.at:
        return past_pools.ranges_at(cluster.at)
    return PoolRange.objects.filter(pool__gone_at=None, valid_to=None)


def _shares(bounds: Range) -> Q:
    return Q(family=bounds.family, first__lte=bounds.last, last__gte=bounds.first)


def _read(
    query: QuerySet[Block, Block], cluster: ClusterRow, scope: Scope
) -> tuple[GroundBlock, ...]:
    rows = _columns(query)
    if cluster.at and rows:
        rows, _ = past_ground.as_of(rows, cluster=cluster, at=cluster.at, scope=scope)
    return tuple(_block(row) for row in rows)


def _columns(query: QuerySet[Block, Block]) -> list[dict[str, Any]]:
    ordered = query.order_by("first", "-last", "id")
    return [
        dict(zip(_COLUMNS, row, strict=True))
        for row in ordered.values_list(*_COLUMNS)[:MOST_BLOCKS]
    ]


def _block(row: dict[str, Any]) -> GroundBlock:
    bounds = Range(row["first"], row["last"])
    numbers = family_numbers(
        capacity.block_numbers(bounds, row["capacity_rule"]),
        family=bounds.family,
        allocated=row["allocated"],
        allocated_reserved=row["allocated_reserved"],
        by_kind={},
    )
    is_there = row["node_id"] is not None and row["node__gone_at"] is None
    return GroundBlock(
        id=row["id"],
        range=bounds,
        capacity_rule=row["capacity_rule"],
        node_id=row["node_id"],
        node=row["node_name"],
        zone=row["node__zone"] or "" if is_there else "",
        slots_used=row["node__slots_used"] if is_there else 0,
        slots_total=row["node__slots_total"] if is_there else 0,
        allocated=numbers.allocated,
        capacity=numbers.capacity,
        free=numbers.free,
        flags=_flags(row, is_there=is_there),
    )


def _flags(row: dict[str, Any], *, is_there: bool) -> int:
    if not is_there:
        return NO_NODE
    return (NOT_READY if row["node__ready"] is False else 0) | (
        SLOTS_ARE_ADDRESSES if row["node__max_pods"] is None else 0
    )
