"""The embedded scheduler: a thread for each cluster, and the other jobs by the clock.

Not here: what a poll does (sync/poll.py), and when a failing cluster is asked again
(sync stores it in the cluster's row).
"""

import logging
import threading
from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial

from django.conf import settings
from django.db import close_old_connections, connections
from django.db.models import QuerySet
from django.utils.module_loading import import_string

from ipamweb.access.models import ClusterConnection
from ipamweb.mirror.models import Cluster
from ipamweb.schedule import JOBS, Job
from ipamweb.sync import poll

log = logging.getLogger(__name__)
# A poll may be cut at any instant: at the end nobody waits for one.
STOP_SECONDS = 2.0


class Scheduler:
    """Threads by name; one that ended, for whatever reason, is started again."""

    def __init__(self) -> None:
        self.stopping = threading.Event()
        self._threads: dict[str, threading.Thread] = {}

    def run(self) -> None:
        """Return when `stopping` is set."""
        while not self.stopping.is_set():
            for job in JOBS:
                if job.every_seconds:
                    self._keep(job.name, partial(self._repeat, job))
            for name in _polled().values_list("slug", flat=True):
                self._keep(f"poll {name}", partial(self._poll, name))
            self.stopping.wait(1.0)
        for thread in self._threads.values():
            thread.join(timeout=STOP_SECONDS / len(self._threads))
        connections.close_all()

    def _keep(self, name: str, target: Callable[[], None]) -> None:
        thread = self._threads.get(name)
        if thread is None or not thread.is_alive():
            self._threads[name] = threading.Thread(
                target=_closing_database, args=(target,), name=name, daemon=True
            )
            self._threads[name].start()

    def _poll(self, name: str) -> None:
        """Poll a cluster until it is paused or removed, or the end."""
        while connection := _polled().filter(slug=name).first():
            result = poll.poll(connection)
            if result.outcome == "failed":
                log.warning("%s", result.error)
            pause = _pause_seconds(name, took=result.seconds)
            close_old_connections()
            if self.stopping.wait(pause):
                return

    def _repeat(self, job: Job) -> None:
        while not self.stopping.wait(job.every_seconds):
            import_string(job.task)()
            close_old_connections()


def _closing_database(target: Callable[[], None]) -> None:
    """Run a thread's work; its database connection ends with it."""
    try:
        target()
    finally:
        connections.close_all()


def _polled() -> QuerySet[ClusterConnection]:
    return ClusterConnection.objects.filter(paused=False)


def _pause_seconds(name: str, *, took: float) -> float:
    """Return how long to wait: the rest of the interval, or what a failure asks for."""
    interval = max(0.1, settings.IPAMWEB_POLL_SECONDS - took)
    retry_at = Cluster.objects.filter(slug=name).values_list("retry_at", flat=True)
    until = retry_at.first()
    if until is None:
        return interval
    return max(interval, (until - datetime.now(UTC)).total_seconds())
