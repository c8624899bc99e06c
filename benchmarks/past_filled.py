"""A past of millions of allocations, made by the database itself (PostgreSQL).

5,000 nodes with a /24 each hold 150,000 addresses now; before, over 400 days, some were
held for minutes, some for hours, some for days, each by a pod of its own.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any

from django.db import connection
from django.utils import timezone

from ipamweb.addressing.ranges import parse_cidr
from ipamweb.mirror.models import Block, Cluster, Namespace, Node, Pool, PoolRange

NODES, PODS_PER_NODE, NAMESPACES = 5_000, 30, 50
DAYS, OPEN_DAYS = 400, 60
CHUNK = 1_000_000
POOL = "cilium-cluster-pool-v4"
RULE = "cilium-host-scope"
RANGE = parse_cidr("10.128.0.0/9")
FILLED = ("mirror_pod", "mirror_pastallocation")

# {n} numbers a pod; an address is the n-th of a node, in turn.
_ADDRESS = """'\\x00000000000000000000ffff'::bytea ||
    int4send(({first} + (n %% {nodes}) * 256 + 3 + (n / {nodes}) %% {slots})::int)"""
_PODS = """
    INSERT INTO mirror_pod (id, cluster_id, uid, namespace_id, namespace_uid,
        namespace_name, name, node_id, node_name, phase, host_network, workload_kind,
        workload_name, created_at, addresses, resource_version, digest, seen_earliest,
        first_seen, gone_at, gone_by, gone_how)
    SELECT n + 1, 1, 'pod-' || n, n %% {namespaces} + 1, 'ns-' || n %% {namespaces},
        'team-' || n %% {namespaces}, 'pod-' || n, n %% {nodes} + 1,
        'node-' || n %% {nodes}, 'Running', n %% 300 = 0, 'Deployment',
        'app-' || n %% 500, begins, '', '', 0, begins, begins + interval '5 s', {gone}
    FROM ({times}) AS pods
"""
_SHARED = """id, cluster_id, network, family, address, owner_key, kind, pod_id,
    namespace_uid, node_id, block_id, pool_id, source, confidence, from_earliest,
    valid_from, opened_by, opened_sequence, opened_generation"""
_HELD = """n + 1, 1, '', 4, {address}, 'pod-' || n, 'pod', n + 1,
    'ns-' || n %% {namespaces}, n %% {nodes} + 1, n %% {nodes} + 1, 1, 'pod-status',
    'derived', begins, begins + interval '5 s', 'watch', 0, 1"""
_OPEN = """
    INSERT INTO mirror_allocation ({shared}, counted, changed_generation)
    SELECT {held}, true, 1 FROM ({times}) AS pods
