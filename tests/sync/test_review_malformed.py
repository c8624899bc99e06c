"""Objects that cannot be read and then go: they go, and so do their problems."""

import pytest

from ipamweb.mirror.models import Problem
from tests.sync.world import World, pod

pytestmark = pytest.mark.django_db


def unresolved() -> int:
    return Problem.objects.filter(resolved_at=None).count()


def test_the_deletion_of_an_unreadable_object_is_not_lost_R9(world: World) -> None:
    world.add(pod("bad", "10.244.1.5"), pod("good", "10.244.1.6"))
    world.poll()
    world.patch("bad", {"spec": {"hostNetwork": "maybe"}})
    world.poll()
    assert (sorted(world.held.values()), unresolved()) == (["bad", "good"], 1)
    world.remove("bad")
    world.poll()
    result = world.poll()

    assert result.kind == "complete"
    assert (list(world.held.values()), unresolved()) == (["good"], 0)
    assert world.faults_found == []


def test_the_problem_of_a_field_ends_with_its_object_R9(world: World) -> None:
    world.add(pod("web", "10.244.1.500"))
    world.poll()
    assert unresolved() == 1
    world.remove("web")
    world.poll()

    assert unresolved() == 0


def test_a_problem_that_is_mended_between_two_polls_is_none_R9(world: World) -> None:
    world.poll()
    world.add(pod("web", "10.244.1.500"))
    world.give("web", "10.244.1.5")
    world.poll()

    assert (unresolved(), world.held) == (0, {"10.244.1.5": "web"})
