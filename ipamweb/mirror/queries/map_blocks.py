"""Every block of a pool in columns: what a whole map is drawn from in one answer.

The columns and their bytes: docs, "The map's data". Not here: the bytes of the answer
(api/map_columns.py).
"""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, replace

from django.db.models import Q

from ipamweb.addressing import capacity, records
from ipamweb.addressing.ranges import ADDRESS_BITS, Range
from ipamweb.mirror.queries import map_compared, map_ground, past_pools, pools
from ipamweb.mirror.queries.clusters import ClusterRow
from ipamweb.mirror.queries.map_compared import Differences
from ipamweb.mirror.queries.map_ground import GroundBlock, GroundRange
from ipamweb.mirror.scope import Scope

# Stands for this capacity and for more.
MOST_CAPACITY = 0xFFFF_FFFF

# Beside another instant also what differs in each block.
DIFFERENCES = ("gone", "new", "changed")
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
    blocks = _blocks(pool.id, cluster=cluster, scope=scope)
    ranges: list[RangeColumns] = []
    rows: list[GroundBlock] = []
    indexes: list[int] = []
    for each in pool.ranges:
        mine = _inside(blocks, each.range)
        found = _range(each, mine, pool=slug, pool_id=pool.id, start=len(rows))
        ranges.append(found)
        rows += mine
        indexes += _indexes(mine, found)
    columns = {}
    if cluster.vs:
        columns = _differences(pool.id, rows, cluster=cluster, scope=scope)
    zones = ("", *sorted({row.zone for row in rows} - {""}))
    return PoolColumns(
        pool=slug,
        family=pool.family,
        ranges=tuple(ranges),
        zones=zones,
        columns={**_columns(rows, indexes, zones), **columns},
        count=len(rows),
        outside=len(blocks) - len(rows),
        complete=len(blocks) < map_ground.MOST_BLOCKS,
    )


def _blocks(
    pool_id: int, *, cluster: ClusterRow, scope: Scope
) -> tuple[GroundBlock, ...]:
    """Return the blocks of a pool; beside another instant also those of it that lie
    where there is none at the instant shown, so that what is gone has a place."""
    blocks = map_ground.blocks_of_pool(pool_id, cluster=cluster, scope=scope)
    if not cluster.vs:
        return blocks
    then = replace(cluster, at=cluster.vs, vs=None)
    others = map_ground.blocks_of_pool(pool_id, cluster=then, scope=scope)
    every = sorted((*blocks, *others), key=lambda each: each.range.first)
    here = {each.id for each in blocks}
    meeting = _meeting(every, here)
    lost = (each for each in others if each.id not in here | meeting)
    found = sorted((*blocks, *lost), key=lambda each: each.range.first)
    return tuple(found[: map_ground.MOST_BLOCKS])


def _meeting(every: Sequence[GroundBlock], here: set[int]) -> set[int]:
    """Return the ids of blocks that share addresses with one of those that are here."""
    found: set[int] = set()
    kept = [each for each in every if each.id in here]
    starts = [each.range.first for each in kept]
    for each in every:
        place = bisect_right(starts, each.range.last)
        around = kept[max(0, place - 2) : place]
        if any(other.range.overlaps(each.range) for other in around):
            found.add(each.id)
    return found


def _differences(
    pool_id: int, rows: Sequence[GroundBlock], *, cluster: ClusterRow, scope: Scope
) -> dict[str, list[int]]:
    found = map_compared.by_range(
        [row.range for row in rows], Q(pool_id=pool_id), cluster=cluster, scope=scope
    )
    return {
        name: [getattr(found.get(row.range, Differences()), name) for row in rows]
        for name in DIFFERENCES
    }


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
