"""Versions and cursors (O1 to O6): what is older never overwrites what is newer."""

from typing import Any

import pytest

from ipamweb.addressing import records
from ipamweb.addressing.ranges import parse_address
from ipamweb.mirror.models import Cursor, PastAllocation
from ipamweb.simulator import faults
from ipamweb.sync.apply import Writing, apply_pods
from ipamweb.sync.changes import Bounds, Gone, Seen
from tests.sync.world import World, at, pod

pytestmark = pytest.mark.django_db


def cursor_of(world: World, kind: str = "pods") -> str:
    return Cursor.objects.get(cluster=world.cluster, kind=kind).resource_version


def apply(world: World, *changes: Any) -> None:
    """Apply changes to pods as a drain at 12:00:30 would."""
    bounds = Bounds(at("12:00:20"), at("12:00:30"), at("12:00:30"))
    apply_pods(Writing(world.cluster.pk, 1, bounds), changes)


def web(address: str, version: str) -> records.Pod:
    return records.Pod(
        "web-uid", "default", "web", node="worker-a", phase="Running",
        addresses=(parse_address(address),), resource_version=version,
    )  # fmt: skip


def test_O1_an_older_event_overwrites_nothing_in_the_mirror(world: World) -> None:
    world.poll()
    apply(world, Seen(1, web("10.244.1.6", "22"), "watch"))
    apply(world, Seen(1, web("10.244.1.5", "21"), "watch"))

    assert world.held == {"10.244.1.6": "web"}
    assert world.pod("web").resource_version == "22"


def test_O1_versions_are_compared_as_numbers(world: World) -> None:
    world.poll()
    apply(world, Seen(1, web("10.244.1.5", "99"), "watch"))
    apply(world, Seen(1, web("10.244.1.6", "100"), "watch"))

    assert world.held == {"10.244.1.6": "web"}


def test_O1_an_event_from_before_the_deletion_opens_nothing(world: World) -> None:
    world.poll()
    apply(world, Seen(1, web("10.244.1.5", "21"), "watch"), Gone(2, "web-uid", "watch"))
    apply(world, Seen(1, web("10.244.1.5", "20"), "watch"))

    assert world.held == {}
    assert world.faults_found == []


def test_O1_events_told_twice_count_once(world: World) -> None:
    world.poll()
    world.faults.add(faults.duplicated(), verb="watch")
    world.add(pod("a", "10.244.1.5"), pod("b", "10.244.1.6"))
    world.give("a", "10.244.1.7")
    world.remove("b")
    world.poll()

    assert world.held == {"10.244.1.7": "a"}
    assert PastAllocation.objects.count() == 2
    assert world.faults_found == []


def test_O1_events_told_backwards_release_nothing_that_is_held(world: World) -> None:
    world.add(pod("a", "10.244.1.5"))
    world.poll()
    world.faults.add(faults.reordered(), verb="watch")
    world.patch("a", {"metadata": {"labels": {"touched": "once"}}})
    world.remove("a")
    world.add(pod("a", "10.244.1.6"))
    world.store.skip_versions(1)
    world.poll()

    assert world.held == {"10.244.1.6": "a"}
    assert world.faults_found == []


def test_O2_the_cursor_stays_where_a_write_fails(world: World) -> None:
    world.poll()
    before, as_of = cursor_of(world), world.cluster.as_of
    world.add(pod("a", "10.244.1.5"))
    # The lease runs out while the events are read: nothing may be written.
    clock = world.clock
    world.faults.add(
        faults.Effect(events=lambda changes: [clock.advance(61), *changes][1:]),
        kind="pods",
        verb="watch",
    )
    result = world.poll()

    assert result.outcome == "failed"
    assert (cursor_of(world), world.held) == (before, {})
    assert world.cluster.as_of == as_of


def test_O2_what_was_read_after_the_cursor_is_read_again(world: World) -> None:
    world.poll()
    world.add(pod("a", "10.244.1.5"))
    before = cursor_of(world)
    world.poll()
    Cursor.objects.update(resource_version=before)
    world.remove("a")
    world.poll()

    assert (world.held, len(world.past("10.244.1.5"))) == ({}, 1)
    assert world.faults_found == []


