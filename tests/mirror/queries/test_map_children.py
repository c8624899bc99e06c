from typing import Any

import pytest

from ipamweb.addressing.ranges import parse_cidr
from ipamweb.mirror.models import Block, Pool, PoolRange
from ipamweb.mirror.queries import map_children, map_ground
from ipamweb.mirror.queries.clusters import ClusterRow
from ipamweb.mirror.queries.map_children import ChildRow, Level
from ipamweb.mirror.scope import EVERYTHING, Scope
from tests import cast
from tests.mirror.queries.conftest import SHOP_ONLY
from tests.mirror.queries.test_map_blocks import block


def level(
    cluster: ClusterRow, cidr: str, scope: Scope = EVERYTHING, **options: Any
) -> Level:
    found = map_children.children(
        parse_cidr(cidr), cluster=cluster, scope=scope, **options
    )
    assert found is not None
    return found


def widened(cidr: str, *, pool: int = 1, length: int = 28) -> None:
    """Give a pool another range."""
    bounds = parse_cidr(cidr)
    PoolRange.objects.filter(pool_id=pool).update(
        first=bounds.first, last=bounds.last, block_prefix_length=length
    )


def told(row: ChildRow) -> tuple[str, str, int, int | None]:
    return row.kind, str(row.range), row.blocks_assigned, row.blocks_total


def test_a_level_holds_sums_and_one_row_for_what_is_not_assigned(
    prod: ClusterRow,
) -> None:
    found = level(prod, "10.0.0.0/20")
    first, rest = found.rows

    assert (found.child_length, found.children_total) == (24, 16)
    assert told(first) == ("blocks", "10.0.0.0/24", 3, 16)
    assert (first.slots_used, first.slots_total) == (19, 40)
    assert (first.allocated, first.capacity, first.free) == (21, 42, 21)
    assert told(rest) == ("unassigned", "10.0.1.0-10.0.15.255", 0, 240)
    assert rest.children == 15


def test_a_child_that_is_a_nodes_block_names_the_node(prod: ClusterRow) -> None:
    Block.objects.update(valid_to=cast.AS_OF)
    block(50, "10.0.3.0/24", node_id=1, node_name="worker-a", allocated=14)
    row = level(prod, "10.0.0.0/20").rows[1]

    assert told(row) == ("block", "10.0.3.0/24", 1, 16)
    assert (row.node, row.zone, row.slots_used) == ("worker-a", "eu-a", 13)
    assert (row.allocated, row.capacity, row.free) == (14, 254, 240)


def test_a_nodes_slots_count_once_in_a_child(prod: ClusterRow) -> None:
    block(50, "10.0.0.64/28", node_id=1, node_name="worker-a")

    assert level(prod, "10.0.0.0/20").rows[0].slots_used == 13 + 6 + 0


def test_a_child_inside_a_larger_block_counts_its_own_addresses(
    prod: ClusterRow,
) -> None:
    widened("10.0.0.0/16", length=22)
    block(50, "10.0.4.0/22", node_id=3, node_name="worker-c", allocated=2)
    cast.allocation(900, "10.0.5.9", owner_key="x", block_id=50).save()
    cast.allocation(901, "10.0.5.10", owner_key="y", block_id=50).save()
    parts = [row for row in level(prod, "10.0.0.0/16").rows if row.kind == "part"]

    assert [str(row.range) for row in parts] == [
        "10.0.4.0/24", "10.0.5.0/24", "10.0.6.0/24", "10.0.7.0/24",
    ]  # fmt: skip
    assert [row.allocated for row in parts] == [0, 2, 0, 0]
    # The block's first and last address are set aside.
    assert [row.capacity for row in parts] == [255, 256, 256, 255]
    assert {str(row.block) for row in parts} == {"10.0.4.0/22"}


def test_what_is_held_where_nothing_is_assigned_is_told(prod: ClusterRow) -> None:
    cast.allocation(900, "10.0.9.9", owner_key="x").save()

    assert level(prod, "10.0.0.0/20").rows[-1].allocated == 1


@pytest.mark.parametrize("cidr", ["10.0.0.0/20", "fd00::/116"])
def test_v2_the_rows_sum_up_to_the_pools_counters(prod: ClusterRow, cidr: str) -> None:
    found = level(prod, cidr)
    pool = Pool.objects.get(slug=found.where.pool)

    assert sum(row.allocated for row in found.rows) == pool.allocated
    assert sum(row.blocks_assigned for row in found.rows) == pool.blocks_assigned
    assert sum(row.blocks_total or 0 for row in found.rows) == 256


