from typing import Any

import pytest

from ipamweb.addressing.ranges import parse_cidr
from ipamweb.mirror.models import Block, Node, Pool, PoolRange
from ipamweb.mirror.queries import map_blocks
from ipamweb.mirror.queries.clusters import ClusterRow
from ipamweb.mirror.queries.map_blocks import PoolColumns
from ipamweb.mirror.scope import EVERYTHING
from tests import cast
from tests.cast import uid


def columns(cluster: ClusterRow, slug: str = "cilium-cluster-pool-v4") -> PoolColumns:
    found = map_blocks.of_pool(slug, cluster=cluster, scope=EVERYTHING)
    assert found is not None
    return found


def block(number: int, cidr: str, **changes: Any) -> None:
    bounds = parse_cidr(cidr)
    given = {
        "id": number, "cluster_id": 1, "family": bounds.family, "pool_id": 1,
        "first": bounds.first, "last": bounds.last, "object_uid": uid(number),
        "system": "cilium", "capacity_rule": "cilium-host-scope",
        "from_earliest": cast.FIRST_AS_OF, "valid_from": cast.FIRST_AS_OF,
    }  # fmt: skip
    Block.objects.create(**{**given, **changes})


def test_blocks_come_in_address_order_with_their_nodes_slots(prod: ClusterRow) -> None:
    found = columns(prod)

    assert (found.count, found.outside, found.complete) == (3, 0, True)
    assert found.zones == ("", "eu-a", "eu-b")
    assert found.columns == {
        "index": [1, 2, 3],
        "prefix_length": [28, 28, 28],
        "slots_used": [13, 6, 0],
        "slots_total": [13, 13, 14],
        "allocated": [14, 7, 0],
        "capacity": [14, 14, 14],
        "zone": [1, 2, 2],
        "flags": [0, 0, 2],
    }


def test_a_range_says_how_it_is_cut_and_drawn(prod: ClusterRow) -> None:
    [v4] = columns(prod).ranges
    [v6] = columns(prod, "cilium-cluster-pool-v6").ranges

    assert (str(v4.cidr), v4.unit, v4.leaf, v4.blocks_total) == (
        "10.0.0.0/20", 28, 32, 256,
    )  # fmt: skip
    assert (str(v6.cidr), v6.unit, v6.leaf, v6.blocks_total) == (
        "fd00::/116", 124, 128, 256,
    )  # fmt: skip


@pytest.mark.parametrize(("length", "leaf"), [(64, 64), (119, 119), (120, 128)])
def test_cells_of_ipv6_are_blocks_where_these_are_larger_than_a_tile(
    prod: ClusterRow, length: int, leaf: int
) -> None:
    wide = parse_cidr("fd00::/56")
    PoolRange.objects.filter(pool_id=2).update(
        first=wide.first, last=wide.last, block_prefix_length=length
    )

    assert columns(prod, "cilium-cluster-pool-v6").ranges[0].leaf == leaf


def test_v2_the_columns_sum_up_to_the_pools_counters(prod: ClusterRow) -> None:
    found = columns(prod)
    pool = Pool.objects.get(pk=1)

    assert sum(found.columns["allocated"]) == pool.allocated
    assert found.count == pool.blocks_assigned


def test_smaller_blocks_make_the_unit_smaller(prod: ClusterRow) -> None:
    block(50, "10.0.1.4/30")
    found = columns(prod)

    assert found.ranges[0].unit == 30
    assert found.columns["index"] == [4, 8, 12, 65]


def test_a_block_of_no_node_is_marked_and_has_no_slots(prod: ClusterRow) -> None:
    Node.objects.filter(name="worker-a").update(gone_at=cast.AS_OF)
    found = columns(prod).columns

    assert (found["flags"][0], found["slots_total"][0], found["zone"][0]) == (1, 0, 0)


def test_slots_that_are_addresses_are_marked(prod: ClusterRow) -> None:
    Node.objects.filter(name="worker-a").update(max_pods=None)

    assert columns(prod).columns["flags"] == [4, 0, 2]


def test_blocks_that_share_addresses_are_marked_both(prod: ClusterRow) -> None:
    block(50, "10.0.0.32/27")

    assert columns(prod).columns["flags"] == [0, 1 | 8, 8, 2 | 8]


def test_a_nodes_further_block_is_marked_so_that_its_slots_count_once(
    prod: ClusterRow,
) -> None:
    block(50, "10.0.1.0/28", node_id=1, node_name="worker-a")
    found = columns(prod).columns

    assert found["flags"] == [0, 0, 2, 16]
    once = [
        s for s, f in zip(found["slots_used"], found["flags"], strict=True) if f < 16
    ]
    assert sum(once) == 13 + 6 + 0


def test_a_block_outside_of_the_pools_ranges_is_counted_and_not_drawn(
    prod: ClusterRow,
) -> None:
    block(50, "10.9.0.0/28")
    found = columns(prod)

    assert (found.count, found.outside) == (3, 1)


def test_each_range_of_a_pool_has_rows_of_its_own(prod: ClusterRow) -> None:
    second = parse_cidr("10.9.0.0/24")
    PoolRange.objects.create(
        pool_id=1, family=4, first=second.first, last=second.last,
        block_prefix_length=28, valid_from=cast.FIRST_AS_OF,
    )  # fmt: skip
    block(50, "10.9.0.16/28")
    found = columns(prod)

    assert [(str(r.cidr), r.start, r.count) for r in found.ranges] == [
        ("10.0.0.0/20", 0, 3), ("10.9.0.0/24", 3, 1),
    ]  # fmt: skip
    assert found.columns["index"] == [1, 2, 3, 1]


def test_a_pool_without_a_node_has_its_ranges_and_no_rows(prod: ClusterRow) -> None:
    Block.objects.update(valid_to=cast.AS_OF)
    found = columns(prod)

    assert (found.count, found.columns["index"], found.ranges[0].unit) == (0, [], 28)


def test_a_capacity_that_fits_no_column_is_the_largest(prod: ClusterRow) -> None:
    Block.objects.filter(pk=1).update(
        family=6,
        first=parse_cidr("fd00::/64").first,
        last=parse_cidr("fd00::/64").last,
        pool_id=2,
        capacity_rule="host-local",
    )
    wide = parse_cidr("fd00::/56")
    PoolRange.objects.filter(pool_id=2).update(first=wide.first, last=wide.last)

    found = columns(prod, "cilium-cluster-pool-v6").columns
    assert found["capacity"][0] == 0xFFFF_FFFF


def test_a_pool_that_is_not_there_has_no_columns(prod: ClusterRow) -> None:
    assert map_blocks.of_pool("x", cluster=prod, scope=EVERYTHING) is None
