"""Where things lie: names to rows of places, addresses to blocks and pools.

Looked up for the rows of one transaction at a time, so that a poll of a few changes
costs the same in a small cluster and in a large one.
"""

from bisect import bisect_right
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from django.db import connection

from ipamweb.addressing.ranges import Range, family_of
from ipamweb.mirror import stored
from ipamweb.mirror.models import Block, Namespace, Node, Pool, PoolRange


class Place(NamedTuple):
    """Where an address lies; None where in no block, or no pool."""

    block: int | None = None
    pool: int | None = None


@dataclass(frozen=True, slots=True)
class OpenBlock:
    id: int
    range: Range
    node: int | None
    pool: int | None


@dataclass(slots=True)
class OpenBlocks:
    """Open blocks by first address; of overlapping ones the one that begins last."""

    blocks: list[OpenBlock] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.blocks.sort(key=lambda block: (block.range.first, -block.range.last))
        self._firsts = [block.range.first for block in self.blocks]

    _firsts: list[int] = field(default_factory=list)

    def holding(self, address: int) -> OpenBlock | None:
        """Return the block that holds an address, looking back past some neighbours."""
        index = bisect_right(self._firsts, address)
        for number in range(index - 1, max(-1, index - 5), -1):
            if address <= self.blocks[number].range.last:
                return self.blocks[number]
        return None


def open_pools(cluster_id: int, *, network: str = "") -> list[tuple[Range, int]]:
    """Return the open ranges of the cluster's pools with their pool's id. One query."""
    rows = PoolRange.objects.filter(
        pool__cluster=cluster_id, pool__network=network, valid_to=None
    ).values_list("first", "last", "pool_id")
    found = [(Range(first, last), pool) for first, last, pool in rows]
    # Of ranges inside one another the narrowest holds an address.
    return sorted(found, key=lambda each: (each[0].size, each[0].first, each[1]))


def pool_holding(pools: Sequence[tuple[Range, int]], other: int | Range) -> int | None:
    """Return the pool that holds an address, or all of a range, or None."""
    for range_, pool in pools:
        held = (
            range_.contains(other) if isinstance(other, int) else range_.covers(other)
        )
        if held:
            return pool
    return None


def places_of(
    cluster_id: int,
    addresses: Collection[int],
    *,
    nodes: Iterable[int],
    pools: Sequence[tuple[Range, int]],
) -> dict[int, Place]:
    """Return where each address lies.

    The blocks of the given nodes come by one query; addresses in none of them, which
    are out of place, cost one query more, all together.
    """
    near = OpenBlocks(_blocks_of_nodes(set(nodes)))
    found = {address: near.holding(address) for address in addresses}
    strays = [address for address, block in found.items() if block is None]
    found |= _blocks_anywhere(cluster_id, strays)
    return {
        address: Place(block.id, block.pool)
        if block
        else Place(pool=pool_holding(pools, address))
        for address, block in found.items()
    }


_BLOCK = ("id", "first", "last", "node_id", "pool_id")
# Of overlapping blocks the one that begins last, looking back past a few neighbours,
# as OpenBlocks.holding does: an index gives them without a walk over all blocks.
_HOLDING = """
SELECT wanted.column1, (
    SELECT near.id FROM (
        SELECT id, first, last FROM mirror_block
        WHERE cluster_id = %s AND family = wanted.column2 AND valid_to IS NULL
            AND first <= wanted.column1
        ORDER BY first DESC, last LIMIT 4
    ) near
    WHERE near.last >= wanted.column1 ORDER BY near.first DESC, near.last LIMIT 1
) FROM (VALUES {wanted}) wanted
"""


def range_of(first: bytes, last: bytes) -> Range:
    """Return the range between two addresses as columns hold them."""
    return Range(int.from_bytes(first, "big"), int.from_bytes(last, "big"))


def _open_block(row: tuple) -> OpenBlock:  # type: ignore[type-arg]
    pk, first, last, node, pool = row
    return OpenBlock(pk, range_of(first, last), node, pool)


def _blocks_of_nodes(nodes: set[int]) -> list[OpenBlock]:
    rows = stored.select(
        Block,
        _BLOCK,
        where="valid_to IS NULL AND node_id IN {among}",
        among=list(nodes),
    )
    return [_open_block(row) for row in rows]


def _blocks_anywhere(
    cluster_id: int, addresses: Sequence[int]
) -> dict[int, OpenBlock | None]:
    """Return which open block of the cluster holds each address, None for no block."""
    if not addresses:
        return {}
    wanted: list[Any] = [cluster_id]
    for address in addresses:
        wanted += (address.to_bytes(16, "big"), family_of(address))
    with connection.cursor() as cursor:
        marks = ", ".join(["(%s, %s)"] * len(addresses))
        cursor.execute(_HOLDING.format(wanted=marks), wanted)
        ids = {int.from_bytes(address, "big"): pk for address, pk in cursor.fetchall()}
    held = [pk for pk in ids.values() if pk is not None]
    rows = stored.select(Block, _BLOCK, where="id IN {among}", among=held)
    blocks = {block.id: block for block in map(_open_block, rows)}
    return {address: blocks.get(ids[address]) for address in addresses}


def nodes_by_name(cluster_id: int, names: Collection[str]) -> dict[str, int]:
    """Return the ids of the nodes that exist under these names. One query.

    Of two the younger: the older is about to be noted as gone.
    """
    rows = stored.select(
        Node,
        ("name", "id"),
        where="cluster_id = %s AND gone_by IS NULL AND name IN {among} ORDER BY id",
        among=[name for name in names if name],
        values=[cluster_id],
    )
    return dict(rows)


def namespaces_by_name(
    cluster_id: int, names: Collection[str]
) -> dict[str, tuple[int, str]]:
    """Return (id, uid) of the namespaces that exist under these names. One query.

    Of two the younger: the older is about to be noted as gone.
    """
    rows = stored.select(
        Namespace,
        ("name", "id", "uid"),
        where="cluster_id = %s AND gone_by IS NULL AND name IN {among} ORDER BY id",
        among=list(names),
        values=[cluster_id],
    )
    return {name: (pk, uid) for name, pk, uid in rows}


def pools_of(cluster_id: int) -> dict[str, Pool]:
    """Return the cluster's pools by slug, also those that are gone. One query."""
    return {pool.slug: pool for pool in Pool.objects.filter(cluster=cluster_id)}
