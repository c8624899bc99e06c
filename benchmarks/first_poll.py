"""A complete first poll costs at most twice what reading and writing alone cost.

Reading: the same pages by urllib3, zlib and msgspec. Writing: the same rows, into the
same indexed tables of an empty database, by the faster of executemany and COPY.
"""

from benchmarks.figures import Figure
from benchmarks.floors import ways_to_write
from benchmarks.ground import Ground
from benchmarks.processes import Cost, cost_of, least, run

LIMIT = 2.0
PEAK_MEGABYTES = 400


def measure(ground: Ground) -> list[Figure]:
    served = ground.clusters.large
    served.render_pages()
    polls, reads, writes = [], [], []
    for _ in range(ground.repeats):
        reads.append(_read(ground))
        url = ground.new_mirror_of(served)
        said = run("complete_poll", database=url, kubeconfig=served.kubeconfig)
        polls.append(cost_of(said))
        writes.append(_write(ground, url))
    poll, read, write = least(polls), least(reads), least(writes)
    floor = read + write
    name = ground.database
    return [
        Figure("first poll", name, poll.seconds, "s", floor.seconds, LIMIT),
        Figure(
            "first poll, CPU", name, poll.cpu_seconds, "s", floor.cpu_seconds, LIMIT
        ),
        Figure("  of its floor: reading", name, read.seconds, "s"),
        Figure("  of its floor: reading, CPU", name, read.cpu_seconds, "s"),
        Figure("  of its floor: writing", name, write.seconds, "s"),
        Figure("  of its floor: writing, CPU", name, write.cpu_seconds, "s"),
        Figure(
            "first poll, peak memory", name, poll.peak_megabytes, "MB",
            limit=PEAK_MEGABYTES,
        ),
    ]  # fmt: skip


def _read(ground: Ground) -> Cost:
    kubeconfig = ground.clusters.large.kubeconfig
    return cost_of(run("read_floor", database="", kubeconfig=kubeconfig))


def _write(ground: Ground, url: str) -> Cost:
    """Return the cost of the faster way to write the rows."""
    ways = range(len(ways_to_write(url)))
    costs = [
        cost_of(
            run(
                "write_floor",
                database=url,
                target=ground.databases.empty("floor"),
                way=way,
            )
        )
        for way in ways
    ]
    return min(costs, key=lambda cost: cost.seconds)
