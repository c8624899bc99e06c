"""After failures and steps of the clock: a cluster is asked again, and not too soon."""

import pytest

from ipamweb.mirror.models import Cluster
from ipamweb.simulator import faults
from ipamweb.sync import lease
from tests.sync.world import World, at

pytestmark = pytest.mark.django_db


def test_a_cluster_that_fails_for_hours_is_still_asked_in_half_a_minute_L2(
    world: World,
) -> None:
    world.poll()
    Cluster.objects.update(failures_in_row=5_000)
    world.faults.add(faults.server_error(), verb="list")

    assert world.poll().outcome == "failed"
    assert world.cluster.failures_in_row == 5_001
    retry_at = world.cluster.retry_at
    assert retry_at is not None
    assert at("12:00:14") <= retry_at <= at("12:00:40")


def test_a_pause_of_years_is_not_obeyed_to_the_end_L2(world: World) -> None:
    world.poll()
    world.faults.add(faults.throttled(10**12), verb="list")

    assert world.poll().outcome == "failed"
    assert world.cluster.retry_at == at("12:10:10")


def test_a_lease_from_before_the_clock_stepped_back_locks_nobody_out_L1(
    world: World,
) -> None:
    world.poll()
    lease.take(world.cluster, clock=world.clock)

    assert world.poll(after=-3_600).outcome == "ok"


def test_a_lease_of_a_clock_a_little_ahead_is_respected_C2(world: World) -> None:
    world.poll()
    lease.take(world.cluster, clock=world.clock)

    assert world.poll(after=-30).outcome == "busy"
