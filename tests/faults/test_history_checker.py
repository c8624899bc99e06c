"""A few hundred polls leave a true history; and the checker sees where one is not."""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from ipamweb.mirror.models import Allocation, CoverageGap, PastAllocation
from ipamweb.simulator.server import Simulator
from ipamweb.sync import sessions
from tests.faults.history_checker import TrueInterval, violations
from tests.faults.history_play import NODES, Play
from tests.sync.world import Clock, World, node, pod

pytestmark = pytest.mark.django_db
SECOND = timedelta(seconds=1)


class TickingClock(Clock):
    """Goes on a millisecond whenever it is read: an answer comes after its question."""

    def __call__(self) -> datetime:
        self.advance(0.001)
        return self.now


@pytest.fixture
def world(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    sessions.forget_all()
    clock = TickingClock()
    simulator = Simulator(clock=clock)
    simulator.store.groups.discard("cilium.io")
    with simulator.running():
        world = World(simulator, clock, folder=tmp_path, patch=monkeypatch)
        for name, prefix in NODES.items():
            world.add(node(name, f"{prefix}.0/24"), kind="nodes")
        yield world
        sessions.forget_all()


def played(world: World, *, steps: int, seed: int) -> Play:
    play = Play(world, seed)
    for _ in range(steps):
        play.step()
    world.add(pod("last", "10.244.1.9"))
    play.chronicle.note()
    play.wait()
    play.poll()
    return play


@pytest.mark.parametrize("seed", [1, 2])
def test_H1_H2_H4_H5_H7_H8_hundreds_of_polls_leave_a_true_history(
    world: World, seed: int
) -> None:
    play = played(world, steps=150, seed=seed)

    assert violations(world.cluster, play.chronicle) == []
    assert world.faults_found == []
    assert PastAllocation.objects.count() > 100
    assert len(world.gaps) > 10


FORGERIES: dict[str, Callable[[Play], object]] = {
    "an interval is lost": lambda play: PastAllocation.objects.first().delete(),  # type: ignore[union-attr]
    "an open one is lost": lambda play: Allocation.objects.filter(kind="pod").delete(),
    "it began later": lambda play: Allocation.objects.update(
        from_earliest=play.world.clock.now, valid_from=play.world.clock.now
    ),
    "it began earlier": lambda play: Allocation.objects.update(
        valid_from=play.world.cluster.first_as_of - 9 * SECOND,
        from_earliest=play.world.cluster.first_as_of - 9 * SECOND,
    ),
    "it is held by another": lambda play: Allocation.objects.update(owner_key="nobody"),
    "a gap is lost": lambda play: CoverageGap.objects.all().delete(),
    "a gap is open": lambda play: CoverageGap.objects.create(
        cluster=play.world.cluster, started_at=play.world.clock.now, reason="forged"
    ),
    "truth has one more": lambda play: play.chronicle.intervals[
        "somebody", "10.244.1.5"
    ].append(TrueInterval(play.world.clock.now - SECOND)),
}


@pytest.mark.parametrize("forge", FORGERIES.values(), ids=FORGERIES)
def test_the_checker_sees_a_forged_history(
    world: World, forge: Callable[[Play], object]
) -> None:
    play = played(world, steps=30, seed=4)
    assert violations(world.cluster, play.chronicle) == []
    forge(play)

    assert violations(world.cluster, play.chronicle) != []
