"""Taking a sample of everything costs a fraction of a second in five minutes.

Its floor: the drivers alone read the same counters and insert the same rows. Measured
when every node changed since the sample before, which is the worst there is, and when
nothing did, which writes nothing.
"""

from benchmarks.figures import Figure
from benchmarks.ground import Ground
from benchmarks.processes import MEGABYTE, Cost, run

LIMIT = 8.0
SECONDS = 2.0
STEPS_A_DAY = 288


def measure(ground: Ground) -> list[Figure]:
    said = run("samples_taken", database=ground.mirror_of(ground.clusters.large))
    changed, unchanged = Cost(**said["changed"]), Cost(**said["unchanged"])
    floor, name = Cost(**said["floor"]), ground.database
    what, idle = "sample, everything changed", "sample, nothing changed"
    worst = said["rows"] * said["bytes_a_row"] * STEPS_A_DAY / MEGABYTE
    return [
        Figure(what, name, changed.seconds, "s", limit=SECONDS),
        Figure(
            f"{what}, CPU", name, changed.cpu_seconds, "s", floor.cpu_seconds, LIMIT
        ),
        Figure(f"{what}: written", name, said["rows"], "rows", limit=said["series"]),
        Figure(idle, name, unchanged.seconds, "s", limit=SECONDS),
        Figure(f"{idle}: written", name, said["idle_rows"], "rows", limit=0),
        Figure("hours made of samples", name, said["rolled_seconds"], "s"),
        Figure("a row of samples", name, said["bytes_a_row"], "bytes"),
        Figure("samples of the worst day there can be", name, worst, "MB"),
    ]
