"""Complete lists: what makes one complete, in which order its pages come."""

import threading
import time
from datetime import UTC, datetime

import pytest

from ipamweb.cluster.errors import Unreachable
from ipamweb.cluster.readers.contract import CILIUM_NODES, NODES, PODS
from ipamweb.cluster.reading import list_pages
from tests.cluster.raw_server import (
    CHUNKED,
    LAST_CHUNK,
    answer,
    chunk,
    gzipped,
    pod,
    pod_list,
)

# Three pages: a and b, c, d.
PAGES = {
    "": pod_list(pod("a"), pod("b"), token="t1"),
    "t1": pod_list(pod("c"), token="t2"),
    "t2": pod_list(pod("d")),
}


def three_pages(request):
    yield answer(PAGES[request.query.get("continue", "")])


def uids(pages):
    return [[one.metadata.uid for one in page.objects] for page in pages]


def test_pages_come_in_order_and_only_the_last_says_so(session_with, clock):
    pages = list(list_pages(session_with(three_pages), PODS, clock=clock))

    assert uids(pages) == [["a", "b"], ["c"], ["d"]]
    assert [page.is_last for page in pages] == [False, False, True]
    assert {page.resource_version for page in pages} == {"100"}


def test_O6_a_list_never_names_a_version(serve, connect, clock):
    server = serve(three_pages)

    list(list_pages(connect(server), PODS, clock=clock))

    assert all("resourceVersion" not in query for query in server.queries())
    assert all("resourceVersionMatch" not in query for query in server.queries())


@pytest.mark.parametrize(
    ("wished", "limit"), [(2000, "500"), (500, "500"), (7, "7"), (0, "1"), (-1, "1")]
)
def test_L5_a_page_holds_between_1_and_500_objects(
    serve, connect, clock, wished, limit
):
    server = serve(three_pages)

    list(list_pages(connect(server, page_size=wished), PODS, clock=clock))

    assert {query["limit"] for query in server.queries()} == {limit}


def test_L1_a_list_tells_the_server_its_limit_of_time(serve, connect, clock):
    server = serve(three_pages)

    list(list_pages(connect(server, timeout_seconds=12.0), PODS, clock=clock))

    assert {query["timeout"] for query in server.queries()} == {"12s"}


def test_gzip_is_offered_and_understood(serve, connect, clock):
    body = gzipped(pod_list(pod("a")))
    server = serve(lambda _: [answer(body, headers={"Content-Encoding": "gzip"})])

    pages = list(list_pages(connect(server), PODS, clock=clock))

    assert server.requests[0].headers["accept-encoding"] == "gzip"
    assert uids(pages) == [["a"]]


def test_a_chunked_page_is_read_whole(session_with, clock):
    first, second = (
        b'{"kind":"PodList","metadata":{"resourceVersion":"7"},"it',
        b'ems":[]}',
    )
    session = session_with(lambda _: [CHUNKED, chunk(first), chunk(second), LAST_CHUNK])

    (page,) = list_pages(session, PODS, clock=clock)

    assert (page.objects, page.resource_version, page.is_last) == ([], "7", True)


def test_null_items_are_an_empty_list(session_with, clock):
    session = session_with(lambda _: [answer(pod_list() | {"items": None})])

    (page,) = list_pages(session, PODS, clock=clock)

    assert page.objects == []


def test_all_pages_of_a_kind_come_over_one_connection(serve, connect, clock):
    server = serve(three_pages)

    list(list_pages(connect(server), PODS, clock=clock))

    assert [request.connection for request in server.requests] == [1, 1, 1]


def test_each_kind_has_a_connection_of_its_own(serve, connect, clock):
    def empty(request):
        kind = {"pods": "Pod", "nodes": "Node"}[request.path.split("/")[-1]]
        yield answer(pod_list() | {"kind": f"{kind}List"})

    server = serve(empty)
    session = connect(server)

    for kind in (PODS, NODES, PODS, NODES):
        list(list_pages(session, kind, clock=clock))

    assert [request.connection for request in server.requests] == [1, 2, 1, 2]


def test_a_kind_of_a_group_is_asked_for_under_apis(serve, connect, clock):
    server = serve(lambda _: [answer(pod_list() | {"kind": "CiliumNodeList"})])

    list(list_pages(connect(server), CILIUM_NODES, clock=clock))

    assert server.requests[0].path == "/apis/cilium.io/v2/ciliumnodes"


