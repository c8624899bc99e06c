from ipamweb.simulator.server import Simulator
from tests.simulator.asking import ask, pod, watch

PODS = "/api/v1/pods"


def test_a_watch_reports_what_comes_after_its_version(six_pods: Simulator) -> None:
    six_pods.store.modify("pods", "a", namespace="default", patch={"status": {"x": 1}})
    six_pods.store.delete("pods", "a", namespace="default")
    lines = watch(six_pods, f"{PODS}?resourceVersion=1006")
    seen = [
        (e["type"], e["object"]["metadata"]["name"], e["object"]["metadata"])
        for e in lines
    ]
    assert [(type_, name, m["resourceVersion"]) for type_, name, m in seen] == [
        ("ADDED", "f", "1007"),
        ("MODIFIED", "a", "1008"),
        ("DELETED", "a", "1009"),
    ]


def test_a_watch_from_a_forgotten_version_is_an_error_line(six_pods: Simulator) -> None:
    six_pods.store.compact()
    (line,) = watch(six_pods, f"{PODS}?resourceVersion=1003")
    assert line["object"]["message"] == "too old resource version: 1003 (1007)"
    assert (line["type"], line["object"]["code"]) == ("ERROR", 410)


def test_a_forgotten_version_can_be_a_410(six_pods: Simulator) -> None:
    six_pods.watch_options.expired_as_status = True
    six_pods.store.compact()
    assert ask(six_pods, f"{PODS}?watch=1&resourceVersion=1003").status == 410


def test_a_bookmark_ends_a_watch_that_asked_for_it(six_pods: Simulator) -> None:
    path = f"{PODS}?resourceVersion=1007&allowWatchBookmarks=true"
    (line,) = watch(six_pods, path)
    assert line["type"] == "BOOKMARK"
    assert line["object"]["metadata"]["resourceVersion"] == "1007"


def test_a_swallowed_deletion_shows_only_in_lists(six_pods: Simulator) -> None:
    six_pods.store.delete("pods", "f", namespace="shop", announced=False)
    assert watch(six_pods, f"{PODS}?resourceVersion=1007") == []
    assert ask(six_pods, PODS).names == ["a", "b", "c", "d", "e"]


def test_a_watch_by_node_is_added_to_when_a_pod_is_scheduled(empty: Simulator) -> None:
    empty.store.add("pods", pod("a"))
    version = empty.store.version
    empty.store.modify(
        "pods", "a", namespace="default", patch={"spec": {"nodeName": "worker-a"}}
    )
    selector = "fieldSelector=spec.nodeName%3Dworker-a"
    (line,) = watch(empty, f"{PODS}?resourceVersion={version}&{selector}")
    assert line["type"] == "ADDED"
