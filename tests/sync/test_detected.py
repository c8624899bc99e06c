"""What a cluster is, when it is asked again with less right to be answered."""

import pytest

from ipamweb.mirror.models import Pool, Problem
from ipamweb.simulator import faults
from ipamweb.simulator.faults import Fault
from tests.sync.world import CILIUM_CONFIG, World, node, pod

pytestmark = pytest.mark.django_db

RIGHT = "get configmaps cilium-config in kube-system"


def refuse_configurations(world: World) -> Fault:
    return world.faults.add(faults.forbidden(), kind="configmaps", verb="get")


@pytest.fixture
def host_scope(empty_world: World) -> World:
    """Cilium in mode kubernetes, without a node yet: nothing shows which mode."""
    empty_world.simulator.restore_group("cilium.io")
    data = {"ipam": "kubernetes", "enable-ipv4": "true", "enable-ipv6": "true"}
    empty_world.add(CILIUM_CONFIG | {"data": data}, kind="configmaps")
    empty_world.poll()
    return empty_world


def test_a_lost_right_to_read_the_mode_leaves_it_as_it_was(host_scope: World) -> None:
    def known() -> tuple[object, ...]:
        now = host_scope.cluster
        return (now.mode, now.reader, now.reader_settings, now.families, now.kinds)

    before = known()
    refuse_configurations(host_scope)
    results = [host_scope.poll(complete=True) for _ in range(2)]

    assert [result.outcome for result in results] == ["ok", "ok"]
    assert known() == before
    assert host_scope.cluster.versions.count() == 1


def test_a_lost_right_to_read_ranges_leaves_blocks_and_pools(
    cilium_world: World,
) -> None:
    cilium_world.add(node("w2", "10.0.2.0/24"), kind="nodes")
    cilium_world.add(pod("web", "10.0.2.5", node="w1"))
    cilium_world.poll()
    block = cilium_world.block("w1")
    refuse_configurations(cilium_world)
    cilium_world.poll(complete=True)

    assert cilium_world.block("w1") == block
    assert Pool.objects.get().gone_at is None
    assert cilium_world.past() == []
    assert cilium_world.faults_found == []


def test_a_lost_right_is_a_problem_until_it_is_given_again(host_scope: World) -> None:
    refused = refuse_configurations(host_scope)
    host_scope.poll(complete=True)
    said = Problem.objects.get(field="rights", resolved_at=None).why
    host_scope.faults.remove(refused)
    host_scope.poll(complete=True)

    assert RIGHT in said
    assert not Problem.objects.filter(field="rights", resolved_at=None).exists()


def test_a_right_that_never_was_there_leaves_the_mode_to_be_concluded(
    empty_world: World,
) -> None:
    empty_world.simulator.restore_group("cilium.io")
    refuse_configurations(empty_world)
    empty_world.poll()
    cidrs = {"addresses": [], "ipam": {"podCIDRs": ["10.0.2.0/24"]}}
    empty_world.add({"metadata": {"name": "w1"}, "spec": cidrs}, kind="ciliumnodes")
    empty_world.poll(complete=True)

    assert empty_world.cluster.mode == "cluster-pool"
