"""What is measured, inside the process that is measured (inside.py runs it).

Each task returns what is to be said as JSON. Django is up, and the database connected,
before the clock starts.
"""

import statistics
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from typing import Any

from django.conf import settings
from django.db import connection
from django.test import Client

from benchmarks import floors
from benchmarks.exports_made import copied, exported, exports_filled
from benchmarks.metrics_scraped import metrics_scraped
from benchmarks.pages_asked import pages, pages_to_load
from benchmarks.pages_followed import pages_followed
from benchmarks.past_asked import past_asked
from benchmarks.past_filled import past_filled
from benchmarks.processes import Cost
from benchmarks.questions_asked import questions_asked
from benchmarks.served import Served
from benchmarks.usage_taken import samples_taken
from ipamweb.access.models import ClusterConnection, User
from ipamweb.addressing.ranges import Range, format_address
from ipamweb.mirror.models import (
    Allocation,
    Block,
    Cluster,
    PastAllocation,
    PoolRange,
)
from ipamweb.sync.outcome import PollResult
from ipamweb.sync.poll import poll

Said = dict[str, Any]
SLUG = "bench"


def complete_poll(kubeconfig: str) -> Said:
    """Poll completely, once."""
    cluster = _connection(kubeconfig)
    before = _history()
    cost, result = Cost.of(lambda: _polled(cluster, complete=True))
    return {
        "cost": asdict(cost),
        "result": result.as_json(),
        "history_rows": _history() - before,
    }


def polls_of_changes(served: dict[str, Any], changes: int, times: int) -> Said:
    """Poll after so many changes of pods, several times, as a worker does: kept up."""
    source = Served(**served)
    cluster = _connection(source.kubeconfig)
    _polled(cluster)
    costs, results = [], []
    for _ in range(times):
        source.change_pods(changes)
        cost, result = Cost.of(lambda: _polled(cluster))
        costs.append(cost)
        results.append(result.as_json())
    source.change_pods(changes)
    with _counted() as statements:
        _polled(cluster)
    return {
        "cost": {
            "seconds": statistics.median(cost.seconds for cost in costs),
            "cpu_seconds": statistics.median(cost.cpu_seconds for cost in costs),
            "peak_megabytes": costs[-1].peak_megabytes,
        },
        "result": results[-1],
        "statements": len(statements),
    }


def read_floor(kubeconfig: str) -> Said:
    cost, objects = Cost.of(lambda: floors.read_pages(kubeconfig))
    return {"cost": asdict(cost), "objects": objects}


def write_floor(target: str, way: int) -> Said:
    """Write the rows of this database into an empty one."""
    content = floors.fetch_rows(settings.DATABASE_URL, floors.TABLES)
    write = floors.ways_to_write(target)[way]
    cost, _ = Cost.of(lambda: write(target, content))
    return {"cost": asdict(cost), "rows": sum(len(each.rows) for each in content)}


def fetch_floor() -> Said:
    def fetch() -> int:
        return sum(
            len(floors.fetch_rows(settings.DATABASE_URL, [table])[0].rows)
            for table in floors.CURRENT
        )

    cost, rows = Cost.of(fetch)
    return {"cost": asdict(cost), "rows": rows}


def session() -> Said:
    """Return the session of a reader, for a browser."""
    client = Client()
    user, _ = User.objects.get_or_create(username="bench", is_superuser=True)
    client.force_login(user)
    return {"key": client.session.session_key}


def pool() -> Said:
    """Return the IPv4 pool of the mirror: its range, the ranges around its blocks that
    a tile of addresses covers, and some blocks."""
    found = PoolRange.objects.filter(family=4, valid_to=None).select_related("pool")[0]
    firsts = Block.objects.filter(pool=found.pool, valid_to=None).order_by("first")
    blocks = [format_address(first) for first in firsts.values_list("first", flat=True)]
    large = sorted({".".join(block.split(".")[:2]) for block in blocks})
    return {
        "cluster": SLUG,
        "slug": found.pool.slug,
        "cidr": str(Range(found.first, found.last)),
        "large": [f"{start}.0.0/16" for start in large],
        "blocks": [f"{blocks[n]}/24" for n in (0, len(blocks) // 2, -1)],
    }


TASKS: dict[str, Callable[..., Said]] = {
    task.__name__: task
    for task in (
        complete_poll,
        polls_of_changes,
        read_floor,
        write_floor,
        fetch_floor,
        metrics_scraped,
        pages,
        past_asked,
        past_filled,
        pages_followed,
        copied,
        exported,
        exports_filled,
        pages_to_load,
        pool,
        questions_asked,
        session,
        samples_taken,
    )
}


def _connection(kubeconfig: str) -> ClusterConnection:
    found, _ = ClusterConnection.objects.get_or_create(
        slug=SLUG, defaults={"kubeconfig": kubeconfig}
    )
    return found


def _polled(cluster: ClusterConnection, *, complete: bool = False) -> PollResult:
    result = poll(cluster, complete=complete)
    if result.outcome != "ok":
        raise SystemExit(f"the poll failed: {result.error}")
    return result


def _history() -> int:
    """Return how many rows of history there are, and how often it moved."""
    generations = sum(Cluster.objects.values_list("generation", flat=True))
    return Allocation.objects.count() + PastAllocation.objects.count() + generations


@contextmanager
def _counted() -> Iterator[list[str]]:
    statements: list[str] = []

    def note(execute: Any, sql: str, *rest: Any) -> Any:
        statements.append(sql)
        return execute(sql, *rest)

    with connection.execute_wrapper(note):
        yield statements
