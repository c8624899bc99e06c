"""The blocks that nodes have now, with their numbers."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any

from django.db.models import QuerySet

from ipamweb.addressing import capacity
from ipamweb.addressing.ranges import LAST_ADDRESS, MAPPED_FIRST, Range, family_of
from ipamweb.mirror.models import Block
from ipamweb.mirror.queries.clusters import ClusterRow
from ipamweb.mirror.queries.numbers import FamilyNumbers, family_numbers
from ipamweb.mirror.queries.paging import FIRST_PAGE, Order, Page, Window, read_page
from ipamweb.mirror.scope import Scope

# So many addresses on either side of one are its neighbours.
NEAR = 8
BY_ADDRESS = Order("blocks.address", ("first", "id"))


@dataclass(frozen=True, slots=True)
class BlockFilter:
    """Which blocks are wanted; empty means all. `node` is a name, `pool` a slug."""

    family: int | None = None
    node: str = ""
    pool: str = ""
    network: str = ""
    system: str = ""
    within: Range | None = None


ALL = BlockFilter()


@dataclass(frozen=True, slots=True)
class Held:
    """How many addresses of a range are held, and of those that are set aside."""

    allocated: int
    allocated_reserved: int
    by_kind: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class BlockRow:
    """A block; `node` is empty where no node has it, `pool` where it lies in none."""

    id: int
    range: Range
    node: str
    pool: str
    network: str
    system: str
    capacity_rule: str
    numbers: FamilyNumbers
    from_earliest: datetime
    valid_from: datetime
    valid_to: datetime | None
    to_latest: datetime | None


def listed(
    cluster: ClusterRow,
    *,
    scope: Scope,
    wanted: BlockFilter = ALL,
    window: Window = FIRST_PAGE,
) -> Page[BlockRow]:
    """Return a page of the present blocks in address order, IPv4 first. One query."""
    query = matching(_present().filter(cluster_id=cluster.id), wanted=wanted)
    return read_page(query, order=BY_ADDRESS, window=window, build=_rows)


def matching(
    query: QuerySet[Block, Block], *, wanted: BlockFilter
) -> QuerySet[Block, Block]:
    """Return what of a query of blocks passes a filter."""
    if wanted.family:
        query = query.filter(family=wanted.family)
    if wanted.node:
        query = query.filter(node_name=wanted.node)
    if wanted.pool:
        query = query.filter(pool__slug=wanted.pool)
    if wanted.network:
        query = query.filter(network=wanted.network)
    if wanted.system:
        query = query.filter(system=wanted.system)
    if wanted.within:
        inside = wanted.within
        query = query.filter(first__gte=inside.first, first__lte=inside.last)
        query = query.filter(last__lte=inside.last, family=inside.family)
    return query


def of_nodes(node_ids: Iterable[int], *, scope: Scope) -> dict[int, list[BlockRow]]:
    """Return the present blocks of some nodes by the node's id, in address order.

    One query.
    """
    query = _present().filter(node_id__in=list(node_ids)).order_by("first", "id")
    by_node: dict[int, list[BlockRow]] = {}
    for block in query:
        by_node.setdefault(block.node_id or 0, []).append(_row(block))
    return by_node


def held_by_nodes(
    cluster_ids: Iterable[int], *, scope: Scope
) -> dict[int, dict[int, tuple[int, int]]]:
    """Return (addresses held, capacity) over the present blocks of each node, by the
    node's id and the family. One query, of the counters alone."""
    query = Block.objects.filter(
        cluster_id__in=list(cluster_ids), valid_to=None, node__isnull=False
    ).values_list(
        "node_id", "family", "first", "last", "capacity_rule", "allocated",
        "allocated_reserved",
    )  # fmt: skip
    found: dict[int, dict[int, tuple[int, int]]] = {}
    for node, family, first, last, rule, allocated, reserved in query:
        families = found.setdefault(node or 0, {})
        held, room = families.get(family, (0, 0))
        own = _capacity(family, last - first, rule, allocated, reserved)
        families[family] = held + allocated, room + own
    return found


@lru_cache(maxsize=10_000)
def _capacity(
    family: int, length: int, rule: str, allocated: int, reserved: int
) -> int:
    """Return the capacity of a block of this length; where it lies is all the same."""
    first = MAPPED_FIRST if family == 4 else 1 << 127
    return family_numbers(
        capacity.block_numbers(Range(first, first + length), rule),
        family=family,
        allocated=allocated,
        allocated_reserved=reserved,
        by_kind={},
    ).capacity


def near(
    address: int, *, cluster_ids: Sequence[int], scope: Scope
) -> dict[int, list[BlockRow]]:
    """Return the present blocks of an address and its NEAR neighbours on either side,
    by the cluster's id, in address order and the larger first. One query."""
    query = _present().filter(
        cluster_id__in=cluster_ids,
        family=family_of(address),
        first__lte=min(LAST_ADDRESS, address + NEAR),
        last__gte=max(0, address - NEAR),
    )
    found: dict[int, list[BlockRow]] = {}
    for block in sorted(query, key=lambda each: (each.first, -each.last, each.pk)):
        found.setdefault(block.cluster_id, []).append(_row(block))
    return found


def overlapping(
    asked: Range, *, cluster_ids: Sequence[int], most: int, scope: Scope
) -> list[tuple[int, BlockRow]]:
    """Return (cluster id, block) of the present blocks that share addresses with a
    range, in address order, `most` at most. One query."""
    query = _present().filter(
        cluster_id__in=cluster_ids,
        family=asked.family,
        first__lte=asked.last,
        last__gte=asked.first,
    )
    found = query.order_by("first", "id")[:most]
    return [(block.cluster_id, _row(block)) for block in found]


def row_with(block: Any, *, held: Held) -> BlockRow:
    """Return the row of a Block read together with its pool, and of what it holds."""
    bounds = Range(block.first, block.last)
    return BlockRow(
        id=block.pk,
        range=bounds,
        node=block.node_name,
        pool=block.pool.slug if block.pool else "",
        network=block.network,
        system=block.system,
        capacity_rule=block.capacity_rule,
        numbers=family_numbers(
            capacity.block_numbers(bounds, block.capacity_rule),
            family=block.family,
            allocated=held.allocated,
            allocated_reserved=held.allocated_reserved,
            by_kind=held.by_kind,
        ),
        from_earliest=block.from_earliest,
        valid_from=block.valid_from,
        valid_to=block.valid_to,
        to_latest=block.to_latest,
    )


def _row(block: Any) -> BlockRow:
    held = Held(
        block.allocated, block.allocated_reserved, dict(block.allocated_by_kind)
    )
    return row_with(block, held=held)


def _present() -> QuerySet[Block, Block]:
    return Block.objects.filter(valid_to=None).select_related("pool")


def _rows(found: list[Block]) -> list[BlockRow]:
    return [_row(block) for block in found]
