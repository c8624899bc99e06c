"""The embedded scheduler."""

import threading
import time
from datetime import UTC, datetime, timedelta

import pytest

from ipamweb.commands import scheduler
from ipamweb.commands.scheduler import Scheduler
from ipamweb.mirror.models import Allocation, Cluster

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def running(settings):
    settings.IPAMWEB_POLL_SECONDS = 1
    running = Scheduler()
    thread = threading.Thread(target=running.run)
    thread.start()
    yield running
    running.stopping.set()
    thread.join()


def wait_until(is_so) -> None:
    until = time.monotonic() + 20
    while not is_so():
        assert time.monotonic() < until
        time.sleep(0.05)


def is_mirrored() -> bool:
    """Say whether a poll ended: as_of moves in its last transaction."""
    has_ended = Cluster.objects.filter(as_of__isnull=False).exists()
    return has_ended and Allocation.objects.count() == 5


@pytest.mark.usefixtures("added", "running")
def test_a_cluster_is_polled_again_and_again():
    wait_until(is_mirrored)
    first = Cluster.objects.get().as_of

    wait_until(lambda: Cluster.objects.get().as_of > first)


@pytest.mark.usefixtures("added", "running")
def test_a_paused_cluster_is_polled_no_more_and_a_resumed_one_is(run):
    wait_until(is_mirrored)
    run("pause_cluster", "prod")
    time.sleep(1.5)
    paused_at = Cluster.objects.get().as_of
    time.sleep(1.5)
    assert Cluster.objects.get().as_of == paused_at

    run("resume_cluster", "prod")

    wait_until(lambda: Cluster.objects.get().as_of > paused_at)


def test_the_pause_is_the_rest_of_the_interval(settings):
    settings.IPAMWEB_POLL_SECONDS = 5

    assert scheduler._pause_seconds("none", took=2.0) == 3.0
    assert scheduler._pause_seconds("none", took=9.0) == 0.1


def test_a_failing_cluster_is_not_asked_before_it_may_be_L2(settings):
    settings.IPAMWEB_POLL_SECONDS = 5
    retry_at = datetime.now(UTC) + timedelta(seconds=30)
    Cluster.objects.create(slug="prod", name="prod", retry_at=retry_at)

    assert 29 < scheduler._pause_seconds("prod", took=0.0) <= 30
