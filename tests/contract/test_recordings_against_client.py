"""What a real API server answered, sent to the real client again, byte for byte.

The answers are of kube-apiserver 1.36; only the list that precedes a watch was not
recorded, and is made of the first page with another version.
"""

import json
from urllib.parse import parse_qsl, urlsplit

import pytest

from ipamweb.cluster.errors import (
    BadAnswer,
    Expired,
    NotAllowed,
    NotInstalled,
    Unauthorized,
)
from ipamweb.cluster.readers.contract import (
    CILIUM_ENDPOINTS,
    CILIUM_NODES,
    NAMESPACES,
    NODES,
    PODS,
)
from ipamweb.cluster.reading import drain, list_pages
from tests.cluster.raw_server import LAST_CHUNK, answer, chunk, head
from tests.cluster.recorded import RECORDINGS, recorded

FOLDER = RECORDINGS / "kubernetes-1.36"
FILES = sorted(path.stem for path in FOLDER.glob("*.json"))


def exchange(name):
    return recorded(f"kubernetes-1.36/{name}.json")


def replayed(name):
    """Return the parts of a recorded answer; a watch stays open for a while."""
    response = exchange(name)["response"]
    headers, status = response["headers"], response["status"]
    if "body_lines" in response:
        lines = [json.dumps(line).encode() + b"\n" for line in response["body_lines"]]
        opened = head({**headers, "Transfer-Encoding": "chunked"}, status=status)
        return [opened, *map(chunk, lines), 30.0, LAST_CHUNK]
    body = response.get("body_text", "").encode() or response["body"]
    return [answer(body, status=status, headers=headers)]


def by_token(*names):
    """A script that answers each page's token with the recording that was asked so."""

    def token_of(name):
        path = exchange(name)["request"]["path"]
        return dict(parse_qsl(urlsplit(path).query)).get("continue", "")

    pages = {token_of(name): name for name in names}
    return lambda request: replayed(pages[request.query.get("continue", "")])


def always(name):
    return lambda _: replayed(name)


def watched(name, *, version):
    """A script of a cluster at a version, whose watches are the recording."""
    page = exchange("pods-list-page-1")["response"]["body"]
    page["metadata"]["resourceVersion"] = str(version)

    def script(request):
        return replayed(name) if "watch" in request.query else [answer(page)]

    return script


@pytest.fixture
def session(serve, connect):
    return lambda script: connect(serve(script), page_size=10)


# ---- lists ---------------------------------------------------------------------------

LISTS = {
    "nodes-list": (NODES, 3),
    "namespaces-list": (NAMESPACES, 6),
    "ciliumnodes-list": (CILIUM_NODES, 3),
    "ciliumendpoints-empty-list": (CILIUM_ENDPOINTS, 0),
    "pods-list-rv0": (PODS, 24),
}


@pytest.mark.parametrize("name", LISTS)
def test_a_recorded_list_is_one_complete_page(session, clock, name):
    kind, count = LISTS[name]

    (page,) = list_pages(session(always(name)), kind, clock=clock)

    assert (len(page.objects), page.problems, page.is_last) == (count, [], True)


PAGES = ("pods-list-page-1", "pods-list-page-2", "pods-list-page-3")


def test_the_recorded_pages_are_one_complete_list(session, clock):
    pages = list(list_pages(session(by_token(*PAGES)), PODS, clock=clock))

    assert [len(page.objects) for page in pages] == [10, 10, 4]
    assert [page.is_last for page in pages] == [False, False, True]
    assert {page.resource_version for page in pages} == {"62292"}


def test_R3_the_recorded_410_of_a_page_ends_the_list(serve, connect, clock):
    expired = "error-410-expired-continue"
    server = serve(by_token("pods-list-page-1", expired))
    fresh = exchange(expired)["response"]["body"]["metadata"]["continue"]

    with pytest.raises(Expired) as caught:
        list(list_pages(connect(server, page_size=10), PODS, clock=clock))

    assert caught.value.reason == "gone"
    assert fresh not in [query.get("continue") for query in server.queries()]


