"""A day of a simulated cluster, mirrored by a clock of ours, and the truth about it.

Pods come and go by the simulator's own churn; on the way the mirror is started anew, is
cut off for minutes, once for so long that the cluster has forgotten what happened.
Not here: what is asked about the day (test_day_of_questions.py).
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from ipamweb.access.models import ClusterConnection
from ipamweb.simulator import faults
from ipamweb.simulator.play import begin
from ipamweb.simulator.scenario import Scenario
from ipamweb.simulator.server import Simulator
from ipamweb.sync import sessions
from ipamweb.sync.pace import Pace
from ipamweb.sync.poll import poll
from tests.faults.history_checker import Chronicle
from tests.faults.truth import Truth

START = datetime(2026, 11, 22, tzinfo=UTC)
END = START + timedelta(days=1)
EVERY = timedelta(minutes=3)
PACE = Pace(EVERY, timedelta(hours=12))
# Small blocks: addresses pass from one pod to another all day long.
SCENARIO = Scenario(
    system="kubernetes", nodes=3, pods_per_node=9, ipv4_mask=28, churn=0.015, seed=5
)
RESTARTS_EVERY = 40
# Cut off from the first poll to before the second, counted from the start of the day;
# the second time the stream cannot be taken up again.
CUTS = ((100, 104, False), (300, 312, True))


class Clock:
    """Stands where it is put, and goes on a millisecond whenever it is read."""

    def __init__(self, now: datetime) -> None:
        self.now = now

    def __call__(self) -> datetime:
        self.now += timedelta(milliseconds=1)
        return self.now


@dataclass(slots=True)
class Day:
    slug: str
    chronicle: Chronicle


@contextmanager
def _cluster(folder: Path, clock: Clock) -> Iterator[tuple[Simulator, str]]:
    sessions.forget_all()
    simulator = Simulator(clock=lambda: clock.now)
    simulator.store.groups.discard("cilium.io")
    simulator.watch_options.bookmark_seconds = 0.002
    with simulator.running():
        file = simulator.kubeconfig(folder / "day.kubeconfig", user="reader")
        yield simulator, str(file)
        sessions.forget_all()


def play(folder: Path) -> Day:
    """Live and mirror the day; the same every time but for what polls coincide with."""
    clock = Clock(START)
    with _cluster(folder, clock) as (simulator, kubeconfig):
        connection = ClusterConnection.objects.create(slug="day", kubeconfig=kubeconfig)
        churn = begin(SCENARIO, start=START)
        churn.world.load(simulator.store)
        chronicle = Chronicle(Truth(simulator.store), lambda: clock.now)
        chronicle.note()
        changes = churn.changes(END)
        waiting = next(changes, None)
        for number in range((END - START) // EVERY):
            _mishaps(simulator, number)
            poll(connection, clock=clock, pace=PACE)
            until = START + (number + 1) * EVERY
            while waiting and waiting.at <= until:
                clock.now = max(clock.now, waiting.at)
                simulator.store.apply(waiting)
                chronicle.note()
                waiting = next(changes, None)
            clock.now = until
        poll(connection, clock=clock, pace=PACE)
    return Day("day", chronicle)


def _mishaps(simulator: Simulator, number: int) -> None:
    """Let happen to the mirror what happens to it before a poll."""
    if number % RESTARTS_EVERY == 0:
        sessions.forget_all()
    for first, last, forgotten in CUTS:
        if number == first:
            simulator.faults.add(faults.reset())
        if number == last:
            simulator.faults.clear()
            sessions.forget_all()
            if forgotten:
                simulator.store.compact()
