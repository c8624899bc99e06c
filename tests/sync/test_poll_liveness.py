"""Workers, restarts and edits (C2 to C5), and what failures do to polls (L1 to L5)."""

import time
import tracemalloc
from datetime import timedelta

import pytest

from ipamweb.access.models import ClusterConnection
from ipamweb.mirror.models import Allocation, Cursor
from ipamweb.simulator import faults
from ipamweb.simulator.server import Simulator
from ipamweb.sync import acts, due, lease, sessions
from ipamweb.sync.known import known_uids
from tests.sync.world import World, at, pod

pytestmark = pytest.mark.django_db


def paused(world: World, seconds: float) -> faults.Effect:
    """Let a worker's time go by while a watch's events are under way."""
    clock = world.clock
    return faults.Effect(events=lambda changes: [clock.advance(seconds), *changes][1:])


def test_C2_a_second_worker_asks_nothing_while_the_first_holds_the_lease(
    world: World,
) -> None:
    world.poll()
    lease.take(world.cluster, clock=world.clock)
    world.simulator.forget_requests()
    result = world.poll()

    assert result.outcome == "busy"
    assert world.simulator.requests == []


def test_C2_a_worker_paused_past_its_lease_writes_nothing(world: World) -> None:
    world.poll()
    world.add(pod("a", "10.244.1.5"))
    world.faults.add(paused(world, 61), kind="pods", verb="watch", count=1)
    late = world.poll()
    held_then = world.held
    again = world.poll()

    assert (late.outcome, held_then) == ("failed", {})
    assert (again.outcome, world.held) == ("ok", {"10.244.1.5": "a"})


def test_C2_a_worker_whose_lease_was_taken_writes_nothing(world: World) -> None:
    world.poll()
    first = lease.take(world.cluster, clock=world.clock)
    assert first is not None
    world.clock.advance(61)
    second = lease.take(world.cluster, clock=world.clock)
    assert second is not None

    with pytest.raises(lease.LeaseLost), lease.writing(first):
        Allocation.objects.all().delete()
    with lease.writing(second):
        pass


def test_C3_a_restart_after_a_while_goes_on_from_the_cursor(world: World) -> None:
    world.add(pod("a", "10.244.1.5"))
    world.poll()
    sessions.forget_all()
    world.remove("a")
    result = world.poll(after=60)

    assert result.kind == "changes"
    [past] = world.past("10.244.1.5")
    assert (past.closed_by, past.valid_to) == ("watch", at("12:00:05"))
    assert [(gap.reason, gap.recovered_by) for gap in world.gaps] == [
        ("not-polled", "watch")
    ]


def test_C3_a_restart_after_the_server_forgot_lists_anew(world: World) -> None:
    world.add(pod("a", "10.244.1.5"))
    world.poll()
    sessions.forget_all()
    world.remove("a")
    world.store.compact()
    result = world.poll(after=400)

    assert (result.kind, world.held) == ("complete", {})
    assert [(gap.reason, gap.recovered_by) for gap in world.gaps] == [
        ("not-polled", "list")
    ]


def test_C3_a_restart_without_a_pause_leaves_no_gap(world: World) -> None:
    world.poll()
    sessions.forget_all()
    world.poll()

    assert world.gaps == []


def test_C4_an_edit_stops_what_runs_under_the_old_connection(world: World) -> None:
    world.poll()
    running = lease.take(world.cluster, clock=world.clock)
    assert running is not None
    acts.edited(world.cluster)

    with pytest.raises(lease.LeaseLost), lease.writing(running):
        pass
    assert world.poll().kind == "complete"


def test_C4_an_edited_connection_is_asked_at_its_new_address(
    world: World, tmp_path: object
) -> None:
    world.add(pod("a", "10.244.1.5"))
    world.poll()
    with Simulator(clock=world.clock).running() as other:
        other.swap_identity(world.cluster.identity)
        world.edit(kubeconfig=str(other.kubeconfig(tmp_path / "other")))  # type: ignore[operator]
        acts.edited(world.cluster)
        world.simulator.forget_requests()
        result = world.poll()
        sessions.forget_all()

    assert (result.outcome, world.held) == ("ok", {})
    assert world.simulator.requests == []


def test_C4_a_paused_cluster_is_not_due_and_its_poll_stops(world: World) -> None:
    world.poll()
    running = lease.take(world.cluster, clock=world.clock)
    assert running is not None
    ClusterConnection.objects.update(paused=True)
    acts.set_paused(world.cluster, True)

    assert due.clusters_due(now=world.clock()) == []
    with pytest.raises(lease.LeaseLost), lease.writing(running):
        pass


def test_C4_a_removed_cluster_is_written_by_nobody(world: World) -> None:
    world.add(pod("a", "10.244.1.5"))
    world.poll()
    running = lease.take(world.cluster, clock=world.clock)
    assert running is not None
    acts.remove(world.cluster)

    with pytest.raises(lease.LeaseLost), lease.writing(running):
        pass
    assert Allocation.objects.count() == 0


