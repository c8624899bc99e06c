"""Scrapes /metrics inside the process that is measured (tasks.py)."""

import statistics
import time
from typing import Any

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from ipamweb.access import tokens
from ipamweb.access.models import User
from ipamweb.addressing.ranges import parse_cidr
from ipamweb.mirror.models import Block, Cluster, Node, Pool, PoolRange

TIMES = 9
FEW = 3
RULE = "cilium-host-scope"
POOLS = (("10.128.0.0/11", 24), ("fd00::/48", 64))


def metrics_scraped(nodes: int) -> dict[str, Any]:
    """Return what a scrape of so many dual-stack nodes takes, at the median."""
    user = User.objects.create_superuser("bench")
    text = tokens.create(user, now=timezone.now())
    client = Client(
        SERVER_NAME="localhost", headers={"Authorization": f"Bearer {text}"}
    )
    pools = _pools()
    _nodes(pools, range(FEW))
    _scraped(client)
    few = _queries(client)
    _nodes(pools, range(FEW, nodes))
    began = time.process_time()
    seconds, body = zip(*(_scraped(client) for _ in range(TIMES)), strict=True)
    return {
        "milliseconds": 1000 * statistics.median(seconds),
        "cpu_milliseconds": 1000 * (time.process_time() - began) / TIMES,
        "series": sum(not line.startswith(b"#") for line in body[-1].splitlines()),
        "megabytes": len(body[-1]) / 1e6,
        "queries": _queries(client),
        "queries_of_few": few,
    }


def _queries(client: Client) -> int:
    with CaptureQueriesContext(connection) as captured:
        _scraped(client)
    return len(captured)


def _scraped(client: Client) -> tuple[float, bytes]:
    began = time.perf_counter()
    answer = client.get("/metrics")
    took = time.perf_counter() - began
    if answer.status_code != 200:
        raise SystemExit(f"/metrics answered {answer.status_code}")
    return took, answer.content


def _pools() -> list[tuple[Pool, int, int]]:
    """Return the pools of a new cluster, each with its first address and the addresses
    of a block."""
    now = timezone.now()
    cluster = Cluster.objects.create(
        slug="bench", name="bench", families=[4, 6], first_as_of=now, as_of=now
    )
    made = []
    for cidr, length in POOLS:
        bounds = parse_cidr(cidr)
        pool = Pool.objects.create(
            cluster=cluster,
            slug=f"cilium-cluster-pool-v{bounds.family}",
            name="cluster-pool",
            system="cilium",
            family=bounds.family,
            capacity_rule=RULE,
            first_seen=now,
        )
        PoolRange.objects.create(
            pool=pool,
            family=bounds.family,
            first=bounds.first,
            last=bounds.last,
            block_prefix_length=length,
            valid_from=now,
        )
        size = 1 << ((32 if bounds.family == 4 else 128) - length)
        made.append((pool, bounds.first, size))
    return made


def _nodes(pools: list[tuple[Pool, int, int]], numbers: range) -> None:
    now, cluster = timezone.now(), pools[0][0].cluster
    nodes = Node.objects.bulk_create(
        Node(
            cluster=cluster,
            uid=f"node-{number}",
            name=f"ip-10-128-{number // 256}-{number % 256}.eu-west-1.internal",
            first_seen=now,
            slots_used=30,
            slots_free=80,
            slots_total=110,
        )
        for number in numbers
    )
    Block.objects.bulk_create(
        Block(
            cluster=cluster,
            family=pool.family,
            first=first + number * size,
            last=first + number * size + size - 1,
            node=node,
            node_name=node.name,
            pool=pool,
            system="cilium",
            capacity_rule=RULE,
            object_uid=node.uid,
            from_earliest=now,
            valid_from=now,
            allocated=32,
        )
        for number, node in zip(numbers, nodes, strict=True)
        for pool, first, size in pools
    )
