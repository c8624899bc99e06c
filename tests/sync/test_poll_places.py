"""Nodes, blocks and namespaces over time: late facts, and places made again."""

import pytest

from ipamweb.mirror.models import Block, Namespace, Node
from tests.sync.world import World, at, cilium_node, node, pod

pytestmark = pytest.mark.django_db


def test_a_node_that_goes_and_comes_back_with_another_cidr(world: World) -> None:
    world.poll()
    world.remove("worker-a", kind="nodes")
    world.poll()
    world.add(node("worker-a", "10.244.9.0/24"), kind="nodes")
    world.poll()

    first, second = Block.objects.filter(node_name="worker-a").order_by("id")
    assert (first.valid_to, first.to_latest) == (at("12:00:05"), at("12:00:10"))
    assert (second.from_earliest, second.valid_from) == (at("12:00:10"), at("12:00:15"))
    assert second.node == world.node("worker-a") != first.node
    assert world.cluster.node_count == 2
    assert world.faults_found == []


def test_a_node_replaced_between_two_polls_is_two_nodes(world: World) -> None:
    world.poll()
    world.remove("worker-a", kind="nodes")
    world.add(node("worker-a", "10.244.9.0/24"), kind="nodes")
    world.add(pod("web", "10.244.9.5"))
    world.poll()

    old, new = Node.objects.filter(name="worker-a").order_by("id")
    assert (old.gone_by, new.gone_by) == (at("12:00:10"), None)
    assert world.pod("web").node == new
    assert world.block("worker-a").node == new
    assert world.allocation("10.244.9.5").block == world.block("worker-a")
    assert world.faults_found == []


@pytest.mark.parametrize("complete", [False, True], ids=["drain", "list"])
@pytest.mark.parametrize("between", [False, True], ids=["at-once", "a-poll-between"])
def test_a_node_made_again_with_its_cidr_takes_its_pods_in(
    world: World, between: bool, complete: bool
) -> None:
    world.add(pod("web", "10.244.1.5"))
    world.poll()
    old = world.block("worker-a")
    world.remove("worker-a", kind="nodes")
    if between:
        world.poll()
    world.add(node("worker-a", "10.244.1.0/24"), kind="nodes")
    world.poll(complete=complete)

    new = world.block("worker-a")
    assert new != old
    assert (new.allocated, Block.objects.get(pk=old.pk).allocated) == (1, 0)
    held = world.allocation("10.244.1.5")
    assert (held.block, held.node) == (new, world.node("worker-a"))
    assert (held.valid_from, world.past()) == (at("12:00:05"), [])
    assert world.node("worker-a").slots_used == 1
    assert world.faults_found == []


def test_a_node_that_comes_after_its_pods_takes_them_in(world: World) -> None:
    world.add(pod("web", "10.244.3.5", node="worker-c"))
    world.poll()
    homeless = world.allocation("10.244.3.5")
    world.add(node("worker-c", "10.244.3.0/24"), kind="nodes")
    world.poll()

    assert (homeless.node, homeless.block) == (None, None)
    assert world.pod("web").node == world.node("worker-c")
    assert world.allocation("10.244.3.5").block == world.block("worker-c")
    assert world.node("worker-c").slots_used == 1
    assert world.faults_found == []


def test_a_namespace_that_comes_after_its_pods_takes_them_in(world: World) -> None:
    world.add(pod("web", "10.244.1.5", namespace="shop"))
    world.poll()
    made = {"name": "shop", "creationTimestamp": "2026-11-22T12:00:00Z"}
    world.add({"metadata": made}, kind="namespaces")
    world.poll()

    shop = Namespace.objects.get(name="shop")
    assert world.pod("web").namespace_uid == shop.uid
    assert world.allocation("10.244.1.5").namespace_uid == shop.uid
    assert (shop.pod_count, shop.allocated_v4) == (1, 1)
    assert world.faults_found == []


def test_a_new_namespace_does_not_take_in_pods_that_went_before_it(
    world: World,
) -> None:
    world.add(pod("web", "10.244.1.5", namespace="shop"))
    world.poll()
    world.store.delete("pods", "web", namespace="shop")
    world.poll()
    world.add({"metadata": {"name": "shop"}}, kind="namespaces")
    world.poll()

    assert world.pod("web").namespace_uid == ""


def test_pods_of_a_namespace_made_again_belong_to_the_new_one(world: World) -> None:
    world.add({"metadata": {"name": "shop"}}, kind="namespaces")
    world.poll()
    world.remove("shop", kind="namespaces")
    world.add({"metadata": {"name": "shop"}}, kind="namespaces")
    world.add(pod("web", "10.244.1.5", namespace="shop"))
    world.poll()

    old, new = Namespace.objects.filter(name="shop").order_by("id")
    assert (old.gone_by, new.gone_by) == (at("12:00:10"), None)
    assert world.pod("web").namespace_uid == new.uid
    assert (old.pod_count, new.pod_count) == (0, 1)
    assert world.faults_found == []


def test_a_namespace_that_is_restored_is_there_again(world: World) -> None:
    shop = {"metadata": {"name": "shop", "uid": "shop-uid"}}
    world.add(shop, kind="namespaces")
    world.poll()
    world.remove("shop", kind="namespaces")
    world.poll()
    world.add(shop, kind="namespaces")
    world.add(pod("web", "10.244.1.5", namespace="shop"))
    world.poll()

    assert Namespace.objects.get(name="shop").gone_by is None
    assert world.pod("web").namespace_uid == "shop-uid"
    assert world.faults_found == []


