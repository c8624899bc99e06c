"""What CiliumNodes say of nodes, as polls see it come, change and go."""

import pytest

from ipamweb.mirror.models import NodeRecord
from tests.sync.world import World, at

pytestmark = pytest.mark.django_db

ERROR = "requested CIDR (10.0.2.0/24) is already allocated"


def said() -> NodeRecord:
    return NodeRecord.objects.get(node_name="w1")


def fail(world: World, error: str = ERROR) -> None:
    status = {"ipam": {"operator-status": {"error": error}}}
    world.patch("w1", {"status": status}, kind="ciliumnodes")


def test_a_cilium_node_is_kept_with_what_it_states(cilium_world: World) -> None:
    cilium_world.poll()

    assert (said().cidrs, said().pools, said().error) == ("10.0.2.0/24", "", "")
    assert said().first_seen == said().changed_at == at("12:00:05")


def test_an_error_comes_and_goes_with_the_time_of_each(cilium_world: World) -> None:
    cilium_world.poll()
    fail(cilium_world)
    cilium_world.poll()
    assert (said().error, said().changed_at) == (ERROR, at("12:00:10"))

    fail(cilium_world, "")
    cilium_world.poll()

    assert (said().error, said().changed_at) == ("", at("12:00:15"))
    assert said().first_seen == at("12:00:05")


def test_a_list_that_says_the_same_changes_nothing(cilium_world: World) -> None:
    cilium_world.poll()
    generation = cilium_world.cluster.generation

    cilium_world.poll(complete=True)

    assert cilium_world.cluster.generation == generation
    assert said().changed_at == at("12:00:05")


@pytest.mark.parametrize("announced", [True, False])
def test_a_cilium_node_without_a_cidr_is_seen_to_go(
    cilium_world: World, announced: bool
) -> None:
    cilium_world.add({"metadata": {"name": "w2"}, "spec": {}}, kind="ciliumnodes")
    cilium_world.poll()
    cilium_world.remove("w2", kind="ciliumnodes", announced=announced)

    cilium_world.poll(complete=not announced)

    gone = NodeRecord.objects.get(node_name="w2")
    assert (gone.gone_at, gone.gone_by) == (at("12:00:05"), at("12:00:10"))
    assert said().gone_by is None


def test_a_text_that_no_column_takes_is_kept_without_it(cilium_world: World) -> None:
    fail(cilium_world, "no\0 " + "x" * 600)

    cilium_world.poll()

    assert said().error == "no\ufffd " + "x" * 496
