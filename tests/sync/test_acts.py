"""What operators do to a mirrored cluster, and when clusters are due."""

from datetime import timedelta

import pytest

from ipamweb.access.models import ClusterConnection
from ipamweb.mirror.models import (
    Allocation,
    Block,
    Cluster,
    Cursor,
    Endpoint,
    PastAllocation,
    Pod,
)
from ipamweb.sync import acts, due
from tests.sync.world import World, pod

pytestmark = pytest.mark.django_db


@pytest.fixture
def polled(world: World) -> World:
    world.add(pod("a", "10.244.1.5"), pod("b", "10.244.1.6"))
    world.poll()
    world.remove("b")
    world.poll()
    return world


def test_an_edit_asks_for_a_complete_list(polled: World) -> None:
    acts.edited(polled.cluster)

    assert set(Cursor.objects.values_list("needs_list", flat=True)) == {True}


def test_an_edit_ends_the_pause_of_a_failing_cluster(polled: World) -> None:
    Cluster.objects.update(retry_at=polled.clock() + timedelta(seconds=30))
    acts.edited(polled.cluster)

    assert due.clusters_due(now=polled.clock()) == ["prod"]


def test_a_removed_cluster_leaves_no_row(polled: World) -> None:
    acts.remove(polled.cluster)

    for model in (Allocation, PastAllocation, Pod, Block, Endpoint, Cluster, Cursor):
        assert model.objects.count() == 0


def test_a_removed_cluster_leaves_the_others_alone(polled: World) -> None:
    other = Cluster.objects.create(slug="other", name="other")
    acts.remove(other)

    assert polled.held == {"10.244.1.5": "a"}
    assert len(polled.past()) == 1


def test_a_paused_cluster_goes_on_where_it_was(polled: World) -> None:
    acts.set_paused(polled.cluster, True)
    acts.set_paused(polled.cluster, False)
    result = polled.poll()

    assert (result.kind, result.outcome) == ("changes", "ok")
    assert polled.cluster.paused is False


def test_a_cluster_that_never_was_polled_is_due(world: World) -> None:
    assert due.clusters_due(now=world.clock()) == ["prod"]


def test_a_cluster_that_shall_wait_is_not_due(polled: World) -> None:
    Cluster.objects.update(retry_at=polled.clock() + timedelta(seconds=5))

    assert due.clusters_due(now=polled.clock()) == []
    assert due.clusters_due(now=polled.clock() + timedelta(seconds=5)) == ["prod"]


def test_a_paused_connection_is_not_due(polled: World) -> None:
    ClusterConnection.objects.update(paused=True)

    assert due.clusters_due(now=polled.clock()) == []
