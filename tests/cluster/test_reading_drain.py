"""Drains: what a watch may move on, where it ends, what only a new list can mend."""

import time
from datetime import UTC, datetime

import pytest

from ipamweb.cluster.errors import (
    BadAnswer,
    Expired,
    NotAllowed,
    NotInstalled,
    Throttled,
    Unauthorized,
    Unreachable,
)
from ipamweb.cluster.readers.contract import PODS
from ipamweb.cluster.reading import drain
from tests.cluster.raw_server import (
    CHUNKED,
    HANG_UP,
    LAST_CHUNK,
    answer,
    chunk,
    event,
    pod,
    pod_list,
    status,
)


def bookmark(version, **metadata):
    thing = {"kind": "Pod", "metadata": {"resourceVersion": str(version), **metadata}}
    return event("BOOKMARK", thing | {"spec": {"containers": None}, "status": {}})


def cluster_at(version, *watch):
    """A cluster at a version, whose watches answer with these parts and stay open."""

    def script(request):
        if "watch" in request.query:
            return [*watch, 30.0]
        return [answer(pod_list(pod("x", version), version=str(version), token="t"))]

    return script


def seen(drained):
    return [(one.type, one.object.metadata.uid) for one in drained.events]


@pytest.fixture
def drained(session_with, clock):
    def run(script, cursor="100", **fields):
        return drain(session_with(script, **fields), PODS, cursor=cursor, clock=clock)

    return run


def test_a_cluster_that_has_not_moved_is_not_watched(serve, connect, clock):
    server = serve(cluster_at(100))

    result = drain(connect(server), PODS, cursor="100", clock=clock)

    assert (result.events, result.resource_version) == ([], "100")
    assert result.is_caught_up
    assert len(server.requests) == 1


def test_events_come_in_their_order(drained):
    result = drained(
        cluster_at(
            103,
            CHUNKED,
            event("ADDED", pod("a", 101)),
            event("MODIFIED", pod("a", 102)),
            event("DELETED", pod("a", 103)),
        )
    )

    assert seen(result) == [("ADDED", "a"), ("MODIFIED", "a"), ("DELETED", "a")]
    assert result.resource_version == "103"
    assert result.is_caught_up


def test_two_events_in_one_chunk_and_one_event_in_two_are_three_events(drained):
    first = event("ADDED", pod("a", 101)).split(b"\r\n")[1] + b"\n"
    lines = first + first.replace(b"101", b"102") + first.replace(b"101", b"103")

    result = drained(cluster_at(103, CHUNKED, chunk(lines[:130]), chunk(lines[130:])))

    assert [one.resource_version for one in result.events] == ["101", "102", "103"]


def test_events_after_the_list_belong_to_the_next_drain(drained):
    result = drained(
        cluster_at(
            102,
            CHUNKED,
            event("ADDED", pod("a", 101)),
            event("ADDED", pod("b", 105)),
            event("ADDED", pod("c", 106)),
        )
    )

    assert seen(result) == [("ADDED", "a")]
    assert result.resource_version == "102"


def test_events_up_to_the_cursor_are_dropped(drained):
    result = drained(
        cluster_at(
            102,
            CHUNKED,
            event("ADDED", pod("a", 99)),
            event("ADDED", pod("b", 100)),
            event("ADDED", pod("c", 102)),
        )
    )

    assert seen(result) == [("ADDED", "c")]


def test_a_bookmark_moves_the_cursor_to_the_list(drained):
    result = drained(cluster_at(107, CHUNKED, bookmark(109)))

    assert (result.events, result.resource_version) == ([], "107")


def test_a_bookmark_before_the_list_moves_the_cursor_to_itself(drained):
    result = drained(cluster_at(107, CHUNKED, bookmark(104)))

    assert result.resource_version == "104"
    assert result.is_caught_up


