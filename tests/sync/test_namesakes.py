"""A namespace that was made again under its name is another one, with other pods."""

import pytest

from ipamweb.mirror.models import Namespace, Pod
from ipamweb.sync.namesakes import Namesake, namespace_of
from tests.sync.world import World, at, pod

pytestmark = pytest.mark.django_db
COMPLETE = pytest.mark.parametrize("complete", [False, True], ids=["drain", "list"])


def make_shop(world: World, **metadata: str) -> str:
    world.clock.advance(1)
    world.add({"metadata": {"name": "shop"} | metadata}, kind="namespaces")
    return world.uid("shop", kind="namespaces")


def add(world: World, name: str, address: str) -> None:
    world.clock.advance(1)
    world.add(pod(name, address, namespace="shop"))


def remove_shop(world: World, *pods: str) -> None:
    for name in pods:
        world.store.delete("pods", name, namespace="shop")
    world.remove("shop", kind="namespaces")


@pytest.fixture
def shop(world: World) -> str:
    """Return the UID of namespace shop, mirrored, without a pod."""
    uid = make_shop(world)
    world.poll()
    return uid


@COMPLETE
def test_H1_a_pod_of_a_namespace_made_again_is_of_the_one_it_was_made_in(
    world: World, shop: str, complete: bool
) -> None:
    add(world, "old", "10.244.1.5")
    remove_shop(world, "old")
    again = make_shop(world)
    add(world, "new", "10.244.1.5")
    world.poll(complete=complete)

    assert world.pod("old").namespace_uid == shop
    assert [each.namespace_uid for each in world.past()] == [shop]
    assert world.pod("new").namespace_uid == again
    assert world.allocation("10.244.1.5").namespace_uid == again
    assert world.faults_found == []


def test_a_pod_of_a_namespace_that_came_and_went_is_of_that_one(
    world: World, shop: str
) -> None:
    remove_shop(world)
    second = make_shop(world)
    add(world, "short", "10.244.1.5")
    remove_shop(world, "short")
    third = make_shop(world)
    world.poll()

    assert world.pod("short").namespace_uid == second
    shops = Namespace.objects.filter(name="shop").order_by("id")
    assert [each.uid for each in shops] == [shop, second, third]
    assert world.faults_found == []


def test_a_pod_that_was_seen_before_its_namespace_made_again_is_moved_to_it(
    world: World, shop: str
) -> None:
    """Kinds are read side by side: pods may be read a moment later than namespaces."""
    add(world, "web", "10.244.1.5")
    world.poll()
    before = world.pod("web").namespace_uid
    world.remove("shop", kind="namespaces")
    again = make_shop(world, creationTimestamp="2026-11-22T12:00:06Z")
    world.poll()

    assert (before, world.pod("web").namespace_uid) == (shop, again)
    assert world.allocation("10.244.1.5").namespace_uid == again
    assert world.faults_found == []


def test_a_pod_that_is_older_than_a_namespace_is_not_taken_in(world: World) -> None:
    add(world, "web", "10.244.1.5")
    world.poll()
    make_shop(world)
    world.poll()

    assert Pod.objects.get(name="web").namespace_uid == ""


@pytest.mark.parametrize("made", ["2026-11-22T12:00:02Z", "0001-01-01T00:00:00Z"])
def test_a_pod_is_taken_in_though_the_clocks_of_servers_differ(
    world: World, made: str
) -> None:
    add(world, "web", "10.244.1.5")
    world.poll()
    shop = make_shop(world, creationTimestamp=made)
    world.poll()

    assert Pod.objects.get(name="web").namespace_uid == shop


def test_of_several_the_youngest_that_is_not_younger_than_the_pod() -> None:
    several = [
        Namesake(None, 1, "first"),
        Namesake(at("12:00:10"), 2, "second"),
        Namesake(at("12:00:20"), 3, "third"),
    ]

    assert namespace_of(at("12:00:09"), several) == (1, "first")
    assert namespace_of(at("12:00:10"), several) == (2, "second")
    assert namespace_of(at("12:00:21"), several) == (3, "third")
    assert namespace_of(None, several) == (3, "third")
    assert namespace_of(at("12:00:09"), several[1:]) == (None, "")
