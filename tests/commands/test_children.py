"""Child processes: started again, ended together, never left behind."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from ipamweb.commands import children
from ipamweb.commands.children import Child, Children
from tests.source import ROOT

SLEEP = "import time; time.sleep(60)"
STUBBORN = (
    "import signal, sys, time; signal.signal(signal.SIGTERM, signal.SIG_IGN);"
    " open(sys.argv[1], 'w').close(); time.sleep(60)"
)


def child(program: str, *arguments: str, is_essential: bool = False) -> Child:
    command = [sys.executable, "-c", program, *arguments]
    return Child("child", command, {}, ROOT, is_essential=is_essential)


@pytest.fixture
def family():
    said: list[str] = []
    family = Children(said.append)
    family.said = said
    yield family
    family.stop()


def wait_until(is_so) -> None:
    until = time.monotonic() + 10
    while not is_so():
        assert time.monotonic() < until
        time.sleep(0.02)


def ticks(count: int):
    """Return a question that says "stop" at its count-th time."""
    answers = iter([False] * count + [True])

    def is_stopping(seconds: float) -> bool:
        time.sleep(0.05)
        return next(answers)

    return is_stopping


def test_all_end_when_they_are_told_to(family):
    family.start(child(SLEEP))
    family.start(child(SLEEP))

    family.stop()

    codes = [each.process.returncode for each in family.children]
    assert codes == [-signal.SIGTERM, -signal.SIGTERM]


def test_one_that_does_not_end_is_killed(family, tmp_path, monkeypatch):
    monkeypatch.setattr(children, "STOP_SECONDS", 0.2)
    family.start(child(STUBBORN, str(tmp_path / "ready")))
    wait_until((tmp_path / "ready").exists)

    family.stop()

    assert family.children[0].process.returncode == -signal.SIGKILL


def test_one_that_ended_is_started_again(family, monkeypatch):
    monkeypatch.setattr(children, "RESTART_SECONDS", 0)
    family.start(child(SLEEP))
    first = family.children[0].process
    first.kill()
    first.wait()

    assert family.watch(ticks(2)) == 0

    assert family.said == ["child ended with exit code -9: started again"]
    assert family.children[0].process.pid != first.pid


def test_the_end_of_an_essential_one_is_the_end(family):
    family.start(child("raise SystemExit(3)", is_essential=True))
    family.children[0].process.wait()

    assert family.watch(ticks(5)) == 1

    assert family.said == ["error: child ended with exit code 3"]


@pytest.mark.skipif(sys.platform != "linux", reason="asks the kernel of Linux")
def test_none_is_left_behind_when_the_parent_is_killed(tmp_path: Path):
    parent = (
        "import sys, time; from pathlib import Path;"
        " from ipamweb.commands.children import Child, Children;"
        f" one = Child('c', [sys.executable, '-c', {SLEEP!r}], {{}}, Path('.'));"
        " Children(print).start(one);"
        " Path(sys.argv[1]).write_text(str(one.process.pid)); time.sleep(60)"
    )
    file = tmp_path / "pid"
    process = subprocess.Popen([sys.executable, "-c", parent, str(file)], cwd=ROOT)
    wait_until(lambda: file.exists() and file.read_text())

    process.kill()
    process.wait()

    wait_until(lambda: not _is_running(int(file.read_text())))


def _is_running(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    return state != "Z"
