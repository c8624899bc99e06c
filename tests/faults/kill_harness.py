"""Kills polls, and compares what comes of it with a poll in peace.

All clusters of a trial mirror the same simulated one: a reference and any number of
killed ones lie side by side in one database. Not here: who kills (prepared_child.py),
what happens in the cluster (kill_scenes.py).
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from ipamweb.access.models import ClusterConnection
from ipamweb.mirror.models import Cluster, Lease
from ipamweb.simulator.store import Store
from ipamweb.sync import poll, sessions
from ipamweb.sync.outcome import PollResult
from ipamweb.sync.verify import faults
from tests.faults.child_program import Ended, lower
from tests.faults.kill_scenes import Scene, stage
from tests.faults.prepared_child import SMALL, PreparedChild
from tests.faults.rows import Rows, differences, rows_of
from tests.sync.world import NOON

REFERENCE = "undisturbed"


@dataclass(frozen=True, slots=True)
class Reference:
    """What an undisturbed poll of a scene's last step leaves, and what it took."""

    rows: Rows
    last: Ended


@dataclass(frozen=True, slots=True)
class Due:
    """The last poll of a scene is due, of a cluster that holds what `store` does."""

    now: datetime
    store: Store


@dataclass(frozen=True, slots=True)
class Trial:
    """A scene, played for as many clusters as polls are to be killed."""

    scene: Scene
    child: PreparedChild
    folder: Path

    def reference(self) -> Reference:
        with self.played([REFERENCE]) as due:
            last = self.child.poll(REFERENCE, due.now)
        return Reference(rows_of(cluster_of(REFERENCE)), last)

    @contextmanager
    def played(self, slugs: list[str]) -> Iterator[Due]:
        """Play the scene for the clusters, up to their last polls."""
        *before, last = self.scene.steps
        with lowered(), stage(self.folder) as found:
            for slug in slugs:
                found.connect(slug)
            for step in before:
                found.make(step)
                for slug in slugs:
                    poll_here(slug, step.now)
            found.make(last)
            yield Due(last.now, found.simulator.store)

    def complaints(
        self, orders: Mapping[str, Mapping[str, Any]], reference: Reference
    ) -> list[str]:
        """End the last poll of each cluster as ordered; return what is wrong then."""
        found: list[str] = []
        with self.played(list(orders)) as due:
            for slug, order in orders.items():
                ended = self.child.poll(slug, due.now, **order)
                said = [*left(slug), *self.taken_over(slug, due, reference)]
                found += [f"{slug} {ended.state}: {each}" for each in said]
        return found

    def taken_over(self, slug: str, due: Due, reference: Reference) -> list[str]:
        """Let another worker poll; return what is wrong after that."""
        let_lease_run_out(slug)
        error = poll_here(slug, due.now).error
        return [*([f"then {error}"] if error else []), *wrong(slug, reference)]


def poll_here(slug: str, now: datetime) -> PollResult:
    """Poll in this process, which is another worker than the child."""
    return poll.poll(ClusterConnection.objects.get(slug=slug), clock=lambda: now)


@contextmanager
def lowered() -> Iterator[None]:
    """Have the limits of the child in this process too; forget connections after."""
    before = lower(SMALL)
    try:
        yield
    finally:
        lower(before)
        sessions.forget_all()


def let_lease_run_out(slug: str) -> None:
    """As a minute later, but for the clock, so that all times can be compared."""
    held = Lease.objects.filter(cluster__slug=slug).exclude(until=None)
    held.update(until=NOON)


def cluster_of(slug: str) -> Cluster:
    return Cluster.objects.get(slug=slug)


def wrong(slug: str, reference: Reference) -> list[str]:
    """Return what does not hold, and in what the rows differ from peace."""
    return [*left(slug), *differences(rows_of(cluster_of(slug)), reference.rows)]


def left(slug: str) -> list[str]:
    """Return what verify_mirror finds; nothing of a cluster that has no row yet."""
    cluster = Cluster.objects.filter(slug=slug).first()
    return faults(cluster) if cluster else []