def test_O3_a_quiet_watch_does_not_move_the_cursor(drained):
    result = drained(cluster_at(107, CHUNKED))

    assert (result.events, result.resource_version) == ([], "100")
    assert result.is_caught_up


def test_O3_the_version_of_a_listed_object_is_never_the_cursor(drained):
    def script(request):
        if "watch" in request.query:
            return [CHUNKED, event("ADDED", pod("a", 103)), 30.0]
        return [answer(pod_list(pod("x", 106), version="107"))]

    assert drained(script).resource_version == "103"


def test_O3_streaming_lists_are_never_asked_for(serve, connect, clock):
    server = serve(cluster_at(107, CHUNKED, bookmark(107)))

    drain(connect(server), PODS, cursor="100", clock=clock)

    assert server.queries() == [
        {"limit": "1", "timeout": "30s"},
        {
            "watch": "1",
            "resourceVersion": "100",
            "allowWatchBookmarks": "true",
            "timeoutSeconds": "30",
        },
    ]


def test_the_watch_goes_over_the_connection_of_the_list(serve, connect, clock):
    server = serve(cluster_at(107, CHUNKED, bookmark(107)))

    drain(connect(server), PODS, cursor="100", clock=clock)

    assert [request.connection for request in server.requests] == [1, 1]


def test_a_watch_that_was_left_open_is_closed(serve, connect, clock):
    server = serve(cluster_at(107, CHUNKED, bookmark(107)))
    session = connect(server)

    drain(session, PODS, cursor="100", clock=clock)
    drain(session, PODS, cursor="107", clock=clock)

    assert [request.connection for request in server.requests] == [1, 1, 2]


def test_quiet_on_another_connection_than_the_lists_proves_nothing(drained):
    def script(request):
        if "watch" in request.query:
            return [CHUNKED, 30.0]
        body = pod_list(version="107")
        return [answer(body, headers={"Connection": "close"}), HANG_UP]

    assert not drained(script).is_caught_up


def test_a_drain_is_true_as_of_the_answer_to_its_list(drained):
    result = drained(cluster_at(107, CHUNKED, bookmark(107)))

    assert result.asked_at == datetime(2026, 11, 22, 12, 0, 0, tzinfo=UTC)
    assert result.answered_at == datetime(2026, 11, 22, 12, 0, 1, tzinfo=UTC)


def test_a_busy_watch_ends_with_its_limit_of_time_and_is_not_caught_up(drained):
    steps = [event("ADDED", pod("a", 101 + n)) for n in range(60)]
    busy = [part for step in steps for part in (step, 0.05)]

    result = drained(cluster_at(900, CHUNKED, *busy), timeout_seconds=0.5)

    assert 0 < len(result.events) < 20
    assert result.resource_version == str(100 + len(result.events))
    assert not result.is_caught_up


# ---- only a complete list helps ------------------------------------------------------


def expired(drained, script, cursor="100"):
    with pytest.raises(Expired) as caught:
        drained(script, cursor)
    return caught.value


def test_O4_a_cluster_behind_the_cursor_has_gone_back(drained):
    error = expired(drained, cluster_at(99))

    assert error.reason == "rewound"
    assert str(error) == (
        "prod: could not watch pods: the cluster is at version 99, behind 100"
    )


@pytest.mark.parametrize("cursor", ["", "0", "abc", "-5", "1.5", "None", "１２"])
def test_O1_a_cursor_that_is_no_version_needs_a_list(drained, cursor):
    assert expired(drained, cluster_at(107), cursor).reason == "unparsable"


@pytest.mark.parametrize("version", ["abc", "0x1f", "-1"])
def test_O1_a_cluster_whose_versions_are_no_numbers_needs_lists(drained, version):
    assert expired(drained, cluster_at(version)).reason == "unparsable"


@pytest.mark.parametrize("version", ["abc", ""])
def test_O1_an_event_whose_version_is_no_number_needs_a_list(drained, version):
    thing = pod("a") | {"metadata": {"uid": "a", "resourceVersion": version}}
    script = cluster_at(107, CHUNKED, event("ADDED", thing))

    assert expired(drained, script).reason == "unparsable"


