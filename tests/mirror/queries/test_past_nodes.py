from typing import Any

import pytest

from ipamweb.addressing.ranges import format_address
from ipamweb.mirror.models import Node, NodeVersion
from ipamweb.mirror.queries import (
    past_blocks,
    past_namespaces,
    past_nodes,
    past_pods,
    past_pools,
)
from ipamweb.mirror.queries.blocks import BlockFilter
from ipamweb.mirror.queries.clusters import ClusterRow
from ipamweb.mirror.queries.nodes import NodeFilter
from ipamweb.mirror.queries.pods import PodFilter
from ipamweb.mirror.scope import EVERYTHING
from tests.cast import at
from tests.mirror.queries.conftest import SHOP_ONLY

S: dict[str, Any] = {"scope": EVERYTHING}
THEN = at("12:20:00")


def test_a_node_with_what_was_on_it(prod: ClusterRow) -> None:
    found = past_nodes.one("worker-b", cluster=prod, at=THEN, **S)
    assert found is not None

    held = [format_address(row.address) for row in found.allocations]
    assert held[:3] == ["10.0.0.33", "10.0.0.34", "10.0.0.35"]
    assert [pod.name for pod in found.pods] == ["old-1"]
    numbers = {each.family: each for each in found.node.families}
    assert (numbers[4].allocated, numbers[4].free, dict(numbers[4].by_kind)) == (
        3, 11, {"pod": 1, "router": 1, "health": 1},
    )  # fmt: skip
    assert (found.node.slots_used, found.node.slots_free) == (1, 11)


@pytest.mark.parametrize("clock", ["11:00:00", "12:20:00", "12:40:00", "13:30:00"])
def test_the_list_and_the_node_say_the_same(prod: ClusterRow, clock: str) -> None:
    rows = past_nodes.listed(prod, at=at(clock), **S).rows
    details = [
        past_nodes.one(row.name, cluster=prod, at=at(clock), **S) for row in rows
    ]

    assert [each and each.node.families for each in details] == [
        row.families for row in rows
    ]
    assert [each and each.node.slots_used for each in details] == [
        row.slots_used for row in rows
    ]


def test_before_it_was_seen_there_was_no_node(prod: ClusterRow) -> None:
    before = at("11:59:59")

    assert past_nodes.listed(prod, at=before, **S).rows == ()
    assert past_nodes.one("worker-a", cluster=prod, at=before, **S) is None
    assert past_nodes.named("worker-a", cluster=prod, at=before, **S) is None


def test_the_facts_are_those_of_then(prod: ClusterRow) -> None:
    node = Node.objects.get(name="worker-a")
    for zone, begin, end in [
        ("eu-z", "12:00:00", "12:30:00"),
        ("eu-a", "12:30:00", ""),
    ]:
        NodeVersion.objects.create(
            node=node,
            zone=zone,
            max_pods=30,
            valid_from=at(begin),
            valid_to=at(end) if end else None,
        )
    found = past_nodes.named("worker-a", cluster=prod, at=THEN, **S)

    assert found is not None
    assert (found.zone, found.max_pods, found.ready) == ("eu-z", 30, None)
    wanted = NodeFilter(zone="eu-z")
    (row,) = past_nodes.listed(prod, at=THEN, wanted=wanted, **S).rows
    assert row.name == "worker-a"


def test_blocks_say_what_was_held_in_them(prod: ClusterRow) -> None:
    wanted = BlockFilter(node="worker-b", family=4)
    (row,) = past_blocks.listed(prod, at=THEN, wanted=wanted, **S).rows

    assert (str(row.range), row.numbers.allocated, row.numbers.free) == (
        "10.0.0.32/28", 3, 11,
    )  # fmt: skip


def test_two_owners_of_an_address_count_once(prod: ClusterRow) -> None:
    wanted = BlockFilter(node="worker-b", family=4)
    (row,) = past_blocks.listed(prod, at=at("12:40:00"), wanted=wanted, **S).rows

    # gw, hc, cart-0 to cart-2, pay-1, job-1 with job-2, done-1.
    assert row.numbers.allocated == 8


def test_pods_that_were_there_with_their_addresses(prod: ClusterRow) -> None:
    found = past_pods.listed(prod, at=THEN, wanted=PodFilter(namespace="batch"), **S)

    assert [(pod.name, pod.phase, pod.reported) for pod in found.rows] == [
        ("old-1", "", ())
    ]
    assert [format_address(each) for each in found.rows[0].addresses] == ["10.0.0.35"]


def test_pods_outside_the_scope_were_not_there(prod: ClusterRow) -> None:
    assert past_pods.listed(prod, at=THEN, scope=SHOP_ONLY).rows == ()
    found = past_nodes.one("worker-b", cluster=prod, at=THEN, scope=SHOP_ONLY)
    assert found is not None
    assert found.pods == ()
    assert found.node.slots_used == 1


def test_after_the_last_read_numbers_are_of_then_and_owners_only_possible(
    prod: ClusterRow,
) -> None:
    then, late = (
        past_nodes.one("worker-b", cluster=prod, at=at(clock), **S)
        for clock in ("14:00:00", "14:00:03")
    )
    assert then
    assert late

    assert late.node == then.node
    assert late.pods == then.pods
    assert {row.state for row in late.allocations} == {"possible"}
    assert [row.id for row in late.allocations] == [row.id for row in then.allocations]


def test_after_the_last_read_lists_are_of_then(prod: ClusterRow) -> None:
    then, late = at("14:00:00"), at("14:00:03")

    for listed in (past_nodes.listed, past_blocks.listed, past_pods.listed,
                   past_pools.listed, past_namespaces.listed):  # fmt: skip
        assert listed(prod, at=late, **S) == listed(prod, at=then, **S)
