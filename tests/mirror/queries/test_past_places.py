"""Where addresses lay at an instant goes by the blocks of then."""

from typing import Any

import pytest

from ipamweb.addressing.ranges import Range, parse_cidr
from ipamweb.mirror.models import Allocation, Block, PoolRange
from ipamweb.mirror.queries import (
    blocks,
    map_blocks,
    map_cells,
    map_children,
    namespaces,
    past_blocks,
    past_namespaces,
    past_nodes,
    past_pools,
    pools,
)
from ipamweb.mirror.queries.blocks import BlockFilter, BlockRow
from ipamweb.mirror.queries.clusters import ClusterRow
from ipamweb.mirror.queries.past_places import Spot, Spots
from ipamweb.mirror.scope import EVERYTHING
from tests.cast import at
from tests.mirror.queries.moments import ending_before_the_past_is_read

S: dict[str, Any] = {"scope": EVERYTHING}
V4 = "cilium-cluster-pool-v4"
LATE = at("13:59:00")


def new_version(pk: int = 2, *, since: str = "12:50:00", **columns: Any) -> Block:
    """End a block and let another follow it, as an edit of its object does: what is
    held moves to the new one, what is past stays where it was."""
    block = Block.objects.get(pk=pk)
    Block.objects.filter(pk=pk).update(valid_to=at(since), to_latest=at(since))
    block.pk = 900
    for name, value in {"valid_from": at(since), **columns}.items():
        setattr(block, name, value)
    block.save(force_insert=True)
    held = Allocation.objects.filter(block_id=pk)
    held.filter(address__gte=block.first, address__lte=block.last).update(block=block)
    held.update(block=None)
    return block


def of_worker_b(prod: ClusterRow, clock: str) -> list[BlockRow]:
    wanted = BlockFilter(node="worker-b", family=4)
    return list(past_blocks.listed(prod, at=at(clock), wanted=wanted, **S).rows)


def allocated(prod: ClusterRow, clock: str) -> dict[str, int]:
    return {str(row.range): row.numbers.allocated for row in of_worker_b(prod, clock)}


def test_a_block_of_then_counts_what_lies_in_its_next_version_now(
    prod: ClusterRow,
) -> None:
    before = of_worker_b(prod, "12:40:00")
    new_version()

    assert [row.numbers for row in of_worker_b(prod, "12:40:00")] == [
        row.numbers for row in before
    ]
    assert allocated(prod, "12:40:00") == {"10.0.0.32/28": 8}
    assert allocated(prod, "13:30:00") == {"10.0.0.32/28": 7}


def test_a_block_that_was_cut_counts_what_its_range_of_then_held(
    prod: ClusterRow,
) -> None:
    half = parse_cidr("10.0.0.32/29")
    new_version(first=half.first, last=half.last)

    assert allocated(prod, "12:40:00") == {"10.0.0.32/28": 8}
    assert allocated(prod, "13:30:00") == {"10.0.0.32/29": 7}


def test_node_list_map_and_pool_count_by_the_block_of_then(prod: ClusterRow) -> None:
    half = parse_cidr("10.0.0.32/29")
    new_version(first=half.first, last=half.last)
    then = at("12:40:00")
    node = past_nodes.named("worker-b", cluster=prod, at=then, **S)
    detail = past_nodes.one("worker-b", cluster=prod, at=then, **S)
    columns = map_blocks.of_pool(V4, cluster=prod.looked_at(then), **S)
    level = map_children.children(
        parse_cidr("10.0.0.0/20"), cluster=prod.looked_at(then), **S
    )
    pool = past_pools.one(V4, cluster=prod, at=then, **S)
    assert node
    assert detail
    assert columns
    assert level
    assert pool

    assert node == detail.node
    assert node.families[0].allocated == columns.columns["allocated"][1] == 8
    assert columns.columns["slots_total"][1] == node.slots_total
    assert level.rows[0].allocated == sum(columns.columns["allocated"])
    assert pool.numbers.allocated == sum(columns.columns["allocated"])


