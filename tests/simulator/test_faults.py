import gzip
import http.client
import time
from typing import Any

import pytest

from ipamweb.simulator import faults
from ipamweb.simulator.kinds import CILIUM_GROUP
from ipamweb.simulator.server import Simulator
from ipamweb.simulator.shelf import Stored
from tests.simulator.asking import ask, pod, watch

PODS = "/api/v1/pods"
WATCH = f"{PODS}?watch=1&resourceVersion=1001&timeoutSeconds=0.3"


@pytest.mark.parametrize(
    ("effect", "status"),
    [
        pytest.param(faults.unauthorized(), 401, id="401"),
        pytest.param(faults.forbidden(), 403, id="403"),
        pytest.param(faults.not_served(), 404, id="404"),
        pytest.param(faults.unacceptable(), 406, id="406"),
        pytest.param(faults.expired(), 410, id="410"),
        pytest.param(faults.throttled(), 429, id="429"),
        pytest.param(faults.server_error(503), 503, id="503"),
    ],
)
def test_a_fault_answers_in_place_of_the_server(
    six_pods: Simulator, effect: faults.Effect, status: int
) -> None:
    six_pods.faults.add(effect, kind="pods")
    assert ask(six_pods, PODS).status == status
    assert ask(six_pods, "/api/v1/nodes").status == 200


def test_a_fault_can_be_of_one_page_and_one_time(six_pods: Simulator) -> None:
    six_pods.faults.add(faults.server_error(), verb="list", page=2, count=1)
    first = ask(six_pods, f"{PODS}?limit=4")
    second = f"{PODS}?limit=4&continue={first.token}"
    assert [ask(six_pods, second).status for _ in range(2)] == [500, 200]


def test_a_fault_ends_when_it_is_removed(six_pods: Simulator) -> None:
    fault = six_pods.faults.add(faults.forbidden())
    assert ask(six_pods, PODS).status == 403
    six_pods.faults.remove(fault)
    assert ask(six_pods, PODS).status == 200


def test_both_forms_of_a_429_say_when_to_come_back(six_pods: Simulator) -> None:
    six_pods.faults.add(faults.throttled(7), count=1)
    six_pods.faults.add(faults.throttled(7, form="details"))
    by_header, by_details = ask(six_pods, PODS), ask(six_pods, PODS)
    assert by_header.headers["retry-after"] == "7"
    assert "retry-after" not in by_details.headers
    assert by_details.json["details"] == {"retryAfterSeconds": 7}


def test_a_cut_answer_is_shorter_than_it_says(six_pods: Simulator) -> None:
    six_pods.faults.add(faults.cut())
    with pytest.raises(http.client.IncompleteRead):
        ask(six_pods, PODS)


def test_a_gzip_cut_ends_cleanly_in_the_middle(six_pods: Simulator) -> None:
    six_pods.faults.add(faults.gzip_cut())
    answer = ask(six_pods, PODS)
    assert answer.headers["transfer-encoding"] == "chunked"
    with pytest.raises(EOFError):
        gzip.decompress(answer.body)


