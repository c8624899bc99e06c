"""A complete poll of a cluster that did not change writes no history, and costs little.

At most half more than reading the cluster and fetching the rows that mirror it.
"""

from benchmarks.figures import Figure
from benchmarks.first_poll import PEAK_MEGABYTES
from benchmarks.ground import Ground
from benchmarks.processes import cost_of, least, run

LIMIT = 1.5


def measure(ground: Ground) -> list[Figure]:
    served = ground.clusters.large
    url = ground.mirror_of(served)
    served.render_pages()
    polls, floors, history = [], [], 0
    for _ in range(ground.repeats):
        said = run("complete_poll", database=url, kubeconfig=served.kubeconfig)
        polls.append(cost_of(said))
        history += said["history_rows"]
        read = run("read_floor", database="", kubeconfig=served.kubeconfig)
        floors.append(cost_of(read) + cost_of(run("fetch_floor", database=url)))
    poll, floor = least(polls), least(floors)
    name = ground.database
    return [
        Figure("poll without change", name, poll.seconds, "s", floor.seconds, LIMIT),
        Figure(
            "poll without change, CPU", name, poll.cpu_seconds, "s", floor.cpu_seconds,
            LIMIT,
        ),
        Figure("poll without change, history", name, history, "rows", limit=0),
        Figure(
            "poll without change, peak memory", name, poll.peak_megabytes, "MB",
            limit=PEAK_MEGABYTES,
        ),
    ]  # fmt: skip
