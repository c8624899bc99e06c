"""The blocks that nodes had at an instant, with what of them was held.

A block was there from when it was first seen until it was known gone.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet

from ipamweb.addressing import capacity
from ipamweb.addressing.ranges import Range
from ipamweb.mirror.models import Block
from ipamweb.mirror.queries import past_counts
from ipamweb.mirror.queries.allocation_rows import AllocationRow
from ipamweb.mirror.queries.blocks import (
    ALL,
    BY_ADDRESS,
    BlockFilter,
    BlockRow,
    Held,
    matching,
    row_with,
)
from ipamweb.mirror.queries.clusters import ClusterRow
from ipamweb.mirror.queries.paging import FIRST_PAGE, Page, Window, read_page
from ipamweb.mirror.queries.past_counts import Where
from ipamweb.mirror.scope import Scope


def listed(
    cluster: ClusterRow,
    *,
    at: datetime,
    scope: Scope,
    wanted: BlockFilter = ALL,
    window: Window = FIRST_PAGE,
) -> Page[BlockRow]:
    """Return a page of the blocks of an instant in address order. Three queries."""
    at = cluster.seen_at(at)
    query = blocks_at(at).filter(cluster_id=cluster.id)
    return read_page(
        matching(query, wanted=wanted),
        order=BY_ADDRESS,
        window=window,
        build=lambda found: _rows(found, cluster=cluster, at=at, scope=scope),
    )


def of_nodes(
    node_ids: Iterable[int], *, cluster: ClusterRow, at: datetime, scope: Scope
) -> dict[int, list[BlockRow]]:
    """Return the blocks that some nodes had, by the node's id. Three queries."""
    query = blocks_at(at).filter(node_id__in=list(node_ids)).order_by("first", "id")
    found = list(query)
    rows = _rows(found, cluster=cluster, at=at, scope=scope)
    by_node: dict[int, list[BlockRow]] = {}
    for block, row in zip(found, rows, strict=True):
        by_node.setdefault(block.node_id or 0, []).append(row)
    return by_node


def of_node(node_id: int, *, at: datetime, scope: Scope) -> list[Block]:
    """Return the blocks that a node had, not yet counted. One query."""
    return list(blocks_at(at).filter(node_id=node_id).order_by("first", "id"))


def overlapping(
    asked: Range, *, cluster: ClusterRow, at: datetime, scope: Scope
) -> list[BlockRow]:
    """Return the blocks that shared addresses with a range, in address order, what they
    held not counted. One query."""
    query = blocks_at(at).filter(
        cluster_id=cluster.id,
        family=asked.family,
        first__lte=asked.last,
        last__gte=asked.first,
    )
    return counted(list(query.order_by("first", "id")), ())


def counted(found: Sequence[Block], held: Sequence[AllocationRow]) -> list[BlockRow]:
    """Return the rows of blocks whose allocations of an instant are known."""
    return [row_with(block, held=_held_in(block, held)) for block in found]


def blocks_at(at: datetime) -> QuerySet[Block, Block]:
    """Return the query of the blocks of an instant."""
    is_there = Q(to_latest=None) | Q(to_latest__gt=at)
    return Block.objects.filter(is_there, valid_from__lte=at).select_related("pool")


def _held_in(block: Any, held: Sequence[AllocationRow]) -> Held:
    bounds = Range(block.first, block.last)
    kinds = {
        row.address: row.kind
        for row in held
        if row.in_numbers and bounds.contains(row.address)
    }
    reserved = capacity.reserved_addresses(bounds, block.capacity_rule)
    by_kind: dict[str, int] = defaultdict(int)
    for kind in kinds.values():
        by_kind[kind] += 1
    return Held(len(kinds), len(kinds.keys() & set(reserved)), by_kind)


def _rows(
    found: list[Block], *, cluster: ClusterRow, at: datetime, scope: Scope
) -> list[BlockRow]:
    if not found:
        return []
    run = Q(
        address__gte=min(block.first for block in found),
        address__lte=max(block.last for block in found),
        block_id__in=[block.pk for block in found],
    )
    counts = past_counts.addresses(
        ("block_id", "kind"), cluster=cluster, at=at, where=Where(run), scope=scope
    )
    kinds: dict[int, dict[str, int]] = defaultdict(dict)
    for (block_id, kind), number in counts.items():
        kinds[block_id][kind] = number
    return [
        row_with(block, held=Held(sum(each.values()), 0, each))
        for block, each in ((block, kinds[block.pk]) for block in found)
    ]
