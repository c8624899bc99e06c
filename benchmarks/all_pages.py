"""Paging through all allocations by REST, 1,000 a page: 20,000 rows a second, and the
last page as fast as the first. 150,000 are held; on PostgreSQL.

Asked of the application as a server asks it, in one process; what is timed ends with
the bytes of the answer.
"""

from benchmarks.figures import Figure
from benchmarks.ground import Ground
from benchmarks.processes import run

SECONDS_FOR_20_000 = 1
LAST_BESIDE_FIRST = 1.3


def measure(ground: Ground) -> list[Figure]:
    if ground.database != "PostgreSQL":
        return []
    said = run("pages_followed", database=ground.mirror_of(ground.clusters.large))
    name = ground.database
    return [
        Figure(
            "paging through all, 20,000 rows",
            name,
            said["seconds"] * 20_000 / said["rows"],
            "s",
            limit=SECONDS_FOR_20_000,
        ),
        Figure("paging through all, rows", name, said["rows"], ""),
        Figure(
            "paging through all, 20,000 rows, CPU",
            name,
            said["cpu_seconds"] * 20_000 / said["rows"],
            "s",
        ),
        Figure(
            "paging through all, last pages beside the first",
            name,
            said["last"],
            "ms",
            said["first"],
            limit=LAST_BESIDE_FIRST,
        ),
    ]
