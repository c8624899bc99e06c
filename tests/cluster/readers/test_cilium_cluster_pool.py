from typing import Any

from ipamweb.addressing.capacity import block_numbers, status_total
from ipamweb.addressing.ranges import format_address
from ipamweb.addressing.records import Reading
from ipamweb.cluster.readers import cilium_cluster_pool
from tests.cluster.recorded import listed, listed_in


def textbook() -> Reading:
    return cilium_cluster_pool.read(listed_in("cilium_cluster_pool/textbook_node.json"))


def read_cilium_node(spec: dict[str, Any], **metadata: Any) -> Reading:
    node = {"metadata": {"uid": "c1", "name": "w1", **metadata}, "spec": spec}
    return cilium_cluster_pool.read(listed(ciliumnodes=[node]))


def test_the_textbook_node_has_its_block_of_the_cilium_node() -> None:
    reading = textbook()

    [block] = reading.blocks
    assert (str(block.range), block.node) == ("10.0.2.0/24", "worker-2")
    assert (block.system, block.capacity_rule) == ("cilium", "cilium-host-scope")
    assert block.owner_uid == "d0000000-0000-4000-8000-000000000002"
    assert block_numbers(block.range, block.capacity_rule).capacity == 254
    assert status_total(block.range) == 254


def test_the_textbook_node_holds_five_addresses_of_its_block() -> None:
    reading = textbook()
    [block] = reading.blocks

    owners = {
        format_address(address): f"{pod.namespace}/{pod.name}"
        for pod in reading.pods
        if pod.holds_addresses
        for address in pod.addresses
    } | {format_address(each.address): each.kind for each in reading.node_addresses
         if block.range.contains(each.address)}  # fmt: skip

    assert sorted(owners.items()) == [
        ("10.0.2.163", "default/nginx"),
        ("10.0.2.236", "router"),
        ("10.0.2.244", "default/tshoot-a"),
        ("10.0.2.48", "health"),
        ("10.0.2.74", "default/tshoot-b"),
    ]


def test_the_textbook_node_s_addresses_are_keyed_by_the_uid_of_the_node() -> None:
    keys = [(each.kind, each.owner_key) for each in textbook().node_addresses]

    uid = "b0000000-0000-4000-8000-000000000002"
    assert keys == [
        ("node", f"node:{uid}:node"),
        ("router", f"node:{uid}:router"),
        ("health", f"node:{uid}:health"),
    ]


def test_the_textbook_node_s_endpoint_names_its_pod() -> None:
    [endpoint] = textbook().endpoints

    assert (endpoint.namespace, endpoint.name, endpoint.state) == (
        "default",
        "nginx",
        "ready",
    )
    assert endpoint.pod_uid == "e0000000-0000-4000-8000-000000000001"
    assert [format_address(each) for each in endpoint.addresses] == ["10.0.2.163"]
    assert format_address(endpoint.node_address or 0) == "192.0.2.12"


def test_the_pod_cidrs_of_nodes_are_not_blocks_in_this_mode() -> None:
    node = {
        "metadata": {"uid": "n1", "name": "w1"},
        "spec": {"podCIDRs": ["10.244.2.0/24"]},
    }

    reading = cilium_cluster_pool.read(listed(nodes=[node]))

    assert [each.name for each in reading.nodes] == ["w1"]
    assert reading.blocks == []


def test_a_dual_stack_node_has_both_blocks_and_both_of_each_address() -> None:
    reading = read_cilium_node(
        {
            "addresses": [
                {"type": "InternalIP", "ip": "192.0.2.12"},
                {"type": "CiliumInternalIP", "ip": "10.0.2.236"},
                {"type": "CiliumInternalIP", "ip": "fd00::2ec"},
            ],
            "health": {"ipv4": "10.0.2.48", "ipv6": "fd00::230"},
            "ingress": {"ipv4": "10.0.2.90", "ipv6": "fd00::25a"},
            "ipam": {"podCIDRs": ["10.0.2.0/24", "fd00::200/120"]},
        }
    )

    assert [str(b.range) for b in reading.blocks] == ["10.0.2.0/24", "fd00::200/120"]
    assert [
        (each.kind, format_address(each.address), each.source)
        for each in reading.node_addresses
    ] == [
        ("router", "10.0.2.236", "ciliumnode.spec.addresses"),
        ("router", "fd00::2ec", "ciliumnode.spec.addresses"),
        ("health", "10.0.2.48", "ciliumnode.spec.health"),
        ("health", "fd00::230", "ciliumnode.spec.health"),
        ("ingress", "10.0.2.90", "ciliumnode.spec.ingress"),
        ("ingress", "fd00::25a", "ciliumnode.spec.ingress"),
    ]


def test_a_cilium_node_without_an_owner_is_known_by_its_own_uid() -> None:
    reading = read_cilium_node({"health": {"ipv4": "10.0.2.48"}})

    assert [each.owner_key for each in reading.node_addresses] == ["node:c1:health"]
    assert [each.object_uid for each in reading.node_addresses] == ["c1"]


def test_a_new_cilium_node_without_a_block_is_no_problem() -> None:
    reading = read_cilium_node({"ipam": {"podCIDRs": None}})

    assert (reading.blocks, reading.problems) == ([], [])


def test_one_bad_field_of_a_cilium_node_does_not_spoil_the_rest() -> None:
    reading = read_cilium_node(
        {
            "addresses": [{"type": "CiliumInternalIP", "ip": "10.0.2"}],
            "health": {"ipv4": "10.0.2.48"},
            "ipam": {"podCIDRs": ["10.0.2.0/24", "10.0.3.7/24", "x"]},
        }
    )

    assert [str(block.range) for block in reading.blocks] == [
        "10.0.2.0/24",
        "10.0.3.0/24",
    ]
    assert [each.kind for each in reading.node_addresses] == ["health"]
    assert [(each.object_uid, each.field) for each in reading.problems] == [
        ("c1", "spec.addresses"),
        ("c1", "spec.ipam.podCIDRs"),
        ("c1", "spec.ipam.podCIDRs"),
    ]


def test_an_endpoint_without_owner_or_status_is_still_read() -> None:
    endpoint = {"metadata": {"uid": "e1", "namespace": "shop", "name": "cart-0"}}

    reading = cilium_cluster_pool.read(listed(ciliumendpoints=[endpoint]))

    [one] = reading.endpoints
    assert (one.uid, one.pod_uid, one.addresses, one.node_address) == (
        "e1",
        "",
        (),
        None,
    )


def test_an_endpoint_s_bad_address_does_not_drop_its_good_one() -> None:
    endpoint = {
        "metadata": {"uid": "e1", "namespace": "shop", "name": "cart-0"},
        "status": {
            "networking": {
                "node": "worker-1",
                "addressing": [{"ipv4": "10.0.2.9", "ipv6": "fd00::g"}],
            }
        },
    }

    reading = cilium_cluster_pool.read(listed(ciliumendpoints=[endpoint]))

    assert [format_address(a) for a in reading.endpoints[0].addresses] == ["10.0.2.9"]
    assert [each.field for each in reading.problems] == [
        "status.networking.node",
        "status.networking.addressing",
    ]
