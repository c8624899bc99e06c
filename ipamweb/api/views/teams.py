"""Questions about teams: those the reader is in; all, for auditors and admins."""

from dataclasses import astuple
from typing import Any

from ipamweb.access import team_rows
from ipamweb.api import team_rows as rows
from ipamweb.api import team_serializers as serializers
from ipamweb.api.question import Asked, ListQuestion, Question
from ipamweb.api.views.team_acts import AddsTeams, ChangesTeam
from ipamweb.mirror.queries.paging import Page


class Teams(AddsTeams, ListQuestion):
    """The teams that the reader is in; for auditors and admins all."""

    serializer_class = serializers.Team
    row = staticmethod(rows.team)

    def page(self, asked: Asked) -> Page[Any]:
        return team_rows.listed(self.request.user, window=asked.window)

    def further_state(self, asked: Asked) -> object:
        return [astuple(row) for row in self.page(asked).rows]


class Team(ChangesTeam, Question):
    """A team with its members and the rules by which it owns namespaces."""

    serializer_class = serializers.TeamDetail

    def found(self, asked: Asked) -> dict[str, Any] | None:
        team = team_rows.found(asked.path["team"], user=self.request.user)
        if team is None:
            return None
        return rows.team_detail(
            team_rows.row(team),
            members=team_rows.members(team),
            rules=team_rows.rules(team),
        )

    def further_state(self, asked: Asked) -> object:
        return self.found(asked)
