from typing import Any

import pytest

from ipamweb.addressing.capacity import block_numbers
from ipamweb.addressing.ranges import family_of, format_address
from ipamweb.addressing.records import Reading
from ipamweb.cluster.readers import node_pod_cidr
from ipamweb.cluster.readers.contract import ReaderSettings
from tests.cluster.recorded import listed, listed_answers, listed_in

HOST_SCOPE = ReaderSettings(capacity_rule="cilium-host-scope", cilium=True)


def read_node(spec: dict[str, Any]) -> Reading:
    node = {"metadata": {"uid": "n1", "name": "worker-1"}, "spec": spec}
    return node_pod_cidr.read(listed(nodes=[node]))


def blocks(reading: Reading) -> list[tuple[str, str]]:
    return [(block.node, str(block.range)) for block in reading.blocks]


def test_the_textbook_host_scope_has_three_dual_stack_blocks() -> None:
    reading = node_pod_cidr.read(listed_answers(nodes="nodes-list"), HOST_SCOPE)

    assert blocks(reading) == [
        ("node1", "10.244.0.0/24"),
        ("node1", "fd00:10:244::/64"),
        ("node2", "10.244.1.0/24"),
        ("node2", "fd00:10:244:1::/64"),
        ("node3", "10.244.2.0/24"),
        ("node3", "fd00:10:244:2::/64"),
    ]


def test_the_textbook_host_scope_has_cilium_s_capacities() -> None:
    reading = node_pod_cidr.read(listed_answers(nodes="nodes-list"), HOST_SCOPE)

    capacities = [
        block_numbers(block.range, block.capacity_rule).capacity
        for block in reading.blocks
    ]
    assert capacities == [254, 65_534] * 3


def test_the_textbook_host_scope_has_both_families_of_each_pod_in_its_node() -> None:
    reading = node_pod_cidr.read(
        listed_answers(nodes="nodes-list", pods="pods-list-rv0"), HOST_SCOPE
    )

    held = [pod for pod in reading.pods if pod.holds_addresses and pod.addresses]
    assert held
    for pod in held:
        own = [block.range for block in reading.blocks if block.node == pod.node]
        assert [family_of(address) for address in pod.addresses] == [4, 6]
        assert all(any(b.contains(a) for b in own) for a in pod.addresses)


def test_the_textbook_host_scope_has_router_and_health_of_each_node() -> None:
    reading = node_pod_cidr.read(
        listed_answers(ciliumnodes="ciliumnodes-list"), HOST_SCOPE
    )

    assert [
        (each.node, each.kind, format_address(each.address))
        for each in reading.node_addresses
    ] == [
        ("node1", "router", "10.244.0.236"),
        ("node1", "health", "10.244.0.48"),
        ("node2", "router", "10.244.1.236"),
        ("node2", "health", "10.244.1.48"),
        ("node3", "router", "10.244.2.236"),
        ("node3", "health", "10.244.2.48"),
    ]


def test_the_copies_in_cilium_nodes_are_no_second_blocks() -> None:
    reading = node_pod_cidr.read(
        listed_answers(nodes="nodes-list", ciliumnodes="ciliumnodes-list"), HOST_SCOPE
    )

    assert len(reading.blocks) == 6


def test_blocks_of_an_allocator_we_do_not_know_are_assumed() -> None:
    [block] = read_node({"podCIDRs": ["10.244.1.0/24"]}).blocks

    assert (block.system, block.capacity_rule) == ("kubernetes", "assumed")
    assert block.owner_uid == "n1"


@pytest.mark.parametrize(
    ("spec", "expected"),
    [
        ({"podCIDR": "10.244.1.0/24"}, ["10.244.1.0/24"]),
        ({"podCIDR": "10.244.1.0/24", "podCIDRs": None}, ["10.244.1.0/24"]),
        ({"podCIDRs": ["10.244.1.0/24", "10.244.1.0/24"]}, ["10.244.1.0/24"]),
        ({"podCIDRs": ["ffff:ffff:ffff:ffff:ffff:ffff:ffff:ff00/120"]},
         ["ffff:ffff:ffff:ffff:ffff:ffff:ffff:ff00/120"]),
        ({}, []),
    ],
    ids=["only podCIDR", "null list", "twice", "top of ipv6", "none"],
)  # fmt: skip
def test_blocks_are_the_pod_cidrs_of_a_node(
    spec: dict[str, Any], expected: list[str]
) -> None:
    reading = read_node(spec)

    assert [cidr for _, cidr in blocks(reading)] == expected
    assert reading.problems == []


def test_host_bits_of_a_pod_cidr_are_ignored_and_named() -> None:
    reading = read_node({"podCIDRs": ["10.244.1.5/24", "fd00::/64"]})

    assert [cidr for _, cidr in blocks(reading)] == ["10.244.1.0/24", "fd00::/64"]
    [problem] = reading.problems
    assert (problem.kind, problem.object) == ("Node", "worker-1")
    assert problem.field == "spec.podCIDRs"
    assert problem.why == "'10.244.1.5/24' has host bits set; the CIDR is 10.244.1.0/24"


def test_a_pod_cidr_that_is_none_does_not_drop_the_node_or_the_others() -> None:
    reading = read_node({"podCIDRs": ["10.244.1.0/33", "fd00::/64"]})

    assert [node.name for node in reading.nodes] == ["worker-1"]
    assert [cidr for _, cidr in blocks(reading)] == ["fd00::/64"]
    assert [each.object_uid for each in reading.problems] == ["n1"]


def test_cilium_s_annotations_stand_in_where_nothing_else_says_so() -> None:
    settings = ReaderSettings("cilium-host-scope", cilium=True, node_annotations=True)

    reading = node_pod_cidr.read(
        listed_in("node_pod_cidr/annotated_node.json"), settings
    )

    assert blocks(reading) == [
        ("worker-1", "10.244.1.0/24"),
        ("worker-1", "fd00:10:244:1::/64"),
        ("worker-2", "10.244.2.0/24"),
    ]
    assert [
        (each.kind, format_address(each.address))
        for each in reading.node_addresses
        if each.node == "worker-1"
    ] == [
        ("router", "10.244.1.236"),
        ("router", "fd00:10:244:1::ec"),
        ("health", "10.244.1.48"),
        ("health", "fd00:10:244:1::30"),
        ("ingress", "10.244.1.90"),
        ("ingress", "fd00:10:244:1::5a"),
    ]


def test_annotations_are_not_read_beside_cilium_nodes() -> None:
    listed_nodes = listed_in("node_pod_cidr/annotated_node.json")

    reading = node_pod_cidr.read(listed_nodes, HOST_SCOPE)

    assert reading.node_addresses == []


def test_annotations_that_another_cni_did_not_remove_are_not_believed() -> None:
    reading = node_pod_cidr.read(listed_in("node_pod_cidr/annotated_node.json"))

    assert (reading.blocks, reading.node_addresses) == ([], [])
