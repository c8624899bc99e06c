"""/metrics of 5,000 nodes in both families: half a second, and 35,000 series at most.

The database is filled by rows, not by polls: what is measured is reading counters and
writing text. The number of queries is that of three nodes.
"""

from benchmarks.figures import Figure
from benchmarks.ground import Ground
from benchmarks.processes import run

MILLISECONDS = 500
SERIES = 35_000


def measure(ground: Ground) -> list[Figure]:
    nodes = ground.clusters.nodes
    url = ground.databases.empty("metrics")
    said = run("metrics_scraped", database=url, nodes=nodes)
    name, what = ground.database, "metrics"
    return [
        Figure(what, name, said["milliseconds"], "ms", limit=MILLISECONDS),
        Figure(f"{what}, CPU", name, said["cpu_milliseconds"], "ms"),
        Figure(f"{what}, series", name, said["series"], "", limit=SERIES),
        Figure(f"{what}, text", name, said["megabytes"], "MB"),
        Figure(
            f"{what}, queries beside 3 nodes",
            name,
            said["queries"],
            "",
            said["queries_of_few"],
            limit=1,
        ),
    ]
