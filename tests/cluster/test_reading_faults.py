"""The fault table: whatever goes wrong with any page, the list is not complete.

Each row is a fault of one answer, the error it must raise, and what its sentence says.
"""

import json

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
from ipamweb.cluster.readers.contract import CILIUM_NODES, PODS
from ipamweb.cluster.reading import list_pages
from tests.cluster.raw_server import (
    CHUNKED,
    HANG_UP,
    LAST_CHUNK,
    RESET,
    answer,
    chunk,
    gzipped,
    head,
    pod,
    pod_list,
    status,
)

PAGES = {
    "": pod_list(pod("a"), pod("b"), token="t1"),
    "t1": pod_list(pod("c"), token="t2"),
    "t2": pod_list(pod("d")),
}
TOKENS = ["", "t1", "t2"]

# What stands in a 410 of a page, read in a real one: a token of version -1.
FRESH_TOKEN = "eyJydiI6LTF9"
HALF = json.dumps(pod_list(pod("x"), pod("y"))).encode()[:60]
HALF_GZIP = gzipped(pod_list(*[pod(str(n)) for n in range(50)]))[:-30]
GZIP = {"Content-Encoding": "gzip"}


def refused(code, **fields):
    return [answer(status(code, **fields), status=code)]


R2_TABLE = {
    "401": (refused(401), Unauthorized, "does not accept the credential (401)"),
    "403": (refused(403, message="pods is forbidden"), NotAllowed, "list pods"),
    "404": ([answer(b"404 page not found\n", status=404)], NotInstalled, "not serve"),
    "406": (refused(406), BadAnswer, "406"),
    "410": (refused(410), Expired, "the version is gone (410)"),
    "429": (refused(429), Throttled, "asks us to wait (429)"),
    "500": (refused(500, message="etcd is sad"), BadAnswer, "500: etcd is sad"),
    "503": ([answer(b"<html>", status=503)], BadAnswer, "503"),
    "504": (refused(504, message="Too large resource version: 9"), Expired, "back"),
    "302": (
        [answer(b"", status=302, headers={"Location": "http://127.0.0.1:9/"})],
        BadAnswer,
        "redirects are never followed",
    ),
    "206": ([answer(pod_list(), status=206)], BadAnswer, "206"),
    "204": ([head({}, status=204)], BadAnswer, "204"),
    "no byte": ([5.0], Unreachable, "sent nothing for too long"),
    "a byte now and then": ([b"H", *[0.1, b"T"] * 40], Unreachable, "after 0.6 s"),
    "drip of a body": (
        [CHUNKED, *[chunk(b" "), 0.1] * 40],
        Unreachable,
        "not complete after 0.6 s",
    ),
    "hang up": ([HANG_UP], Unreachable, "without an answer"),
    "reset": ([RESET], Unreachable, "broke"),
    "not HTTP": ([b"SSH-2.0-OpenSSH_9.2\r\n", HANG_UP], BadAnswer, "is not HTTP"),
    "html": ([answer(b"<html>Sign in</html>")], BadAnswer, "no whole list in JSON"),
    "empty body": ([answer(b"")], BadAnswer, "no whole list in JSON"),
    "null": ([answer(None)], BadAnswer, "no whole list in JSON"),
    "another kind": (
        [answer(pod_list() | {"kind": "NodeList"})],
        BadAnswer,
        "NodeList",
    ),
    "a Table": ([answer({"kind": "Table", "rows": []})], BadAnswer, "items"),
    "a Status with 200": ([answer(status(403))], BadAnswer, "items"),
    "no kind": ([answer({"metadata": {}, "items": []})], BadAnswer, "'nothing'"),
    "no items": (
        [answer({"kind": "PodList", "metadata": {"resourceVersion": "100"}})],
        BadAnswer,
        "items",
    ),
    "items are no list": ([answer(pod_list() | {"items": {}})], BadAnswer, "items"),
    "no version": ([answer(pod_list(version=""))], BadAnswer, "resourceVersion"),
    "nested too deep": (
        [answer(b'{"x":' + b"[" * 5000 + b"]" * 5000 + b"}")],
        BadAnswer,
        "recursion",
    ),
    "compressed otherwise": (
        [answer(pod_list(), headers={"Content-Encoding": "br"})],
        BadAnswer,
        "compressed",
    ),
}

R4_TABLE = {
    "no last chunk": ([CHUNKED, chunk(HALF), HANG_UP], Unreachable, "cut the answer"),
    "cut inside a chunk": (
        [CHUNKED, chunk(HALF)[:20], HANG_UP],
        Unreachable,
        "cut the answer",
    ),
    "shorter than its length": (
        [head({"Content-Length": "900"}) + HALF, HANG_UP],
        Unreachable,
        "cut the answer",
    ),
    "no length, half a body": (
        [head({"Connection": "close"}) + HALF, HANG_UP],
        BadAnswer,
        "no whole list in JSON",
    ),
    "gzip cut, clean last chunk": (
        [
            head({"Transfer-Encoding": "chunked", **GZIP}),
            chunk(HALF_GZIP),
            LAST_CHUNK,
        ],
        BadAnswer,
        "cut inside its gzip data",
    ),
    "gzip cut, right length": (
        [answer(HALF_GZIP, headers=GZIP)],
        BadAnswer,
        "cut inside its gzip data",
    ),
    "gzip of half a page": (
        [answer(b"\x1f\x8b" + HALF, headers=GZIP)],
        BadAnswer,
        "not the gzip data",
    ),
    "two pages in one": (
        [answer(json.dumps(pod_list()).encode() * 2)],
        BadAnswer,
        "no whole list in JSON",
    ),
}


