"""Worlds that end with their test."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from ipamweb.simulator.server import Simulator
from ipamweb.sync import sessions
from tests.sync.world import (
    CILIUM_CONFIG,
    KUBEADM_CONFIG,
    Clock,
    World,
    cilium_node,
    node,
)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def empty_world(
    db: None, clock: Clock, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[World]:
    """A plain Kubernetes cluster without nodes."""
    sessions.forget_all()
    simulator = Simulator(clock=clock)
    simulator.store.groups.discard("cilium.io")
    with simulator.running():
        yield World(simulator, clock, folder=tmp_path, patch=monkeypatch)
        sessions.forget_all()


@pytest.fixture
def world(empty_world: World) -> World:
    """Plain Kubernetes: worker-a with 10.244.1.0/24, worker-b with 10.244.2.0/24."""
    empty_world.add(KUBEADM_CONFIG, kind="configmaps")
    empty_world.add(
        node("worker-a", "10.244.1.0/24"),
        node("worker-b", "10.244.2.0/24"),
        kind="nodes",
    )
    return empty_world


@pytest.fixture
def cilium_world(empty_world: World) -> World:
    """Cilium's cluster pool: w1 with 10.0.2.0/24, router .236, health .48."""
    empty_world.simulator.restore_group("cilium.io")
    empty_world.add(CILIUM_CONFIG, kind="configmaps")
    empty_world.add(node("w1"), kind="nodes")
    empty_world.add(
        cilium_node("w1", "10.0.2.0/24", "10.0.2.236", "10.0.2.48"), kind="ciliumnodes"
    )
    return empty_world
