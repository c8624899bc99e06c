"""Kills polls at random instants, as many as are wanted, on any database.

    python -m tests.faults.kill_run sqlite:////tmp/some.sqlite3 --points 200

Not here: kills at chosen places (test_kill.py), all of which `make test` makes.
"""

import argparse
import json
import os
import subprocess
import sys
from dataclasses import asdict, dataclass

from tests.source import ROOT

PROGRAM = (
    "import django; django.setup(); from tests.faults import random_kills;"
    " random_kills.main()"
)


@dataclass(frozen=True, slots=True)
class KillReport:
    """What came of it; `complaints` is empty when the mirror held every time."""

    kills: int
    seconds: float
    complaints: list[str]


def run(url: str, *, points: int = 200, seed: int = 1) -> KillReport:
    """Kill so many polls on the database at `url`; it is brought up to date before.

    In a process of its own: Django's settings are those of that database.
    """
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, str(points), str(seed)],
        cwd=ROOT,
        env={
            **os.environ,
            "DATABASE_URL": url,
            "DJANGO_SETTINGS_MODULE": "ipamweb.settings",
        },
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    return KillReport(**json.loads(done.stdout))


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.faults.kill_run")
    parser.add_argument("url", help="of the database, as in DATABASE_URL")
    parser.add_argument("--points", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    report = run(arguments.url, points=arguments.points, seed=arguments.seed)
    print(json.dumps(asdict(report), indent=2))
    return 1 if report.complaints else 0


if __name__ == "__main__":
    sys.exit(main())