@pytest.mark.parametrize(
    "effect",
    [faults.black_hole(), faults.silent(), faults.slow(30)],
    ids=["black-hole", "silent", "slow"],
)
@pytest.mark.parametrize("verb", ["list", "watch"])
def test_L1_a_poll_of_a_cluster_that_hangs_ends(
    world: World, verb: str, effect: faults.Effect
) -> None:
    world.add(pod("a", "10.244.1.5"))
    world.poll()
    world.remove("a")
    world.reach(timeout_seconds=0.6, idle_seconds=0.3, connect_seconds=0.3)
    world.faults.add(effect, kind="pods", verb=verb)
    began = time.monotonic()
    world.poll()

    assert time.monotonic() - began < 10


@pytest.mark.parametrize("form", ["header", "details"])
def test_L2_a_pause_the_server_asks_for_is_kept(world: World, form: str) -> None:
    world.poll()
    world.faults.add(faults.throttled(45, form=form), kind="pods")
    world.poll()

    assert world.cluster.retry_at == world.clock() + timedelta(seconds=45)
    assert due.clusters_due(now=world.clock() + timedelta(seconds=44)) == []
    assert due.clusters_due(now=world.clock() + timedelta(seconds=45)) == ["prod"]


def test_L2_a_429_never_leads_to_a_list(world: World) -> None:
    world.poll()
    world.faults.add(faults.throttled(), kind="pods", verb="watch", count=1)
    world.add(pod("a", "10.244.1.5"))
    refused = world.poll()
    result = world.poll()

    assert (refused.outcome, refused.kind, result.kind) == ("failed",) + 2 * (
        "changes",
    )
    assert world.held == {"10.244.1.5": "a"}


def test_L2_a_failing_cluster_is_asked_every_fourth_second_at_most(
    world: World,
) -> None:
    world.faults.add(faults.server_error())
    pauses = []
    for _ in range(12):
        world.poll()
        retry_at = world.cluster.retry_at
        assert retry_at is not None
        pauses.append((retry_at - world.clock()).total_seconds())

    assert min(pauses) >= 4
    assert max(pauses) <= 30
    assert len(set(pauses)) > 1


def test_L2_a_watch_that_ends_without_data_has_failed(world: World) -> None:
    world.poll()
    world.add(pod("a", "10.244.1.5"))
    world.faults.add(faults.ended_early(), kind="pods", verb="watch")
    result = world.poll()

    assert result.outcome == "failed"
    assert world.cluster.failures_in_row == 1


def test_L2_a_success_forgets_the_failures(world: World) -> None:
    world.faults.add(faults.server_error(), count=1)
    world.poll()
    world.poll()

    assert (world.cluster.failures_in_row, world.cluster.retry_at) == (0, None)
    assert world.cluster.last_error == ""


def test_L3_how_old_the_data_is_stands_in_committed_rows(world: World) -> None:
    world.poll()
    world.faults.add(faults.forbidden(), kind="pods")
    world.poll()

    cluster = world.cluster
    assert (cluster.as_of, cluster.last_poll_at) == (at("12:00:05"), at("12:00:10"))
    assert cluster.last_error_kind == "not-allowed"
    assert "could not list pods" in cluster.last_error
    assert world.gaps[0].ended_at is None


def test_L4_a_deletion_that_no_watch_tells_is_found_by_the_audit(world: World) -> None:
    world.add(pod("a", "10.244.1.5"), pod("b", "10.244.1.6"))
    world.poll()
    world.remove("a", announced=False)
    world.poll()
    unnoticed = world.held
    Cursor.objects.update(listed_at=world.clock() - timedelta(seconds=3600))
    result = world.poll()

    assert unnoticed == {"10.244.1.5": "a", "10.244.1.6": "b"}
    assert (result.kind, world.held) == ("complete", {"10.244.1.6": "b"})
    assert [past.closed_by for past in world.past()] == ["absence"]


def test_L4_a_deletion_that_a_watch_swallows_is_found_by_the_audit(
    world: World,
) -> None:
    world.add(pod("a", "10.244.1.5"))
    world.poll()
    world.remove("a")
    world.faults.add(faults.without_deleted(), verb="watch")
    world.poll()
    world.faults.clear()
    world.poll(complete=True)

    assert world.held == {}
    assert world.faults_found == []


def test_L4_an_audit_of_a_quiet_cluster_finds_nothing(world: World) -> None:
    world.add(pod("a", "10.244.1.5"), pod("b", phase="Succeeded"))
    world.poll()
    world.give("a", "10.244.1.6")
    world.poll()
    result = world.poll(complete=True)

    assert (result.opened, result.changed, result.closed) == (0, 0, 0)
    assert result.unchanged == 2


def test_L5_what_is_known_of_an_object_takes_200_bytes(world: World) -> None:
    world.add(*(pod(f"pod-{i}", phase="Pending") for i in range(4_000)))
    world.poll()
    tracemalloc.start()
    known = known_uids(world.cluster, "pods", namespaces=())
    now, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert len(known) == 4_000
    assert now / 4_000 <= 200
    assert peak / 4_000 <= 300
