"""Writes blocks and the addresses of nodes.

Called inside a transaction that holds the lease. What is to be written is decided in
plan_space.py. Not here: pools (pools.py).
"""

from collections.abc import Sequence
from typing import Any

from django.db import connection

from ipamweb.addressing import records
from ipamweb.addressing.ranges import Range
from ipamweb.mirror import stored
from ipamweb.mirror.models import Allocation, Block
from ipamweb.sync import bulk, late_facts, node_records, places
from ipamweb.sync.apply import Tally, Writing
from ipamweb.sync.changes import Gone
from ipamweb.sync.counters import Counters
from ipamweb.sync.history import History, Owner
from ipamweb.sync.places import OpenBlock, OpenBlocks
from ipamweb.sync.plan_space import (
    NODE_KINDS,
    KnownAddress,
    KnownBlock,
    SpaceObject,
    SpacePlan,
    owner_key,
    plan_space,
)


def apply_space(
    writing: Writing, seen: Sequence[SpaceObject], gone: Sequence[Gone]
) -> Tally:
    """Plan what objects of nodes state against their rows, and write what follows."""
    uids = [each.uid for each in seen] + [each.uid for each in gone]
    addresses = _known_addresses(writing.cluster_id, uids)
    plan = plan_space(
        seen,
        gone=gone,
        blocks=_known_blocks(writing.cluster_id, uids),
        addresses=addresses,
        bounds=writing.bounds,
    )
    late = _late_nodes(seen, addresses)
    records_changed = node_records.write(writing, seen, gone)
    if not (plan.changes_anything or late):
        return Tally(changed=records_changed)
    counters = Counters(writing.cluster_id)
    history = History(writing.cluster_id, writing.generation, counters)
    nodes = places.nodes_by_name(
        writing.cluster_id,
        {block.node for block in plan.new_blocks}
        | {record.node for _, record in plan.openings}
        | set(late.values()),
    )
    history.close(plan.closings)
    # Ended first: a block whose capacity rule changed is another of the same range.
    _end_blocks(writing, plan.ended_blocks, counters)
    _open_blocks(writing, plan.new_blocks, nodes, counters)
    _open_addresses(writing, plan, nodes, history)
    late_facts.take_in_addresses(
        writing.cluster_id,
        {uid: nodes[name] for uid, name in late.items() if name in nodes},
    )
    counters.write()
    return Tally(
        opened=len(plan.openings),
        changed=len(plan.new_blocks) + len(plan.ended_blocks) + records_changed,
        closed=len(plan.closings),
    )


def _known_blocks(cluster_id: int, uids: list[str]) -> list[KnownBlock]:
    rows = stored.select(
        Block,
        (
            "id", "object_uid", "first", "last", "node_name", "valid_from", "system",
            "capacity_rule",
        ),
        where="cluster_id = %s AND valid_to IS NULL AND object_uid IN {among}",
        among=uids,
        values=[cluster_id],
    )  # fmt: skip
    return [
        KnownBlock(
            pk,
            uid,
            places.range_of(first, last),
            node,
            bulk.moment(since),
            system,
            rule,
        )
        for pk, uid, first, last, node, since, system, rule in rows
    ]


def _known_addresses(cluster_id: int, uids: list[str]) -> list[KnownAddress]:
    rows = stored.select(
        Allocation,
        ("id", "address", "valid_from", "owner_key", "node_id"),
        where="cluster_id = %s AND network = '' AND owner_key IN {among}",
        among=[owner_key(uid, kind) for uid in uids for kind in NODE_KINDS],
        values=[cluster_id],
    )
    return [
        KnownAddress(
            pk,
            int.from_bytes(address, "big"),
            bulk.moment(since),
            owner_key=key,
            node=node,
        )
        for pk, address, since, key, node in rows
    ]


def _late_nodes(
    seen: Sequence[SpaceObject], addresses: Sequence[KnownAddress]
) -> dict[str, str]:
    """Return the names of nodes, by object, that were not there with its addresses."""
    keys = {known.owner_key for known in addresses if known.node is None}
    return {
        each.uid: stated.node
        for each in seen
        for stated in each.addresses
        if owner_key(each.uid, stated.kind) in keys
    }


_BLOCK = (
    "id", "cluster_id", "network", "family", "first", "last", "node_id", "node_name",
    "pool_id", "system", "capacity_rule", "object_uid", "from_earliest", "valid_from",
    "allocated", "allocated_reserved", "allocated_by_kind",
)  # fmt: skip


