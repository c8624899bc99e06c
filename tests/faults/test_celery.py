"""Polls by Celery over a real Redis: what is lost with a worker, or with Redis, comes
again, and nothing runs twice at once."""

import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import redis

from ipamweb.access.models import ClusterConnection
from ipamweb.addressing.ranges import format_address
from ipamweb.mirror.models import Allocation, Cluster, Lease, PastAllocation, SyncRun
from ipamweb.simulator import faults
from ipamweb.simulator.server import Simulator
from ipamweb.sync.verify import faults as faults_of
from tests import databases
from tests.faults.celery_processes import (
    CeleryProcesses,
    celery_processes,
    wait_until,
)
from tests.sync.world import node, pod

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.redis]
Simulate = Callable[[str], Simulator]


@pytest.fixture
def simulate(transactional_db: None, tmp_path: Path) -> Iterator[Simulate]:
    """Start a cluster of one node and one pod, and keep how to reach it."""
    with ExitStack() as running:

        def start(slug: str) -> Simulator:
            simulator = Simulator()
            simulator.watch_options.bookmark_seconds = 0.01
            simulator.store.groups.discard("cilium.io")
            simulator.store.add("nodes", node("worker-a", "10.244.1.0/24"))
            simulator.store.add("pods", pod("web", "10.244.1.5"))
            running.enter_context(simulator.running())
            kubeconfig = simulator.kubeconfig(tmp_path / slug, user="reader")
            ClusterConnection.objects.create(slug=slug, kubeconfig=str(kubeconfig))
            return simulator

        yield start


@pytest.fixture
def processes(
    redis_url: str, transactional_db: None, tmp_path: Path
) -> Iterator[CeleryProcesses]:
    with redis.Redis.from_url(redis_url) as client:
        client.flushall()
    with celery_processes(redis_url, tmp_path) as started:
        yield started


def held(slug: str) -> list[str]:
    rows = Allocation.objects.filter(cluster__slug=slug, kind="pod").order_by("address")
    return [format_address(each) for each in rows.values_list("address", flat=True)]


def is_fresh(slug: str, since: datetime) -> bool:
    return Cluster.objects.filter(slug=slug, as_of__gt=since).exists()


def polls_of(slug: str) -> int:
    runs = SyncRun.objects.filter(cluster__slug=slug, outcome="ok")
    return sum(runs.values_list("polls", flat=True))


def now() -> datetime:
    return datetime.now(UTC)


def test_beat_and_a_worker_mirror_every_cluster(
    processes: CeleryProcesses, simulate: Simulate
) -> None:
    east, _ = simulate("east"), simulate("west")
    processes.worker()
    processes.beat()
    wait_until(lambda: held("east") == held("west") == ["10.244.1.5"])
    east.store.add("pods", pod("late", "10.244.1.6"))

    wait_until(lambda: held("east") == ["10.244.1.5", "10.244.1.6"])

    assert held("west") == ["10.244.1.5"]
    assert [each for row in Cluster.objects.all() for each in faults_of(row)] == []


def test_H9_a_task_that_runs_twice_does_nothing_twice(
    processes: CeleryProcesses, simulate: Simulate
) -> None:
    simulate("east").store.add("pods", pod("late", "10.244.1.6"))
    for _ in range(4):
        processes.send("east")
    processes.worker()
    wait_until(lambda: polls_of("east") > 0)
    processes.send("east")
    wait_until(lambda: polls_of("east") > 1)

    assert held("east") == ["10.244.1.5", "10.244.1.6"]
    assert PastAllocation.objects.count() == 0
    assert faults_of(Cluster.objects.get()) == []


def test_C1_C2_a_worker_killed_in_a_poll_is_replaced_when_its_lease_is_over(
    processes: CeleryProcesses, simulate: Simulate
) -> None:
    east = simulate("east")
    hang = east.faults.add(faults.delayed(60), kind="pods", verb="list")
    doomed = processes.worker()
    processes.send("east")
    wait_until(lambda: hang.hits > 0)
    processes.kill(doomed)
    east.faults.clear()
    east.forget_requests()
    processes.worker()
    processes.beat()
    # Asked for every second, and left alone: the dead worker's lease is believed.
    time.sleep(5)
    assert east.requests == []
    Lease.objects.update(until=now())

    wait_until(lambda: held("east") == ["10.244.1.5"])

    assert faults_of(Cluster.objects.get()) == []


def test_polls_go_on_when_redis_was_lost_and_comes_back_empty(
    simulate: Simulate, tmp_path: Path
) -> None:
    simulate("east")
    port = databases.free_port()
    with celery_processes(f"redis://127.0.0.1:{port}/0", tmp_path) as processes:
        with databases.valkey(port):
            processes.worker()
            processes.beat()
            wait_until(lambda: is_fresh("east", since=now() - timedelta(hours=1)))
        lost_at = now()
        with databases.valkey(port):
            wait_until(lambda: is_fresh("east", since=lost_at + timedelta(seconds=2)))

    assert held("east") == ["10.244.1.5"]
    assert faults_of(Cluster.objects.get()) == []


def test_C5_a_cluster_that_never_answers_delays_no_other(
    processes: CeleryProcesses, simulate: Simulate
) -> None:
    simulate("hole").faults.add(faults.black_hole())
    simulate("east"), simulate("west")
    processes.worker()
    processes.beat()
    wait_until(lambda: polls_of("east") > 0 and polls_of("west") > 0)
    before = polls_of("east"), polls_of("west")
    time.sleep(8)

    after = polls_of("east"), polls_of("west")
    assert min(after[0] - before[0], after[1] - before[1]) >= 4
