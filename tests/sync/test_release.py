"""The brake on mass releases (R5): a list in which much is missing waits for proof."""

import pytest

from ipamweb.simulator import faults
from ipamweb.simulator.shelf import DELETED
from ipamweb.simulator.store import TimedChange
from ipamweb.sync import acts
from tests.sync.world import NOON, World, at, cilium_node, pod

pytestmark = pytest.mark.django_db


def add_pods(world: World, count: int) -> None:
    """default/pod-0 …, with 10.244.1.1 and on."""
    world.add(*(pod(f"pod-{i}", f"10.244.1.{i + 1}") for i in range(count)))


def remove_pods(world: World, count: int) -> None:
    """Delete the first pods while nobody can watch."""
    for i in range(count):
        metadata = {"namespace": "default", "name": f"pod-{i}"}
        world.store.apply(TimedChange(NOON, DELETED, "pods", {"metadata": metadata}))
    world.store.compact()


def add_others(world: World) -> None:
    """default/other-0 to other-149, with 10.244.2.1 and on."""
    world.add(
        *(pod(f"other-{i}", f"10.244.2.{i + 1}", node="worker-b") for i in range(150))
    )
    world.poll()


def lie_about(world: World, kind: str) -> faults.Fault:
    """List nothing of a kind, as of now."""
    effect = faults.empty_list(world.store.version)
    return world.faults.add(effect, kind=kind, verb="list")


@pytest.fixture
def many(world: World) -> World:
    add_pods(world, 120)
    world.poll()
    return world


def test_R5_an_empty_list_is_held_back(many: World) -> None:
    lie_about(many, "pods")
    result = many.poll(complete=True)

    assert result.outcome == "held"
    assert "120 of 120 allocations are missing" in result.error
    assert len(many.held) == 120
    assert many.cluster.held_release_at == at("12:00:10")
    assert [gap.reason for gap in many.gaps] == ["mass-release"]


def test_R5_a_held_release_is_asked_about_again_soon(many: World) -> None:
    remove_pods(many, 120)
    many.poll()

    pause = many.cluster.retry_at - many.clock()
    assert 0 < pause.total_seconds() <= 30


def test_R5_a_second_list_too_soon_proves_nothing(many: World) -> None:
    remove_pods(many, 120)
    many.poll()
    result = many.poll(after=59)

    assert (result.outcome, len(many.held)) == ("held", 120)


def test_R5_a_second_list_a_while_later_is_believed(many: World) -> None:
    remove_pods(many, 120)
    many.poll()
    result = many.poll(after=60)

    assert (result.outcome, result.closed) == ("ok", 120)
    assert many.held == {}
    assert many.cluster.held_release_at is None
    assert many.faults_found == []


def test_R5_a_good_list_in_between_starts_anew(many: World) -> None:
    fault = lie_about(many, "pods")
    many.poll(complete=True)
    many.faults.remove(fault)
    good = many.poll()
    lie_about(many, "pods")
    bad = many.poll(after=60, complete=True)

    assert (good.kind, good.outcome, bad.outcome) == ("complete", "ok", "held")
    assert len(many.held) == 120


def test_R5_a_second_list_that_misses_others_does_not_agree(many: World) -> None:
    add_others(many)
    remove_pods(many, 120)
    many.poll()
    lie_about(many, "pods")
    result = many.poll(after=60)

    assert result.outcome == "held"
    assert len(many.held) == 270
    assert many.cluster.held_release_count == 270


def test_R5_an_operator_confirms(many: World) -> None:
    remove_pods(many, 120)
    many.poll()
    count = acts.accept_release(many.cluster)
    result = many.poll()

    assert (count, result.closed) == (120, 120)
    assert many.cluster.release_accepted is False


def test_R5_what_an_operator_confirmed_holds_for_that_release_only(
    many: World,
) -> None:
    add_others(many)
    remove_pods(many, 120)
    many.poll()
    acts.accept_release(many.cluster)
    lie_about(many, "pods")
    result = many.poll()

    assert result.outcome == "held"
    assert len(many.held) == 270
    assert many.cluster.release_accepted is False


def test_R5_deletions_that_were_seen_are_not_held_back(many: World) -> None:
    for i in range(120):
        many.remove(f"pod-{i}")
    result = many.poll()

    assert (result.outcome, many.held) == ("ok", {})


def test_R5_a_hundred_are_not_many(world: World) -> None:
    add_pods(world, 100)
    world.poll()
    remove_pods(world, 100)
    result = world.poll()

    assert (result.outcome, world.held) == ("ok", {})


def test_R5_a_quarter_is_not_much(world: World) -> None:
    world.add(*(pod(f"stays-{i}", f"10.244.2.{i}") for i in range(250)))
    world.add(*(pod(f"stays-too-{i}", f"10.244.3.{i}") for i in range(80)))
    add_pods(world, 110)
    world.poll()
    remove_pods(world, 110)
    result = world.poll()

    assert (result.outcome, result.closed) == ("ok", 110)


def test_R5_the_addresses_of_nodes_are_held_back_as_well(cilium_world: World) -> None:
    cilium_world.add(
        *(cilium_node(f"n{i}", f"10.1.{i}.0/24", f"10.1.{i}.1") for i in range(120)),
        kind="ciliumnodes",
    )
    cilium_world.poll()
    lie_about(cilium_world, "ciliumnodes")
    result = cilium_world.poll(complete=True)

    # 120 routers, and router and health of w1.
    assert "122 of 122 allocations" in result.error
    assert cilium_world.past() == []


def test_nothing_can_be_accepted_where_nothing_is_held(many: World) -> None:
    with pytest.raises(ValueError, match="no release of prod is held back"):
        acts.accept_release(many.cluster)