"""
_PAST = """
    INSERT INTO mirror_pastallocation ({shared}, valid_to, to_latest, closed_by,
        closed_sequence, closed_generation, time_bin)
    SELECT {held}, ends, ends + interval '5 s', 'watch', 0, 1,
        shift * (1::bigint << 40) + (low >> shift)
    FROM (
        SELECT *, greatest(9, length(ltrim((low # high)::bit(40)::text, '0'))) AS shift
        FROM (
            SELECT *, floor(extract(epoch FROM begins - {epoch}))::bigint AS low,
                floor(extract(epoch FROM ends + interval '5 s' - {epoch}))::bigint
                    AS high
            FROM ({times}) AS times
        ) AS bounds
    ) AS pods
"""
# Half for up to an hour, a third for up to a day, the rest for up to twelve days.
_PAST_TIMES = """
    SELECT *, begins + interval '1 s' * CASE
            WHEN n * 7919 %% 1000 < 500 THEN 60 + n * 104729 %% 3540
            WHEN n * 7919 %% 1000 < 850 THEN 3600 + n * 104729 %% 82800
            ELSE 86400 + n * 104729 %% 950400 END AS ends
    FROM (
        SELECT n, %(start)s + interval '1 s' * (n * {seconds} / %(rows)s) AS begins
        FROM generate_series(%(first)s::bigint, %(last)s::bigint) AS n
    ) AS begun
"""
_OPEN_TIMES = """
    SELECT n, %(start)s + interval '1 s' * (n * 7919 %% {open_seconds}) AS begins
    FROM generate_series(%(first)s::bigint, %(last)s::bigint) AS n
"""


def past_filled(rows: int) -> dict[str, Any]:
    """Make the present cluster and so many past allocations."""
    now = timezone.now().replace(microsecond=0)
    _places(start=now - timedelta(days=DAYS), now=now)
    with connection.cursor() as cursor:
        with _indexed_afterwards(cursor):
            _fill_past(cursor, rows, start=now - timedelta(days=DAYS))
        asked = {
            "first": rows,
            "last": rows + NODES * PODS_PER_NODE - 1,
            "start": now - timedelta(days=OPEN_DAYS),
        }
        gone = "NULL, NULL, ''"
        cursor.execute(_statement(_PODS, _OPEN_TIMES, gone=gone), asked)
        cursor.execute(_statement(_OPEN, _OPEN_TIMES), asked)
        cursor.execute("VACUUM ANALYZE")
    return {"rows": rows}


def _fill_past(cursor: Any, rows: int, *, start: datetime) -> None:
    gone = "ends, ends + interval '5 s', 'watch'"
    for first in range(0, rows, CHUNK):
        last = min(first + CHUNK, rows) - 1
        asked = {"first": first, "last": last, "rows": rows, "start": start}
        cursor.execute(_statement(_PODS, _PAST_TIMES, gone=gone), asked)
        cursor.execute(_statement(_PAST, _PAST_TIMES), asked)


@contextmanager
def _indexed_afterwards(cursor: Any) -> Iterator[None]:
    """Take the indexes of the filled tables away, and build them when they are full:
    one sort each, instead of ten million places looked up one after another."""
    keys = """SELECT format('ALTER TABLE %%s DROP CONSTRAINT %%I', conrelid::regclass,
            conname), format('ALTER TABLE %%s ADD CONSTRAINT %%I %%s',
            conrelid::regclass, conname, pg_get_constraintdef(oid))
        FROM pg_constraint WHERE contype IN ('u', 'p')
            AND conrelid = ANY(%s::regclass[])"""
    indexes = """SELECT format('DROP INDEX %%I', indexname), indexdef FROM pg_indexes
        WHERE tablename = ANY(%s)"""
    again = []
    for question in (keys, indexes):
        cursor.execute(question, [list(FILLED)])
        for take_away, build in cursor.fetchall():
            cursor.execute(take_away)
            again.append(build)
    yield
    cursor.execute("SET maintenance_work_mem = '1GB'")
    for build in again:
        cursor.execute(build)


def _statement(text: str, times: str, *, gone: str = "") -> str:
    facts = {
        "nodes": NODES,
        "namespaces": NAMESPACES,
        "slots": 100,
        "first": RANGE.first & 0xFFFF_FFFF,
        "seconds": DAYS * 86_400,
        "open_seconds": OPEN_DAYS * 86_400,
        "epoch": "timestamptz '2020-01-01 00:00:00+00'",
    }
    facts |= {"address": _ADDRESS.format(**facts), "times": times.format(**facts)}
    held = _HELD.format(**facts)
    return text.format(**facts, held=held, shared=_SHARED, gone=gone)


def _places(*, start: datetime, now: datetime) -> None:
    cluster = Cluster.objects.create(
        id=1, slug="past", name="past", identity="1", systems=["cilium"],
        mode="cluster-pool", families=[4], generation=1, first_as_of=start, as_of=now,
        last_poll_at=now, node_count=NODES, allocation_count=NODES * PODS_PER_NODE,
    )  # fmt: skip
    Namespace.objects.bulk_create(
        Namespace(cluster=cluster, uid=f"ns-{n}", name=f"team-{n}", first_seen=start)
        for n in range(NAMESPACES)
    )
    pool = Pool.objects.create(
        id=1, cluster=cluster, slug=POOL, name="cluster-pool", system="cilium",
        family=4, capacity_rule=RULE, first_seen=start, blocks_assigned=NODES,
    )  # fmt: skip
    PoolRange.objects.create(
        pool=pool, family=4, first=RANGE.first, last=RANGE.last,
        block_prefix_length=24, valid_from=start,
    )  # fmt: skip
    Node.objects.bulk_create(
        Node(
            id=n + 1, cluster=cluster, uid=f"node-{n}", name=f"node-{n}", max_pods=110,
            first_seen=start,
        )
        for n in range(NODES)
    )  # fmt: skip
    Block.objects.bulk_create(
        Block(
            id=n + 1, cluster=cluster, family=4, first=RANGE.first + 256 * n,
            last=RANGE.first + 256 * n + 255, node_id=n + 1, node_name=f"node-{n}",
            pool=pool, system="cilium", capacity_rule=RULE, object_uid=f"node-{n}",
            from_earliest=start, valid_from=start,
        )
        for n in range(NODES)
    )  # fmt: skip
