"""The configuration of a cluster is looked at between two complete lists."""

import pytest

from ipamweb.addressing.ranges import parse_cidr
from ipamweb.mirror.models import PoolRange
from ipamweb.simulator import faults
from tests.sync.test_review_pools import in_host_scope
from tests.sync.world import KUBEADM_CONFIG, World, at, cilium_node, node

pytestmark = pytest.mark.django_db


def append(world: World, cidrs: str = "10.0.0.0/8 172.16.0.0/16") -> None:
    world.store.modify(
        "configmaps",
        "cilium-config",
        namespace="kube-system",
        patch={"data": {"cluster-pool-ipv4-cidr": cidrs}},
    )


def ranges() -> list[int]:
    rows = PoolRange.objects.filter(valid_to=None).order_by("first")
    return list(rows.values_list("first", flat=True))


def asked_for_configuration(world: World) -> int:
    gets = [each for each in world.simulator.requests if each.kind == "configmaps"]
    return len(gets)


def test_an_appended_range_is_known_before_the_next_list_is_due(
    cilium_world: World,
) -> None:
    cilium_world.poll()
    append(cilium_world)
    cilium_world.add(node("w2"), kind="nodes")
    cilium_world.add(
        cilium_node("w2", "172.16.0.0/24", "172.16.0.9"), kind="ciliumnodes"
    )

    result = cilium_world.poll(after=60)

    assert result.kind == "complete"
    assert ranges() == [
        parse_cidr("10.0.0.0/8").first,
        parse_cidr("172.16.0.0/16").first,
    ]
    pool = cilium_world.block("w2").pool
    assert pool is not None
    assert pool.slug == "cilium-cluster-pool-v4"
    assert cilium_world.faults_found == []


def test_a_configuration_that_is_the_same_lists_nothing(cilium_world: World) -> None:
    cilium_world.poll()

    results = [cilium_world.poll(after=60) for _ in range(3)]

    assert [each.kind for each in results] == ["changes"] * 3
    assert cilium_world.cluster.versions.count() == 1
    assert cilium_world.cluster.configuration_as_of == at("12:03:05")


def test_a_configuration_is_looked_at_once_a_minute(cilium_world: World) -> None:
    cilium_world.poll()
    before = asked_for_configuration(cilium_world)

    for _ in range(24):
        cilium_world.poll(after=5)

    # cilium-config and kubeadm-config, twice in two minutes.
    assert asked_for_configuration(cilium_world) - before == 4


def test_a_mode_that_is_changed_is_known_before_the_next_list_is_due(
    cilium_world: World,
) -> None:
    cilium_world.poll()
    in_host_scope(cilium_world)
    cilium_world.add(KUBEADM_CONFIG, kind="configmaps")

    cilium_world.poll(after=60)

    assert cilium_world.cluster.mode == "kubernetes"


@pytest.mark.parametrize(
    "effect", [faults.server_error(), faults.throttled(), faults.not_json()]
)
def test_a_configuration_that_is_not_answered_fails_no_poll(
    cilium_world: World, effect: faults.Effect
) -> None:
    cilium_world.poll()
    cilium_world.faults.add(effect, kind="configmaps", verb="get")
    asked = asked_for_configuration(cilium_world)

    results = [cilium_world.poll(after=30) for _ in range(4)]

    assert [each.outcome for each in results] == ["ok"] * 4
    assert cilium_world.cluster.configuration_as_of == at("12:00:05")
    assert cilium_world.gaps == []
    # One question a minute, not one a poll.
    assert asked_for_configuration(cilium_world) - asked == 2


@pytest.mark.parametrize("complete", [False, True])
def test_a_configuration_that_may_not_be_read_any_more_grows_old(
    cilium_world: World, complete: bool
) -> None:
    cilium_world.poll()
    cilium_world.faults.add(faults.forbidden(), kind="configmaps", verb="get")

    result = cilium_world.poll(after=60, complete=complete)

    assert (result.outcome, result.kind) == (
        "ok",
        "complete" if complete else "changes",
    )
    assert cilium_world.cluster.configuration_as_of == at("12:00:05")


def test_a_controller_manager_that_starts_again_is_no_change(world: World) -> None:
    world.add(
        {
            "metadata": {
                "namespace": "kube-system",
                "name": "kube-controller-manager-c1",
                "labels": {"component": "kube-controller-manager"},
            },
            "spec": {
                "hostNetwork": True,
                "containers": [{"command": ["kcm", "--cluster-cidr=10.244.0.0/16"]}],
            },
        }
    )
    world.poll()
    world.store.delete("pods", "kube-controller-manager-c1", namespace="kube-system")

    result = world.poll(after=60)

    assert result.kind == "changes"
    assert world.cluster.versions.count() == 1