def test_half_a_body_without_length_ends_with_the_connection(
    six_pods: Simulator,
) -> None:
    whole = ask(six_pods, PODS)
    six_pods.faults.add(faults.without_length())
    half = ask(six_pods, PODS)
    assert "content-length" not in half.headers
    assert half.body == whole.body[: len(whole.body) // 2]


def test_a_reset_and_a_black_hole_answer_nothing(
    six_pods: Simulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    six_pods.faults.add(faults.reset(), count=1)
    six_pods.faults.add(faults.black_hole())
    with pytest.raises(ConnectionResetError):
        ask(six_pods, PODS)
    monkeypatch.setattr("tests.simulator.asking.TIMEOUT_SECONDS", 0.2)
    with pytest.raises(TimeoutError):
        ask(six_pods, PODS)


def test_a_slow_answer_takes_its_time(six_pods: Simulator) -> None:
    six_pods.faults.add(faults.slow(0.4))
    started = time.monotonic()
    assert len(ask(six_pods, PODS).names) == 6
    assert time.monotonic() - started >= 0.4


@pytest.mark.parametrize(
    ("effect", "kind"),
    [
        pytest.param(faults.wrong_kind(), "SecretList", id="wrong kind"),
        pytest.param(faults.empty_list(), "PodList", id="empty"),
    ],
)
def test_an_answer_can_be_a_lie(
    six_pods: Simulator, effect: faults.Effect, kind: str
) -> None:
    six_pods.faults.add(effect)
    answer = ask(six_pods, PODS)
    assert (answer.json["kind"], answer.names) == (kind, [])


def test_a_watch_can_end_early_without_data(six_pods: Simulator) -> None:
    six_pods.faults.add(faults.ended_early(), verb="watch")
    started = time.monotonic()
    path = f"{PODS}?watch=1&resourceVersion=1001&timeoutSeconds=30"
    assert ask(six_pods, path).body == b""
    assert time.monotonic() - started < 5


def test_a_watch_can_break_in_the_middle_of_a_line(six_pods: Simulator) -> None:
    six_pods.faults.add(faults.cut(), verb="watch")
    with pytest.raises(http.client.IncompleteRead):
        ask(six_pods, WATCH)


def test_events_can_come_twice_and_backwards(six_pods: Simulator) -> None:
    six_pods.faults.add(faults.duplicated(), count=1)
    six_pods.faults.add(faults.reordered())
    assert names(ask(six_pods, WATCH).lines)[:4] == ["a", "a", "b", "b"]
    assert names(ask(six_pods, WATCH).lines) == ["f", "e", "d", "c", "b", "a"]


def test_a_watch_can_report_an_expiry_and_garbage(six_pods: Simulator) -> None:
    six_pods.faults.add(faults.expired_in_stream(), count=1)
    six_pods.faults.add(faults.garbage_line())
    (line,) = ask(six_pods, WATCH).lines
    assert (line["type"], line["object"]["code"]) == ("ERROR", 410)
    assert ask(six_pods, WATCH).body.startswith(b'{"type":"MODIFIED","object":{"metad')


def test_a_rewound_cluster_forgets_and_counts_on_from_there(
    six_pods: Simulator,
) -> None:
    six_pods.store.rewind(1004)
    assert ask(six_pods, PODS).names == ["a", "b", "c"]
    assert watch(six_pods, f"{PODS}?resourceVersion=1007") == []
    assert six_pods.store.add("pods", pod("z")).version == 1005


def test_a_server_that_knows_it_is_behind_refuses_the_future(
    six_pods: Simulator,
) -> None:
    six_pods.watch_options.refuse_future = True
    answer = ask(six_pods, f"{PODS}?watch=1&resourceVersion=5000")
    assert (answer.status, answer.json["reason"]) == (504, "Timeout")


def test_every_second_connection_meets_a_lagging_replica(six_pods: Simulator) -> None:
    six_pods.lag_replica(1005)
    path = f"{PODS}?resourceVersion=0"
    seen = sorted(len(ask(six_pods, path).names) for _ in range(2))
    assert seen == [4, 6]
    assert [len(ask(six_pods, PODS).names) for _ in range(2)] == [6, 6]
    watches = sorted(len(ask(six_pods, WATCH).lines) for _ in range(2))
    assert watches == [4, 6]


def test_a_dropped_group_is_not_found_until_it_returns(empty: Simulator) -> None:
    path = "/apis/cilium.io/v2/ciliumnodes"
    empty.drop_group(CILIUM_GROUP)
    assert ask(empty, path).body == b"404 page not found\n"
    empty.restore_group(CILIUM_GROUP)
    assert ask(empty, path).json["items"] == []


def test_another_cluster_has_another_identity(empty: Simulator) -> None:
    empty.swap_identity("another-cluster")
    found = ask(empty, "/api/v1/namespaces/kube-system")
    assert found.json["metadata"]["uid"] == "another-cluster"


def test_a_malformed_object_is_served_as_it_is(empty: Simulator) -> None:
    broken = b'{"metadata":{"name":7,"uid":"u-1"},"status":"none"}'
    empty.store.put_raw("pods", Stored("default", "x", "u-1", 0, broken, {}))
    assert broken in ask(empty, PODS).body


def names(lines: list[Any]) -> list[str]:
    return [line["object"]["metadata"]["name"] for line in lines]
