from ipamweb.simulator.continuation import read_token
from ipamweb.simulator.server import Simulator
from tests.simulator.asking import ask, pod

PODS = "/api/v1/pods"


def test_pages_follow_each_other_and_the_last_has_no_token(six_pods: Simulator) -> None:
    first = ask(six_pods, f"{PODS}?limit=4")
    assert first.names == ["a", "b", "c", "d"]
    assert first.json["metadata"]["remainingItemCount"] == 2
    last = ask(six_pods, f"{PODS}?limit=4&continue={first.token}")
    assert last.names == ["e", "f"]
    assert last.json["metadata"] == {"resourceVersion": "1007"}


def test_a_list_keeps_its_version_while_the_cluster_changes(
    six_pods: Simulator,
) -> None:
    first = ask(six_pods, f"{PODS}?limit=2")
    six_pods.store.delete("pods", "c", namespace="default")
    six_pods.store.add("pods", pod("c2"))
    six_pods.store.modify("pods", "e", namespace="shop", patch={"status": {"x": 1}})
    second = ask(six_pods, f"{PODS}?limit=3&continue={first.token}")
    assert second.names == ["c", "d", "e"]
    assert second.version == first.version == "1007"
    assert second.json["metadata"]["remainingItemCount"] == 1
    assert second.json["items"][2]["status"] == {"phase": "Running"}


def test_an_expired_page_is_410_with_a_token_for_now(six_pods: Simulator) -> None:
    first = ask(six_pods, f"{PODS}?limit=2")
    six_pods.store.add("pods", pod("b2"))
    six_pods.store.compact()
    expired = ask(six_pods, f"{PODS}?limit=9&continue={first.token}")
    assert (expired.status, expired.json["reason"]) == (410, "Expired")
    token = expired.json["metadata"]["continue"]
    assert read_token(token).rv == -1
    assert ask(six_pods, f"{PODS}?limit=9&continue={token}").names == [
        "b2", "c", "d", "e", "f"
    ]  # fmt: skip


def test_the_use_of_an_inconsistent_token_is_recorded(six_pods: Simulator) -> None:
    first = ask(six_pods, f"{PODS}?limit=2")
    six_pods.store.add("pods", pod("z"))
    six_pods.store.compact()
    expired = ask(six_pods, f"{PODS}?continue={first.token}")
    ask(six_pods, f"{PODS}?continue={expired.token}")
    assert [asked.inconsistent for asked in six_pods.requests] == [False, False, True]


def test_version_0_ignores_the_limit(six_pods: Simulator) -> None:
    found = ask(six_pods, f"{PODS}?resourceVersion=0&limit=2")
    assert found.names == ["a", "b", "c", "d", "e", "f"]
    assert found.token == ""


def test_a_namespaced_list_has_its_own_pages(six_pods: Simulator) -> None:
    path = "/api/v1/namespaces/shop/pods?limit=2"
    first = ask(six_pods, path)
    assert first.names == ["d", "e"]
    assert ask(six_pods, f"{path}&continue={first.token}").names == ["f"]


def test_a_namespace_does_not_show_its_neighbours(empty: Simulator) -> None:
    for namespace in ("shop", "shop-2", "shop0"):
        empty.store.add("pods", pod("a", namespace=namespace))
    assert ask(empty, "/api/v1/namespaces/shop/pods").names == ["a"]


def test_prepared_pages_serve_until_something_changes(six_pods: Simulator) -> None:
    assert six_pods.prerender("pods", 4) == 2
    zipped = {"Accept-Encoding": "gzip"}
    first = ask(six_pods, f"{PODS}?limit=4&timeout=30s", headers=zipped)
    assert first.headers["content-encoding"] == "gzip"
    six_pods.store.add("pods", pod("g"))
    second = ask(six_pods, f"{PODS}?limit=4", headers=zipped)
    assert "content-encoding" not in second.headers
    assert second.version == "1008"
