"""Makes exports inside the process that is measured (tasks.py)."""

import time
from dataclasses import asdict
from typing import Any

from django.db import connection

from benchmarks.pages_asked import client
from benchmarks.processes import Cost

# What an export of allocations reads, as it is stored.
COLUMNS = """a.id, a.address, a.family, a.kind, n.name, b.first, b.last, p.slug,
    a.network, a.namespace_uid, a.owner_key, d.namespace_name, d.name, d.workload_kind,
    d.workload_name, a.source, a.confidence, a.from_earliest, a.valid_from,
    a.terminating_at, a.released_at, a.opened_by, a.changed_generation"""
COPY = f"""
    COPY (
        SELECT {COLUMNS} FROM mirror_allocation a
        LEFT JOIN mirror_node n ON n.id = a.node_id
        LEFT JOIN mirror_block b ON b.id = a.block_id
        LEFT JOIN mirror_pool p ON p.id = a.pool_id
        LEFT JOIN mirror_pod d ON d.id = a.pod_id
        WHERE a.cluster_id = 1 ORDER BY a.address, a.id
    ) TO STDOUT WITH CSV
"""
# Seven for each row there is: a million of a hundred and fifty thousand.
FILL = """
    INSERT INTO mirror_allocation (id, cluster_id, network, family, address, owner_key,
        kind, pod_id, namespace_uid, node_id, block_id, pool_id, source, confidence,
        from_earliest, valid_from, opened_by, opened_sequence, opened_generation,
        counted, changed_generation)
    SELECT id + k * 1000000, cluster_id, network, family,
        set_byte(address, 12, 10 + k), owner_key || '-' || k, kind, pod_id,
        namespace_uid, node_id, block_id, pool_id, source, confidence, from_earliest,
        valid_from, opened_by, opened_sequence, opened_generation, counted,
        changed_generation
    FROM mirror_allocation, generate_series(1, 6) AS k
"""


def copied() -> dict[str, Any]:
    """Return what COPY of the columns costs, as text that nobody looks at."""
    connection.ensure_connection()
    assert connection.connection is not None
    cost, size = Cost.of(lambda: _copied(connection.connection))
    return {"cost": asdict(cost), "bytes": size}


def _copied(raw: Any) -> int:
    with raw.cursor() as cursor, cursor.copy(COPY) as rows:
        return sum(len(each) for each in rows)


def exported(form: str, asked: str) -> dict[str, Any]:
    """Return what an export costs a server, and when its first rows come."""
    path = f"/api/v1/export/allocations.{form}?{asked}"
    # The first export of a process loads what the others find loaded.
    _sent(client(), f"{path}&kind=router")
    reader = client()
    cost, (rows, first) = Cost.of(lambda: _sent(reader, path))
    return {"cost": asdict(cost), "rows": rows, "first_milliseconds": 1000 * first}


def _sent(reader: Any, path: str) -> tuple[int, float]:
    """Return the rows of an export, and after how many seconds the first came."""
    began = time.perf_counter()
    answer = reader.get(path)
    if answer.status_code != 200:
        raise SystemExit(f"{path} answered {answer.status_code}")
    lines, first = 0, 0.0
    for part in answer.streaming_content:
        lines += part.count(b"\n")
        if lines > 1 and not first:
            first = time.perf_counter() - began
    return lines - 1, first


def exports_filled() -> dict[str, Any]:
    """Make a million allocations of a hundred and fifty thousand."""
    with connection.cursor() as cursor:
        cursor.execute(FILL)
        cursor.execute("VACUUM ANALYZE mirror_allocation")
    return {}