def test_a_410_when_the_watch_opens_needs_a_list(drained):
    def script(request):
        if "watch" in request.query:
            return [answer(status(410, reason="Gone"), status=410)]
        return [answer(pod_list(version="107"))]

    assert expired(drained, script).reason == "gone"


def test_a_410_inside_the_stream_needs_a_list(drained):
    too_old = event("ERROR", status(410, message="too old resource version: 100 (107)"))

    error = expired(drained, cluster_at(107, CHUNKED, too_old))

    assert error.reason == "gone"
    assert "too old resource version: 100 (107)" in str(error)


def test_a_410_after_events_returns_none_of_them(drained):
    script = cluster_at(
        107, CHUNKED, event("ADDED", pod("a", 101)), event("ERROR", status(410))
    )

    assert expired(drained, script).reason == "gone"


def test_O4_too_large_a_version_means_that_the_cluster_has_gone_back(drained):
    large = event("ERROR", status(504, message="Too large resource version: 100"))

    assert expired(drained, cluster_at(107, CHUNKED, large)).reason == "rewound"


# ---- nothing is known ----------------------------------------------------------------


def refused(code, **fields):
    return [answer(status(code, **fields), status=code)]


WATCH_FAULTS = {
    "401": (refused(401), Unauthorized, "(401)"),
    "403": (refused(403), NotAllowed, "could not watch pods: not allowed"),
    "404": ([answer(b"404 page not found", status=404)], NotInstalled, "(404)"),
    "429": (refused(429), Throttled, "(429)"),
    "500": (refused(500, message="etcd is sad"), BadAnswer, "500: etcd is sad"),
    "hang up": ([HANG_UP], Unreachable, "without an answer"),
    "no answer": ([5.0], Unreachable, "sent nothing for too long"),
    "ERROR 500": (
        [CHUNKED, event("ERROR", status(500, message="no progress"))],
        BadAnswer,
        "500: no progress",
    ),
    "ERROR 403": ([CHUNKED, event("ERROR", status(403))], NotAllowed, "(403)"),
    "ERROR without a code": (
        [CHUNKED, event("ERROR", {})],
        BadAnswer,
        "answered an error",
    ),
    "unknown event": ([CHUNKED, event("SYNCED", pod("a"))], BadAnswer, "'SYNCED'"),
    "html": ([CHUNKED, chunk(b"<html>\n<body>\n"), 5.0], BadAnswer, "nothing that is"),
    "cut inside a line": (
        [CHUNKED, event("ADDED", pod("a", 101))[:60], HANG_UP],
        Unreachable,
        "cut the answer",
    ),
    "clean end inside a line": (
        [CHUNKED, chunk(b'{"type":"ADDED","obj'), LAST_CHUNK],
        BadAnswer,
        "cut inside a line",
    ),
    "stops inside a line": (
        [CHUNKED, chunk(b'{"type":"ADDED","obj'), 5.0],
        Unreachable,
        "stopped inside a line",
    ),
    "breaks after events": (
        [CHUNKED, event("ADDED", pod("a", 101)), HANG_UP],
        Unreachable,
        "cut the answer",
    ),
}


@pytest.mark.parametrize(
    ("fault", "expected", "says"),
    [pytest.param(*row, id=name) for name, row in WATCH_FAULTS.items()],
)
def test_R2_a_fault_of_the_watch_is_an_error_and_no_drain(
    drained, fault, expected, says
):
    def script(request):
        watching = "watch" in request.query
        return fault if watching else [answer(pod_list(version="107"))]

    with pytest.raises(expected) as caught:
        drained(script, idle_seconds=0.3)

    assert says in str(caught.value)
    assert str(caught.value).startswith("prod: could not watch pods: ")


