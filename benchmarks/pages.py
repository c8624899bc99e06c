"""Pages and REST answer in 100 ms at the median, with as many queries as ever.

Overview, node list, one node and the allocation list, asked of the application as a
server asks it. The number of queries is that of a cluster of 50 nodes.
"""

from benchmarks.figures import Figure
from benchmarks.ground import Ground
from benchmarks.processes import run
from benchmarks.served import Served

MILLISECONDS = 100


def measure(ground: Ground) -> list[Figure]:
    small = _asked(ground, ground.clusters.small)
    large = _asked(ground, ground.clusters.large)
    name = ground.database
    figures = []
    for what, (milliseconds, queries) in large.items():
        figures.append(Figure(what, name, milliseconds, "ms", limit=MILLISECONDS))
        figures.append(
            Figure(
                f"{what}, queries beside 50 nodes",
                name,
                queries,
                "",
                small[what][1],
                limit=1,
            )
        )
    return figures


def _asked(ground: Ground, served: Served) -> dict[str, tuple[float, float]]:
    said = run("pages", database=ground.mirror_of(served))
    return {
        what: (each["milliseconds"], each["queries"]) for what, each in said.items()
    }
