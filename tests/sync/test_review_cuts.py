"""A poll that is cut off before its last transaction is read again: same rows."""

import pytest

from ipamweb.mirror.models import (
    Block,
    NamespaceVersion,
    NodeVersion,
    PastAllocation,
)
from ipamweb.sync import poll as polling
from tests.sync.world import World, cilium_node, node

pytestmark = pytest.mark.django_db


def history() -> list[int]:
    models = (PastAllocation, Block, NodeVersion, NamespaceVersion)
    return [model.objects.count() for model in models]


def cut_off_and_poll_again(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    def end(*_: object) -> None:
        raise SystemExit

    with monkeypatch.context() as patch:
        patch.setattr(polling._Poll, "_finish", end)
        with pytest.raises(SystemExit):
            world.poll()
    world.poll()


def touch_and_remove(world: World, name: str, *kinds: str) -> None:
    for kind in kinds:
        world.patch(name, {"metadata": {"labels": {"a": "b"}}}, kind=kind)
        world.remove(name, kind=kind)


def test_a_node_touched_and_deleted_ends_once_C1(
    cilium_world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    cilium_world.poll()
    touch_and_remove(cilium_world, "w1", "ciliumnodes", "nodes")
    cut_off_and_poll_again(cilium_world, monkeypatch)

    # Router and health; one block; one version of the node; those of namespaces.
    assert history()[:3] == [2, 1, 1]
    assert cilium_world.cluster.node_count == 0
    assert cilium_world.faults_found == []


def test_a_node_that_comes_and_goes_is_there_once_C1(
    cilium_world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    cilium_world.poll()
    cilium_world.add(node("w2"), kind="nodes")
    cilium_world.add(cilium_node("w2", "10.0.3.0/24", "10.0.3.7"), kind="ciliumnodes")
    touch_and_remove(cilium_world, "w2", "ciliumnodes", "nodes")
    cut_off_and_poll_again(cilium_world, monkeypatch)

    assert history()[:3] == [1, 2, 2]
    assert cilium_world.faults_found == []


def test_a_namespace_touched_and_deleted_ends_once_C1(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    world.add({"metadata": {"name": "team"}}, kind="namespaces")
    world.poll()
    before = history()
    touch_and_remove(world, "team", "namespaces")
    cut_off_and_poll_again(world, monkeypatch)

    # Its labels changed once.
    assert history()[3] == before[3] + 1
    assert world.faults_found == []
