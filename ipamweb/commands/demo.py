"""The demo's history: two weeks of a simulated cluster, mirrored before anybody looks.

The cluster lives through them by its own clock and is polled on the way, by the same
code as any other; so what the pages show of the past was observed, only faster.
"""

import tempfile
from datetime import UTC, datetime, timedelta
from pathlib import Path

from ipamweb.access import connections
from ipamweb.access.connections import Way
from ipamweb.access.models import ClusterConnection
from ipamweb.mirror.models import Cluster
from ipamweb.simulator.demo import DEMO, HISTORY
from ipamweb.simulator.server import Simulator
from ipamweb.sync import acts, sessions
from ipamweb.sync.pace import Pace
from ipamweb.sync.poll import poll
from ipamweb.usage import samples

NAME = "demo"
# The last hours are looked at most: there the mirror is as exact as two minutes.
COARSE, FINE = timedelta(hours=1), timedelta(minutes=2)
FINE_FOR = timedelta(hours=3)
# How often usage is sampled while more than so much time is left: a sample takes longer
# than a poll of so small a cluster.
SAMPLED = (
    (timedelta(hours=26), timedelta(hours=6)),
    (FINE_FOR, timedelta(hours=1)),
    (timedelta(0), timedelta(minutes=15)),
)


class Clock:
    """The time of the simulated weeks."""

    def __init__(self, now: datetime) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now


def build_history(*, until: datetime) -> datetime:
    """Mirror the two weeks of the demo anew, and return when they began.

    A simulated cluster forgets itself when it ends: what an earlier demo left goes.
    """
    start = (until - HISTORY).astimezone(UTC).replace(microsecond=0)
    for earlier in Cluster.objects.filter(slug=NAME):
        acts.remove(earlier)
    clock = Clock(start)
    simulator = Simulator(DEMO, start=start, clock=clock)
    # At once: nobody waits for a stream to fall quiet that tells how far it is.
    simulator.watch_options.bookmark_seconds = 0.002
    with tempfile.TemporaryDirectory() as folder, simulator.running():
        file = simulator.kubeconfig(Path(folder) / "kubeconfig")
        connections.add_or_change(NAME, way=Way(str(file)))
        connections.pause(NAME)
        connection = ClusterConnection.objects.get(slug=NAME)
        pace = Pace(COARSE, HISTORY)
        sampled_next = start
        while True:
            poll(connection, clock=clock, pace=pace)
            if clock.now >= sampled_next:
                samples.take_of(NAME, now=clock.now)
                sampled_next = clock.now + _sample_pause(until - clock.now)
            if clock.now >= until:
                break
            left = until - clock.now
            clock.now += min(FINE if left <= FINE_FOR else COARSE, left)
            simulator.advance(clock.now)
        sessions.forget_all()
    return start


def _sample_pause(left: timedelta) -> timedelta:
    """Return how long it is to the next sample, the last one at the very end."""
    pause = next((every for more, every in SAMPLED if left > more), left)
    return min(pause, left)
