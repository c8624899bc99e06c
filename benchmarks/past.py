"""Past mode at 150,000 current allocations and 10 million past ones, on PostgreSQL.

An address's history in 50 ms, a node's grid at a time in 200 ms, a pool's map at a time
in a second, at the median. How the past is made: past_filled.py.
"""

from benchmarks.figures import Figure
from benchmarks.ground import Ground
from benchmarks.processes import run

LIMITS = {
    "past: an address's history": 50,
    "past: who had an address": 50,
    "past: page of a node's grid": 200,
    "past: a pool's map, its blocks": 1_000,
    "past: page of a pool's map": 1_000,
    "past: cells of a /16": 1_000,
}


def measure(ground: Ground) -> list[Figure]:
    if ground.database != "PostgreSQL":
        return []
    url = ground.databases.empty("past")
    run("past_filled", database=url, rows=ground.past_rows)
    said = run("past_asked", database=url)
    return [
        Figure(
            what, ground.database, each["milliseconds"], "ms", limit=LIMITS.get(what)
        )
        for what, each in said.items()
    ]
