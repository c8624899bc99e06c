"""From a request to its answer: who asks, what for, may they, and which part answers.

An answer is a whole Response or a Watch that goes on writing. Not here: the bytes on
the wire (wire.py), connections and threads (server.py).
"""

from collections import deque
from collections.abc import Callable
from typing import Any

import msgspec

from ipamweb.simulator.continuation import INCONSISTENT, read_token
from ipamweb.simulator.discovery import AUTHORIZATION, discover
from ipamweb.simulator.faults import Asked, Effect, Faults
from ipamweb.simulator.listing import (
    Page,
    PreparedPages,
    encode_page,
    get_object,
    list_metadata,
    read_page,
)
from ipamweb.simulator.rights import (
    ANONYMOUS,
    Attributes,
    User,
    Users,
    forbidden,
    forbidden_path,
    review_access,
    review_rules,
)
from ipamweb.simulator.routes import Target, attributes_of, find_target
from ipamweb.simulator.statuses import (
    Refused,
    Response,
    bad_request,
    method_not_allowed,
    no_such_path,
    not_acceptable,
    refused,
)
from ipamweb.simulator.store import Store
from ipamweb.simulator.tables import encode_table, wants_table
from ipamweb.simulator.watching import View, Watch, WatchOptions
from ipamweb.simulator.wire import Request

# How many requests the log keeps, and how many continue tokens are known by page
# number.
LOG_LENGTH = 100_000
OPEN_PATHS = ("/version", "/healthz", "/livez", "/readyz")


class Answering:
    """The server's mind: store, users, faults, knobs and the log of requests."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self.users = Users()
        self.faults = Faults()
        self.watch_options = WatchOptions()
        self.prepared = PreparedPages(store)
        self.requests: deque[Asked] = deque(maxlen=LOG_LENGTH)
        # The version at which one of two replicas stands still; None: there is one.
        self.lagging_version: int | None = None
        self._page_numbers: dict[str, int] = {}

    def describe(self, request: Request) -> Asked:
        """Return the request as logs and faults know it, and log it."""
        found = attributes_of(request)
        asked = Asked(
            method=request.method,
            path=request.path,
            query=dict(request.query),
            kind=found.resource if found else "",
            verb=found.verb if found else _verb_of_path(request.path),
            namespace=found.namespace if found else "",
            connection=request.connection,
        )
        token = request.query.get("continue", "")
        if asked.verb == "list":
            asked.page = self._page_numbers.get(token, 0) if token else 1
            asked.inconsistent = _is_inconsistent(token)
        self.requests.append(asked)
        return asked

    def answer(
        self, request: Request, *, asked: Asked, effect: Effect
    ) -> Response | Watch:
        """Return what the request gets; never raises for a bad request."""
        try:
            user = self.users.of(request.headers)
            asked.user = user.name
            if effect.respond:
                return effect.respond(asked)
            if request.path in OPEN_PATHS[1:]:
                return Response(200, b"ok", "text/plain; charset=utf-8")
            return self._answer_user(request, asked=asked, user=user, effect=effect)
        except Refused as error:
            return error.response

    def last_version(self, connection: int) -> int | None:
        """Return the version where the replica of this connection stands still."""
        return self.lagging_version if connection % 2 else None

    def _answer_user(
        self, request: Request, *, asked: Asked, user: User, effect: Effect
    ) -> Response | Watch:
        accept = request.headers.get("accept", "") or "*/*"
        found = attributes_of(request)
        if found is None:
            return self._answer_path(request, user=user, accept=accept)
        if found.group == AUTHORIZATION:
            return _review(request, user=user, resource=found.resource)
        if not user.may(found):
            raise refused(forbidden(user.name, found))
        target = find_target(request.path, groups=self.store.groups)
        if target is None:
            return no_such_path()
        if request.method != "GET":
            raise refused(method_not_allowed())
        if "json" not in accept and "*/*" not in accept:
            raise refused(not_acceptable())
        if asked.verb == "watch":
            return self._watch(request, target=target, effect=effect)
        if asked.verb == "get":
            return self._get(target, accept=accept)
        return self._list(request, target=target, asked=asked)

    def _answer_path(self, request: Request, *, user: User, accept: str) -> Response:
        closed = user.name == ANONYMOUS and not user.rules
        if closed and request.path not in OPEN_PATHS:
            raise refused(forbidden_path(user.name, request.path))
        found = discover(request.path, accept=accept, groups=self.store.groups)
        return found or no_such_path()

    def _get(self, target: Target, *, accept: str) -> Response:
        body = get_object(self.store, target)
        if not wants_table(accept):
            return Response(200, body)
        stored = self.store.stored(
            target.kind.resource, target.name, namespace=target.namespace
        )
        page = Page(target.kind, stored.version, [stored])
        return Response(200, self._table(page))

    def _list(self, request: Request, *, target: Target, asked: Asked) -> Response:
        as_table = wants_table(request.headers.get("accept", ""))
        if request.accepts_gzip and not as_table:
            prepared = self.prepared.find(target, request.query)
            if prepared:
                self._number(prepared.token, page=asked.page + 1)
                return prepared.as_response()
        last = self.last_version(request.connection)
        page = read_page(
            self.store,
            target,
            query=request.query,
            stale=self.store.version if last is None else last,
        )
        self._number(page.token, page=asked.page + 1)
        return Response(200, self._table(page) if as_table else encode_page(page))

    def _table(self, page: Page) -> bytes:
        return encode_table(
            page.kind,
            page.objects,
            metadata=list_metadata(page),
            now=self.store.clock(),
        )

    def _watch(self, request: Request, *, target: Target, effect: Effect) -> Watch:
        view = View(
            options=self.watch_options,
            effect=effect,
            last_version=self._last_version_of(request.connection),
            as_table=wants_table(request.headers.get("accept", "")),
        )
        return Watch(self.store, target, query=request.query, view=view)

    def _last_version_of(self, connection: int) -> Callable[[], int | None]:
        return lambda: self.last_version(connection)

    def _number(self, token: str, *, page: int) -> None:
        if len(self._page_numbers) > LOG_LENGTH:
            self._page_numbers.clear()
        if token:
            self._page_numbers[token] = page


def _review(request: Request, *, user: User, resource: str) -> Response:
    reviews = {
        "selfsubjectaccessreviews": review_access,
        "selfsubjectrulesreviews": review_rules,
    }
    if resource not in reviews:
        return no_such_path()
    if request.method != "POST":
        raise refused(method_not_allowed())
    if user.name == ANONYMOUS:
        wanted = Attributes("create", resource, AUTHORIZATION)
        raise refused(forbidden(user.name, wanted))
    try:
        asked: dict[str, Any] = msgspec.json.decode(request.body, type=dict[str, Any])
    except msgspec.DecodeError as error:
        raise refused(bad_request(f"the body is no review: {error}")) from error
    return Response(201, msgspec.json.encode(reviews[resource](user, asked)))


def _verb_of_path(path: str) -> str:
    return "version" if path == "/version" else "discovery"


def _is_inconsistent(token: str) -> bool:
    try:
        return bool(token) and read_token(token).rv == INCONSISTENT
    except ValueError:
        return False
