"""verify sees every counter that is wrong, and every row that cannot be."""

from collections.abc import Callable
from datetime import timedelta
from functools import partial

import pytest
from django.db.models import Model

from ipamweb.addressing.ranges import parse_address
from ipamweb.mirror.models import (
    Allocation,
    Block,
    Cluster,
    Namespace,
    Node,
    PastAllocation,
    Pod,
    Pool,
)
from tests.sync.world import World, pod

pytestmark = pytest.mark.django_db


@pytest.fixture
def mirrored(world: World) -> World:
    world.add(pod("a", "10.244.1.5"), pod("b", "10.244.1.6"), pod("c", "10.244.1.5"))
    world.poll()
    world.remove("b")
    world.poll()
    assert world.faults_found == []
    return world


def a_past_allocation_that_is_open(world: World) -> None:
    columns = Allocation.objects.values().order_by("id").first()
    assert columns is not None
    for only_of_open in ("counted", "changed_generation"):
        columns.pop(only_of_open)
    now = world.clock()
    PastAllocation.objects.create(
        **columns, valid_to=now, to_latest=now, closed_by="watch", time_bin=0
    )


def point_nowhere(model: type[Model], column: str, _: World) -> None:
    model._default_manager.update(**{column: 999})


DAMAGE: dict[str, tuple[str, Callable[[World], object]]] = {
    "block-allocated": ("Block", lambda _: Block.objects.update(allocated=7)),
    "block-kinds": (
        "Block", lambda _: Block.objects.update(allocated_by_kind={"pod": 9}),
    ),
    "block-reserved": ("Block", lambda _: Block.objects.update(allocated_reserved=1)),
    "pool-allocated": ("Pool", lambda _: Pool.objects.update(allocated=7)),
    "pool-blocks": ("blocks stored", lambda _: Pool.objects.update(blocks_assigned=9)),
    "node-pods": ("node worker-a", lambda _: Node.objects.update(pod_count=9)),
    "node-slots": ("node worker-a", lambda _: Node.objects.update(slots_used=9)),
    "node-free": ("free slots", lambda _: Node.objects.update(slots_free=1)),
    "node-total": ("do not add up", lambda _: Node.objects.update(slots_total=1)),
    "node-allocated": ("node worker-a", lambda _: Node.objects.update(allocated_v4=9)),
    "namespace-pods": ("namespace", lambda _: Namespace.objects.update(pod_count=9)),
    "namespace-held": (
        "namespace", lambda _: Namespace.objects.update(allocated_v6=9),
    ),
    "cluster-pods": ("cluster prod", lambda _: Cluster.objects.update(pod_count=9)),
    "cluster-held": (
        "cluster prod", lambda _: Cluster.objects.update(allocation_count=9),
    ),
    "none-counts": (
        "0 of its owners count", lambda _: Allocation.objects.update(counted=False),
    ),
    "two-count": (
        "2 of its owners count", lambda _: Allocation.objects.update(counted=True),
    ),
    "times": (
        "out of order",
        lambda world: Allocation.objects.update(
            from_earliest=world.clock() + timedelta(hours=1)
        ),
    ),
    "pod-finished": ("holds none", lambda _: Pod.objects.update(phase="Failed")),
    "pod-gone": ("holds none", lambda _: Pod.objects.update(gone_how="watch")),
    "pod-on-host": ("holds none", lambda _: Pod.objects.update(host_network=True)),
    "open-and-past": ("open and past", a_past_allocation_that_is_open),
    **{
        f"dangling-{column}": (
            f"{column} 999 does not exist",
            partial(point_nowhere, Allocation, column),
        )
        for column in ("pod_id", "node_id", "block_id", "pool_id", "namespace_uid")
    },
    "pod-dangling-node": ("its node_id 999", partial(point_nowhere, Pod, "node_id")),
    "pod-dangling-namespace": (
        "its namespace_uid 999", partial(point_nowhere, Pod, "namespace_uid"),
    ),
    "block-ended": (
        "or that has ended", lambda world: Block.objects.update(valid_to=world.clock()),
    ),
    "block-before": (
        "10.244.1.5 does not lie",
        lambda _: Block.objects.update(last=parse_address("10.244.1.4")),
    ),
    "block-behind": (
        "10.244.1.5 does not lie",
        lambda _: Block.objects.update(first=parse_address("10.244.1.6")),
    ),
    "generation": ("of generation", lambda _: Cluster.objects.update(generation=0)),
}  # fmt: skip


@pytest.mark.parametrize(("says", "damage"), DAMAGE.values(), ids=DAMAGE)
def test_damage_is_seen(
    mirrored: World, says: str, damage: Callable[[World], object]
) -> None:
    damage(mirrored)

    assert says in "\n".join(mirrored.faults_found)


def test_a_past_allocation_that_points_nowhere_is_seen(mirrored: World) -> None:
    [past] = mirrored.past()
    gone = Pod.objects.filter(name="b")
    gone._raw_delete(gone.db)

    assert mirrored.faults_found[-1:] == [
        f"past allocation {past.pk} of prod: its pod_id {past.pod_id} does not exist"
    ]


def test_a_block_of_another_cluster_is_none_of_ours(mirrored: World) -> None:
    other = Cluster.objects.create(slug="other", name="other")
    Block.objects.update(cluster=other)

    assert "its block_id" in "\n".join(mirrored.faults_found)