def _open_blocks(
    writing: Writing,
    blocks: list[records.Block],
    nodes: dict[str, int],
    counters: Counters,
) -> None:
    """Write new blocks; each takes in the open allocations that lie in no block yet."""
    pools = places.open_pools(writing.cluster_id) if blocks else []
    from_earliest, valid_from = writing.bounds.opening(None)
    ids = list(bulk.reserve_ids(Block, len(blocks)))
    rows: list[tuple[object, ...]] = []
    opened: list[OpenBlock] = []
    for pk, block in zip(ids, blocks, strict=True):
        pool, node = places.pool_holding(pools, block.range), nodes.get(block.node)
        rows.append(
            (pk, writing.cluster_id, block.network, block.range.family,
             block.range.first, block.range.last, node, block.node, pool, block.system,
             block.capacity_rule, block.owner_uid, from_earliest, valid_from, 0, 0, {})
        )  # fmt: skip
        opened.append(OpenBlock(pk, block.range, node, pool))
        if pool is not None:
            counters.pool_blocks[pool] += 1
        if node is not None:
            counters.nodes.add(node)
    bulk.insert(Block, _BLOCK, rows)
    _take_in(writing, opened, counters)


# Between two addresses, by the index of addresses: a join by the ranges of blocks is
# planned as a walk over all allocations for each of them.
_HOMELESS = """
SELECT id, address, kind, pool_id, counted FROM mirror_allocation
WHERE cluster_id = %s AND network = '' AND block_id IS NULL AND family = %s
    AND address BETWEEN %s AND %s
"""


def _take_in(writing: Writing, blocks: Sequence[OpenBlock], counters: Counters) -> None:
    """Put open allocations that lie in no block into the new one that holds them."""
    index = OpenBlocks(list(blocks))
    moves = {}
    for pk, packed, kind, pool, counted in _homeless(writing, blocks):
        address = int.from_bytes(packed, "big")
        block = index.holding(address)
        if block is None or pk in moves:
            continue
        moves[pk] = (block.id, pool or block.pool, pk)
        if counted:
            counters.address(-1, address=address, kind=kind, block=None, pool=pool)
            counters.address(
                1,
                address=address,
                kind=kind,
                block=block.id,
                pool=pool or block.pool,
            )
    bulk.update(Allocation, ("block_id", "pool_id"), list(moves.values()))


def _homeless(writing: Writing, blocks: Sequence[OpenBlock]) -> list[tuple[Any, ...]]:
    """Return the open allocations that lie in no block, between the first and the last.

    One query for each family.
    """
    ranges_of: dict[int, list[Range]] = {}
    for block in blocks:
        ranges_of.setdefault(block.range.family, []).append(block.range)
    found: list[tuple[Any, ...]] = []
    for family, ranges in ranges_of.items():
        first = min(each.first for each in ranges).to_bytes(16, "big")
        last = max(each.last for each in ranges).to_bytes(16, "big")
        with connection.cursor() as cursor:
            cursor.execute(_HOMELESS, [writing.cluster_id, family, first, last])
            found += cursor.fetchall()
    return found


def _end_blocks(writing: Writing, blocks: list[KnownBlock], counters: Counters) -> None:
    """End blocks; what is still open in one lies in another, or in none, from now."""
    ended = [(*writing.bounds.closing(block.valid_from), block.id) for block in blocks]
    bulk.update(Block, ("valid_to", "to_latest"), ended)
    ids = [block.id for block in blocks]
    rows = Block.objects.filter(pk__in=ids).values_list("pool_id", "node_id")
    for pool, node in rows:
        if pool is not None:
            counters.pool_blocks[pool] -= 1
        if node is not None:
            counters.nodes.add(node)
    left = Allocation.objects.filter(cluster=writing.cluster_id, block__in=ids)
    moves = []
    for pk, address, kind, block, pool, counted in left.values_list(
        "id", "address", "kind", "block_id", "pool_id", "counted"
    ):
        moves.append((None, pk))
        if counted:
            counters.address(-1, address=address, kind=kind, block=block, pool=pool)
            counters.address(1, address=address, kind=kind, block=None, pool=pool)
    bulk.update(Allocation, ("block_id",), moves)
    if moves:
        _take_in(writing, _blocks_over(writing, blocks), counters)


def _blocks_over(writing: Writing, ended: list[KnownBlock]) -> list[OpenBlock]:
    """Return the open blocks that share an address with one that ended."""
    found: dict[int, OpenBlock] = {}
    for block in ended:
        rows = Block.objects.filter(
            cluster=writing.cluster_id,
            family=block.range.family,
            valid_to=None,
            first__lte=block.range.last,
            last__gte=block.range.first,
        ).values_list("id", "first", "last", "node_id", "pool_id")
        for pk, first, last, node, pool in rows:
            found[pk] = OpenBlock(pk, Range(first, last), node, pool)
    return list(found.values())


def _open_addresses(
    writing: Writing, plan: SpacePlan, nodes: dict[str, int], history: History
) -> None:
    pools = places.open_pools(writing.cluster_id) if plan.openings else []
    where = places.places_of(
        writing.cluster_id,
        {opening.address for opening, _ in plan.openings},
        nodes=nodes.values(),
        pools=pools,
    )
    history.open(
        [
            (
                opening,
                Owner(
                    record.kind,
                    record.source,
                    record.confidence,
                    node=nodes.get(record.node),
                ),
                where[opening.address],
            )
            for opening, record in plan.openings
        ]
    )