@pytest.mark.parametrize("cidr", ["10.0.0.0/20", "10.0.0.0/24", "10.0.0.32/28"])
def test_m5_rows_cover_the_cidr_without_gaps(prod: ClusterRow, cidr: str) -> None:
    found = level(prod, cidr)
    rows = [row.range for row in (*found.rows, *found.addresses)]

    assert rows[0].first == found.bounds.first
    assert rows[-1].last == found.bounds.last
    assert all(a.last + 1 == b.first for a, b in zip(rows, rows[1:], strict=False))


def test_a_tile_of_addresses_names_owners_and_joins_what_nobody_holds(
    prod: ClusterRow,
) -> None:
    found = level(prod, "10.0.0.32/28").addresses
    spoken = [
        (row.kind, str(row.range), row.owner.pod if row.owner else "", row.owners)
        for row in found
    ]

    assert spoken == [
        ("reserved", "10.0.0.32/32", "", 0),
        ("held", "10.0.0.33/32", "", 1),
        ("held", "10.0.0.34/32", "", 1),
        ("held", "10.0.0.35/32", "cart-0", 1),
        ("held", "10.0.0.36/32", "cart-1", 1),
        ("held", "10.0.0.37/32", "pay-1", 1),
        ("held", "10.0.0.38/32", "cart-2", 1),
        ("held", "10.0.0.39/32", "job-1", 2),
        ("free", "10.0.0.40-10.0.0.46", "", 0),
        ("reserved", "10.0.0.47/32", "", 0),
    ]


def test_v9_owners_outside_the_scope_are_not_named(prod: ClusterRow) -> None:
    found = level(prod, "10.0.0.16/28", SHOP_ONLY).addresses
    held = [row.owner for row in found if row.owner and row.owner.kind == "pod"]

    assert len(held) == 12
    assert all(owner.owner_hidden and not owner.pod for owner in held)


def test_the_way_down_follows_the_cuts_of_the_plane(prod: ClusterRow) -> None:
    widened("10.0.0.0/11", length=24)
    found = level(prod, "10.0.0.0/24")

    assert [str(each) for each in found.path] == [
        "10.0.0.0/11", "10.0.0.0/16", "10.0.0.0/24",
    ]  # fmt: skip
    assert (found.leaf, found.child_length) == (32, 32)


def test_an_ipv6_pool_of_64s_ends_at_the_blocks(prod: ClusterRow) -> None:
    widened("fd00::/56", pool=2, length=64)
    found = level(prod, "fd00::/56")

    assert (found.child_length, found.leaf, found.children_total) == (64, 64, 256)
    assert [told(row) for row in found.rows] == [
        ("blocks", "fd00::/64", 3, 1),
        ("unassigned", "fd00:0:0:1::-fd00::ff:ffff:ffff:ffff:ffff", 0, 255),
    ]


def test_a_window_inside_a_64_is_a_tile_of_addresses(prod: ClusterRow) -> None:
    widened("fd00::/56", pool=2, length=64)
    found = level(prod, "fd00::/120")

    assert (found.leaf, found.children_total, found.rows) == (128, 256, ())
    assert sum(row.kind == "held" for row in found.addresses) == 20


def test_the_narrowest_range_is_taken_and_a_pool_may_be_named(
    prod: ClusterRow,
) -> None:
    pool = Pool.objects.create(
        id=50, cluster_id=1, slug="wide", name="wide", system="x", family=4,
        capacity_rule="assumed", first_seen=cast.AS_OF,
    )  # fmt: skip
    bounds = parse_cidr("10.0.0.0/8")
    PoolRange.objects.create(
        pool=pool, family=4, first=bounds.first, last=bounds.last,
        valid_from=cast.AS_OF,
    )  # fmt: skip

    assert level(prod, "10.0.0.0/24").where.pool == "cilium-cluster-pool-v4"
    assert level(prod, "10.0.0.0/24", pool="wide").where.pool == "wide"
    assert level(prod, "10.0.0.0/12").rows[0].blocks_total is None


def test_what_no_pool_holds_has_no_level(prod: ClusterRow) -> None:
    asked = parse_cidr("192.0.2.0/24")

    assert map_children.children(asked, cluster=prod, scope=EVERYTHING) is None


def test_a_child_whose_blocks_share_addresses_says_so(prod: ClusterRow) -> None:
    block(50, "10.0.0.48/29")

    assert level(prod, "10.0.0.0/20").rows[0].flags == map_ground.OVERLAPS
