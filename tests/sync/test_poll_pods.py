"""What pods do, seen through polls: which addresses they hold, and since when."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.sync.world import World, at, pod

pytestmark = pytest.mark.django_db
RECORDINGS = Path(__file__).parent.parent / "recordings/kubernetes-1.36"


def test_a_running_pod_holds_its_address(world: World) -> None:
    world.add(pod("web", "10.244.1.5"))
    world.poll()

    assert world.held == {"10.244.1.5": "web"}
    assert world.block("worker-a").allocated == 1
    assert world.faults_found == []


def test_a_pod_holds_all_its_addresses(world: World) -> None:
    world.add(pod("web", "10.244.1.5", "fd00:10:244:1::5"))
    world.poll()

    assert world.held == {"10.244.1.5": "web", "fd00:10:244:1::5": "web"}


@pytest.mark.parametrize("phase", ["Succeeded", "Failed"])
def test_a_finished_pod_holds_none_though_its_status_keeps_it(
    world: World, phase: str
) -> None:
    world.add(pod("job", "10.244.1.5", phase=phase))
    world.poll()

    assert world.held == {}
    assert world.pod("job").addresses == "10.244.1.5"
    assert world.node("worker-a").slots_used == 0


@pytest.mark.parametrize("phase", ["Succeeded", "Failed"])
def test_a_pod_that_finishes_lets_its_address_go(world: World, phase: str) -> None:
    world.add(pod("job", "10.244.1.5"))
    world.poll()
    world.give("job", "10.244.1.5", phase=phase)
    world.poll()

    [past] = world.past("10.244.1.5")
    assert (past.closed_by, past.valid_to) == ("terminal", at("12:00:05"))
    assert world.node("worker-a").slots_used == 0
    assert world.node("worker-a").pod_count == 1
    assert world.faults_found == []


def test_a_pod_on_the_host_network_holds_none_and_takes_a_slot(world: World) -> None:
    world.add(pod("proxy", "192.0.2.11", host_network=True))
    world.poll()

    assert world.held == {}
    assert world.pod("proxy").addresses == "192.0.2.11"
    assert world.node("worker-a").slots_used == 1


def test_a_pod_without_an_address_is_a_row_and_gets_one_later(world: World) -> None:
    world.add(pod("web", phase="Pending"))
    world.poll()
    world.give("web", "10.244.1.5")
    world.poll()

    opened = world.allocation("10.244.1.5")
    assert world.pod("web").first_seen == at("12:00:05")
    assert (opened.from_earliest, opened.valid_from) == (at("12:00:05"), at("12:00:10"))


def test_a_pod_that_waits_for_a_node_gets_it_later(world: World) -> None:
    world.add(pod("web", phase="Pending", node=""))
    world.poll()
    world.patch("web", {"spec": {"nodeName": "worker-b"}})
    world.give("web", "10.244.2.5")
    world.poll()

    assert world.pod("web").node == world.node("worker-b")
    assert world.node("worker-b").slots_used == 1
    assert world.block("worker-b").allocated == 1
    assert world.faults_found == []


def test_the_generation_of_the_last_visible_change_is_kept(world: World) -> None:
    world.add(pod("web", "10.244.1.5"))
    world.poll()
    opened = world.allocation("10.244.1.5").changed_generation
    world.patch("web", {"metadata": {"deletionTimestamp": "2026-11-22T12:00:36Z"}})
    world.poll()

    assert (opened, world.allocation("10.244.1.5").changed_generation) == (1, 2)


def test_a_terminating_pod_holds_its_address_until_it_is_gone(world: World) -> None:
    world.add(pod("web", "10.244.1.5"))
    world.poll()
    world.patch("web", {"metadata": {"deletionTimestamp": "2026-11-22T12:00:36Z"}})
    world.poll()
    marked = world.allocation("10.244.1.5").terminating_at
    world.remove("web")
    world.poll()

    assert marked == at("12:00:36")
    [past] = world.past("10.244.1.5")
    assert (past.closed_by, past.valid_to) == ("watch", at("12:00:10"))
    assert past.terminating_at == at("12:00:36")


def test_a_status_that_is_empty_for_a_while_ends_nothing(world: World) -> None:
    world.add(pod("web", "10.244.1.5"))
    world.poll()
    world.give("web")
    world.poll()

    assert world.held == {"10.244.1.5": "web"}
    assert world.past() == []


def test_another_address_of_the_same_family_ends_the_first(world: World) -> None:
    world.add(pod("web", "10.244.1.5", "fd00::5"))
    world.poll()
    world.give("web", "10.244.1.6")
    world.poll()

    assert world.held == {"10.244.1.6": "web", "fd00::5": "web"}
    assert [past.closed_by for past in world.past("10.244.1.5")] == ["ip-change"]


def test_an_address_passes_from_one_pod_to_the_next_between_two_polls(
    world: World,
) -> None:
    world.add(pod("first", "10.244.1.5"))
    world.poll()
    world.remove("first")
    world.add(pod("second", "10.244.1.5"))
    world.poll()

    [past] = world.past("10.244.1.5")
    assert (past.pod.name, past.valid_to, past.to_latest) == (
        "first", at("12:00:05"), at("12:00:10"),
    )  # fmt: skip
    assert world.held == {"10.244.1.5": "second"}
    assert world.block("worker-a").allocated == 1
    assert world.faults_found == []


def test_a_pod_that_comes_and_goes_within_a_drain_is_found(world: World) -> None:
    world.poll()
    world.clock.advance(1)
    world.add(pod("short", "10.244.1.5"))
    world.clock.advance(1)
    world.remove("short")
    world.poll(after=3)

    [past] = world.past("10.244.1.5")
    assert past.pod.name == "short"
    assert (past.from_earliest, past.to_latest) == (at("12:00:06"), at("12:00:10"))
    # Nothing is certain: it is held from valid_from on, and gone by then.
    assert past.valid_from == past.valid_to == past.to_latest
    assert world.held == {}
    assert world.faults_found == []


def test_a_pod_made_again_under_its_name_is_another_pod(world: World) -> None:
    world.add(pod("web-0", "10.244.1.5"))
    world.poll()
    world.remove("web-0")
    world.add(pod("web-0", "10.244.1.5"))
    world.poll()

    [past] = world.past("10.244.1.5")
    assert past.owner_key != world.allocation("10.244.1.5").owner_key
    assert world.cluster.pod_count == 1


def recorded_watch() -> list[tuple[str, dict[str, Any]]]:
    recording = json.loads((RECORDINGS / "pods-watch.json").read_text())
    events = recording["response"]["body_lines"]
    return [(each["type"], each["object"]) for each in events]


def test_the_recorded_passing_of_an_address_leaves_two_owners_in_order(
    world: World,
) -> None:
    """kubernetes-1.36/pods-watch.json: late-1 → late-3, all in one drain."""
    world.poll()
    for type_, recorded in recorded_watch():
        metadata = recorded["metadata"]
        metadata.pop("resourceVersion")
        name, namespace = metadata["name"], metadata["namespace"]
        if type_ == "ADDED":
            world.store.add("pods", recorded)
        elif type_ == "MODIFIED":
            world.store.replace("pods", recorded)
        else:
            world.store.delete("pods", name, namespace=namespace)
    world.poll()

    assert world.held == {
        "10.244.0.90": "late-3",
        "fd00:10:244::5a": "late-3",
        "10.244.0.91": "late-2",
        "fd00:10:244::5b": "late-2",
    }
    assert [past.pod.name for past in world.past()] == ["late-1", "late-1"]
    [first] = world.past("10.244.0.90")
    assert first.closed_sequence < world.allocation("10.244.0.90").opened_sequence
    assert world.faults_found == []
