from datetime import UTC, datetime

import pytest

from ipamweb.simulator.server import Simulator
from ipamweb.simulator.shelf import ADDED, DELETED, MODIFIED
from ipamweb.simulator.store import Store, TimedChange
from tests.simulator.asking import ask, pod

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)


@pytest.fixture
def store() -> Store:
    return Store(clock=lambda: NOON)


def test_what_is_added_gets_identity_version_and_creation(store: Store) -> None:
    store.add("pods", pod("a"))
    metadata = store.get("pods", "a", namespace="default")["metadata"]
    assert metadata["resourceVersion"] == "1001"
    assert metadata["creationTimestamp"] == "2026-11-22T12:00:00Z"
    assert metadata["uid"]


def test_a_name_is_taken_once(store: Store) -> None:
    store.add("pods", pod("a"))
    with pytest.raises(ValueError, match="pods default/a exists already"):
        store.add("pods", pod("a"))


def test_a_patch_merges_and_none_removes(store: Store) -> None:
    store.add("pods", pod("a", podIP="10.0.0.1", hostIP="172.18.0.2"))
    patch = {"status": {"phase": "Failed", "podIP": None}}
    store.modify("pods", "a", namespace="default", patch=patch)
    found = store.get("pods", "a", namespace="default")
    assert found["status"] == {"phase": "Failed", "hostIP": "172.18.0.2"}


def test_a_changed_object_keeps_its_identity_and_a_new_one_has_another(
    store: Store,
) -> None:
    first = store.add("pods", pod("a"))
    changed = store.replace("pods", pod("a", podIP="10.0.0.1"))
    store.delete("pods", "a", namespace="default")
    again = store.add("pods", pod("a"))
    assert first.uid == changed.uid != again.uid


def test_a_deletion_has_a_version_of_its_own(store: Store) -> None:
    store.add("pods", pod("a"))
    gone = store.delete("pods", "a", namespace="default")
    assert gone.version == 1002
    assert b'"resourceVersion":"1002"' in gone.body


def test_timed_changes_bear_their_own_instant(store: Store) -> None:
    earlier = datetime(2026, 11, 8, 9, 30, tzinfo=UTC)
    store.apply(TimedChange(earlier, ADDED, "pods", pod("a")))
    store.apply(TimedChange(earlier, MODIFIED, "pods", pod("a", podIP="10.0.0.1")))
    metadata = store.get("pods", "a", namespace="default")["metadata"]
    assert metadata["creationTimestamp"] == "2026-11-08T09:30:00Z"
    store.apply(TimedChange(earlier, DELETED, "pods", pod("a")))
    assert store.count("pods") == 0


def test_selectors_choose_by_name_node_and_label(empty: Simulator) -> None:
    labelled = pod("b")
    labelled["metadata"]["labels"] = {"app": "web"}
    labelled["spec"]["nodeName"] = "worker-a"
    empty.store.add("pods", pod("a"))
    empty.store.add("pods", labelled)
    asked = {
        "fieldSelector=metadata.name%3Da": ["a"],
        "fieldSelector=spec.nodeName%3Dworker-a": ["b"],
        "labelSelector=app%3Dweb": ["b"],
        "labelSelector=app!%3Dweb": ["a"],
    }
    found = {each: ask(empty, f"/api/v1/pods?{each}").names for each in asked}
    assert found == asked
    assert ask(empty, "/api/v1/pods?fieldSelector=spec.x%3D1").status == 400
