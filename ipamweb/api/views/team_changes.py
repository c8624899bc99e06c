"""Changes of a team by REST: who is in it, and by what it owns.

Told in docs/audit.md: the OpenAPI document holds what is asked of a team, and how teams
are made and removed (team_acts.py).
"""

from collections.abc import Callable
from functools import partial
from typing import Any

import msgspec
from django.http import HttpResponse
from rest_framework.exceptions import NotFound, PermissionDenied
from rest_framework.generics import GenericAPIView
from rest_framework.request import Request
from rest_framework.serializers import CharField, ChoiceField, Serializer

from ipamweb.access import team_rows, teams
from ipamweb.access.models import Team, User
from ipamweb.access.teams import Refused
from ipamweb.api import team_rows as rows
from ipamweb.api.errors import BadParameter
from ipamweb.api.question import JsonOnly

LONGEST_LABELS = 1000


class MemberWish(Serializer):
    role = ChoiceField(choices=("viewer", "team admin"), default="viewer")


class RuleWish(Serializer):
    cluster = CharField(default="", allow_blank=True, max_length=63)
    namespace = CharField(default="", allow_blank=True, max_length=63)
    labels = CharField(default="", allow_blank=True, max_length=LONGEST_LABELS)


class _Change(GenericAPIView):
    """What is asked of a team; one that is not theirs to see is not there."""

    schema = None
    content_negotiation_class = JsonOnly
    only_admins = True

    def team(self, slug: str) -> Team:
        user = self.request.user
        found = team_rows.found(slug, user=user) if "\0" not in slug else None
        if found is None:
            raise NotFound
        if not (user.is_superuser if self.only_admins else self._may_manage(found)):
            raise PermissionDenied("This is for admins to change.")
        return found

    def done(self, team: Team, act: Callable[..., Any]) -> HttpResponse:
        """Do it, and return the team as it is then."""
        user = self.request.user
        assert isinstance(user, User)
        try:
            act(by=user)
        except Refused as error:
            raise BadParameter(str(error), parameter="") from error
        body = rows.team_detail(
            team_rows.row(team_rows.found(team.slug, user=user) or team),
            members=team_rows.members(team),
            rules=team_rows.rules(team),
        )
        return HttpResponse(msgspec.json.encode(body), content_type="application/json")

    def wish(self, kind: type[Any]) -> dict[str, Any]:
        wish = kind(data=self.request.data)
        if not wish.is_valid():
            name, [why, *_] = next(iter(wish.errors.items()))
            raise BadParameter(f"{name}: {why}", parameter=name)
        return dict(wish.validated_data)

    def _may_manage(self, team: Team) -> bool:
        return teams.may_manage(self.request.user, team)


class Member(_Change):
    """A user in a team. An admin of the team may do this too."""

    only_admins = False
    serializer_class = MemberWish

    def put(self, request: Request, team: str, username: str) -> HttpResponse:
        found = self.team(team)
        is_admin = self.wish(MemberWish)["role"] == "team admin"
        name = _name(username)
        return self.done(
            found, partial(teams.put_member, found, name, is_admin=is_admin)
        )

    def delete(self, request: Request, team: str, username: str) -> HttpResponse:
        found = self.team(team)
        return self.done(found, partial(teams.take_member, found, _name(username)))


class Rules(_Change):
    serializer_class = RuleWish

    def post(self, request: Request, team: str) -> HttpResponse:
        found = self.team(team)
        wish = self.wish(RuleWish)
        return self.done(found, partial(teams.add_rule, found, **wish))


class Rule(_Change):
    def delete(self, request: Request, team: str, number: str) -> HttpResponse:
        found = self.team(team)
        if not number.isdecimal() or len(number) > 18:
            raise NotFound
        return self.done(found, partial(teams.remove_rule, found, int(number)))


def _name(text: str) -> str:
    if "\0" in text:
        raise NotFound
    return text
