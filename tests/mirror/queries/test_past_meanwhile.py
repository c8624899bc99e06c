"""What ends while the past is read is told once."""

from typing import Any

from ipamweb.addressing.ranges import parse_address
from ipamweb.mirror.queries import (
    compared_allocations,
    past_clusters,
    past_namespace_use,
    past_namespaces,
    past_pod_others,
    past_pods,
)
from ipamweb.mirror.queries.allocation_filters import AllocationFilter
from ipamweb.mirror.queries.clusters import ClusterRow
from ipamweb.mirror.queries.pods import PodFilter
from ipamweb.mirror.scope import EVERYTHING
from tests.cast import at, uid
from tests.mirror.queries.moments import ending_before_the_past_is_read

S: dict[str, Any] = {"scope": EVERYTHING}
THEN = at("13:30:00")
# cart-0 has 10.0.0.35, which old-1 had, as this allocation.
CART_0, HELD = uid(421), 41
ADDRESS = parse_address("10.0.0.35")


def test_a_pod_in_a_list_has_each_address_once(prod: ClusterRow) -> None:
    with ending_before_the_past_is_read(HELD):
        found = past_pods.listed(prod, at=THEN, wanted=PodFilter(q="cart-0"), **S)

    assert len(found.rows[0].addresses) == len(set(found.rows[0].addresses)) == 2


def test_a_pod_has_each_allocation_once(prod: ClusterRow) -> None:
    with ending_before_the_past_is_read(HELD):
        found = past_pods.one(CART_0, cluster=prod, at=THEN, **S)

    assert found
    assert [row.id for row in found.allocations] == [HELD, HELD + 1]


def test_another_holder_of_an_address_is_told_once(prod: ClusterRow) -> None:
    with ending_before_the_past_is_read(HELD):
        found = past_pod_others.other_holders(
            [ADDRESS], owner_key="", at=THEN, cluster=prod, **S
        )

    assert [row.id for row in found] == [HELD, 61]


def test_what_came_to_a_namespace_last_is_told_once(prod: ClusterRow) -> None:
    shop = past_namespaces.one("shop", cluster=prod, at=THEN, **S)
    assert shop
    with ending_before_the_past_is_read(HELD):
        found = past_namespace_use.newest(shop, cluster=prod, at=THEN, most=50, **S)

    ids = [row.id for row in found]
    assert ids.count(HELD) == 1
    assert len(set(ids)) == len(ids)


def test_a_cluster_counts_it_once(prod: ClusterRow) -> None:
    before = past_clusters.as_of(prod, at=THEN, **S).allocations
    with ending_before_the_past_is_read(HELD):
        found = past_clusters.as_of(prod, at=THEN, **S)

    assert found.allocations == before


def test_beside_another_instant_a_holder_is_told_once(prod: ClusterRow) -> None:
    times = compared_allocations.between(prod, at=THEN, vs=at("12:20:00"), **S)
    with ending_before_the_past_is_read(HELD):
        found = compared_allocations.listed(
            prod, times=times, wanted=AllocationFilter(address=ADDRESS), **S
        )

    assert [
        ([row.id for row in each.before], [row.id for row in each.after])
        for each in found.rows
    ] == [([61], [HELD])] * 2
