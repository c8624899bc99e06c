import itertools
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from ipamweb.simulator.churn import Churn
from ipamweb.simulator.demo import DEMO, HISTORY, RETURNING_NODE
from ipamweb.simulator.play import begin, events
from ipamweb.simulator.scenario import Scenario
from ipamweb.simulator.server import Simulator
from ipamweb.simulator.shelf import DELETED
from ipamweb.simulator.store import TimedChange

START = datetime(2026, 11, 1, tzinfo=UTC)
QUIET = Scenario(nodes=2, pods_per_node=12, seed=3)
HOUR = timedelta(hours=1)


@pytest.fixture
def churn() -> Churn:
    """A cluster whose oddities of the beginning are over."""
    churn = begin(QUIET, start=START)
    list(churn.changes(START + HOUR))
    return churn


def pods(changes: list[TimedChange]) -> list[tuple[str, Any]]:
    return [(c.type, c.object) for c in changes if c.kind == "pods"]


def replica(churn: Churn) -> Any:
    return next(w for w in churn.world.workloads if w.kind == "ReplicaSet")


def test_a_pod_is_pending_then_scheduled_then_running(churn: Churn) -> None:
    made = list(churn.create_pod(START + HOUR, workload=replica(churn)))
    later = list(churn.changes(START + 2 * HOUR))
    (added, pending), (_, scheduled), (_, running) = pods(made + later)
    assert added == "ADDED"
    assert "nodeName" not in pending["spec"]
    assert scheduled["spec"]["nodeName"]
    assert "podIP" not in scheduled["status"]
    assert running["status"]["phase"] == "Running"
    assert running["status"]["podIPs"]


def test_a_pod_terminates_before_it_is_deleted(churn: Churn) -> None:
    pod = next(p for p in churn.world.pods.values() if p.workload == replica(churn))
    marked = list(churn.end_pod(START + HOUR, pod=pod))
    gone = list(churn.changes(START + 2 * HOUR))
    assert [change.type for change in marked + gone] == ["MODIFIED", "DELETED"] + [
        "DELETED"
    ]
    assert "deletionTimestamp" in pods(marked)[0][1]["metadata"]
    assert gone[1].kind == "ciliumendpoints"


def test_an_address_passes_from_one_pod_to_the_next(churn: Churn) -> None:
    pod = next(p for p in churn.world.pods.values() if p.workload == replica(churn))
    node, freed = pod.node, pod.addresses
    list(churn.end_pod(START + HOUR, pod=pod))
    list(churn.changes(START + 2 * HOUR))
    heir = churn.world.add_pod(replica(churn), at=START + 2 * HOUR)
    assert node is not None
    churn.world.schedule_pod(heir, node)
    churn.world.start_pod(heir, at=START + 2 * HOUR)
    assert heir.addresses == freed
    assert heir.uid != pod.uid


def test_a_node_comes_back_with_another_block(churn: Churn) -> None:
    node = churn.world.nodes["worker-2"]
    lost = len(node.pods)
    gone = list(churn.remove_node(START + HOUR, node=node))
    back = list(churn.add_node(START + 2 * HOUR, name="worker-2"))
    deleted = [
        c.kind for c in gone if c.type == DELETED and c.kind != "ciliumendpoints"
    ]
    assert deleted == ["pods"] * lost + ["nodes", "ciliumnodes"]
    assert back[1].object["spec"]["ipam"]["podCIDRs"] == ["10.0.2.0/24"]


def test_what_a_node_lost_is_made_again_elsewhere(churn: Churn) -> None:
    node = churn.world.nodes["worker-2"]
    kept = ("ReplicaSet", "StatefulSet")
    lost = sum(pod.workload.kind in kept for pod in node.pods.values())
    before = len(churn.world.nodes["worker-1"].pods)
    list(churn.remove_node(START + HOUR, node=node))
    list(churn.changes(START + 2 * HOUR))
    assert len(churn.world.nodes["worker-1"].pods) == before + lost


