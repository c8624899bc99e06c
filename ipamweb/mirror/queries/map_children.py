"""One level of a map as rows: the children of a CIDR, at most 256, with their numbers.

The rows cover the CIDR without gaps; a run in which there is nothing to tell is one.
Not here: where children are cut (cidrmap/levels.py), addresses (map_addresses.py).
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from django.db.models import Q

from ipamweb.addressing import capacity
from ipamweb.addressing.ranges import ADDRESS_BITS, Range
from ipamweb.cidrmap import levels
from ipamweb.cidrmap.plane import Plane
from ipamweb.mirror.models import Allocation
from ipamweb.mirror.queries import (
    map_addresses,
    map_cells,
    map_compared,
    map_ground,
    past_places,
)
from ipamweb.mirror.queries.clusters import ClusterRow
from ipamweb.mirror.queries.map_addresses import AddressRow
from ipamweb.mirror.queries.map_compared import Differences
from ipamweb.mirror.queries.map_ground import GroundBlock, GroundRange
from ipamweb.mirror.scope import Scope


@dataclass(frozen=True, slots=True)
class ChildRow:
    """A child, or a run of `children` of them. `kind`: docs, the map's data.

    Numbers that the kind does not have are None. `free` is part of `capacity`. Of two
    instants side by side `differences` says what differs; the rest is of the one shown.
    """

    kind: str
    range: Range
    children: int = 1
    node: str = ""
    zone: str = ""
    block: Range | None = None
    blocks_assigned: int = 0
    blocks_total: int | None = None
    slots_used: int | None = None
    slots_total: int | None = None
    allocated: int = 0
    capacity: int | None = None
    free: int | None = None
    flags: int = 0
    differences: Differences | None = None


@dataclass(frozen=True, slots=True)
class Level:
    """The children of a CIDR. `rows` are blocks' or addresses', never both.

    `blocks` are those that share addresses with it, in address order.
    """

    bounds: Range
    where: GroundRange
    path: tuple[Range, ...]
    child_length: int
    leaf: int
    children_total: int
    rows: tuple[ChildRow, ...]
    addresses: tuple[AddressRow, ...]
    blocks: tuple[GroundBlock, ...] = ()

    @property
    def is_of_addresses(self) -> bool:
        return self.child_length == ADDRESS_BITS[self.bounds.family]


def children(
    bounds: Range, *, pool: str = "", cluster: ClusterRow, scope: Scope
) -> Level | None:
    """Return the level below a CIDR of a pool; None where no pool's range holds it.

    Three queries; five where the children are addresses.
    """
    where = map_ground.range_with(bounds, pool=pool, cluster=cluster, scope=scope)
    if where is None or where.range.prefix_length is None:
        return None
    level = _level(bounds, where)
    if level.is_of_addresses:
        ground = map_cells.ground(bounds, cluster=cluster, scope=scope)
        (held,) = map_addresses.rows_on(ground, (bounds,), cluster=cluster, scope=scope)
        return replace(level, addresses=held, blocks=ground.blocks)
    size = bounds.size // level.children_total
    if cluster.at:
        part = Range(bounds.first, bounds.first + size - 1)
        blocks, shares = map_ground.blocks_then(
            bounds, part=part, cluster=cluster, scope=scope
        )
        strays = past_places.strays(shares, bounds, size=size)
    else:
        blocks = map_ground.blocks_in(bounds, cluster=cluster, scope=scope)
        strays = _strays(bounds, size, blocks=blocks, cluster=cluster)
    rows = _rows(level, blocks, strays)
    if cluster.vs:
        rows = _compared(rows, level, cluster=cluster, scope=scope)
    return replace(level, rows=tuple(_merged(rows, where)), blocks=blocks)


def _compared(
    rows: Iterator[ChildRow], level: Level, *, cluster: ClusterRow, scope: Scope
) -> Iterator[ChildRow]:
    """Yield the rows of the children with what differs between two instants."""
    found = list(rows)
    by_range = map_compared.by_range(
        [row.range for row in found],
        map_cells.inside(level.bounds),
        cluster=cluster,
        scope=scope,
    )
    for row in found:
        yield replace(row, differences=by_range.get(row.range, Differences()))


def _level(bounds: Range, where: GroundRange) -> Level:
    """Return a level without its rows. Inside a cell only a tile of addresses has
    children."""
    plane = Plane(where.range, where.leaf)
    length = bounds.prefix_length or 0
    leaf = where.leaf
    if length > leaf and length >= 120:
        leaf = ADDRESS_BITS[bounds.family]
        child_length = leaf
    else:
        child_length = max(length, levels.child_length(plane, bounds))
    return Level(
        bounds=bounds,
        where=where,
        path=tuple(levels.path(plane, bounds)),
        child_length=child_length,
        leaf=leaf,
        children_total=1 << (child_length - length),
        rows=(),
        addresses=(),
    )


@dataclass(frozen=True, slots=True)
class _Child:
    """What lies in a child: blocks inside it, or the block around it."""

    range: Range
    blocks: tuple[GroundBlock, ...]
    around: GroundBlock | None
    strays: int


def _rows(
    level: Level, blocks: Sequence[GroundBlock], strays: dict[int, int]
) -> Iterator[ChildRow]:
    overlapping = map_ground.overlapping(tuple(blocks))
    for child in _children(level, blocks, strays):
        row = _row(child, level.where)
        here = child.blocks or ((child.around,) if child.around else ())
        if any(block.id in overlapping for block in here):
            row = replace(row, flags=row.flags | map_ground.OVERLAPS)
        yield row


def _row(child: _Child, where: GroundRange) -> ChildRow:
    if child.blocks:
        return _row_of_blocks(child, where)
    if child.around:
        return _row_of_part(child, child.around)
    return ChildRow("unassigned", child.range, allocated=child.strays)


def _children(
    level: Level, blocks: Sequence[GroundBlock], strays: dict[int, int]
) -> Iterator[_Child]:
    size = level.bounds.size // level.children_total
    inside: dict[int, list[GroundBlock]] = {}
    around: dict[int, GroundBlock] = {}
    for block in blocks:
        first = max(0, (block.range.first - level.bounds.first) // size)
        last = (min(block.range.last, level.bounds.last) - level.bounds.first) // size
        if block.range.size <= size and first == last:
            inside.setdefault(first, []).append(block)
            continue
        around |= dict.fromkeys(range(first, last + 1), block)
    for number in range(level.children_total):
        first = level.bounds.first + number * size
        yield _Child(
            range=Range(first, first + size - 1),
            blocks=tuple(inside.get(number, ())),
            around=around.get(number),
            strays=strays.get(number, 0),
        )


def _row_of_blocks(child: _Child, where: GroundRange) -> ChildRow:
    """Return the sums over the blocks of a child; a node's slots count once."""
    first = child.blocks[0]
    is_one = len(child.blocks) == 1 and first.range == child.range
    nodes = {block.node_id: block for block in child.blocks}.values()
    return ChildRow(
        kind="block" if is_one else "blocks",
        range=child.range,
        node=first.node if is_one else "",
        zone=first.zone if is_one else "",
        block=first.range if is_one else None,
        blocks_assigned=len(child.blocks),
        blocks_total=_blocks_total(child.range, where),
        slots_used=sum(block.slots_used for block in nodes),
        slots_total=sum(block.slots_total for block in nodes),
        allocated=sum(block.allocated for block in child.blocks) + child.strays,
        capacity=sum(block.capacity for block in child.blocks),
        free=sum(block.free for block in child.blocks),
        flags=first.flags if is_one else 0,
    )


