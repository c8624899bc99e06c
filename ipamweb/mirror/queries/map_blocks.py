"""Every block of a pool in columns: what a whole map is drawn from in one answer.

The columns and their bytes: docs, "The map's data". Not here: the bytes of the answer
(api/map_columns.py).
"""

from collections.abc import Sequence
from dataclasses import dataclass

from ipamweb.addressing import capacity, records
from ipamweb.addressing.ranges import ADDRESS_BITS, Range
from ipamweb.mirror.queries import map_ground, past_pools, pools
from ipamweb.mirror.queries.clusters import ClusterRow
from ipamweb.mirror.queries.map_ground import GroundBlock, GroundRange
from ipamweb.mirror.scope import Scope

# Stands for this capacity and for more.
MOST_CAPACITY = 0xFFFF_FFFF

COLUMNS = (
    "index", "prefix_length", "slots_used", "slots_total", "allocated", "capacity",
    "zone", "flags",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class RangeColumns:
    """Which rows are a range's: `count` from `start` on. `unit`: index counts these."""

    cidr: Range
    block_prefix_length: int | None
    leaf: int
    unit: int
    blocks_total: int
    start: int
    count: int


@dataclass(frozen=True, slots=True)
class PoolColumns:
    """The blocks of a pool: `columns` by name, one number for each block.

    `zones` are named by their place in it, the first is "". `outside` counts blocks in
    none of the pool's ranges; `complete` is False where there are more than were read.
    """

    pool: str
    family: int
    ranges: tuple[RangeColumns, ...]
    zones: tuple[str, ...]
    columns: dict[str, list[int]]
    count: int
    outside: int
    complete: bool


def of_pool(slug: str, *, cluster: ClusterRow, scope: Scope) -> PoolColumns | None:
    """Return the columns of a present pool; None where there is none. Three queries."""
    if cluster.at:
        pool = past_pools.bare(slug, cluster=cluster, at=cluster.at, scope=scope)
    else:
        pool = pools.one(slug, cluster=cluster, scope=scope)
    if pool is None:
        return None
    blocks = map_ground.blocks_of_pool(pool.id, cluster=cluster, scope=scope)
    ranges: list[RangeColumns] = []
    rows: list[GroundBlock] = []
    indexes: list[int] = []
    for each in pool.ranges:
        mine = _inside(blocks, each.range)
        found = _range(each, mine, pool=slug, pool_id=pool.id, start=len(rows))
        ranges.append(found)
        rows += mine
        indexes += _indexes(mine, found)
    zones = ("", *sorted({row.zone for row in rows} - {""}))
    return PoolColumns(
        pool=slug,
        family=pool.family,
        ranges=tuple(ranges),
        zones=zones,
        columns=_columns(rows, indexes, zones),
        count=len(rows),
        outside=len(blocks) - len(rows),
        complete=len(blocks) < map_ground.MOST_BLOCKS,
    )


def _inside(blocks: Sequence[GroundBlock], bounds: Range) -> list[GroundBlock]:
    return [
        block
        for block in blocks
        if bounds.covers(block.range) and block.range.prefix_length is not None
    ]


def _range(
    pool_range: records.PoolRange,
    blocks: Sequence[GroundBlock],
    *,
    pool: str,
    pool_id: int,
    start: int,
) -> RangeColumns:
    bounds, length = pool_range.range, pool_range.block_prefix_length
    return RangeColumns(
        cidr=bounds,
        block_prefix_length=length,
        leaf=GroundRange(pool, pool_id, bounds, length).leaf,
        unit=map_ground.unit(blocks, base=bounds, length=length),
        blocks_total=capacity.block_count(pool_range),
        start=start,
        count=len(blocks),
    )


def _indexes(blocks: Sequence[GroundBlock], where: RangeColumns) -> list[int]:
    shift = ADDRESS_BITS[where.cidr.family] - where.unit
    return [block.range.first - where.cidr.first >> shift for block in blocks]


def _columns(
    rows: list[GroundBlock], indexes: list[int], zones: tuple[str, ...]
) -> dict[str, list[int]]:
    number_of = {zone: number for number, zone in enumerate(zones)}
    return {
        "index": indexes,
        "prefix_length": [row.range.prefix_length or 0 for row in rows],
        "slots_used": [row.slots_used for row in rows],
        "slots_total": [min(row.slots_total, MOST_CAPACITY) for row in rows],
        "allocated": [row.allocated for row in rows],
        "capacity": [min(row.capacity, MOST_CAPACITY) for row in rows],
        "zone": [number_of[row.zone] for row in rows],
        "flags": _flags(rows),
    }


def _flags(rows: list[GroundBlock]) -> list[int]:
    overlapping = map_ground.overlapping(tuple(rows))
    seen: set[int] = set()
    found = []
    for row in rows:
        flags = row.flags
        if row.id in overlapping:
            flags |= map_ground.OVERLAPS
        if row.node_id in seen:
            flags |= map_ground.NODE_SEEN_BEFORE
        if row.node_id is not None:
            seen.add(row.node_id)
        found.append(flags)
    return found
