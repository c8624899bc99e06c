"""Several clusters and several workers at once, each in a thread of its own."""

import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from django.db import connection

from ipamweb.mirror.models import Allocation, SyncRun
from ipamweb.simulator import faults
from ipamweb.simulator.faults import Asked, Effect
from ipamweb.simulator.server import Simulator
from ipamweb.simulator.statuses import Response
from ipamweb.sync import sessions
from ipamweb.sync.outcome import PollResult
from tests.sync.world import Clock, World, node, pod

pytestmark = pytest.mark.django_db(transaction=True)
WAIT_SECONDS = 30


@pytest.fixture
def three(
    clock: Clock, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[list[World]]:
    """Clusters a, b and c, each with one node and one pod."""
    sessions.forget_all()
    worlds = []
    with ExitStack() as stack:
        for slug in "abc":
            simulator = stack.enter_context(Simulator(clock=clock).running())
            world = World(
                simulator, clock, folder=tmp_path, patch=monkeypatch, slug=slug
            )
            world.add(node("worker-a", "10.244.1.0/24"), kind="nodes")
            world.add(pod(f"web-{slug}", "10.244.1.5"))
            worlds.append(world)
        yield worlds
        sessions.forget_all()


def in_thread(
    work: Callable[[], PollResult],
) -> tuple[threading.Thread, list[PollResult]]:
    results: list[PollResult] = []

    def run() -> None:
        try:
            results.append(work())
        finally:
            connection.close()

    thread = threading.Thread(target=run)
    thread.start()
    return thread, results


def hanging_until(event: threading.Event) -> Effect:
    """Answer nothing until the event, then an error."""

    def respond(_: Asked) -> Response:
        event.wait(WAIT_SECONDS)
        return Response(500, b"")

    return Effect(respond)


def test_C5_a_cluster_that_hangs_delays_no_other(three: list[World]) -> None:
    hanging, *others = three
    over = threading.Event()
    hanging.faults.add(hanging_until(over), kind="pods")
    thread, results = in_thread(lambda: hanging.poll(after=0))
    outcomes = [world.poll(after=0).outcome for world in others]
    still_hangs = thread.is_alive()
    over.set()
    thread.join(WAIT_SECONDS)

    assert (still_hangs, outcomes) == (True, ["ok", "ok"])
    assert [result.outcome for result in results] == ["failed"]
    assert [world.held for world in others] == [
        {"10.244.1.5": "web-b"}, {"10.244.1.5": "web-c"},
    ]  # fmt: skip


def test_C5_a_cluster_that_lies_harms_no_other(three: list[World]) -> None:
    lying, *others = three
    for world in three:
        world.poll()
    lying.lie("pods")
    lying.poll(complete=True)

    assert [world.held for world in others] == [
        {"10.244.1.5": "web-b"}, {"10.244.1.5": "web-c"},
    ]  # fmt: skip
    assert [world.faults_found for world in three] == [[], [], []]


def test_C2_H3_of_workers_at_once_one_polls(three: list[World]) -> None:
    world, *_ = three
    world.faults.add(faults.delayed(0.3), kind="pods", verb="list", count=1)
    polls = [in_thread(lambda: world.poll(after=0)) for _ in range(4)]
    for thread, _ in polls:
        thread.join(WAIT_SECONDS)

    outcomes = sorted(result.outcome for _, results in polls for result in results)
    assert outcomes == ["busy", "busy", "busy", "ok"]
    assert Allocation.objects.filter(kind="pod").count() == 1
    assert SyncRun.objects.count() == 1


def test_C2_pollers_in_turns_never_write_twice(three: list[World]) -> None:
    world, *_ = three
    polls = []
    for number in range(6):
        world.add(pod(f"more-{number}", f"10.244.1.{10 + number}"))
        polls += [in_thread(lambda: world.poll(after=0)) for _ in range(2)]
    for thread, _ in polls:
        thread.join(WAIT_SECONDS)
    world.poll()

    assert len(world.held) == 7
    assert Allocation.objects.filter(kind="pod").count() == 7
    assert world.faults_found == []
