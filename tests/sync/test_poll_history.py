"""History is true (H1 to H9): intervals, owners, gaps, and applying things again."""

from datetime import timedelta

import pytest
from django.db import DatabaseError, IntegrityError, transaction

from ipamweb.addressing.ranges import parse_address
from ipamweb.mirror.models import Allocation, Cluster, Cursor, PastAllocation, Pod
from ipamweb.simulator import faults
from tests.sync.world import World, at, pod

pytestmark = pytest.mark.django_db


def rows() -> list[dict[str, object]]:
    """Every row of the history, open and past, in one order."""
    return [
        *Allocation.objects.order_by("id").values(),
        *PastAllocation.objects.order_by("id").values(),
    ]


@pytest.mark.parametrize("complete", [False, True], ids=["drain", "list"])
def test_H1_a_pod_made_again_unseen_is_another_pod(
    world: World, complete: bool
) -> None:
    world.add(pod("web-0", "10.244.1.5"))
    world.poll()
    world.remove("web-0", announced=False)
    world.add(pod("web-0", "10.244.1.5"))
    world.poll(complete=complete)

    [past] = world.past("10.244.1.5")
    assert past.closed_by == "replaced"
    assert past.owner_key != world.uid("web-0")
    assert world.allocation("10.244.1.5").owner_key == world.uid("web-0")
    assert [row.gone_how for row in Pod.objects.order_by("id")] == ["replaced", ""]
    assert world.faults_found == []


def test_H1_a_pod_made_again_while_we_were_away_is_another_pod(world: World) -> None:
    world.add(pod("web-0", "10.244.1.5"))
    world.poll()
    world.remove("web-0")
    world.add(pod("web-0", "10.244.1.6"))
    world.store.compact()
    world.poll(after=600)

    assert [past.closed_by for past in world.past("10.244.1.5")] == ["replaced"]
    assert world.held == {"10.244.1.6": "web-0"}


def test_H2_a_new_owner_is_a_new_row(world: World) -> None:
    world.add(pod("a", "10.244.1.5"))
    world.poll()
    first = world.allocation("10.244.1.5")
    world.remove("a")
    world.add(pod("b", "10.244.1.5"))
    world.poll()

    [past] = world.past("10.244.1.5")
    assert (past.id, past.owner_key) == (first.id, first.owner_key)
    assert (past.valid_from, past.from_earliest) == (
        first.valid_from, first.from_earliest,
    )  # fmt: skip
    assert world.allocation("10.244.1.5").id != first.id


def test_H2_a_past_row_is_never_changed(world: World) -> None:
    world.add(pod("a", "10.244.1.5"))
    world.poll()
    world.remove("a")
    world.poll()

    with (
        pytest.raises(DatabaseError, match="a past allocation is never changed"),
        transaction.atomic(),
    ):
        PastAllocation.objects.update(closed_by="nobody")


def test_H3_one_owner_holds_an_address_once(world: World) -> None:
    world.add(pod("a", "10.244.1.5"))
    world.poll()
    row = world.allocation("10.244.1.5")
    row.pk = None

    with pytest.raises(IntegrityError), transaction.atomic():
        row.save(force_insert=True)


def test_H4_two_owners_of_an_address_are_both_recorded(world: World) -> None:
    world.add(pod("a", "10.244.1.5"), pod("b", "10.244.1.5"))
    world.poll()

    address = parse_address("10.244.1.5")
    owners = Allocation.objects.filter(address=address).order_by("id")
    assert [(row.pod.name, row.counted) for row in owners] == [
        ("a", True),
        ("b", False),
    ]
    assert world.block("worker-a").allocated == 1
    assert world.cluster.allocation_count == 2
    assert world.faults_found == []


@pytest.mark.parametrize("first", ["a", "b"])
def test_H4_when_one_owner_goes_the_other_counts(world: World, first: str) -> None:
    world.add(pod("a", "10.244.1.5"), pod("b", "10.244.1.5"))
    world.poll()
    world.remove(first)
    world.poll()

    assert world.allocation("10.244.1.5").counted is True
    assert world.block("worker-a").allocated == 1
    assert world.faults_found == []


