import pytest

from ipamweb.addressing.ranges import parse_cidr
from ipamweb.mirror.models import Pool, PoolRange
from ipamweb.mirror.queries import clusters, past_pools, pools
from ipamweb.mirror.queries.clusters import ClusterRow
from ipamweb.mirror.queries.paging import Window
from ipamweb.mirror.queries.pools import PoolFilter
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


V4, V6, LAN = "cilium-cluster-pool-v4", "cilium-cluster-pool-v6", "whereabouts-lan"


def insert_lan(of: cast.Cast) -> None:
    """Insert a pool of another system and network, over addresses of the first."""
    lan = Pool.objects.create(
        cluster=of.prod,
        slug=LAN,
        name="Storage LAN",
        system="whereabouts",
        network="storage",
        family=4,
        capacity_rule="whereabouts",
        first_seen=at("12:00:00"),
    )
    bounds = parse_cidr("10.0.15.0/24")
    PoolRange.objects.create(
        pool=lan,
        family=4,
        first=bounds.first,
        last=bounds.last,
        valid_from=at("12:00:00"),
    )


@pytest.mark.parametrize(
    ("wanted", "slugs"),
    [
        (PoolFilter(), [V4, V6, LAN]),
        (PoolFilter(family=6), [V6]),
        (PoolFilter(system="whereabouts"), [LAN]),
        (PoolFilter(system="calico"), []),
        (PoolFilter(network="storage"), [LAN]),
        (PoolFilter(q="pool-v"), [V4, V6]),
        (PoolFilter(q="storage l"), [LAN]),
        (PoolFilter(q="_"), []),
        (PoolFilter(q="10.0.15.7"), [V4, LAN]),
        (PoolFilter(q="10.0.16.0"), []),
        (PoolFilter(q="10.0.15.0/25"), [V4, LAN]),
        (PoolFilter(q="10.0.14.0/23"), [V4]),
        (PoolFilter(q="10.0.0.0/8"), []),
        (PoolFilter(q="FD00::0:1"), [V6]),
        (PoolFilter(q="10.0.15.7", network="storage"), [LAN]),
    ],
)
def test_pools_are_found_by_what_they_are_and_by_what_lies_in_their_ranges(
    people: cast.Cast, prod: ClusterRow, wanted: PoolFilter, slugs: list[str]
) -> None:
    insert_lan(people)
    then = at("13:30:00")

    found = pools.listed(prod, scope=EVERYTHING, wanted=wanted)
    was = past_pools.listed(prod, at=then, scope=EVERYTHING, wanted=wanted)

    assert [row.slug for row in found.rows] == slugs
    assert [row.slug for row in was.rows] == slugs
    assert pools.every(prod, scope=EVERYTHING, wanted=wanted) == found.rows


def test_an_address_is_looked_for_in_the_ranges_of_the_time_that_is_asked_about(
    people: cast.Cast, prod: ClusterRow
) -> None:
    PoolRange.objects.filter(pool_id=1).update(valid_to=at("13:00:00"))
    wanted = PoolFilter(q="10.0.0.35")

    slugs = {
        clock: [
            row.slug
            for row in past_pools.every(
                prod, at=at(clock), scope=EVERYTHING, wanted=wanted
            )
        ]
        for clock in ("12:59:59", "13:00:00")
    }

    assert slugs == {"12:59:59": [V4], "13:00:00": []}
    assert pools.every(prod, scope=EVERYTHING, wanted=wanted) == ()


def test_pages_of_a_filter_hold_what_passes_it_and_go_on(
    people: cast.Cast, prod: ClusterRow
) -> None:
    insert_lan(people)
    wanted = PoolFilter(family=4)
    first = pools.listed(prod, scope=EVERYTHING, wanted=wanted, window=Window(limit=1))
    second = pools.listed(
        prod, scope=EVERYTHING, wanted=wanted, window=Window(1, first.next)
    )

    assert [row.slug for row in (*first.rows, *second.rows)] == [V4, LAN]
    assert second.next == ""
