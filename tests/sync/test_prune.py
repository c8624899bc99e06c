"""Retention: what is old goes, what is needed stays."""

from datetime import timedelta
from typing import Any

import pytest

from ipamweb.mirror.models import CoverageGap, PastAllocation, Pod, Problem, SyncRun
from ipamweb.simulator import faults
from ipamweb.sync.prune import prune, size_in_bytes
from tests.sync.world import World, pod

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture
def past(world: World) -> World:
    """One pod is gone, one is there; there was a gap."""
    world.add(pod("gone", "10.244.1.5"), pod("there", "10.244.1.6"))
    world.poll()
    world.faults.add(faults.server_error(), count=1)
    world.poll()
    world.remove("gone")
    world.poll()
    return world


def test_what_is_younger_than_retention_stays(past: World) -> None:
    assert sum(prune(now=past.clock() + 29 * DAY).values()) == 0


def test_what_is_older_than_retention_goes(past: World) -> None:
    gone = prune(now=past.clock() + 31 * DAY)

    assert (gone["past_allocations"], gone["pods"], gone["gaps"]) == (1, 1, 1)
    assert list(Pod.objects.values_list("name", flat=True)) == ["there"]
    assert CoverageGap.objects.count() == 0
    assert past.held == {"10.244.1.6": "there"}
    assert past.faults_found == []


def test_a_pod_that_a_past_allocation_names_stays(past: World) -> None:
    Pod.objects.update(gone_by=past.clock() - 40 * DAY)

    assert prune(now=past.clock())["pods"] == 0


def test_an_open_gap_and_a_problem_that_is_not_over_stay(past: World) -> None:
    past.faults.add(faults.server_error())
    past.poll()
    Problem.objects.create(
        cluster=past.cluster, kind="Pod", object="default/web", why="broken",
        first_seen=past.clock(), last_seen=past.clock(),
    )  # fmt: skip
    prune(now=past.clock() + 400 * DAY)

    assert CoverageGap.objects.get().ended_at is None
    assert Problem.objects.count() == 1


def test_beyond_the_row_limit_what_ended_first_goes(
    world: World, settings: Any
) -> None:
    world.add(pod("old", "10.244.1.5"))
    world.poll()
    world.add(pod("young", "10.244.1.6"))
    world.poll()
    world.remove("young")
    world.poll()
    world.remove("old")
    world.poll()
    settings.IPAMWEB_RETENTION_ROWS = 1

    assert prune(now=world.clock())["past_allocations"] == 1
    assert PastAllocation.objects.get().pod.name == "old"


def test_without_a_row_limit_all_stay(past: World, settings: Any) -> None:
    settings.IPAMWEB_RETENTION_ROWS = 0

    assert prune(now=past.clock())["past_allocations"] == 0


def test_runs_go_with_time(past: World) -> None:
    prune(now=past.clock() + 31 * DAY)

    assert SyncRun.objects.count() == 0


def test_the_database_has_a_size() -> None:
    assert size_in_bytes() > 100_000


def test_of_the_time_that_was_pruned_nobody_is_said_to_have_held_nothing(
    past: World,
) -> None:
    removed = past.past()[0].to_latest
    prune(now=removed + 31 * DAY)

    assert past.cluster.pruned_to == removed + 1 * DAY


def test_beyond_the_row_limit_history_starts_where_the_last_one_ended(
    past: World, settings: Any
) -> None:
    past.remove("there")
    past.poll()
    ended = past.past()[0].to_latest
    settings.IPAMWEB_RETENTION_ROWS = 1
    prune(now=past.clock())

    assert past.cluster.pruned_to == ended


def test_history_that_is_whole_is_not_marked(past: World) -> None:
    prune(now=past.clock() + 29 * DAY)

    assert past.cluster.pruned_to is None