def test_a_page_knows_when_it_was_asked_for_and_answered(session_with, clock):
    session = session_with(lambda _: [answer(pod_list())])

    (page,) = list_pages(session, PODS, clock=clock)

    assert page.asked_at == datetime(2026, 11, 22, 12, 0, 0, tzinfo=UTC)
    assert page.answered_at == datetime(2026, 11, 22, 12, 0, 1, tzinfo=UTC)


def wait_for(condition):
    end = time.monotonic() + 5
    while not condition() and time.monotonic() < end:
        time.sleep(0.005)
    assert condition()


def test_one_page_is_fetched_ahead_while_the_caller_works_and_no_more(
    serve, connect, clock
):
    server = serve(three_pages)
    pages = list_pages(connect(server), PODS, clock=clock)

    next(pages)

    wait_for(lambda: len(server.requests) == 2)
    time.sleep(0.05)
    assert len(server.requests) == 2
    pages.close()


def test_closing_the_generator_stops_the_page_that_is_under_way(session_with, clock):
    def second_never(request):
        if "continue" in request.query:
            yield 30.0
        yield answer(PAGES[""])

    pages = list_pages(session_with(second_never), PODS, clock=clock)
    next(pages)
    began = time.monotonic()

    pages.close()

    assert time.monotonic() - began < 5
    assert not any(thread.name.startswith("pages") for thread in threading.enumerate())


def test_closing_the_session_ends_a_list_with_unreachable(session_with, clock):
    def never(_):
        yield 30.0

    session = session_with(never)
    threading.Timer(0.1, session.interrupt).start()

    with pytest.raises(Unreachable):
        list(list_pages(session, PODS, clock=clock))


# ---- objects that cannot be understood -----------------------------------------------


def test_a_malformed_object_spoils_only_itself(session_with, clock):
    bad = {"metadata": {"uid": "b", "name": "web", "namespace": "shop", "labels": 5}}
    session = session_with(lambda _: [answer(pod_list(pod("a"), bad, pod("c")))])

    (page,) = list_pages(session, PODS, clock=clock)

    assert uids([page]) == [["a", "c"]]
    (problem,) = page.problems
    assert (problem.kind, problem.object, problem.object_uid) == (
        "Pod",
        "shop/web",
        "b",
    )
    assert problem.field == "metadata.labels"
    assert page.unidentified == 0


@pytest.mark.parametrize(
    "bad",
    [
        pytest.param(None, id="null"),
        pytest.param(7, id="number"),
        pytest.param({"metadata": 5}, id="metadata is a number"),
        pytest.param({"metadata": {"uid": 5}}, id="uid is a number"),
        pytest.param({"metadata": {"name": "x"}}, id="no uid"),
        pytest.param({}, id="no metadata"),
    ],
)
def test_an_object_without_a_readable_uid_is_counted_as_unidentified(
    session_with, clock, bad
):
    session = session_with(lambda _: [answer(pod_list(pod("a"), bad))])

    (page,) = list_pages(session, PODS, clock=clock)

    assert uids([page]) == [["a"]]
    assert page.unidentified == 1
    assert len(page.problems) == 1


def test_a_byte_that_is_no_utf8_spoils_only_its_object(session_with, clock):
    body = b'{"kind":"PodList","metadata":{"resourceVersion":"7"},"items":[%b,%b]}' % (
        b'{"metadata":{"uid":"a","name":"\xff"}}',
        b'{"metadata":{"uid":"b"}}',
    )
    session = session_with(lambda _: [answer(body)])

    (page,) = list_pages(session, PODS, clock=clock)

    assert uids([page]) == [["b"]]
    assert page.problems[0].kind == "Pod"


# ---- some namespaces -----------------------------------------------------------------

BY_NAMESPACE = {
    "/api/v1/namespaces/red/pods": pod_list(pod("r"), version="7"),
    "/api/v1/namespaces/blue/pods": pod_list(pod("b"), version="9"),
}


def two_namespaces(request):
    yield answer(BY_NAMESPACE[request.path])


def test_namespaces_are_listed_one_after_the_other(session_with, clock):
    session = session_with(two_namespaces, namespaces=("red", "blue"))

    pages = list(list_pages(session, PODS, clock=clock))

    assert uids(pages) == [["r"], ["b"]]
    assert [page.is_last for page in pages] == [False, True]
    assert pages[-1].resource_version == '{"blue":"9","red":"7"}'


def test_a_kind_without_namespaces_is_listed_over_the_whole_cluster(
    serve, connect, clock
):
    server = serve(lambda _: [answer(pod_list() | {"kind": "NodeList"})])
    session = connect(server, namespaces=("red",))

    list(list_pages(session, NODES, clock=clock))

    assert server.requests[0].path == "/api/v1/nodes"