def test_H4_a_router_and_a_pod_with_one_address_are_both_recorded(
    cilium_world: World,
) -> None:
    cilium_world.add(pod("a", "10.0.2.236", node="w1"))
    cilium_world.poll()
    both = Allocation.objects.filter(address=parse_address("10.0.2.236"))

    assert sorted(both.values_list("kind", flat=True)) == ["pod", "router"]
    assert cilium_world.block("w1").allocated == 2
    assert cilium_world.faults_found == []


@pytest.mark.parametrize("between", [False, True], ids=["one-drain", "polls-between"])
def test_H5_a_finished_pod_whose_address_comes_back_holds_none(
    world: World, between: bool
) -> None:
    """The statuses of kubernetes#125370, in their order."""
    world.add(pod("job", "10.244.1.5"))
    world.poll()
    for addresses in ([], ["10.244.1.5"], []):
        world.give("job", *addresses, phase="Succeeded")
        if between:
            world.poll()
    world.give("job", "10.244.1.5", phase="Running")
    world.poll()
    world.poll(complete=True)

    assert world.held == {}
    assert [past.closed_by for past in world.past("10.244.1.5")] == ["terminal"]
    assert world.pod("job").phase == "Succeeded"
    assert world.faults_found == []


def test_H6_host_network_opens_nothing_and_both_families_are_kept(
    world: World,
) -> None:
    world.add(
        pod("proxy", "192.0.2.11", "2001:db8::11", host_network=True),
        pod("web", "10.244.1.5", "fd00::5"),
    )
    world.poll()

    assert world.held == {"10.244.1.5": "web", "fd00::5": "web"}
    assert world.pod("proxy").addresses == "192.0.2.11 2001:db8::11"


@pytest.mark.parametrize("step", [-3600, -5, -1], ids=["hour", "poll", "second"])
def test_H7_a_clock_that_goes_back_is_held(world: World, step: float) -> None:
    world.add(pod("a", "10.244.1.5"), pod("b", "10.244.1.6"))
    world.poll()
    world.poll()
    as_of = world.cluster.as_of
    world.clock.advance(step)
    world.remove("a")
    world.add(pod("c", "10.244.1.5"))
    world.poll(after=0)
    world.remove("c")
    world.poll(after=1)
    world.clock.advance(3700)
    world.remove("b")
    world.poll()

    assert world.cluster.as_of > as_of
    assert [past.pod.name for past in world.past("10.244.1.5")] == ["a", "c"]
    for past in world.past():
        assert past.from_earliest <= past.valid_from <= past.valid_to <= past.to_latest
    assert world.faults_found == []


def test_H7_an_answer_that_is_given_before_it_was_asked_for(world: World) -> None:
    """Our clock goes back between the question and the answer."""
    world.add(pod("a", "10.244.1.5"))
    world.poll()
    world.clock.advance(5)
    clock = world.clock
    world.faults.add(
        faults.Effect(events=lambda changes: [clock.advance(-30), *changes][1:]),
        kind="pods",
        verb="watch",
    )
    world.remove("a")
    world.poll(after=5)

    [past] = world.past("10.244.1.5")
    assert past.from_earliest <= past.valid_from <= past.valid_to <= past.to_latest


def test_H7_intervals_of_one_owner_and_address_do_not_overlap(world: World) -> None:
    world.add(pod("a", "10.244.1.5"))
    world.poll()
    world.give("a", "10.244.1.6")
    world.poll()
    world.give("a", "10.244.1.5")
    world.poll()

    [past] = world.past("10.244.1.5")
    again = world.allocation("10.244.1.5")
    assert past.owner_key == again.owner_key
    assert past.to_latest <= again.from_earliest


