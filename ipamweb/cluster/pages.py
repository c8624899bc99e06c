"""A complete list in one scope, page by page: a doubt is an error, not a short list.

The resourceVersion is left unset: a consistent read. "0" would be answered from any
cache, however old (kubernetes/kubernetes#59848), and would ignore the limit.
Not here: several namespaces (reading.py), changes (watching.py).
"""

from collections.abc import Callable, Generator
from concurrent.futures import Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from datetime import datetime

import msgspec

from ipamweb.addressing.records import Problem
from ipamweb.cluster.access import Session
from ipamweb.cluster.decoding import decode_page
from ipamweb.cluster.errors import BadAnswer
from ipamweb.cluster.questions import Question
from ipamweb.cluster.readers.contract import Kind

Clock = Callable[[], datetime]

# client-go's page; larger ones cost the API server no less for each object.
PAGE_LIMIT = 500
STOP_SECONDS = 0.02


@dataclass(frozen=True, slots=True)
class Page:
    """A part of a complete list, which is complete when `is_last` has come.

    All pages show the cluster at one instant, between `asked_at` and `answered_at` of
    the first. `unidentified` counts objects whose UID is unreadable.
    """

    kind: Kind
    objects: list[msgspec.Struct]
    problems: list[Problem]
    resource_version: str
    is_last: bool
    asked_at: datetime
    answered_at: datetime
    unidentified: int


@dataclass(frozen=True, slots=True)
class _Fetched:
    body: bytes
    asked_at: datetime
    answered_at: datetime


def list_question(
    session: Session, kind: Kind, scope: str, *, limit: int, token: str = ""
) -> Question:
    """Return the question for one page; `scope` is a namespace, or "" for all."""
    query = {"limit": str(limit), "timeout": f"{max(1, int(session.timeout_seconds))}s"}
    if token:
        query["continue"] = token
    return Question(
        kind.path_in(scope) if scope else kind.path,
        query,
        verb="list",
        resource=resource_of(kind),
        scope=scope,
    )


def resource_of(kind: Kind) -> str:
    """Return the resource as RBAC's tools write it: pods, ciliumnodes.cilium.io."""
    return f"{kind.resource}.{kind.group}" if kind.group else kind.resource


def list_scope(
    session: Session, kind: Kind, scope: str, *, clock: Clock
) -> Generator[Page, None, None]:
    """Yield the pages of a complete list; raises ClusterError when it is not complete.

    The bytes of one page are fetched ahead while the caller works. Closing the
    generator ends that. Cost: one request for each `session.page_size` objects.
    """
    limit = max(1, min(session.page_size, PAGE_LIMIT))  # 0 would mean all at once

    def fetch(token: str) -> _Fetched:
        question = list_question(session, kind, scope, limit=limit, token=token)
        asked_at = clock()
        body = session.ask(question)
        return _Fetched(body, asked_at, clock())

    order = _PageOrder(session.name, list_question(session, kind, scope, limit=limit))
    fetched, ahead = fetch(""), None
    with ThreadPoolExecutor(1, f"pages of {kind.resource}") as executor:
        try:
            while True:
                page, token = _page(fetched, kind, order)
                ahead = executor.submit(fetch, token) if token else None
                del fetched
                yield page
                if ahead is None:
                    return
                fetched = ahead.result()
        finally:
            _stop(session, kind, ahead)


def _stop(session: Session, kind: Kind, ahead: Future[_Fetched] | None) -> None:
    """End the fetching of a page that nobody waits for."""
    if ahead is None or ahead.cancel():
        return
    connection = session.connection(resource_of(kind))
    # More than once: the thread may be about to open the connection.
    while wait([ahead], STOP_SECONDS).not_done:
        connection.interrupt()


class _PageOrder:
    """Checks that pages belong together: one version, and tokens that go on."""

    def __init__(self, cluster: str, question: Question) -> None:
        self.cluster = cluster
        self.action = question.action
        self._version = ""
        self._token = ""

    def follow(self, version: str, token: str) -> None:
        """Note the next page; raises BadAnswer when it does not follow."""
        if not version:
            self._fail("a page has no resourceVersion")
        if self._version and version != self._version:
            self._fail(f"a page of version {version} follows one of {self._version}")
        if token and token == self._token:
            self._fail("two pages lead to the same next page")
        self._version, self._token = version, token

    def _fail(self, why: str) -> None:
        raise BadAnswer(self.cluster, action=self.action, why=why)


def _page(fetched: _Fetched, kind: Kind, order: _PageOrder) -> tuple[Page, str]:
    """Return the page and the token of the next one, "" after the last."""
    metadata, decoded = decode_page(
        fetched.body, kind=kind, cluster=order.cluster, action=order.action
    )
    token = metadata.continue_
    order.follow(metadata.resource_version, token)
    page = Page(
        kind,
        decoded.objects,
        decoded.problems,
        metadata.resource_version,
        not token,
        fetched.asked_at,
        fetched.answered_at,
        decoded.unidentified,
    )
    return page, token