def test_churn_keeps_its_rate_and_applies_cleanly() -> None:
    scenario = Scenario(nodes=4, pods_per_node=20, churn=5.0)
    simulator = Simulator(scenario, start=START)
    changes = list(simulator.changes(START + timedelta(minutes=10)))
    for change in changes:
        simulator.store.apply(change)
    assert 2400 <= len(pods(changes)) <= 3600
    assert [c.at for c in changes] == sorted(c.at for c in changes)


def test_the_same_name_comes_back_with_another_uid() -> None:
    scenario = Scenario(nodes=4, pods_per_node=20, churn=5.0)
    seen: dict[str, set[str]] = {}
    for change in events(scenario, start=START, end=START + HOUR / 4):
        if change.kind == "pods":
            metadata = change.object["metadata"]
            seen.setdefault(metadata["name"], set()).add(metadata["uid"])
    assert max(map(len, seen.values())) > 1


def test_time_and_seed_decide_everything() -> None:
    scenario = Scenario(nodes=2, pods_per_node=10, churn=2.0)
    first, second = (
        [
            (c.at, c.type, c.object["metadata"]["uid"])
            for c in events(scenario, start=START, end=START + HOUR / 12)
        ]
        for _ in range(2)
    )
    assert first == second
    assert first


@pytest.fixture(scope="module")
def demo() -> Simulator:
    """The demo's cluster after its two weeks."""
    simulator = Simulator(DEMO, start=START)
    assert 8_000 <= simulator.advance(START + HISTORY) <= 15_000
    return simulator


def test_a_node_of_the_demo_went_and_came_back(demo: Simulator) -> None:
    node = demo.store.get("nodes", RETURNING_NODE)
    assert node["metadata"]["creationTimestamp"] == "2026-11-06T05:00:00Z"
    spec = demo.store.get("ciliumnodes", RETURNING_NODE)["spec"]
    assert spec["ipam"]["podCIDRs"][0] == "10.30.1.128/26"


def test_a_past_lived_through_in_steps_is_the_same_past(demo: Simulator) -> None:
    stepwise = Simulator(DEMO, start=START)
    for day in range(1, HISTORY.days + 1):
        stepwise.advance(START + timedelta(days=day))
    assert stepwise.store.version == demo.store.version
    assert uids(stepwise) == uids(demo)


def uids(simulator: Simulator) -> list[tuple[str, int]]:
    return [(each.uid, each.version) for each in simulator.store.all("pods")]


def test_the_demo_begins_with_a_leak_and_a_pair() -> None:
    assert oddities(Simulator(DEMO, start=START)) == (1, 1)


def test_the_demo_ends_with_two_leaks_and_two_pairs(demo: Simulator) -> None:
    assert oddities(demo) == (2, 2)


def oddities(simulator: Simulator) -> tuple[int, int]:
    """Return how many endpoints have no pod, and how many pairs share an address."""
    store = simulator.store
    there = {stored.key for stored in store.all("pods")}
    leaks = sum(each.key not in there for each in store.all("ciliumendpoints"))
    objects = [
        store.get("pods", stored.name, namespace=stored.namespace)
        for stored in store.all("pods")
    ]
    held = sorted(
        pod["status"]["podIP"]
        for pod in objects
        if pod["status"]["phase"] == "Running" and "hostNetwork" not in pod["spec"]
    )
    return leaks, sum(one == two for one, two in itertools.pairwise(held))


def test_a_living_cluster_changes_by_itself() -> None:
    simulator = Simulator(QUIET)
    version = simulator.store.version
    with simulator.running():
        simulator.start_churn(500)
        deadline = datetime.now(UTC) + timedelta(seconds=10)
        while simulator.store.version == version and datetime.now(UTC) < deadline:
            pass
    assert simulator.store.version > version
