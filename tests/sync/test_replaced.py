"""A system that is replaced by another: what it handed out ends, and not before."""

import sys

import pytest

from ipamweb.mirror.models import Allocation, Block, Endpoint, Pool, Problem
from ipamweb.simulator import faults
from ipamweb.sync import poll as polling
from tests.sync.world import CILIUM_CONFIG, World, at, pod

pytestmark = pytest.mark.django_db
CALICO = "crd.projectcalico.org"


@pytest.fixture
def mirrored(cilium_world: World) -> World:
    cilium_world.add(pod("web", "10.0.2.5", node="w1"))
    metadata = {"namespace": "default", "name": "web"}
    cilium_world.add({"metadata": metadata}, kind="ciliumendpoints")
    cilium_world.poll()
    return cilium_world


def uninstall(world: World) -> None:
    world.store.delete("configmaps", "cilium-config", namespace="kube-system")


def replace_by_calico(world: World) -> None:
    uninstall(world)
    world.simulator.drop_group("cilium.io")
    world.simulator.restore_group(CALICO)
    world.patch("w1", {"spec": {"podCIDRs": ["10.244.1.0/24"]}}, kind="nodes")


def two_looks(world: World) -> list[str]:
    first = world.poll(complete=True)
    return [first.outcome, world.poll(after=60, complete=True).outcome]


def kinds_held() -> list[str]:
    return list(Allocation.objects.order_by("kind").values_list("kind", flat=True))


def test_R6_one_look_at_another_system_closes_nothing(mirrored: World) -> None:
    replace_by_calico(mirrored)
    results = [mirrored.poll(complete=True) for _ in range(3)]

    assert {result.outcome for result in results} == {"failed"}
    assert "calico was found instead" in results[0].error
    assert kinds_held() == ["health", "pod", "router"]
    assert "a second look" in Problem.objects.get(field="replaced").why


def test_R6_a_second_look_closes_what_a_replaced_system_handed_out(
    mirrored: World,
) -> None:
    replace_by_calico(mirrored)

    assert two_looks(mirrored) == ["failed", "ok"]
    assert kinds_held() == ["pod"]
    assert {(each.kind, each.closed_by, each.valid_to) for each in mirrored.past()} == {
        ("router", "uninstalled", at("12:00:05")),
        ("health", "uninstalled", at("12:00:05")),
    }
    assert [block.system for block in Block.objects.filter(valid_to=None)] == [
        "kubernetes"
    ]
    assert Endpoint.objects.get().gone_by is not None
    assert Pool.objects.get().gone_at is not None
    assert mirrored.faults_found == []


def test_a_replaced_system_is_told_and_mirroring_goes_on(mirrored: World) -> None:
    replace_by_calico(mirrored)
    two_looks(mirrored)
    said = Problem.objects.get(field="replaced", resolved_at=None).why
    drained, listed = mirrored.poll(), mirrored.poll(complete=True)

    assert "closed (uninstalled)" in said
    assert (drained.outcome, listed.outcome) == ("ok", "ok")
    assert mirrored.cluster.kinds == ["namespaces", "nodes", "pods"]
    assert mirrored.cluster.cursors.count() == 3
    assert not Problem.objects.filter(field="replaced", resolved_at=None).exists()


def test_R6_looks_that_are_not_in_a_row_close_nothing(mirrored: World) -> None:
    replace_by_calico(mirrored)
    mirrored.poll(complete=True)
    mirrored.simulator.restore_group("cilium.io")
    refused = mirrored.faults.add(faults.server_error(), kind="namespaces", verb="list")
    mirrored.poll(complete=True)
    mirrored.faults.remove(refused)
    mirrored.simulator.drop_group("cilium.io")
    result = mirrored.poll(after=60, complete=True)

    assert result.outcome == "failed"
    assert kinds_held() == ["health", "pod", "router"]


def test_R6_a_configuration_that_is_there_speaks_against_another_system(
    mirrored: World,
) -> None:
    replace_by_calico(mirrored)
    mirrored.add(CILIUM_CONFIG, kind="configmaps")

    assert two_looks(mirrored) == ["failed", "failed"]
    assert kinds_held() == ["health", "pod", "router"]


def test_R6_a_configuration_that_may_not_be_read_may_be_there(mirrored: World) -> None:
    replace_by_calico(mirrored)
    mirrored.faults.add(faults.forbidden(), kind="configmaps", verb="get")

    assert two_looks(mirrored) == ["failed", "failed"]
    assert kinds_held() == ["health", "pod", "router"]


def test_C1_a_system_that_was_half_closed_is_closed_by_the_next_poll(
    mirrored: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    replace_by_calico(mirrored)
    mirrored.poll(complete=True)
    with monkeypatch.context() as patch:
        patch.setattr(polling.Writer, "gone", sys.exit)
        with pytest.raises(SystemExit):
            mirrored.poll(after=60, complete=True)
    result = mirrored.poll()

    assert (result.kind, result.outcome) == ("complete", "ok")
    assert kinds_held() == ["pod"]
    assert mirrored.faults_found == []


def test_what_an_uninstalled_system_left_behind_is_read_until_it_is_empty(
    mirrored: World,
) -> None:
    """Its kinds are still served, without an object."""
    uninstall(mirrored)
    mirrored.remove("w1", kind="ciliumnodes")
    mirrored.store.delete("ciliumendpoints", "web", namespace="default")
    emptied = mirrored.poll(complete=True)
    after = mirrored.poll(complete=True)

    assert (emptied.outcome, after.outcome) == ("ok", "ok")
    assert kinds_held() == ["pod"]
    assert mirrored.cluster.kinds == ["namespaces", "nodes", "pods"]
    assert mirrored.faults_found == []
