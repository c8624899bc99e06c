"""What can go wrong, switched on and off while the server runs, from any thread.

    fault = simulator.faults.add(forbidden(), kind="pods", verb="list", page=2, count=1)
    simulator.faults.remove(fault)      # or clear()

An effect says what happens, a fault to which requests. Faults of the cluster itself
(compaction, rewinding, a lost event, another identity) are made on the store and the
simulator.
"""

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import partial

from ipamweb.simulator.kinds import KINDS
from ipamweb.simulator.rights import Attributes
from ipamweb.simulator.rights import forbidden as forbidden_status
from ipamweb.simulator.shelf import DELETED, Change
from ipamweb.simulator.statuses import (
    Response,
    as_error_line,
    as_response,
    expired_list,
    expired_watch,
    no_such_path,
    not_acceptable,
    status_object,
)
from ipamweb.simulator.statuses import unauthorized as unauthorized_status
from ipamweb.simulator.wire import Delivery


@dataclass(slots=True)
class Asked:
    """One request as the log keeps it; `page` counts from 1, 0 for what is no list."""

    method: str
    path: str
    query: dict[str, str]
    kind: str = ""
    verb: str = ""
    page: int = 0
    user: str = ""
    namespace: str = ""
    connection: int = 0
    status: int = 0
    # Whether it continued with the token of a 410 (version -1): a mirror never may.
    inconsistent: bool = False


Respond = Callable[[Asked], Response]
Rewrite = Callable[[Sequence[Change]], list[Change]]


@dataclass(frozen=True, slots=True)
class Effect:
    """What happens to a request.

    `respond` answers in place of the server; `delivery` spoils the answer on the wire;
    `wait_seconds` is the time before it; `events` changes what a watch reports, `lines`
    go out before it, `silent` lets it open and say nothing ever, not even its end.
    """

    respond: Respond | None = None
    delivery: Delivery = Delivery.WHOLE
    wait_seconds: float = 0.0
    slow_seconds: float = 0.0
    events: Rewrite | None = None
    lines: bytes = b""
    silent: bool = False


@dataclass(eq=False, slots=True)
class Fault:
    """An effect on what it matches; empty and 0 match all, `count` None is for ever."""

    effect: Effect
    kind: str = ""
    verb: str = ""
    page: int = 0
    count: int | None = None
    hits: int = field(default=0)

    def matches(self, asked: Asked) -> bool:
        return (
            (self.count is None or self.hits < self.count)
            and self.kind in ("", asked.kind)
            and self.verb in ("", asked.verb)
            and self.page in (0, asked.page)
        )


class Faults:
    """The faults that are on; the first that matches a request counts."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._on: list[Fault] = []

    def add(
        self,
        effect: Effect,
        *,
        kind: str = "",
        verb: str = "",
        page: int = 0,
        count: int | None = None,
    ) -> Fault:
        """Switch a fault on. Verbs: get, list, watch, create; discovery and version."""
        fault = Fault(effect, kind, verb, page, count)
        with self._lock:
            self._on.append(fault)
        return fault

    def remove(self, fault: Fault) -> None:
        with self._lock:
            self._on = [each for each in self._on if each is not fault]

    def clear(self) -> None:
        with self._lock:
            self._on = []

    def find(self, asked: Asked) -> Effect | None:
        """Return the effect for a request, and count it."""
        with self._lock:
            for fault in self._on:
                if fault.matches(asked):
                    fault.hits += 1
                    return fault.effect
        return None


# Answers in place of the server's


def unauthorized() -> Effect:
    return Effect(lambda asked: as_response(unauthorized_status()))


def forbidden() -> Effect:
    return Effect(_forbidden)


def not_served() -> Effect:
    """404 in plain text: the answer of a server without that API group."""
    return Effect(lambda asked: no_such_path())


def unacceptable() -> Effect:
    return Effect(lambda asked: as_response(not_acceptable()))


def expired() -> Effect:
    """HTTP 410 to a list or to the opening of a watch."""
    return Effect(lambda asked: as_response(expired_list()))


def expired_in_stream() -> Effect:
    """200, then an ERROR event with code 410."""
    return error_in_stream(expired_watch(1, oldest=2))


def error_in_stream(status: dict[str, object]) -> Effect:
    return Effect(lambda asked: Response(200, as_error_line(status)))


def throttled(seconds: int = 1, *, form: str = "header") -> Effect:
    """429; `form` is header (Retry-After) or details (retryAfterSeconds)."""
    return Effect(lambda asked: _throttled(seconds, form=form))


def server_error(code: int = 500) -> Effect:
    words = {502: "Bad Gateway", 503: "ServiceUnavailable", 504: "Timeout"}
    reason = words.get(code, "InternalError")
    status = status_object(code, message="the server is not well", reason=reason)
    return Effect(lambda asked: as_response(status))


def body(content: bytes, *, content_type: str = "application/json") -> Effect:
    """200 with any body at all."""
    return Effect(lambda asked: Response(200, content, content_type))


def not_json() -> Effect:
    """What a captive portal or a proxy's error page looks like."""
    page = b"<!DOCTYPE html><html><body>Please sign in</body></html>"
    return body(page, content_type="text/html; charset=utf-8")


