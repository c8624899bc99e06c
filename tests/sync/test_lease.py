"""Leases that are given back, left, or taken away."""

import pytest

from ipamweb.mirror.models import SyncRun
from ipamweb.simulator import faults
from ipamweb.sync import acts, lease
from ipamweb.sync import poll as polling
from tests.sync.world import World, at, pod

pytestmark = pytest.mark.django_db


def end(*_: object) -> None:
    raise SystemExit


def cut_off(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """End a poll in its last transaction, when all rows are written."""
    with monkeypatch.context() as patch:
        patch.setattr(polling._Poll, "_finish", end)
        with pytest.raises(SystemExit):
            world.poll()


def test_C1_what_was_written_before_a_cut_gets_its_generation(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    world.poll()
    world.add(pod("web", "10.244.1.5"))
    cut_off(world, monkeypatch)
    before = world.cluster.generation
    world.poll()

    assert (before, world.cluster.generation) == (1, 2)
    assert world.allocation("10.244.1.5").opened_generation == 2


def test_C1_a_lease_that_was_left_is_taken_at_once(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    cut_off(world, monkeypatch)

    assert world.poll().outcome == "ok"


def test_C1_a_lease_that_was_given_back_was_not_left(world: World) -> None:
    world.poll()
    held = lease.take(world.cluster, clock=world.clock)

    assert held is not None
    assert not held.was_left


def test_C4_a_lease_that_was_taken_away_was_left(world: World) -> None:
    world.poll()
    first = lease.take(world.cluster, clock=world.clock)
    lease.revoke(world.cluster)
    second = lease.take(world.cluster, clock=world.clock)

    assert first is not None
    assert second is not None
    assert (first.was_left, second.was_left) == (False, True)


def told(world: World) -> list[tuple[str, str]]:
    """Return (outcome, first words of the error) of all runs."""
    runs = SyncRun.objects.filter(cluster=world.cluster).order_by("id")
    return [(run.outcome, run.error.partition(":")[0]) for run in runs]


CUT = ("failed", "a poll was cut off")


def test_H8_the_next_holder_tells_of_a_poll_that_lost_its_lease(world: World) -> None:
    world.poll()
    world.add(pod("a", "10.244.1.5"))
    late = faults.Effect(events=lambda seen: [world.clock.advance(61), *seen][1:])
    world.faults.add(late, kind="pods", verb="watch", count=1)
    lost = world.poll()
    world.poll()

    assert (lost.outcome, "lease" in lost.error) == ("failed", True)
    assert told(world) == [("ok", ""), CUT, ("ok", "")]
    assert "cut off" in world.gaps[0].message


def test_H8_the_next_holder_tells_of_a_worker_that_was_killed(world: World) -> None:
    world.poll()
    lease.take(world.cluster, clock=world.clock)
    world.poll(after=61)

    assert told(world)[1] == CUT
    assert [gap.started_at for gap in world.gaps] == [at("12:00:05")]


def test_H8_the_next_holder_tells_of_a_poll_that_an_edit_stopped(world: World) -> None:
    world.poll()
    lease.take(world.cluster, clock=world.clock)
    acts.edited(world.cluster)
    world.poll()

    assert told(world)[1] == CUT


def test_an_edit_between_two_polls_cuts_nothing_off(world: World) -> None:
    world.poll()
    acts.edited(world.cluster)
    world.poll()

    assert CUT not in told(world)


def test_a_failure_that_is_recorded_is_not_told_again(world: World) -> None:
    world.poll()
    world.faults.add(faults.server_error(), verb="list", count=1)
    world.poll()
    acts.edited(world.cluster)
    world.poll()

    assert CUT not in told(world)
    assert [outcome for outcome, _ in told(world)] == ["ok", "failed", "ok"]