REFUSALS = {
    "error-400-bad-continue": (BadAnswer, "400: invalid continue token"),
    "error-401-unauthorized": (Unauthorized, "(401)"),
    "error-403-forbidden": (NotAllowed, 'User "nobody" cannot list resource "pods"'),
    "nodes-list-as-reader-forbidden": (NotAllowed, 'User "reader" cannot list'),
    "error-404-no-such-resource": (NotInstalled, "does not serve"),
    "error-410-expired-continue": (Expired, "continue parameter is too old"),
    "error-invalid-resource-version": (BadAnswer, "500: resourceVersion: Invalid"),
    "pods-list-as-table": (BadAnswer, "is no whole list"),
}


@pytest.mark.parametrize("name", REFUSALS)
def test_R2_a_recorded_refusal_is_its_error(session, clock, name):
    expected, says = REFUSALS[name]

    with pytest.raises(expected) as caught:
        list(list_pages(session(always(name)), PODS, clock=clock))

    assert says in str(caught.value)


# ---- watches -------------------------------------------------------------------------


def test_the_recorded_watch_shows_an_address_pass_on(session, clock):
    lines = exchange("pods-watch")["response"]["body_lines"]
    last = lines[-1]["object"]["metadata"]["resourceVersion"]
    script = watched("pods-watch", version=last)

    drained = drain(session(script), PODS, cursor="62292", clock=clock)

    assert len(drained.events) == len(lines)
    assert (drained.resource_version, drained.is_caught_up) == (last, True)
    held = [
        (event.type, event.object.metadata.name)
        for event in drained.events
        if event.object.status.pod_ip == "10.244.0.90"
    ]
    assert held[0] == ("MODIFIED", "late-1")
    assert held[-1] == ("MODIFIED", "late-3")


QUIET = {
    "ciliumnodes-watch-quiet": CILIUM_NODES,
    "pods-watch-future-resource-version": PODS,
}


@pytest.mark.parametrize("name", QUIET)
def test_O3_a_recorded_quiet_watch_moves_nothing(session, clock, name):
    def script(request):
        if "watch" in request.query:
            return replayed(name)
        empty = {"metadata": {"resourceVersion": "62400"}, "items": []}
        return [answer({"kind": QUIET[name].list_name, **empty})]

    drained = drain(session(script), QUIET[name], cursor="62292", clock=clock)

    assert (drained.events, drained.resource_version) == ([], "62292")


WATCH_ERRORS = {
    "pods-watch-too-old": (Expired, "too old resource version: 100 (62368)"),
    "pods-streaming-list-refused": (BadAnswer, "RequestWatchProgress is disabled"),
    "pods-watch-resource-version-0-refused": (BadAnswer, "RequestWatchProgress"),
    "error-invalid-resource-version": (BadAnswer, "parsing"),
}


@pytest.mark.parametrize("name", WATCH_ERRORS)
def test_R2_a_recorded_error_of_a_watch_is_its_error(session, clock, name):
    expected, says = WATCH_ERRORS[name]

    with pytest.raises(expected, match="could not watch pods") as caught:
        drain(session(watched(name, version=62368)), PODS, cursor="100", clock=clock)

    assert says in str(caught.value)


# ---- the rest ------------------------------------------------------------------------

OBJECTS = {
    "version",
    "namespace-kube-system",
    "configmap-cilium-config",
    "configmap-kubeadm-config",
    "discovery-api",
    "discovery-apis",
    "ipaddresses-list",
    "servicecidrs-list",
}


@pytest.mark.parametrize("name", sorted(OBJECTS))
def test_a_recorded_object_comes_as_it_was_sent(session, name):
    path = exchange(name)["request"]["path"]

    body = session(always(name)).request(path)

    assert json.loads(body) == exchange(name)["response"]["body"]


def test_every_recording_is_sent_to_the_client():
    used = {*LISTS, *PAGES, *REFUSALS, "pods-watch", *QUIET, *WATCH_ERRORS, *OBJECTS}

    assert sorted(used) == FILES
