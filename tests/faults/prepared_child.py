"""A child that polls where, and only as far as, a test wants it: its parent's side.

Not here: what the child does (child_program.py), what must be so afterwards.
"""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from django.db import connection

from tests.faults.child_program import Ended, Order
from tests.source import ROOT

PROGRAM = (
    "import django; django.setup(); from tests.faults import child_program;"
    " child_program.main()"
)
# A small cluster in many transactions: four pods each, one node each.
SMALL = {"rows": 12, "space_objects": 1, "brake_count": 5}


@dataclass(slots=True)
class PreparedChild:
    process: "subprocess.Popen[str]"

    def poll(self, slug: str, now: datetime, **order: Any) -> Ended:
        """Poll a cluster in a process of its own, at an instant that stands still."""
        return self._ask(asdict(Order(slug, now.isoformat(), **order)))

    def go_on(self, stopped: Ended) -> Ended:
        """Let a poll that stands still go on, and return how it ended."""
        return self._ask({"go_on": stopped.process})

    def _ask(self, order: dict[str, Any]) -> Ended:
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.write(json.dumps(order) + "\n")
        self.process.stdin.flush()
        return Ended(**json.loads(self.process.stdout.readline()))


@contextmanager
def prepared_child(database: str) -> Iterator[PreparedChild]:
    environment = {
        **os.environ,
        "DATABASE_URL": database,
        "DJANGO_SETTINGS_MODULE": "ipamweb.settings",
    }
    with subprocess.Popen(
        [sys.executable, "-c", PROGRAM, json.dumps(SMALL)],
        cwd=ROOT,
        env=environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        yield PreparedChild(process)


def database_url() -> str:
    """Return the URL of the database that this process uses."""
    settings = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite:///{settings['NAME']}"
    address = f"host={settings['HOST']}" + (
        f"&port={settings['PORT']}" if settings["PORT"] else ""
    )
    return f"postgres://{settings['USER']}@/{settings['NAME']}?{address}"
