"""A pool whose ranges are edited: it counts what lies in it, and nothing else."""

import sys

import pytest

from ipamweb.mirror.models import Allocation, Block, Pool
from ipamweb.sync import poll as polling
from ipamweb.sync import pools
from tests.sync.world import KUBEADM_CONFIG, World, at, pod

pytestmark = pytest.mark.django_db


def edit_pool(world: World, cidrs: str) -> None:
    world.store.modify(
        "configmaps",
        "cilium-config",
        namespace="kube-system",
        patch={"data": {"cluster-pool-ipv4-cidr": cidrs}},
    )
    world.poll(complete=True)


@pytest.fixture
def in_pool(cilium_world: World) -> World:
    """A pod, a router and health: three addresses of a block of 10.0.0.0/8."""
    cilium_world.add(pod("web", "10.0.2.5", node="w1"))
    cilium_world.poll()
    return cilium_world


def numbers() -> tuple[int, int, dict[str, int]]:
    pool = Pool.objects.get()
    return pool.allocated, pool.blocks_assigned, pool.allocated_by_kind


def test_what_a_pool_does_not_cover_any_more_leaves_it(in_pool: World) -> None:
    edit_pool(in_pool, "10.1.0.0/16")

    assert numbers() == (0, 0, {})
    assert in_pool.allocation("10.0.2.5").pool is None
    assert in_pool.block("w1").allocated == 3
    assert in_pool.faults_found == []


def test_what_a_pool_covers_again_comes_back(in_pool: World) -> None:
    edit_pool(in_pool, "10.1.0.0/16")
    edit_pool(in_pool, "10.1.0.0/16 10.0.0.0/16")

    assert numbers() == (3, 1, {"health": 1, "pod": 1, "router": 1})
    assert in_pool.block("w1").pool == Pool.objects.get()
    assert in_pool.past() == []
    assert in_pool.faults_found == []


def test_a_range_that_is_cut_shorter_keeps_what_lies_in_it(in_pool: World) -> None:
    edit_pool(in_pool, "10.0.0.0/16")

    assert numbers() == (3, 1, {"health": 1, "pod": 1, "router": 1})
    assert in_pool.faults_found == []


def in_host_scope(world: World) -> None:
    """Flip Cilium's mode; blocks are then those of the Nodes."""
    world.patch("w1", {"spec": {"podCIDRs": ["10.244.1.0/24"]}}, kind="nodes")
    world.store.modify(
        "configmaps",
        "cilium-config",
        namespace="kube-system",
        patch={"data": {"ipam": "kubernetes"}},
    )


def test_the_pool_of_an_earlier_mode_is_closed_at_the_flip(in_pool: World) -> None:
    block = in_pool.block("w1")
    in_host_scope(in_pool)
    in_pool.add(KUBEADM_CONFIG, kind="configmaps")
    in_pool.poll(complete=True)
    old, new = Pool.objects.order_by("id")

    assert (old.slug, old.gone_at) == ("cilium-cluster-pool-v4", at("12:00:10"))
    assert (old.allocated, old.blocks_assigned, new.gone_at) == (0, 0, None)
    assert [each.valid_to for each in old.ranges.all()] == [at("12:00:10")]
    # It ended with its pool.
    assert Block.objects.get(pk=block.pk).pool == old
    assert in_pool.faults_found == []


def test_the_pool_of_an_earlier_mode_is_open_again_after_a_flip_back(
    in_pool: World,
) -> None:
    in_host_scope(in_pool)
    in_pool.poll(complete=True)
    edit = {"data": {"ipam": "cluster-pool"}}
    in_pool.store.modify(
        "configmaps", "cilium-config", namespace="kube-system", patch=edit
    )
    in_pool.poll(complete=True)

    assert Pool.objects.get().gone_at is None
    assert numbers() == (3, 1, {"health": 1, "pod": 1, "router": 1})
    assert in_pool.faults_found == []


def test_a_pool_stays_where_its_ranges_cannot_be_read(world: World) -> None:
    world.poll()
    world.store.delete("configmaps", "kubeadm-config", namespace="kube-system")
    world.poll(complete=True)

    assert Pool.objects.get().gone_at is None


def test_C1_what_was_not_moved_before_a_cut_is_moved_by_the_next_poll(
    in_pool: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(polling, "move_into_pools", sys.exit)
        with pytest.raises(SystemExit):
            edit_pool(in_pool, "10.1.0.0/16")
    cut = in_pool.faults_found
    in_pool.poll()

    assert (cut, in_pool.faults_found) == ([], [])
    assert numbers() == (0, 0, {})
    assert in_pool.allocation("10.0.2.5").pool is None


def test_L5_what_changes_its_pool_is_moved_in_parts(
    in_pool: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    for host in range(6, 10):
        in_pool.add(pod(f"web-{host}", f"10.0.2.{host}", node="w1"))
    in_pool.poll()
    monkeypatch.setattr(pools, "ROWS", 2)
    edit_pool(in_pool, "10.1.0.0/16")

    assert numbers() == (0, 0, {})
    assert set(Allocation.objects.values_list("pool", flat=True)) == {None}
    assert in_pool.faults_found == []