def test_a_node_that_is_restored_is_there_again(world: World) -> None:
    restored = node("worker-c", "10.244.3.0/24", uid="worker-c-uid")
    world.add(restored, kind="nodes")
    world.poll()
    world.remove("worker-c", kind="nodes")
    world.poll()
    world.add(pod("web", "10.244.3.5", node="worker-c"))
    world.poll()
    world.add(restored, kind="nodes")
    world.poll()

    assert world.node("worker-c").gone_by is None
    assert world.pod("web").node == world.node("worker-c")
    assert world.allocation("10.244.3.5").block == world.block("worker-c")
    assert world.faults_found == []


def test_labels_of_a_namespace_keep_their_versions(world: World) -> None:
    world.poll()
    world.patch(
        "default", {"metadata": {"labels": {"team": "shop"}}}, kind="namespaces"
    )
    world.poll()

    [old, new] = Namespace.objects.get(name="default").versions.order_by("id")
    assert (old.labels, old.valid_to) == ({}, at("12:00:10"))
    assert (new.labels, new.valid_from) == ({"team": "shop"}, at("12:00:10"))


def test_facts_of_a_node_keep_their_versions(world: World) -> None:
    world.poll()
    zone = {"metadata": {"labels": {"topology.kubernetes.io/zone": "eu-1a"}}}
    world.patch("worker-a", zone, kind="nodes")
    world.poll()

    [old, new] = world.node("worker-a").versions.order_by("id")
    assert (old.zone, old.valid_to) == ("", at("12:00:10"))
    assert (new.zone, new.valid_to) == ("eu-1a", None)


def test_max_pods_that_change_move_the_free_slots(world: World) -> None:
    world.poll()
    world.patch("worker-a", {"status": {"allocatable": {"pods": "30"}}}, kind="nodes")
    world.poll()

    assert world.node("worker-a").slots_free == 30
    assert world.faults_found == []


def test_a_capacity_rule_that_changes_makes_another_block(world: World) -> None:
    world.add(pod("web", "10.244.1.5"))
    world.poll()
    world.simulator.restore_group("cilium.io")
    config = {"ipam": "kubernetes", "enable-ipv4": "true"}
    world.add(
        {"metadata": {"namespace": "kube-system", "name": "cilium-config"},
         "data": config},
        kind="configmaps",
    )  # fmt: skip
    world.poll(complete=True)

    assert world.cluster.last_error == ""
    assert world.block("worker-a").capacity_rule == "cilium-host-scope"
    assert world.allocation("10.244.1.5").block == world.block("worker-a")
    assert world.faults_found == []


def test_the_textbook_node_of_cluster_scope(cilium_world: World) -> None:
    for name, address in (("nginx", "10.0.2.163"), ("tshoot-a", "10.0.2.244"),
                          ("tshoot-b", "10.0.2.74")):  # fmt: skip
        cilium_world.add(pod(name, address, node="w1"))
    cilium_world.poll()

    block = cilium_world.block("w1")
    assert block.allocated == 5
    assert block.allocated_by_kind == {"health": 1, "pod": 3, "router": 1}
    assert cilium_world.faults_found == []


def test_a_router_that_moves_leaves_its_past(cilium_world: World) -> None:
    cilium_world.poll()
    moved = [{"type": "CiliumInternalIP", "ip": "10.0.2.7"}]
    cilium_world.patch("w1", {"spec": {"addresses": moved}}, kind="ciliumnodes")
    cilium_world.poll()

    [past] = cilium_world.past("10.0.2.236")
    assert (past.kind, past.closed_by) == ("router", "ip-change")
    assert cilium_world.allocation("10.0.2.7").kind == "router"
    assert cilium_world.faults_found == []


@pytest.mark.parametrize("complete", [False, True], ids=["drain", "list"])
def test_an_address_of_a_node_says_what_it_was_seen_in(
    cilium_world: World, complete: bool
) -> None:
    """A complete poll, too, tells from the stream what came since the last one."""
    cilium_world.poll()
    cilium_world.add(cilium_node("w2", "10.0.3.0/24", "10.0.3.9"), kind="ciliumnodes")
    cilium_world.poll(complete=complete)

    listed = cilium_world.allocation("10.0.2.236")
    told = cilium_world.allocation("10.0.3.9")
    assert (listed.opened_by, listed.opened_sequence) == ("list", 0)
    assert (told.opened_by, told.opened_sequence) == ("watch", 1)


def test_a_cilium_node_that_comes_before_its_node(cilium_world: World) -> None:
    cilium_world.poll()
    cilium_world.add(cilium_node("w2", "10.0.3.0/24", "10.0.3.9"), kind="ciliumnodes")
    cilium_world.poll()
    cilium_world.add(node("w2"), kind="nodes")
    cilium_world.poll()

    assert cilium_world.block("w2").node == cilium_world.node("w2")
    assert cilium_world.allocation("10.0.3.9").node == cilium_world.node("w2")
    assert cilium_world.node("w2").allocated_v4 == 1
    assert cilium_world.faults_found == []
