from ipamweb.mirror.models import PoolRange
from ipamweb.mirror.queries import clusters, pools
from ipamweb.mirror.queries.clusters import ClusterRow
from ipamweb.mirror.scope import EVERYTHING
from tests import cast
from tests.cast import at


def test_a_pool_is_cut_into_blocks_and_its_numbers_add_up(prod: ClusterRow) -> None:
    pool = pools.one("cilium-cluster-pool-v4", cluster=prod, scope=EVERYTHING)

    assert pool is not None
    assert (pool.blocks_assigned, pool.blocks_total) == (3, 256)
    # 10.0.0.0/20 in 256 blocks of /28: 2 of each 16 are reserved.
    numbers = pool.numbers
    assert (numbers.size, numbers.reserved, numbers.capacity) == (4096, 512, 3584)
    assert (numbers.allocated, numbers.free) == (21, 3563)
    assert numbers.by_kind == (("pod", 17), ("router", 2), ("health", 2))


def test_the_pools_of_a_cluster_are_listed_by_slug(prod: ClusterRow) -> None:
    found = pools.every(prod, scope=EVERYTHING)

    assert [(pool.slug, str(pool.ranges[0].range)) for pool in found] == [
        ("cilium-cluster-pool-v4", "10.0.0.0/20"),
        ("cilium-cluster-pool-v6", "fd00::/116"),
    ]


def test_a_range_that_was_taken_away_counts_no_more(
    people: cast.Cast, prod: ClusterRow
) -> None:
    PoolRange.objects.filter(pool_id=1).update(valid_to=at("13:00:00"))

    pool = pools.one("cilium-cluster-pool-v4", cluster=prod, scope=EVERYTHING)

    assert pool is not None
    assert (pool.ranges, pool.blocks_total) == ((), None)


def test_a_pool_that_is_not_cut_has_no_total_of_blocks(
    people: cast.Cast, prod: ClusterRow
) -> None:
    PoolRange.objects.filter(pool_id=1).update(block_prefix_length=None)

    pool = pools.one("cilium-cluster-pool-v4", cluster=prod, scope=EVERYTHING)

    assert pool is not None
    assert (pool.blocks_total, pool.numbers.capacity) == (None, 4094)


def test_a_pool_of_another_cluster_is_not_found(people: cast.Cast) -> None:
    lab = clusters.one("lab", scope=EVERYTHING, now=cast.NOW)

    assert lab is not None
    assert pools.one("cilium-cluster-pool-v4", cluster=lab, scope=EVERYTHING) is None


def test_the_pools_of_all_clusters_come_at_once(people: cast.Cast) -> None:
    every = clusters.every(scope=EVERYTHING, now=cast.NOW)

    found = pools.of_clusters(every, scope=EVERYTHING)

    assert {of: len(rows) for of, rows in found.items()} == {1: 2, 2: 0}