def _row_of_part(child: _Child, block: GroundBlock) -> ChildRow:
    reserved = capacity.reserved_addresses(block.range, block.capacity_rule)
    here = sum(child.range.contains(address) for address in reserved)
    room = max(child.strays, min(child.range.size - here, block.capacity))
    return ChildRow(
        kind="part",
        range=child.range,
        node=block.node,
        zone=block.zone,
        block=block.range,
        slots_used=block.slots_used,
        slots_total=block.slots_total,
        allocated=child.strays,
        capacity=room,
        free=room - child.strays,
        flags=block.flags,
    )


def _strays(
    bounds: Range, size: int, *, blocks: Sequence[GroundBlock], cluster: ClusterRow
) -> Counter[int]:
    """Return how many addresses are held in each child that no block inside it counts:
    in blocks that are larger than a child, and in no block. One query."""
    large = [block.id for block in blocks if block.range.size > size]
    asked = Q(block=None) | Q(block_id__in=large)
    asked &= map_cells.inside(bounds) & Q(network="")
    query = Allocation.objects.filter(asked, cluster_id=cluster.id, counted=True)
    return Counter(
        (address - bounds.first) // size
        for address in query.values_list("address", flat=True)
    )


def _merged(rows: Iterator[ChildRow], where: GroundRange) -> Iterator[ChildRow]:
    """Yield the rows, runs of children without a block as one."""
    run: ChildRow | None = None
    for row in rows:
        if row.kind == "unassigned" and not (row.differences and row.differences.any):
            run = _joined(run, row) if run else row
            continue
        if run:
            yield _counted(run, where)
        run = None
        yield _counted(row, where) if row.kind == "unassigned" else row
    if run:
        yield _counted(run, where)


def _joined(run: ChildRow, row: ChildRow) -> ChildRow:
    return replace(
        run,
        range=Range(run.range.first, row.range.last),
        children=run.children + 1,
        allocated=run.allocated + row.allocated,
    )


def _counted(run: ChildRow, where: GroundRange) -> ChildRow:
    return replace(run, blocks_total=_blocks_total(run.range, where))


def _blocks_total(bounds: Range, where: GroundRange) -> int | None:
    """Return how many blocks fit; None where the pool is not cut into blocks."""
    if where.block_prefix_length is None:
        return None
    return bounds.size >> (ADDRESS_BITS[bounds.family] - where.block_prefix_length)
