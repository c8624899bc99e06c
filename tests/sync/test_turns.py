"""A worker that read a connection long ago: it acts on what is so now."""

from pathlib import Path

import pytest

from ipamweb.access import connections
from ipamweb.access.models import ClusterConnection
from ipamweb.commands import registration
from ipamweb.mirror.models import Cluster, Lease
from ipamweb.simulator.server import Simulator
from ipamweb.sync import acts, lease, sessions
from ipamweb.sync import poll as polling
from ipamweb.sync.outcome import PollResult
from tests import cast
from tests.sync.world import World, pod

pytestmark = pytest.mark.django_db


def read_before(world: World) -> ClusterConnection:
    return ClusterConnection.objects.get(pk=world.connection.pk)


def poll(world: World, connection: ClusterConnection) -> PollResult:
    world.clock.advance(5)
    return polling.poll(connection, clock=world.clock)


def test_C4_a_worker_that_read_a_removed_connection_does_not_make_its_row_again(
    world: World,
) -> None:
    world.poll()
    connection = read_before(world)
    registration.remove(world.connection.slug)
    world.simulator.forget_requests()
    result = poll(world, connection)

    assert (result.outcome, world.simulator.requests) == ("removed", [])
    assert list(Cluster.objects.all()) == []


def test_C4_a_cluster_that_REST_removed_is_not_made_again_before_its_connection_goes(
    world: World,
) -> None:
    """Between the two halves of it: the rows are gone, the connection is not yet."""
    connection = read_before(world)
    connections.ask_removal(connection.slug, by=cast.user())
    result = poll(world, connection)

    assert (result.outcome, world.simulator.requests) == ("removed", [])
    assert list(Cluster.objects.all()) == []


def test_C4_the_mirror_of_a_removed_connection_is_left_as_it_is(world: World) -> None:
    """Between the two halves of a removal: the connection is gone, its rows are not."""
    world.poll()
    connection = read_before(world)
    ClusterConnection.objects.all().delete()
    world.add(pod("a", "10.244.1.5"))
    result = poll(world, connection)

    assert (result.outcome, world.held) == ("removed", {})
    assert Lease.objects.get().until is None


def test_C4_a_row_that_goes_before_its_lease_is_taken_is_not_missed(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    world.poll()
    take = lease.take

    def late(cluster: Cluster, **how: object) -> lease.Held | None:
        acts.remove(Cluster.objects.get(pk=cluster.pk))
        return take(cluster, **how)  # type: ignore[arg-type]

    monkeypatch.setattr(lease, "take", late)
    result = world.poll()
    Lease.objects.all().delete()

    assert result.outcome == "removed"
    assert list(Cluster.objects.all()) == []


def test_C4_a_worker_that_read_the_connection_before_an_edit_asks_the_new_address(
    world: World, tmp_path: Path
) -> None:
    world.poll()
    connection = read_before(world)
    with Simulator(clock=world.clock).running() as other:
        other.swap_identity(world.cluster.identity)
        world.edit(kubeconfig=str(other.kubeconfig(tmp_path / "other")))
        acts.edited(world.cluster)
        world.simulator.forget_requests()
        result = poll(world, connection)
        sessions.forget_all()

    assert (result.outcome, world.simulator.requests) == ("ok", [])


def test_C4_a_worker_that_read_the_connection_before_a_pause_asks_nothing(
    world: World,
) -> None:
    world.poll()
    connection = read_before(world)
    registration.set_paused(world.connection.slug, paused=True)
    world.simulator.forget_requests()
    result = poll(world, connection)

    assert (result.outcome, world.simulator.requests) == ("paused", [])


def test_a_person_may_poll_a_cluster_that_is_paused(world: World) -> None:
    registration.set_paused(world.connection.slug, paused=True)

    assert poll(world, read_before(world)).outcome == "ok"


def test_C1_a_turn_that_is_not_taken_hides_no_cut(world: World) -> None:
    """A lease that was left is left still."""
    world.poll()
    connection = read_before(world)
    Lease.objects.update(until=lease.CUT_OFF)
    ClusterConnection.objects.update(paused=True)
    poll(world, connection)

    assert Lease.objects.get().until == lease.CUT_OFF
