"""Questions about findings, and the one act on them: to acknowledge."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

import msgspec
from django.http import HttpResponse
from django.utils import timezone
from rest_framework.exceptions import NotFound, PermissionDenied
from rest_framework.generics import GenericAPIView
from rest_framework.request import Request

from ipamweb.access import visibility
from ipamweb.access.models import User
from ipamweb.api import parameters
from ipamweb.api.errors import BadParameter
from ipamweb.api.finding_serializers import Acknowledgement as Wish
from ipamweb.api.finding_serializers import Finding as FindingSerializer
from ipamweb.api.question import Asked, JsonOnly, ListQuestion, Question
from ipamweb.exports import finding_rows
from ipamweb.findings import acts, queries
from ipamweb.findings.candidates import SEVERITIES
from ipamweb.findings.filters import (
    ACKNOWLEDGED,
    AGES,
    ALL,
    KINDS,
    RULE_IDS,
    STATES,
    FindingFilter,
)
from ipamweb.mirror.queries.paging import Page
from ipamweb.mirror.scope import Scope

_FILTERS = ("kind", "rule", "severity", "state", "cluster", "age", "namespace")


def _looks(asked: Asked) -> object:
    """Return what findings change with: the looks, and the acts of people."""
    return [
        [each.cluster, each.looked_at, each.revision]
        for each in queries.checks(scope=asked.scope)
    ]


def _number(text: str) -> int:
    """Return the number of a finding; what is none is not there."""
    if not (text.isascii() and text.isdigit() and len(text) <= 18):
        raise NotFound
    return int(text)


def wanted_of(asked: Mapping[str, Any]) -> FindingFilter:
    """Return the filter of some parameters. Raises BadParameter."""
    values = {name: asked[name] for name in _FILTERS}
    if asked["at"] and values["state"] == ACKNOWLEDGED:
        raise BadParameter(
            "Which findings were acknowledged at an instant is not kept here.",
            parameter="state",
        )
    if values["state"] == ALL:
        values["state"] = ""
    return FindingFilter(**values, at=asked["at"])


class Findings(ListQuestion):
    """What looks wrong, the worst first. Without `state`: all, also what is over. `at`:
    what had been seen by an instant, in its state of then; what each side says is as
    the last look saw it."""

    serializer_class = FindingSerializer
    has_past = True
    table = "findings"
    row = staticmethod(finding_rows.finding)
    parameters = (
        parameters.choice("kind", "Of this kind.", accepted=KINDS),
        parameters.choice(
            "rule",
            "Of the rule of this id: a kind, by its other name.",
            accepted=RULE_IDS,
        ),
        parameters.choice("severity", "As grave as this.", accepted=SEVERITIES),
        parameters.choice("state", "In this state.", accepted=(*STATES, ALL)),
        parameters.text("cluster", "Of this cluster, by slug."),
        parameters.text("namespace", "About pods of this namespace, by name."),
        parameters.choice(
            "age",
            "First seen less than so long ago, and not less than the one before.",
            accepted=tuple(AGES),
        ),
    )

    def further_state(self, asked: Asked) -> object:
        # They grow older also while nothing is looked at.
        minute = f"{asked.now:%Y-%m-%dT%H:%M}" if asked.values["age"] else ""
        return [_looks(asked), minute]

    def page(self, asked: Asked) -> Page[Any]:
        return queries.listed(
            scope=asked.scope,
            now=asked.now,
            wanted=wanted_of(asked.values),
            window=asked.window,
        )


class Finding(Question):
    """A finding, with what each side says; `at`: in its state of then."""

    serializer_class = FindingSerializer
    has_past = True

    def further_state(self, asked: Asked) -> object:
        return _looks(asked)

    def found(self, asked: Asked) -> dict[str, Any] | None:
        number = _number(asked.path["number"])
        found = queries.one(number, scope=asked.scope, at=asked.at)
        return finding_rows.finding(found) if found else None


@dataclass(frozen=True, slots=True)
class _ActAsked:
    """An act on a finding that the reader sees."""

    number: int
    user: User
    scope: Scope

    def answer(self, act: Callable[[], None]) -> HttpResponse:
        """Do it, and return the finding as it is then."""
        try:
            act()
        except acts.NotAllowed as error:
            raise PermissionDenied(
                "Admins acknowledge findings; a team's admins those about its pods."
            ) from error
        except ValueError as error:
            name, colon, _ = str(error).partition(":")
            raise BadParameter(str(error), parameter=name if colon else "") from error
        found = queries.one(self.number, scope=self.scope)
        if found is None:
            raise NotFound
        body = msgspec.json.encode(finding_rows.finding(found))
        return HttpResponse(body, content_type="application/json")


class Acknowledgement(GenericAPIView):
    """Lets a finding rest until a time, or takes that back. Told in docs/audit.md: the
    OpenAPI document holds what is asked, not what is done."""

    schema = None
    content_negotiation_class = JsonOnly
    serializer_class = Wish

    def post(self, request: Request, number: str) -> HttpResponse:
        asked = self._asked(number)
        wish = Wish(data=request.data)
        if not wish.is_valid():
            name, [why, *_] = next(iter(wish.errors.items()))
            raise BadParameter(f"{name}: {why}", parameter=name)
        act = partial(
            acts.acknowledge,
            asked.number,
            by=asked.user,
            now=timezone.now(),
            **wish.validated_data,
        )
        return asked.answer(act)

    def delete(self, request: Request, number: str) -> HttpResponse:
        asked = self._asked(number)
        return asked.answer(
            partial(acts.withdraw, asked.number, by=asked.user, now=timezone.now())
        )

    def _asked(self, text: str) -> _ActAsked:
        """Return who asks for what; what is not theirs to see is not there."""
        user, number = self.request.user, _number(text)
        scope = visibility.scope(user)
        if not isinstance(user, User) or queries.one(number, scope=scope) is None:
            raise NotFound
        return _ActAsked(number, user, scope)
