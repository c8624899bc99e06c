"""A cluster restored from a backup: what was, comes again under lower versions."""

import pytest

from tests.sync.world import World, at, pod

pytestmark = pytest.mark.django_db
NAMESPACES = [[], ["default", "kube-system"]]


@pytest.fixture(params=NAMESPACES, ids=["whole", "namespaces"])
def restored(world: World, request: pytest.FixtureRequest) -> World:
    """Pods a and b, restored to before b was touched last and c was deleted."""
    world.edit(namespaces=request.param)
    world.add(pod("a", "10.244.1.5"), pod("b", "10.244.1.6"), pod("c", "10.244.1.7"))
    world.store.skip_versions(1_000)
    backup = world.store.version
    world.poll()
    world.store.skip_versions(1_000)
    world.patch("a", {"metadata": {"labels": {"touched": "yes"}}})
    world.remove("c")
    world.poll()
    world.store.rewind(backup)
    world.poll()
    return world


def test_what_a_pod_does_after_a_restore_is_believed_O4(restored: World) -> None:
    assert restored.cluster.epoch > 0
    restored.give("a", "10.244.1.5", phase="Succeeded")
    restored.give("b", "10.244.1.9")
    restored.poll()

    assert restored.held == {"10.244.1.7": "c", "10.244.1.9": "b"}
    assert restored.faults_found == []


def test_a_pod_that_a_restore_brings_back_holds_its_address_again_O4(
    restored: World,
) -> None:
    [past] = restored.past("10.244.1.7")

    assert (past.closed_by, past.to_latest) == ("watch", at("12:00:10"))
    assert restored.allocation("10.244.1.7").from_earliest == at("12:00:10")
    assert restored.pod("c").gone_how == ""
    assert restored.cluster.pod_count == 3


def test_a_restore_is_shown_as_a_gap_O4(restored: World) -> None:
    [gap] = restored.gaps

    assert (gap.started_at, gap.ended_at) == (at("12:00:10"), at("12:00:15"))
    assert gap.recovered_by == "list"


def test_a_pod_that_a_hidden_restore_lets_run_again_holds_its_address_O4(
    world: World,
) -> None:
    """So much was written after the restore that the list's version does not tell."""
    world.add(pod("a", "10.244.1.5"))
    world.poll()
    backup = world.store.version
    world.give("a", "10.244.1.5", phase="Succeeded")
    world.poll()
    world.store.rewind(backup)
    world.store.skip_versions(1_000)
    world.poll()
    between = world.held
    world.poll(complete=True)

    assert (between, world.held) == ({}, {"10.244.1.5": "a"})
    assert [each.closed_by for each in world.past()] == ["terminal"]
    assert world.allocation("10.244.1.5").from_earliest == at("12:00:15")
    assert world.faults_found == []
