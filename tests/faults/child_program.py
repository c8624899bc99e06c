"""The program of a prepared child: waits for orders, and forks for each poll.

Django is loaded once, so a poll in a process of its own costs no start of Python. A
commit is seen by wrapping Django's; what is tested knows nothing of it. Orders and
answers are lines of JSON. Not here: who gives the orders (prepared_child.py).
"""

import gc
import json
import os
import signal
import sys
import time
import traceback
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any, Literal

from django.db import connection
from django.db.backends.base.base import BaseDatabaseWrapper

from ipamweb.access.models import ClusterConnection
from ipamweb.cluster import watching
from ipamweb.sync import poll, release, write

# Longer than a busy machine takes to send the bookmark that is waited for.
PATIENT_SECONDS = 10.0
SIGNALS = {"kill": signal.SIGKILL, "stop": signal.SIGSTOP}


@dataclass(frozen=True, slots=True)
class Order:
    """One poll. The process kills (or stops) itself right after a commit or a statement
    (counted from 1; 0: never), or is killed from outside after some seconds."""

    slug: str
    now: str
    complete: bool = False
    how: Literal["kill", "stop"] = "kill"
    at_commit: int = 0
    at_statement: int = 0
    after_seconds: float = 0.0


@dataclass(frozen=True, slots=True)
class Ended:
    """How a poll's process ended: by itself, killed, or not yet: it stands still."""

    state: Literal["ended", "killed", "stopped"]
    process: int
    seconds: float = 0.0
    commits: int = 0
    statements: int = 0
    result: dict[str, Any] = field(default_factory=dict)


@dataclass(slots=True)
class Boundaries:
    """Counts commits and statements, and signals this process at the one ordered."""

    order: Order
    commits: int = 0
    statements: int = 0

    def watch(self) -> None:
        commit = BaseDatabaseWrapper.commit

        def counted(wrapper: BaseDatabaseWrapper) -> None:
            commit(wrapper)
            self.commits += 1
            self._end_at(self.order.at_commit, self.commits)

        BaseDatabaseWrapper.commit = counted
        connection.execute_wrappers.append(self._counted)

    def _counted(self, execute: Any, *arguments: Any) -> Any:
        result = execute(*arguments)
        self.statements += 1
        self._end_at(self.order.at_statement, self.statements)
        return result

    def _end_at(self, wanted: int, count: int) -> None:
        if count == wanted:
            os.kill(os.getpid(), SIGNALS[self.order.how])


def main() -> None:
    lower(json.loads(sys.argv[1]))
    gc.freeze()
    answers: dict[int, int] = {}
    for line in sys.stdin:
        order = json.loads(line)
        if "go_on" in order:
            process = order["go_on"]
            os.kill(process, signal.SIGCONT)
            ended = _wait(process, answers)
        else:
            ended = _fork(Order(**order), answers)
        print(json.dumps(asdict(ended)), flush=True)


def lower(limits: Mapping[str, Any]) -> dict[str, Any]:
    """Lower sizes, so that a small cluster takes many transactions; return them.

    And be patient with a stream: on a busy machine its last word may come late, and
    a cursor that stands before it is as good, but not the same.
    """
    before = {
        "rows": write.ROWS,
        "first_times": write.FIRST_TIMES,
        "space_objects": write.SPACE_OBJECTS,
        "brake_count": release.BRAKE_COUNT,
        "quiet_seconds": watching.QUIET_SECONDS,
    }
    write.ROWS = limits["rows"]
    write.FIRST_TIMES = limits.get("first_times", 1)
    write.SPACE_OBJECTS = limits["space_objects"]
    release.BRAKE_COUNT = limits["brake_count"]
    watching.QUIET_SECONDS = limits.get("quiet_seconds", PATIENT_SECONDS)
    return before


def _fork(order: Order, answers: dict[int, int]) -> Ended:
    """Poll in a child of our own; its answer comes through a pipe."""
    reader, writer = os.pipe()
    process = os.fork()
    if process == 0:
        _poll_and_exit(order, writer)
    os.close(writer)
    answers[process] = reader
    if order.after_seconds:
        time.sleep(order.after_seconds)
        os.kill(process, signal.SIGKILL)
    return _wait(process, answers)


def _poll_and_exit(order: Order, writer: int) -> None:
    code = 1
    try:
        os.write(writer, json.dumps(asdict(_polled(order))).encode())
        code = 0
    except BaseException:
        traceback.print_exc()
    finally:
        # No clean-up: nothing of the parent's is ours to close.
        os._exit(code)


def _polled(order: Order) -> Ended:
    boundaries = Boundaries(order)
    boundaries.watch()
    now = datetime.fromisoformat(order.now)
    source = ClusterConnection.objects.get(slug=order.slug)
    began = time.monotonic()
    result = poll.poll(source, complete=order.complete, clock=lambda: now)
    return Ended(
        "ended",
        os.getpid(),
        time.monotonic() - began,
        boundaries.commits,
        boundaries.statements,
        result.as_json(),
    )


def _wait(process: int, answers: dict[int, int]) -> Ended:
    _, status = os.waitpid(process, os.WUNTRACED)
    if os.WIFSTOPPED(status):
        return Ended("stopped", process)
    with os.fdopen(answers.pop(process), "rb") as pipe:
        told = pipe.read()
    if os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGKILL:
        return Ended("killed", process)
    return Ended(**json.loads(told))