def test_what_lay_outside_of_all_blocks_counts_in_its_pool(prod: ClusterRow) -> None:
    Block.objects.filter(pk=2).update(valid_from=at("12:50:00"))
    pool = past_pools.one(V4, cluster=prod, at=at("12:40:00"), **S)
    level = map_children.children(
        parse_cidr("10.0.0.0/24"), cluster=prod.looked_at(at("12:40:00")), **S
    )
    assert pool
    assert level

    held = [row.range for row in level.addresses if row.kind == "held"]
    assert pool.numbers.allocated == len(held) == 22


def test_a_pool_of_then_counts_by_its_ranges_of_then(prod: ClusterRow) -> None:
    Block.objects.filter(pool_id=1).update(valid_from=at("13:00:00"))
    bounds = parse_cidr("10.0.0.32/28")
    ranges = PoolRange.objects.filter(pool__slug=V4)
    ranges.update(valid_to=at("13:00:00"), first=bounds.first, last=bounds.last)
    pool = past_pools.one(V4, cluster=prod, at=at("12:40:00"), **S)

    assert pool
    assert pool.numbers.allocated == 8


def test_an_address_was_borrowed_from_the_node_that_had_its_block_then(
    prod: ClusterRow,
) -> None:
    new_version(node_id=1)
    bounds = parse_cidr("10.0.0.35/32")

    def byte(clock: str) -> int:
        return map_cells.cells(bounds, cluster=prod.looked_at(at(clock)), **S)[0]

    assert (byte("12:40:00"), byte("13:30:00")) == (0x01, 0x81)


def test_at_the_last_read_numbers_are_those_of_now(prod: ClusterRow) -> None:
    last = at("14:00:00")
    now = {row.slug: row.numbers for row in pools.every(prod, **S)}
    here = {row.id: row.numbers for row in blocks.listed(prod, **S).rows}
    names = {row.name: row.allocated for row in namespaces.listed(prod, **S).rows}

    assert {p.slug: p.numbers for p in past_pools.every(prod, at=last, **S)} == now
    then = past_blocks.listed(prod, at=last, **S).rows
    assert {row.id: row.numbers for row in then} == here
    found = past_namespaces.listed(prod, at=last, **S).rows
    assert {row.name: row.allocated for row in found} == names


def numbers(prod: ClusterRow) -> list[Any]:
    """Return everything that is counted of an instant."""
    return [
        [row.numbers for row in past_blocks.listed(prod, at=LATE, **S).rows],
        [row.numbers for row in past_pools.every(prod, at=LATE, **S)],
        [row.slots_used for row in past_nodes.listed(prod, at=LATE, **S).rows],
        [row.allocated for row in past_namespaces.listed(prod, at=LATE, **S).rows],
    ]


@pytest.mark.parametrize("pk", [41, 51])
def test_what_ends_between_two_queries_is_counted_once(
    prod: ClusterRow, pk: int
) -> None:
    before = numbers(prod)

    with ending_before_the_past_is_read(pk):
        during = numbers(prod)

    assert during == before == numbers(prod)


def test_on_a_map_what_ends_between_two_queries_is_no_conflict(
    prod: ClusterRow,
) -> None:
    def drawn() -> tuple[bytes, Any]:
        then = prod.looked_at(LATE)
        bounds = parse_cidr("10.0.0.32/28")
        level = map_children.children(bounds, cluster=then, **S)
        assert level
        return map_cells.cells(bounds, cluster=then, **S), level.addresses

    before = drawn()
    with ending_before_the_past_is_read(41):
        during = drawn()

    assert during == before == drawn()


def spot(pk: int, first: int, last: int, node: int | None = None) -> Spot:
    return Spot(pk, "", Range(first, last), node, None, "assumed")


@pytest.mark.parametrize(
    ("address", "node", "found"),
    [
        (99, None, None),
        (100, None, 1),
        (115, None, 2),
        (119, None, 2),
        (117, 7, 1),
        (125, None, 1),
        (199, None, 1),
        (200, None, None),
        (310, None, 4),
    ],
)
def test_of_blocks_around_an_address_it_lies_in_its_nodes_else_the_last_to_begin(
    address: int, node: int | None, found: int | None
) -> None:
    around, near = spot(1, 100, 199, 7), spot(2, 110, 119, 8)
    spots = Spots([around, near, spot(3, 300, 303), spot(4, 304, 399)])
    holding = spots.holding(address, node_id=node)

    assert (holding and holding.id) == found
