"""REST asked at random, by its own description: what schemathesis needs to be told.

The description says what a value looks like. What it cannot say is here: formats that
are ours, and which parameters go together. Used by tests, and for longer by
benchmarks/random_questions.py.
"""

import ipaddress
import json
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

import schemathesis
from django.core import signals
from django.db import close_old_connections
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st
from schemathesis import Case, GenerationMode
from schemathesis.core.failures import FailureGroup
from schemathesis.schemas import APIOperation, BaseSchema

from ipamweb.access import tokens
from ipamweb.access.models import User
from ipamweb.api.views import schema
from ipamweb.wsgi import application
from tests import cast, cast_people

MODES = (GenerationMode.POSITIVE, GenerationMode.NEGATIVE)
# As it is sent: packed answers would have to be unpacked before they are looked at.
HEADERS = {"Accept-Encoding": "identity"}
# Real things of the cast, besides what is not there.
NAMES = {
    "cluster": "prod-eu", "slug": "cilium-cluster-pool-v4", "node": "worker-b",
    "namespace": "shop", "uid": "00000000-0000-4000-8000-000000000421",
    "team": "platform", "number": 1,
}  # fmt: skip
# What everybody who has signed in may do, and asks for by a token that may.
MAKES_A_FILE = "POST /api/v1/exports/"
MAY_WRITE = (MAKES_A_FILE,)
ASKS_FOR_THE_PAST = ("since", "until", "ordering", "phase")


def _cidrs() -> st.SearchStrategy[str]:
    networks = [
        *(ipaddress.ip_network((0x0A000000, bits)) for bits in (8, 16, 20, 28, 32)),
        ipaddress.ip_network("fd00::/64"),
        ipaddress.ip_network("fd00::20/124"),
    ]
    return st.sampled_from([str(each) for each in networks])


def _instants() -> st.SearchStrategy[str]:
    years = st.datetimes(datetime(1970, 1, 1), datetime(9000, 12, 31))
    of_the_cast = st.datetimes(datetime(2026, 11, 22, 11), datetime(2026, 11, 22, 15))
    return (years | of_the_cast).map(lambda moment: f"{moment.isoformat()}Z")


def learn_formats() -> None:
    """Tell schemathesis what values of our formats look like."""
    schemathesis.openapi.format("cidr", _cidrs())
    schemathesis.openapi.format("date-time", _instants())
    schemathesis.openapi.format("ip-address", st.ip_addresses().map(str))


def roles() -> dict[str, User | None]:
    """Insert who may ask, by role; None: somebody who has not signed in."""
    member, lead = cast_people.viewer("mia"), cast_people.viewer("leo")
    cast_people.owns(cast_people.team("web", member, admin=lead), "shop")
    return {
        "nobody": None,
        "viewer without a team": cast_people.viewer(),
        "viewer": member,
        "team admin": lead,
        "auditor": cast_people.auditor(),
        "admin": cast.user(),
    }


@contextmanager
def kept_connection() -> Iterator[None]:
    """Let requests in this thread use the connection of the test, and leave it open."""
    ends = (signals.request_started, signals.request_finished)
    for signal in ends:
        signal.disconnect(close_old_connections)
    try:
        yield
    finally:
        for signal in ends:
            signal.connect(close_old_connections)


def described() -> BaseSchema:
    """Return the description, as schemathesis understands it."""
    found = schemathesis.openapi.from_dict(schema.document())
    found.app = application
    return found


def operations(of: BaseSchema) -> list[APIOperation]:
    return [each.ok() for each in of.get_all_operations()]


def faults(
    operation: APIOperation, *, user: User | None, examples: int, number: int = 0
) -> Iterator[str]:
    """Yield what is wrong with answers to random questions, by all checks."""
    headers = dict(HEADERS)
    if user:
        text = tokens.create(
            user,
            now=cast.NOW,
            name=uuid.uuid4().hex,
            may_write=operation.label in MAY_WRITE,
        )
        headers["Authorization"] = f"Bearer {text}"
    for mode in MODES:
        strategy = operation.as_strategy(generation_mode=mode)
        if mode is GenerationMode.POSITIVE:
            strategy = strategy.map(_possible)
            if operation.label == MAKES_A_FILE:
                strategy = strategy.flatmap(_with_filters)
        asking = _Asking(headers)
        _run(strategy, asking, examples=examples, number=number)
        yield from asking.faults.values()


