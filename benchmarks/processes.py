"""One measured thing in a process of its own: what it costs is then its own alone.

`run` is for the benchmarks; `Cost.of` for what runs inside (tasks.py).
"""

import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

MEGABYTE = 1_000_000


@dataclass(frozen=True, slots=True)
class Cost:
    """Seconds on the clock and of the processor, all threads, and peak memory.

    The peak is that of the whole process, with interpreter and Django.
    """

    seconds: float
    cpu_seconds: float
    peak_megabytes: float = 0.0

    @classmethod
    def of(cls, work: Callable[[], Any]) -> "tuple[Cost, Any]":
        """Return what the work cost, and what it returned."""
        wall, cpu = time.perf_counter(), _cpu_seconds()
        done = work()
        seconds, cpu_seconds = time.perf_counter() - wall, _cpu_seconds() - cpu
        return cls(seconds, cpu_seconds, _peak_megabytes()), done

    def __add__(self, other: "Cost") -> "Cost":
        return Cost(
            self.seconds + other.seconds,
            self.cpu_seconds + other.cpu_seconds,
            max(self.peak_megabytes, other.peak_megabytes),
        )


def least(costs: list[Cost]) -> Cost:
    """Return the least of several runs: what others did on the machine is no cost."""
    return Cost(
        min(cost.seconds for cost in costs),
        min(cost.cpu_seconds for cost in costs),
        max(cost.peak_megabytes for cost in costs),
    )


def run(task: str, *, database: str, **arguments: Any) -> dict[str, Any]:
    """Run a task of tasks.py in a process, and return what it says."""
    command = [sys.executable, "-m", "benchmarks.inside", task, json.dumps(arguments)]
    done = subprocess.run(
        command, env=environment_of(database), stdout=subprocess.PIPE, check=True
    )
    said: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return said


def cost_of(said: dict[str, Any]) -> Cost:
    return Cost(**said["cost"])


def environment_of(database: str) -> dict[str, str]:
    """Return the environment of a process that works on a database."""
    return {
        **os.environ,
        "DATABASE_URL": database,
        "DJANGO_SETTINGS_MODULE": "ipamweb.settings",
        "IPAMWEB_DATA_DIR": str(Path(tempfile.gettempdir()) / "ipamweb-benchmarks"),
        "IPAMWEB_LOG_LEVEL": "ERROR",
    }


def _cpu_seconds() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


def _peak_megabytes() -> float:
    # Linux counts it in KiB.
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 / MEGABYTE
