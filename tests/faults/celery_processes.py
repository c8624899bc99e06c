"""Real Celery processes on the database of a test: workers, beat, and their end.

Not here: Redis (tests/databases.py), what must be so (test_celery.py).
"""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from ipamweb.celery import app
from ipamweb.sync.tasks import poll_cluster
from tests.faults.prepared_child import database_url
from tests.source import ROOT

# A machine that is busy with other tests starts a worker in ten seconds.
PATIENCE_SECONDS = 60.0
POLL_SECONDS = 1


@dataclass(slots=True)
class CeleryProcesses:
    """Workers and beat of one Redis; each with its children in a group of its own."""

    redis_url: str
    folder: Path
    running: list["subprocess.Popen[bytes]"] = field(default_factory=list)

    def worker(self) -> "subprocess.Popen[bytes]":
        """Start a worker as compose.yaml does, with two processes instead of four."""
        return self._start(
            "worker", "--queues=sync-control,maintenance", "--concurrency=2",
            "--without-gossip", "--without-mingle",
        )  # fmt: skip

    def beat(self) -> "subprocess.Popen[bytes]":
        return self._start("beat", f"--schedule={self.folder / 'beat'}", "--pidfile=")

    def _start(self, *arguments: str) -> "subprocess.Popen[bytes]":
        command = [sys.executable, "-m", "celery", "--app=ipamweb", *arguments]
        with (self.folder / "celery.log").open("ab") as log:
            process = subprocess.Popen(
                [*command, "--loglevel=WARNING"],
                cwd=ROOT,
                env={
                    **os.environ,
                    "DATABASE_URL": database_url(),
                    "REDIS_URL": self.redis_url,
                    "DJANGO_SETTINGS_MODULE": "ipamweb.settings",
                    "IPAMWEB_POLL_SECONDS": str(POLL_SECONDS),
                },
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        self.running.append(process)
        return process

    def kill(self, process: "subprocess.Popen[bytes]") -> None:
        """Kill a process and its children, as the loss of a machine does."""
        self.running.remove(process)
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()

    def send(self, slug: str) -> None:
        """Put a task that polls a cluster into the queue."""
        with app.connection_for_write(self.redis_url) as connection:
            poll_cluster.apply_async(
                args=[slug], queue="sync-control", connection=connection
            )


@contextmanager
def celery_processes(redis_url: str, folder: Path) -> Iterator[CeleryProcesses]:
    processes = CeleryProcesses(redis_url, folder)
    try:
        yield processes
    finally:
        for process in list(processes.running):
            processes.kill(process)


def wait_until(is_so: Callable[[], bool]) -> None:
    """Return when it is so; fail when it never is."""
    until = time.monotonic() + PATIENCE_SECONDS
    while not is_so():
        assert time.monotonic() < until, "it did not come to be so"
        time.sleep(0.05)