def test_H8_a_failure_opens_a_gap_where_our_data_ends(world: World) -> None:
    world.poll()
    world.faults.add(faults.server_error(), kind="pods")
    world.poll()
    world.poll()

    [gap] = world.gaps
    assert (gap.started_at, gap.ended_at) == (at("12:00:05"), None)


def test_H8_a_gap_ends_where_our_data_goes_on(world: World) -> None:
    world.poll()
    world.faults.add(faults.server_error(), kind="pods", verb="list", count=1)
    world.poll()
    world.poll()

    [gap] = world.gaps
    assert (gap.started_at, gap.ended_at) == (at("12:00:05"), at("12:00:15"))
    assert gap.recovered_by == "watch"


def test_H8_a_stream_that_was_lost_is_a_gap_that_a_list_ended(world: World) -> None:
    world.poll()
    world.add(pod("a", "10.244.1.5"))
    world.store.compact()
    world.poll()

    [gap] = world.gaps
    assert (gap.started_at, gap.ended_at) == (at("12:00:05"), at("12:00:10"))
    assert (gap.reason, gap.recovered_by) == ("expired", "list")


@pytest.mark.parametrize(("seconds", "gaps"), [(30, 0), (31, 1), (3600, 1)])
def test_H8_silence_is_a_gap(world: World, seconds: float, gaps: int) -> None:
    world.poll()
    world.poll(after=seconds)

    assert len(world.gaps) == gaps


def test_H8_a_cluster_that_never_answered_has_a_gap_from_the_first_try(
    world: World,
) -> None:
    world.faults.add(faults.unauthorized(), count=100)
    world.poll()

    [gap] = world.gaps
    assert (gap.started_at, gap.ended_at) == (at("12:00:05"), None)
    assert world.cluster.first_as_of is None


def test_H8_one_gap_at_a_time(world: World) -> None:
    world.poll()
    for effect in (faults.server_error(), faults.forbidden(), faults.not_json()):
        fault = world.faults.add(effect, kind="pods")
        world.poll(after=40)
        world.faults.remove(fault)

    assert [gap.reason for gap in world.gaps] == ["not-polled"]


@pytest.mark.parametrize("complete", [False, True], ids=["drain", "list"])
def test_H9_the_same_changes_again_write_nothing(world: World, complete: bool) -> None:
    world.add(pod("a", "10.244.1.5"), pod("b", "10.244.1.6"))
    world.poll()
    before = dict(Cursor.objects.values_list("kind", "resource_version"))
    world.give("a", "10.244.1.7")
    world.give("b", "10.244.1.6", phase="Failed")
    world.add(pod("short", "10.244.1.8"))
    world.remove("short")
    world.poll()
    once = rows()
    for _ in range(3):
        for kind, version in before.items():
            Cursor.objects.filter(kind=kind).update(resource_version=version)
        result = world.poll(complete=complete)

    assert rows() == once
    assert (result.opened, result.closed) == (0, 0)
    assert world.faults_found == []


def test_H9_a_complete_poll_without_a_change_writes_no_row(world: World) -> None:
    world.add(pod("a", "10.244.1.5"), pod("b", phase="Failed"))
    world.poll()
    once = rows()
    result = world.poll(complete=True)

    assert rows() == once
    assert (result.changed, result.unchanged) == (0, 2)
    assert world.cluster.generation == 1


def test_a_poll_that_changed_nothing_extends_the_last_run(world: World) -> None:
    world.add(pod("a", "10.244.1.5"))
    for _ in range(4):
        world.poll()

    runs = world.cluster.runs.order_by("id")
    assert [(run.opened, run.polls) for run in runs] == [(1, 4)]
    assert runs[0].ended_at - runs[0].started_at == timedelta(seconds=15)


def test_two_clusters_do_not_share_anything(world: World) -> None:
    world.add(pod("a", "10.244.1.5"))
    world.poll()
    Cluster.objects.create(slug="other", name="other")
    world.remove("a")
    world.poll()

    assert world.past("10.244.1.5")[0].cluster == world.cluster
