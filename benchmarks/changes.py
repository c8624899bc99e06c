"""A poll of 100 changes takes half a second at most, however large the cluster is.

Its floor is the same poll of a cluster of 50 nodes: what it costs must not follow the
size of the cluster.
"""

from dataclasses import asdict

from benchmarks.figures import Figure
from benchmarks.ground import Ground
from benchmarks.processes import run
from benchmarks.served import Served

LIMIT = 1.5
SECONDS = 0.5
CHANGES = 100
TIMES = 7


def measure(ground: Ground) -> list[Figure]:
    small = _polls(ground, ground.clusters.small)
    large = _polls(ground, ground.clusters.large)
    name, size = ground.database, f"{ground.clusters.large.nodes:,} nodes"
    what = f"poll of {CHANGES} changes"
    return [
        Figure(f"{what}, {size}", name, large["seconds"], "s", limit=SECONDS),
        Figure(
            f"{what}, {size} beside 50", name, large["seconds"], "s", small["seconds"],
            LIMIT,
        ),
        Figure(
            f"{what}, {size} beside 50, CPU", name, large["cpu_seconds"], "s",
            small["cpu_seconds"], LIMIT,
        ),
        Figure(
            f"{what}, statements", name, large["statements"], "", small["statements"],
            LIMIT,
        ),
    ]  # fmt: skip


def _polls(ground: Ground, served: Served) -> dict[str, float]:
    url = ground.mirror_of(served)
    said = run(
        "polls_of_changes",
        database=url,
        served=asdict(served),
        changes=CHANGES,
        times=TIMES,
    )
    return {**said["cost"], "statements": said["statements"]}
