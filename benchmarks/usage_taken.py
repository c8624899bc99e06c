"""Takes samples inside the process that is measured (tasks.py).

The mirror stays as it is: that everything changed is said by changing the last samples.
Of several runs the shortest counts: what others did on the machine is no cost.
"""

from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

from django.conf import settings
from django.db import connection
from django.db.models import F, Max
from django.utils import timezone

from benchmarks import floors
from benchmarks.processes import Cost, least
from ipamweb.mirror.models import Cluster
from ipamweb.usage import retention, samples, steps
from ipamweb.usage.models import Sampling, UsageSample, UsageSeries

TIMES = 5
# What a sample has to know.
READ = (
    "mirror_pool", "mirror_poolrange", "mirror_node", "mirror_block",
    "mirror_namespace",
)  # fmt: skip


def samples_taken() -> dict[str, Any]:
    """Return what samples cost, in seconds, rows and bytes; none is left behind."""
    _forget()
    start = steps.start_of(timezone.now(), steps.DAY)
    rows = _take(start)
    changed = [_changed(start + steps.STEP * (1 + n)) for n in range(TIMES)]
    idle = [
        Cost.of(partial(_take, start + steps.STEP * (TIMES + 1 + n)))
        for n in range(TIMES)
    ]
    rolled, _ = Cost.of(partial(_roll_up, start + timedelta(days=3)))
    floors_found = _floors(rows)
    _forget()
    return {
        "changed": asdict(least([cost for cost, _ in changed])),
        "rows": max(written for _, written in changed),
        "series": rows,
        "unchanged": asdict(least([cost for cost, _ in idle])),
        "idle_rows": sum(written for _, written in idle),
        "rolled_seconds": rolled.seconds,
        **floors_found,
    }


def _take(moment: datetime) -> int:
    """Take the sample of a step, in which the cluster was just read."""
    Cluster.objects.update(as_of=moment)
    return samples.take(now=moment)


def _changed(moment: datetime) -> tuple[Cost, int]:
    """Return cost and rows of a sample that differs from the last in everything."""
    last = UsageSample.objects.aggregate(last=Max("at"))["last"]
    UsageSample.objects.filter(at=last).update(allocated=F("allocated") + 1)
    return Cost.of(partial(_take, moment))


def _roll_up(moment: datetime) -> int:
    return retention.apply(now=moment)["samples_put_together"]


def _floors(count: int) -> dict[str, Any]:
    """Return the cost at which the drivers read the counters and insert as many
    rows, and the bytes that each of these takes, its index included."""
    url, table = settings.DATABASE_URL, UsageSample._meta.db_table
    (found,) = floors.fetch_rows(url, [table])
    place = found.columns.index("at")
    begin = datetime(2020, 1, 1, tzinfo=UTC)
    before, costs = _bytes(), []
    for number in range(TIMES):
        moment = begin + steps.STEP * number
        rows = [
            (*row[:place], _like(row[place], moment), *row[place + 1 :])
            for row in found.rows[:count]
        ]
        given = [floors.Rows(table, found.columns, rows)]
        write = floors.ways_to_write(url)[-1]
        read, _ = Cost.of(partial(floors.fetch_rows, url, READ))
        wrote, _ = Cost.of(partial(write, url, given))
        costs.append(read + wrote)
    return {
        "floor": asdict(least(costs)),
        "bytes_a_row": round((_bytes() - before) / (count * TIMES)),
    }


def _like(value: Any, moment: datetime) -> Any:
    """Return a moment as the driver gave another one."""
    return f"{moment:%Y-%m-%d %H:%M:%S}" if isinstance(value, str) else moment


def _forget() -> None:
    UsageSample.objects.all()._raw_delete("default")
    UsageSeries.objects.all().delete()
    Sampling.objects.all().delete()


def _bytes() -> int:
    """Return what is in use of the database, or by the samples and their index."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SELECT pg_total_relation_size('usage_usagesample')")
            return int(cursor.fetchone()[0])
        numbers = []
        for name in ("page_count", "freelist_count", "page_size"):
            cursor.execute(f"PRAGMA {name}")
            numbers.append(int(cursor.fetchone()[0]))
    pages, free, size = numbers
    return (pages - free) * size
