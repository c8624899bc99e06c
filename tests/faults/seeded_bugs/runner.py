"""Runs tests on copies of the tree, each with one seeded bug, two at a time.

A copy serves one bug after the other: its files are put back in between.
"""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from queue import SimpleQueue

from tests.faults.seeded_bugs.bug import Bug, seeded
from tests.source import ROOT

COPIES = 2
COPIED = ("ipamweb", "tests", "templates", "static", "pyproject.toml", "manage.py")
# Tables are made from the models: quicker, and none of these tests needs a trigger.
OPTIONS = ("-x", "-q", "--nomigrations", "-p", "no:cacheprovider")
# Half of pytest's start is plugins that none of these tests needs.
PLUGINS = ("-p", "pytest_django.plugin")
SECONDS = 300


@dataclass(frozen=True, slots=True)
class Told:
    """How pytest ended, and its last lines."""

    code: int
    last: str

    @property
    def is_caught(self) -> bool:
        """A test ran and failed: more than that it could not be run at all."""
        return self.code == 1 and " failed" in self.last.splitlines()[-1]


@dataclass(slots=True)
class Runner:
    folder: Path
    threads: ThreadPoolExecutor = field(
        default_factory=lambda: ThreadPoolExecutor(COPIES)
    )
    copies: "SimpleQueue[Path]" = field(default_factory=SimpleQueue)

    def __post_init__(self) -> None:
        for number in range(COPIES):
            self.copies.put(_copy(self.folder / f"copy-{number}"))

    def start(self, bug: Bug) -> "Future[Told]":
        """Run the tests that catch a bug, with it, as soon as a copy is free."""
        return self.threads.submit(self._run, bug)

    def run_all(self, bugs: Iterable[Bug]) -> Told:
        """Run the tests of all bugs, without any."""
        tests = sorted({test for bug in bugs for test in bug.caught_by})
        copy = self.copies.get()
        try:
            return _pytest(copy, tests)
        finally:
            self.copies.put(copy)

    def close(self) -> None:
        self.threads.shutdown(cancel_futures=True)

    def _run(self, bug: Bug) -> Told:
        copy = self.copies.get()
        kept = {copy / change.file: _kept(copy / change.file) for change in bug.changes}
        try:
            for change in bug.changes:
                (copy / change.file).write_text(seeded(copy, change))
            return _pytest(copy, bug.caught_by)
        finally:
            for file, (text, times) in kept.items():
                file.write_text(text)
                os.utime(file, ns=times)
            self.copies.put(copy)


def _kept(file: Path) -> tuple[str, tuple[int, int]]:
    """Return a file's text, and its times, so that what was compiled stays good."""
    found = file.stat()
    return file.read_text(), (found.st_atime_ns, found.st_mtime_ns)


def _copy(target: Path) -> Path:
    for name in COPIED:
        source = ROOT / name
        if source.is_dir():
            shutil.copytree(source, target / name)
        else:
            shutil.copy2(source, target / name)
    return target


def _pytest(folder: Path, tests: Iterable[str]) -> Told:
    kept = {
        name: value
        for name, value in os.environ.items()
        if name not in ("DATABASE_URL", "PYTEST_ADDOPTS", "PYTEST_CURRENT_TEST")
    }
    done = subprocess.run(
        [sys.executable, "-m", "pytest", *OPTIONS, *PLUGINS, *tests],
        cwd=folder,
        # What is compiled of a bug must not outlive it.
        env={
            **kept,
            "PYTHONDONTWRITEBYTECODE": "1",
            "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1",
        },
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=SECONDS,
    )
    lines = (done.stdout + done.stderr).strip().splitlines()
    return Told(done.returncode, "\n".join(lines[-8:]))