def test_O3_the_cursor_is_the_version_of_the_list_not_of_its_objects(
    world: World,
) -> None:
    world.add(pod("a", "10.244.1.5"))
    world.store.skip_versions(7)
    world.poll()

    assert cursor_of(world) == str(world.store.version)


def test_O3_the_cursor_follows_events_and_bookmarks(world: World) -> None:
    world.poll()
    world.add(pod("a", "10.244.1.5"))
    world.store.skip_versions(7)
    world.poll()

    assert cursor_of(world) == str(world.store.version)
    assert cursor_of(world, "nodes") == str(world.store.version)


def test_O3_a_quiet_watch_leaves_the_cursor_at_the_last_event(world: World) -> None:
    world.simulator.watch_options.bookmark_seconds = None
    world.poll()
    nodes = cursor_of(world, "nodes")
    world.add(pod("a", "10.244.1.5"))
    last = world.store.version
    world.store.skip_versions(7)
    world.poll()

    assert (cursor_of(world), cursor_of(world, "nodes")) == (str(last), nodes)
    assert world.cluster.as_of == at("12:00:10")


@pytest.mark.parametrize("refuse_future", [False, True])
def test_O4_a_cluster_that_went_back_begins_an_epoch(
    world: World, refuse_future: bool
) -> None:
    world.simulator.watch_options.refuse_future = refuse_future
    world.add(pod("a", "10.244.1.5"))
    restored = world.store.version
    world.poll()
    world.give("a", "10.244.1.6")
    world.add(pod("b", "10.244.1.7"))
    world.poll()
    world.store.rewind(restored)
    result = world.poll()

    assert (result.kind, world.held) == ("complete", {"10.244.1.5": "a"})
    assert world.cluster.epoch > 0
    assert [(gap.reason, gap.recovered_by) for gap in world.gaps] == [
        ("expired", "list")
    ]
    assert world.faults_found == []


def test_O4_what_went_back_unnoticed_is_put_right_by_the_audit(world: World) -> None:
    """Restored, and written to past our cursor, before we looked again."""
    world.add(pod("a", "10.244.1.5"), pod("c", "10.244.1.8"))
    restored = world.store.version
    world.poll()
    world.give("a", "10.244.1.6")
    world.remove("c")
    world.poll()
    world.store.rewind(restored)
    world.store.skip_versions(20)
    world.poll()
    world.poll(complete=True)

    assert world.held == {"10.244.1.5": "a", "10.244.1.8": "c"}
    assert world.faults_found == []


def test_O5_as_of_never_goes_back(world: World) -> None:
    moments = []
    world.poll()
    for step, fault in enumerate(
        [None, faults.forbidden(), None, faults.expired_in_stream(), None]
    ):
        world.clock.advance(-20 if step == 2 else 5)
        world.add(pod(f"pod-{step}", f"10.244.1.{step + 1}"))
        if fault:
            world.faults.add(fault, kind="pods", verb="watch")
        world.poll()
        world.faults.clear()
        moments.append(world.cluster.as_of)

    assert moments == sorted(moments)
    assert len(world.held) == 5


def test_O5_as_of_is_the_least_over_the_kinds(world: World) -> None:
    world.poll()
    world.add(pod("a", "10.244.1.5"))
    world.faults.add(faults.Effect(wait_seconds=0), kind="nodes")
    world.poll()

    moments = Cursor.objects.values_list("as_of", flat=True)
    assert world.cluster.as_of == min(moments)


@pytest.mark.parametrize("complete", [False, True], ids=["drain", "list"])
def test_O6_a_lagging_replica_neither_reopens_nor_releases(
    world: World, complete: bool
) -> None:
    world.add(pod("a", "10.244.1.5"), pod("b", "10.244.1.6"))
    world.poll()
    lagging = world.store.version
    world.remove("a")
    world.add(pod("c", "10.244.1.7"))
    world.poll()
    world.simulator.lag_replica(lagging)
    for _ in range(3):
        world.poll(complete=complete)

    assert world.held == {"10.244.1.6": "b", "10.244.1.7": "c"}
    assert len(world.past("10.244.1.5")) == 1


def test_O6_lists_ask_for_no_version(world: World) -> None:
    world.poll()
    world.poll()
    lists = [each for each in world.simulator.requests if each.verb == "list"]

    assert lists != []
    assert [each for each in lists if "resourceVersion" in each.query] == []
