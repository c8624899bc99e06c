"""What a filter finds on a map: hits by block, and one bit for each address of a tile.

The words of a filter: map_filter.py.
"""

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db.models import Count, QuerySet

from ipamweb.addressing.ranges import ADDRESS_BITS, Range
from ipamweb.mirror.models import Allocation
from ipamweb.mirror.queries import map_filter, map_ground
from ipamweb.mirror.queries.clusters import ClusterRow
from ipamweb.mirror.queries.map_cells import MOST_ADDRESSES, inside
from ipamweb.mirror.queries.map_filter import Asker
from ipamweb.mirror.queries.map_ground import GroundBlock
from ipamweb.mirror.scope import Scope
from ipamweb.mirror.time_bins import EPOCH


@dataclass(frozen=True, slots=True)
class Mask:
    """`hits` of `of` held addresses match, in blocks of `nodes` nodes.

    `blocks` are (index, hits) of blocks with hits, the index counted from the range in
    prefixes of length `unit`. `bits` is None where there are too many addresses.
    """

    bounds: Range
    hits: int
    of: int
    nodes: int
    unit: int
    blocks: tuple[tuple[int, int], ...]
    complete: bool
    bits: bytes | None


def mask(bounds: Range, text: str, *, cluster: ClusterRow, scope: Scope) -> Mask:
    """Return what a filter finds in a range. Three queries.

    Raises map_filter.NotAFilter.
    """
    asker = Asker(cluster.id, scope, cluster.freshness.as_of or EPOCH)
    held = Allocation.objects.filter(inside(bounds), cluster_id=cluster.id, network="")
    found = held.filter(map_filter.matching(text, asker=asker)).order_by()
    blocks = map_ground.blocks_in(bounds, cluster=cluster, scope=scope)
    addresses: list[int] | None = None
    if bounds.size <= MOST_ADDRESSES:
        addresses = sorted(set(found.values_list("address", flat=True)))
        hits = _by_block(addresses, blocks)
        count = len(addresses)
    else:
        hits, count = _counted(found)
    hit = [block for block in blocks if block.id in hits]
    unit = map_ground.unit(hit, base=bounds, length=None)
    return Mask(
        bounds=bounds,
        hits=count,
        of=held.filter(counted=True).count(),
        nodes=len({block.node_id for block in hit if block.node_id is not None}),
        unit=unit,
        blocks=tuple(_indexed(hit, hits, bounds=bounds, unit=unit)),
        complete=len(blocks) < map_ground.MOST_BLOCKS,
        bits=None if addresses is None else _bits(addresses, bounds),
    )


def _counted(found: QuerySet[Allocation, Allocation]) -> tuple[dict[int, int], int]:
    """Return the hits by block's id, and all hits, also in no block. One query."""
    rows = list(
        found.values_list("block_id").annotate(hits=Count("address", distinct=True))
    )
    by_block = {block: hits for block, hits in rows if block is not None}
    return by_block, sum(hits for _, hits in rows)


def _by_block(
    addresses: Iterable[int], blocks: Sequence[GroundBlock]
) -> dict[int, int]:
    """Return the hits by block's id; where blocks overlap, of the last that begins."""
    starts = [block.range.first for block in blocks]
    found: dict[int, int] = {}
    for address in addresses:
        place = bisect_right(starts, address) - 1
        if place >= 0 and blocks[place].range.contains(address):
            number = blocks[place].id
            found[number] = found.get(number, 0) + 1
    return found


def _indexed(
    hit: Iterable[GroundBlock], hits: dict[int, int], *, bounds: Range, unit: int
) -> Iterable[tuple[int, int]]:
    shift = ADDRESS_BITS[bounds.family] - unit
    for block in hit:
        # A block may be larger than the range, and begin before it.
        first = max(block.range.first, bounds.first)
        yield first - bounds.first >> shift, hits[block.id]


def _bits(addresses: Iterable[int], bounds: Range) -> bytes:
    found = bytearray(-(-bounds.size // 8))
    for address in addresses:
        place = address - bounds.first
        found[place >> 3] |= 0x80 >> (place & 7)
    return bytes(found)
