"""Exports of 150,000 allocations on PostgreSQL, beside COPY of the same columns.

CSV and NDJSON at four times the time of COPY and 100,000 rows a second at least; the
first rows in 300 ms; memory that does not grow from a thousand rows to a million.
"""

from benchmarks.figures import Figure
from benchmarks.ground import Ground
from benchmarks.processes import cost_of, least, run

TIMES = 4
SECONDS_OF_100_000 = 1
MILLISECONDS = 300
MEGABYTES = 20
FORMATS = ("csv", "ndjson")


def measure(ground: Ground) -> list[Figure]:
    if ground.database != "PostgreSQL":
        return []
    url = ground.databases.empty("exports")
    run("past_filled", database=url, rows=0)
    figures = []
    for form in FORMATS:
        figures += _beside_copy(ground, url, form)
    few = run("exported", database=url, form="csv", asked="within=10.128.0.0/19")
    run("exports_filled", database=url)
    many = run("exported", database=url, form="csv", asked="")
    grown = cost_of(many).peak_megabytes - cost_of(few).peak_megabytes
    what = f"export: memory, {few['rows']:,} to {many['rows']:,} rows"
    return [
        *figures,
        Figure(what, ground.database, grown, "MB", limit=MEGABYTES),
    ]


def _beside_copy(ground: Ground, url: str, form: str) -> list[Figure]:
    copied, exported, first = [], [], []
    for _ in range(ground.repeats):
        # Side by side: what else the machine does meets both.
        copied.append(cost_of(run("copied", database=url)))
        said = run("exported", database=url, form=form, asked="")
        exported.append(cost_of(said))
        first.append(said["first_milliseconds"])
    cost, floor = least(exported), least(copied)
    name, what = ground.database, f"export: 150,000 rows as {form}"
    pace = cost.seconds / 1.5
    return [
        Figure(what, name, cost.seconds, "s", floor.seconds, limit=TIMES),
        Figure(f"{what}, CPU of the client", name, cost.cpu_seconds, "s"),
        Figure(f"{what}, of 100,000", name, pace, "s", limit=SECONDS_OF_100_000),
        Figure(f"{what}, first rows", name, min(first), "ms", limit=MILLISECONDS),
    ]
