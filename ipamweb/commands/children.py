"""Child processes of one command: started, watched, and ended together.

Each is a session of its own, so that a Ctrl-C meets the parent only, which then ends
them in order; should the parent be killed, the kernel ends them. What they have to say
is in their logs and on standard error.
"""

import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

PR_SET_PDEATHSIG = 1  # linux/prctl.h
STOP_SECONDS = 10
# A child that ended at once is not started again at once.
RESTART_SECONDS = 5


@dataclass
class Child:
    """`is_essential`: the others end with it; else it is started again."""

    name: str
    command: list[str]
    environment: Mapping[str, str]
    folder: Path
    is_essential: bool = False
    process: "subprocess.Popen[bytes] | None" = None
    started_at: float = 0.0


@dataclass
class Children:
    """`say` tells a person, in a line, what happened to one of them."""

    say: Callable[[str], None]
    children: list[Child] = field(default_factory=list)

    def start(self, child: Child) -> None:
        self.children.append(child)
        _start(child)

    def watch(self, is_stopping: Callable[[float], bool]) -> int:
        """Return 0 when asked to stop, 1 when an essential child ended by itself."""
        while not is_stopping(1.0):
            for child in self.children:
                if child.process is None or child.process.poll() is None:
                    continue
                code = child.process.returncode
                if child.is_essential:
                    self.say(f"error: {child.name} ended with exit code {code}")
                    return 1
                if time.monotonic() - child.started_at > RESTART_SECONDS:
                    self.say(f"{child.name} ended with exit code {code}: started again")
                    _start(child)
        return 0

    def stop(self) -> None:
        """End them one after the other, the last started first; kill what stays."""
        for child in reversed(self.children):
            if child.process is None:
                continue
            child.process.terminate()
            try:
                child.process.wait(timeout=STOP_SECONDS)
            except subprocess.TimeoutExpired:
                child.process.kill()
                child.process.wait()


def _start(child: Child) -> None:
    child.started_at = time.monotonic()
    child.process = subprocess.Popen(
        child.command,
        cwd=child.folder,
        env={**os.environ, **child.environment},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        start_new_session=True,
        preexec_fn=_end_with_parent if sys.platform == "linux" else None,
    )


def _end_with_parent() -> None:
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