def script_with(fault, at):
    def script(request):
        token = request.query.get("continue", "")
        return fault if token == at else [answer(PAGES[token])]

    return script


def rows(table):
    return [pytest.param(*row, id=name) for name, row in table.items()]


def pages_until_error(session, clock, expected, kind=PODS):
    pages = []
    with pytest.raises(expected) as caught:
        pages.extend(list_pages(session, kind, clock=clock))
    # `extend` keeps what came before the error.
    return pages, caught.value


def check_fault(session_with, clock, fault, *, expected, says, at):
    session = session_with(
        script_with(fault, at), idle_seconds=0.3, timeout_seconds=0.6
    )

    pages, error = pages_until_error(session, clock, expected)

    assert len(pages) == TOKENS.index(at)
    assert not any(page.is_last for page in pages)
    assert says in str(error)
    assert str(error).startswith("prod: could not list pods: ")


@pytest.mark.parametrize("at", TOKENS, ids=["page 1", "page 2", "page 3"])
@pytest.mark.parametrize(("fault", "expected", "says"), rows(R2_TABLE))
def test_R1_R2_a_fault_at_any_page_leaves_the_list_incomplete(
    session_with, clock, fault, expected, says, at
):
    check_fault(session_with, clock, fault, expected=expected, says=says, at=at)


@pytest.mark.parametrize("at", TOKENS, ids=["page 1", "page 2", "page 3"])
@pytest.mark.parametrize(("fault", "expected", "says"), rows(R4_TABLE))
def test_R4_a_cut_page_never_counts(session_with, clock, fault, expected, says, at):
    check_fault(session_with, clock, fault, expected=expected, says=says, at=at)


@pytest.mark.parametrize("at", ["t1", "t2"], ids=["page 2", "page 3"])
def test_R1_a_page_of_another_version_is_refused(session_with, clock, at):
    other = [answer(pod_list(pod("x"), version="101"))]

    pages, error = pages_until_error(
        session_with(script_with(other, at)), clock, BadAnswer
    )

    assert len(pages) == TOKENS.index(at)
    assert "a page of version 101 follows one of 100" in str(error)


def test_R1_a_list_that_leads_in_a_circle_is_refused(session_with, clock):
    session = session_with(lambda _: [answer(PAGES[""])])

    pages, error = pages_until_error(session, clock, BadAnswer)

    assert len(pages) == 1
    assert "the same next page" in str(error)


@pytest.mark.parametrize("at", ["t1", "t2"], ids=["page 2", "page 3"])
def test_R3_the_token_of_a_410_is_never_used(serve, connect, clock, at):
    gone = refused(410, reason="Expired", metadata={"continue": FRESH_TOKEN})
    server = serve(script_with(gone, at))

    _, error = pages_until_error(connect(server), clock, Expired)

    assert error.reason == "gone"
    assert FRESH_TOKEN not in [query.get("continue") for query in server.queries()]
    assert server.queries()[-1]["continue"] == at


def test_R6_a_group_that_is_not_served_is_not_empty(session_with, clock):
    session = session_with(lambda _: [answer(b"404 page not found\n", status=404)])

    pages, error = pages_until_error(session, clock, NotInstalled, CILIUM_NODES)

    assert pages == []
    assert "does not serve /apis/cilium.io/v2/ciliumnodes" in str(error)


def test_R6_a_group_that_comes_back_is_listed_again(serve, connect, clock):
    answers = iter(
        [
            answer(b"404 page not found\n", status=404),
            answer(pod_list(pod("a")) | {"kind": "CiliumNodeList"}),
        ]
    )
    session = connect(serve(lambda _: [next(answers)]))
    pages_until_error(session, clock, NotInstalled, CILIUM_NODES)

    (page,) = list_pages(session, CILIUM_NODES, clock=clock)

    assert page.is_last


def test_L2_a_list_that_is_asked_to_wait_asks_only_once(serve, connect, clock):
    server = serve(lambda _: refused(429, details={"retryAfterSeconds": 7}))

    _, error = pages_until_error(connect(server), clock, Throttled)

    assert error.retry_after == 7
    assert len(server.requests) == 1


def test_after_a_fault_the_session_lists_again(serve, connect, clock):
    faults = iter([[HANG_UP], [CHUNKED, chunk(HALF), HANG_UP], [answer(pod_list())]])
    session = connect(serve(lambda _: next(faults)))

    pages_until_error(session, clock, Unreachable)
    pages_until_error(session, clock, Unreachable)

    assert [page.is_last for page in list_pages(session, PODS, clock=clock)] == [True]
