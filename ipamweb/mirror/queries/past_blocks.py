"""The blocks that nodes had at an instant, with what of them was held.

A block was there from when it was first seen until it was known gone.
"""

from collections.abc import Iterable
from datetime import datetime

from django.db.models import Q, QuerySet

from ipamweb.addressing.ranges import Range
from ipamweb.mirror.models import Block
from ipamweb.mirror.queries import past_places
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
    nothing = Held(0, 0, {})
    found = query.order_by("first", "id")
    return [row_with(block, held=nothing) for block in found]


def ranges_of_node(node_id: int, *, at: datetime, scope: Scope) -> list[Range]:
    """Return the ranges of the blocks that a node had, in address order. One query."""
    query = blocks_at(at).filter(node_id=node_id).order_by("first", "id")
    return [Range(block.first, block.last) for block in query]


def blocks_at(at: datetime) -> QuerySet[Block, Block]:
    """Return the query of the blocks of an instant."""
    is_there = Q(to_latest=None) | Q(to_latest__gt=at)
    return Block.objects.filter(is_there, valid_from__lte=at).select_related("pool")


def _rows(
    found: list[Block], *, cluster: ClusterRow, at: datetime, scope: Scope
) -> list[BlockRow]:
    if not found:
        return []
    around = Q()
    for run in _runs(found):
        around |= Q(family=run.family, first__lte=run.last, last__gte=run.first)
    spots = past_places.of_blocks(blocks_at(at).filter(around, cluster_id=cluster.id))
    wanted = {block.pk for block in found}
    ranges = [each.range for each in spots if each.id in wanted]
    shares = past_places.shares(
        ranges, spots=spots, cluster=cluster, at=at, scope=scope
    )
    tallies = past_places.by_block(shares)
    return [row_with(block, held=tallies[block.pk].held) for block in found]


def _runs(found: list[Block]) -> Iterable[Range]:
    """Return the run of addresses that some blocks lie in, one for each family."""
    runs: dict[int, Range] = {}
    for block in found:
        run = runs.get(block.family, Range(block.first, block.last))
        runs[block.family] = Range(
            min(run.first, block.first), max(run.last, block.last)
        )
    return runs.values()