def wrong_kind() -> Effect:
    return body(
        b'{"kind":"SecretList","apiVersion":"v1","metadata":{"resourceVersion":"5000"},'
        b'"items":[]}'
    )


def empty_list(version: int = 999_999) -> Effect:
    """A valid list of the kind asked for, with nothing in it."""
    return Effect(partial(_empty_list, version=version))


# Spoiled on the wire


def cut() -> Effect:
    return Effect(delivery=Delivery.CUT)


def clean_cut() -> Effect:
    return Effect(delivery=Delivery.CLEAN_CUT)


def gzip_cut() -> Effect:
    return Effect(delivery=Delivery.GZIP_CUT)


def without_length() -> Effect:
    return Effect(delivery=Delivery.NO_LENGTH)


def black_hole() -> Effect:
    return Effect(delivery=Delivery.BLACK_HOLE)


def reset() -> Effect:
    return Effect(delivery=Delivery.RESET)


def delayed(seconds: float) -> Effect:
    return Effect(wait_seconds=seconds)


def slow(seconds: float) -> Effect:
    """The body takes that long, in twenty pieces."""
    return Effect(delivery=Delivery.SLOW, slow_seconds=seconds)


# Watches only


def ended_early() -> Effect:
    """The server ends the watch at once, without data."""
    return Effect(delivery=Delivery.CLEAN_CUT)


def silent() -> Effect:
    """The watch opens and nothing ever comes: a half-open connection."""
    return Effect(silent=True)


def garbage_line() -> Effect:
    return Effect(lines=b'{"type":"MODIFIED","object":{"metadata":{"na\n')


def without_deleted() -> Effect:
    return Effect(events=lambda changes: [c for c in changes if c.type != DELETED])


def duplicated() -> Effect:
    return Effect(
        events=lambda changes: [c for change in changes for c in (change,) * 2]
    )


def reordered() -> Effect:
    """What comes in one burst comes backwards."""
    return Effect(events=lambda changes: list(reversed(changes)))


def _forbidden(asked: Asked) -> Response:
    group = KINDS[asked.kind].group if asked.kind in KINDS else ""
    wanted = Attributes(asked.verb, asked.kind, group, asked.namespace)
    return as_response(forbidden_status(asked.user, wanted))


def _throttled(seconds: int, *, form: str) -> Response:
    in_details = form == "details"
    answer = as_response(
        status_object(
            429,
            message="too many requests, please try again later",
            reason="TooManyRequests",
            details={"retryAfterSeconds": seconds} if in_details else None,
        )
    )
    if not in_details:
        answer.headers["Retry-After"] = str(seconds)
    return answer


def _empty_list(asked: Asked, *, version: int) -> Response:
    kind = KINDS[asked.kind]
    text = (
        f'{{"kind":"{kind.name}List","apiVersion":"{kind.api_version}",'
        f'"metadata":{{"resourceVersion":"{version}"}},"items":[]}}'
    )
    return Response(200, text.encode())
