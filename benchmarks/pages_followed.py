"""Follows the pages of a list inside the process that is measured (tasks.py)."""

import statistics
import time
from typing import Any

import msgspec

from benchmarks.pages_asked import client
from ipamweb.mirror.models import Cluster

ROWS_OF_A_PAGE = 1000
# Of as many at either end the median is taken.
AT_AN_END = 15


class _Page(msgspec.Struct):
    next: str | None
    results: list[msgspec.Raw]


def pages_followed() -> dict[str, Any]:
    """Return what it took to read all allocations, and the first and the last pages."""
    reader, decoder = client(), msgspec.json.Decoder(_Page)
    slug = Cluster.objects.get().slug
    path: str | None = f"/api/v1/clusters/{slug}/allocations/?limit={ROWS_OF_A_PAGE}"
    # What is loaded with the first question of a process is no part of any page.
    reader.get(f"/api/v1/clusters/{slug}/allocations/?limit=1")
    rows, seconds, cpu_seconds = 0, [], 0.0
    while path:
        began, cpu = time.perf_counter(), time.process_time()
        answer = reader.get(path.removeprefix("http://localhost"))
        seconds.append(time.perf_counter() - began)
        cpu_seconds += time.process_time() - cpu
        page = decoder.decode(answer.content)
        rows, path = rows + len(page.results), page.next
    # The last page is not full.
    full = seconds[:-1]
    return {
        "rows": rows,
        "seconds": sum(seconds),
        "cpu_seconds": cpu_seconds,
        "first": 1000 * statistics.median(full[:AT_AN_END]),
        "last": 1000 * statistics.median(full[-AT_AN_END:]),
    }
