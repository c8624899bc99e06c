"""200 polls are killed at random instants, and the mirror holds every time.

Not speed, but too slow for `make test`, which kills at every place chosen.
"""

from benchmarks.figures import Figure
from benchmarks.ground import Ground
from tests.faults import kill_run

POINTS = 200


def measure(ground: Ground) -> list[Figure]:
    report = kill_run.run(ground.databases.empty("kills"), points=POINTS)
    for complaint in report.complaints:
        print(complaint)
    complaints = len(report.complaints)
    return [
        Figure("random kills", ground.database, report.kills, "kills"),
        Figure("random kills, complaints", ground.database, complaints, "", limit=0),
    ]
