"""Making and removing teams by REST, and their group at the provider; for admins.

Members and rules: team_changes.py.
"""

from typing import Any

from django.http import HttpResponse
from rest_framework.exceptions import NotFound
from rest_framework.request import Request
from rest_framework.serializers import CharField, Serializer

from ipamweb.access import team_rows, teams
from ipamweb.access.models import Team, User
from ipamweb.api import team_rows as rows
from ipamweb.api.acting import Acting, answer, in_a_sentence
from ipamweb.api.team_serializers import TeamDetail

GROUP = "Who is in it at the provider is a member from their next sign-in on."


class NewTeam(Serializer):
    slug = CharField(max_length=63, help_text="As in links.")
    name = CharField(default="", allow_blank=True, max_length=100)
    group = CharField(default="", allow_blank=True, max_length=200, help_text=GROUP)


class TeamChange(Serializer):
    group = CharField(allow_blank=True, max_length=200, help_text=GROUP)


class AddsTeams(Acting):
    wishes = {"POST": NewTeam}
    acted = {"POST": TeamDetail}

    def post(self, request: Request) -> HttpResponse:
        """Make a team, without members and rules. Admins."""
        admin, wish = self.admin(), self.wish()
        with in_a_sentence():
            made = teams.create(
                wish["slug"], name=wish["name"], group=wish["group"], by=admin
            )
        return answer(_detail(made.slug, admin), status=201)


class ChangesTeam(Acting):
    wishes = {"PATCH": TeamChange}
    acted = {"PATCH": TeamDetail}

    def patch(self, request: Request, team: str) -> HttpResponse:
        """Give a team another group, or none: who is in it by the one before is out.
        Admins."""
        admin = self.admin()
        found = _known(team, admin)
        with in_a_sentence():
            teams.set_group(found, self.wish()["group"], by=admin)
        return answer(_detail(team, admin))

    def delete(self, request: Request, team: str) -> HttpResponse:
        """Remove a team with its rules and memberships; its users stay. Admins."""
        admin = self.admin()
        teams.remove(_known(team, admin), by=admin)
        return answer(None)


def _known(slug: str, user: User) -> Team:
    found = team_rows.found(slug, user=user) if "\0" not in slug else None
    if found is None:
        raise NotFound
    return found


def _detail(slug: str, user: User) -> dict[str, Any]:
    found = _known(slug, user)
    return rows.team_detail(
        team_rows.row(found),
        members=team_rows.members(found),
        rules=team_rows.rules(found),
    )