def test_L2_a_watch_that_the_server_ends_without_data_has_failed(drained):
    with pytest.raises(BadAnswer, match="ended the watch early"):
        drained(cluster_at(107, CHUNKED, LAST_CHUNK))


def test_a_watch_that_the_server_ends_after_data_returns_it_and_is_not_caught_up(
    drained,
):
    result = drained(
        cluster_at(107, CHUNKED, event("ADDED", pod("a", 103)), LAST_CHUNK)
    )

    assert seen(result) == [("ADDED", "a")]
    assert result.resource_version == "103"
    assert not result.is_caught_up


def test_L1_a_drain_of_a_watch_that_never_ends_ends_by_itself(drained):
    began = time.monotonic()

    drained(cluster_at(107, CHUNKED))

    assert 0.2 <= time.monotonic() - began < 10


def test_L2_429_carries_its_pause_and_is_no_reason_to_list(serve, connect, clock):
    def script(request):
        return [answer(status(429), status=429, headers={"Retry-After": "3"})]

    server = serve(script)

    with pytest.raises(Throttled) as caught:
        drain(connect(server), PODS, cursor="100", clock=clock)

    assert caught.value.retry_after == 3
    assert len(server.requests) == 1


# ---- objects that cannot be understood -----------------------------------------------


def test_an_event_whose_object_is_malformed_becomes_a_problem(drained):
    bad = pod("b", 102, name=5)

    result = drained(
        cluster_at(
            103,
            CHUNKED,
            event("ADDED", pod("a", 101)),
            event("MODIFIED", bad),
            event("ADDED", pod("c", 103)),
        )
    )

    assert seen(result) == [("ADDED", "a"), ("ADDED", "c")]
    (problem,) = result.problems
    assert (problem.object_uid, problem.field) == ("b", "metadata.name")
    assert result.unidentified == 0


@pytest.mark.parametrize(
    "line",
    [
        pytest.param(b"not json\n", id="no JSON"),
        pytest.param(b'{"type":"ADDED","object":{"metadata":7}}\n', id="no metadata"),
        pytest.param(
            b'{"type":"ADDED","object":{"metadata":{"resourceVersion":"101"}}}\n',
            id="no UID",
        ),
    ],
)
def test_a_line_whose_uid_is_unreadable_is_counted_as_unidentified(drained, line):
    result = drained(
        cluster_at(103, CHUNKED, chunk(line), event("ADDED", pod("c", 103)))
    )

    assert seen(result) == [("ADDED", "c")]
    assert result.unidentified == 1
    assert len(result.problems) == 1


# ---- some namespaces -----------------------------------------------------------------


def namespaced(request):
    name = request.path.split("/")[4]
    version = {"red": 107, "blue": 100}[name]
    if "watch" in request.query:
        return [CHUNKED, event("ADDED", pod(name, 107)), 30.0]
    return [answer(pod_list(version=str(version)))]


def test_each_namespace_has_a_cursor_of_its_own(drained):
    result = drained(
        namespaced, '{"blue":"100","red":"90"}', namespaces=("red", "blue")
    )

    assert seen(result) == [("ADDED", "red")]
    assert result.resource_version == '{"blue":"100","red":"107"}'
    assert result.asked_at == datetime(2026, 11, 22, 12, 0, 0, tzinfo=UTC)
    assert result.answered_at == datetime(2026, 11, 22, 12, 0, 3, tzinfo=UTC)


@pytest.mark.parametrize("cursor", ['{"red":"90"}', '{"red":"9","green":"9"}', "100"])
def test_R7_other_namespaces_than_the_cursors_need_a_list(drained, cursor):
    with pytest.raises(Expired) as caught:
        drained(namespaced, cursor, namespaces=("red", "blue"))

    assert caught.value.reason == "scope"


def test_R7_the_whole_cluster_after_some_namespaces_needs_a_list(drained):
    with pytest.raises(Expired):
        drained(cluster_at(107), '{"red":"90"}')
