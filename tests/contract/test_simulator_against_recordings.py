"""The simulator, filled with the recorded objects, answers as the recorded server did.

What must be equal is compared whole: statuses, messages, tokens, lists, watches. Left
out are the versions of objects (the simulator counts its own) and what it serves not.
"""

import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from ipamweb.simulator.rights import Rule
from ipamweb.simulator.server import Simulator
from ipamweb.simulator.shelf import ADDED, DELETED
from tests.simulator.asking import Answer, ask

RECORDINGS = Path(__file__).parents[1] / "recordings" / "kubernetes-1.36"
# Kinds that the simulator has none of.
NOT_SERVED = {"ipaddresses-list", "servicecidrs-list"}
# Those that need more than one request to come about, or are compared in part.
ON_THEIR_OWN = {
    "discovery-api",
    "discovery-apis",
    "error-410-expired-continue",
    "pods-watch-too-old",
    "version",
}
NAMES = sorted({path.stem for path in RECORDINGS.glob("*.json")} - NOT_SERVED)
LISTED_AT = 62292
COMPACTED_AT = 62368
USERS = {"a user without rights": "nobody", "an unknown bearer token": "admin"}


def recording(name: str) -> Any:
    return json.loads((RECORDINGS / f"{name}.json").read_text())


def recorded_items(*names: str) -> list[Any]:
    bodies = [recording(name)["response"]["body"] for name in names]
    return [item for body in bodies for item in body.get("items", [body])]


@pytest.fixture
def simulator() -> Iterator[Simulator]:
    """The recorded cluster at the version its lists were recorded at."""
    moment = datetime(2026, 11, 22, 21, 26, 58, tzinfo=UTC)
    simulator = Simulator(clock=lambda: moment)
    store = simulator.store
    store.load("namespaces", recorded_items("namespaces-list"))
    store.load("nodes", recorded_items("nodes-list"))
    store.load("pods", recorded_items(*(f"pods-list-page-{n}" for n in (1, 2, 3))))
    store.load("ciliumnodes", recorded_items("ciliumnodes-list"))
    maps = recorded_items("configmap-cilium-config", "configmap-kubeadm-config")
    store.load("configmaps", maps)
    store.skip_versions(LISTED_AT - store.version)
    simulator.users.set("reader", Rule(("list",), ("pods",)))
    simulator.watch_options.bookmark_seconds = None
    with simulator.running():
        yield simulator


def play_events(simulator: Simulator) -> None:
    """Make the changes that the recorded watch reports."""
    for line in recording("pods-watch")["response"]["body_lines"]:
        changed, metadata = line["object"], line["object"]["metadata"]
        if line["type"] == ADDED:
            simulator.store.add("pods", changed)
        elif line["type"] == DELETED:
            name, namespace = metadata["name"], metadata["namespace"]
            simulator.store.delete("pods", name, namespace=namespace)
        else:
            simulator.store.replace("pods", changed)


def replay(simulator: Simulator, name: str) -> tuple[Answer, Any]:
    recorded = recording(name)
    request = recorded["request"]
    headers = {"Accept": request["accept"]}
    if request["authorised_as"] == "an unknown bearer token":
        headers["Authorization"] = "Bearer of nobody"
    user = request["authorised_as"]
    path = re.sub(r"timeoutSeconds=\d+", "timeoutSeconds=0.3", request["path"])
    answer = ask(simulator, path, user=USERS.get(user, user), headers=headers)
    return answer, recorded["response"]


def assert_same_head(answer: Answer, response: Any) -> None:
    assert answer.status == response["status"]
    kept = {name: answer.headers[name] for name in response["headers"]}
    assert kept == response["headers"]


def content(body: Any) -> Any:
    """Return what is to be equal: without the versions of objects, and their columns'
    descriptions in a Table."""
    if isinstance(body, list):
        return [content(each) for each in body]
    if not isinstance(body, dict):
        return body
    left_out = set()
    if "uid" in body:
        left_out = {"resourceVersion"}
    if "priority" in body and "format" in body:
        left_out = {"description"}
    return {key: content(body[key]) for key in body if key not in left_out}


@pytest.mark.parametrize("name", sorted(set(NAMES) - ON_THEIR_OWN))
def test_the_answer_is_the_recorded_one(simulator: Simulator, name: str) -> None:
    if name == "pods-watch":
        play_events(simulator)
    elif name == "namespaces-list":
        simulator.store.skip_versions(63975 - LISTED_AT)
    answer, response = replay(simulator, name)
    assert_same_head(answer, response)
    if "body_lines" in response:
        assert content(answer.lines) == content(response["body_lines"])
    elif "body_text" in response:
        assert answer.body.decode() == response["body_text"]
    else:
        assert content(answer.json) == content(response["body"])


@pytest.mark.parametrize("name", ["error-410-expired-continue", "pods-watch-too-old"])
def test_a_compacted_version_is_refused_as_recorded(
    simulator: Simulator, name: str
) -> None:
    simulator.store.skip_versions(COMPACTED_AT - LISTED_AT)
    simulator.store.compact()
    answer, response = replay(simulator, name)
    assert_same_head(answer, response)
    found = answer.lines if "body_lines" in response else answer.json
    assert found == response.get("body_lines", response.get("body"))


def test_the_watch_reports_the_recorded_versions(simulator: Simulator) -> None:
    play_events(simulator)
    answer, response = replay(simulator, "pods-watch")
    assert answer.lines == response["body_lines"]


def test_the_version_has_the_recorded_fields(simulator: Simulator) -> None:
    answer, response = replay(simulator, "version")
    assert_same_head(answer, response)
    assert {k: type(v) for k, v in answer.json.items()} == {
        k: type(v) for k, v in response["body"].items()
    }


@pytest.mark.parametrize("name", ["discovery-api", "discovery-apis"])
def test_what_is_discovered_is_described_as_recorded(
    simulator: Simulator, name: str
) -> None:
    answer, response = replay(simulator, name)
    assert_same_head(answer, response)
    served, recorded = resources(answer.json), resources(response["body"])
    assert served
    for key, found in served.items():
        expected = {field: recorded[key][field] for field in found}
        expected["verbs"] = [v for v in found["verbs"] if v in expected["verbs"]]
        assert found == expected


def resources(discovered: Any) -> dict[tuple[str, str], Any]:
    """Return the resources of an APIGroupDiscoveryList by group and name."""
    return {
        (item["metadata"].get("name", ""), resource["resource"]): resource
        for item in discovered["items"]
        for version in item["versions"]
        for resource in version["resources"]
    }