class _Asking:
    """Asks, and keeps the first of each kind of fault."""

    def __init__(self, headers: dict[str, str]) -> None:
        self.headers = headers
        self.faults: dict[str, str] = {}

    def __call__(self, case: Case) -> None:
        try:
            case.call_and_validate(headers=self.headers)
        except FailureGroup as group:
            for each in group.exceptions:
                name = f"{case.operation.label}: {type(each).__name__}"
                asked = (case.path_parameters, case.query, case.body)
                self.faults.setdefault(name, f"{name}: {asked}: {each}")


def _run(
    strategy: st.SearchStrategy[Case],
    ask: Callable[[Case], None],
    *,
    examples: int,
    number: int,
) -> None:
    quick = settings(
        max_examples=examples,
        database=None,
        deadline=None,
        suppress_health_check=list(HealthCheck),
        phases=[Phase.generate],
    )

    @seed(number)
    @quick
    @given(strategy)
    def asked(case: Case) -> None:
        ask(case)

    asked()


def _possible(case: Case) -> Case:
    """Return a question that the description allows, made one that can be answered."""
    path, query = case.path_parameters or {}, dict(case.query or {})
    path |= {name: NAMES[name] for name in NAMES if name in path}
    if "length" in path:
        path["address"], path["length"] = "fd00::", 120
    if "mask" in case.operation.path:
        query["q"] = "ns:shop kind:pod"
    # Nobody can guess a cursor: it is signed; and no view is saved.
    for name in ("cursor", "view"):
        query.pop(name, None)
    if query.get("format", "json") != "json":
        # A whole list has no pages.
        query.pop("limit", None)
    return _with(case, path, _fitting(query))


def _with_filters(case: Case) -> st.SearchStrategy[Case]:
    """Yield a wish for a file with filters that its list has: they are described where
    the export of the same name is."""
    if "filters" not in case.body:
        return st.just(case)
    export = case.operation.schema[f"/api/v1/export/{case.body['what']}.{{ending}}"]
    asked = export["GET"].as_strategy(generation_mode=GenerationMode.POSITIVE)

    def filtered(of_export: Case) -> Case:
        filters = {
            name: value if isinstance(value, str) else json.dumps(value)
            for name, value in (of_export.query or {}).items()
        }
        case.body = {**case.body, "filters": filters}
        return case

    return asked.map(_possible).map(filtered)


def _fitting(query: dict[str, Any]) -> dict[str, Any]:
    """Leave out what does not go together with the rest; docs/api.md says so."""
    if "at" in query:
        for name in ASKS_FOR_THE_PAST:
            query.pop(name, None)
    if {"since", "until"} <= set(query):
        query["since"], query["until"] = sorted(
            (query["since"], query["until"]), key=_moment
        )
    else:
        # The other end is now, or where history starts: it lies on its side of this.
        now = f"{cast.NOW:%Y-%m-%dT%H:%M:%SZ}"
        for name, nearer in (("since", min), ("until", max)):
            if name in query:
                query[name] = nearer(query[name], now, key=_moment)
    # Two instants are compared inside the history that is kept only.
    query.pop("vs", None)
    if age := query.get("older_than"):
        # Nobody asks for more than a hundred years.
        query["older_than"] = age[0] + age[-1]
    in_window = {"since", "until"} & set(query)
    if in_window or (query.get("state") == "possible" and "at" not in query):
        query.pop("state", None)
    return query


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text.replace("Z", "+00:00")).astimezone(UTC)


def _with(case: Case, path: dict[str, Any], query: dict[str, Any]) -> Case:
    case.path_parameters, case.query = path, query
    return case
