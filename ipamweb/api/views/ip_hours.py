"""The question for IP-hours in a month, as JSON and as CSV.

Who fetches the CSV leaves an entry in the audit log: it is made to be handed on.
"""

from datetime import timedelta
from typing import Any

from django.db import transaction
from django.http import HttpResponse
from rest_framework.exceptions import NotFound

from ipamweb.access import audit, team_scopes
from ipamweb.api import parameters, serializers
from ipamweb.api.parameters import Parameter
from ipamweb.api.question import Asked, Question
from ipamweb.exports import csv_text
from ipamweb.mirror.queries import ip_hours
from ipamweb.mirror.queries.clusters import ClusterRow
from ipamweb.mirror.queries.ip_hours import IpHours, Month
from ipamweb.mirror.scope import Scope

COLUMNS = (
    "month", "team", "cluster", "namespace", "namespace_uid", "family",
    "certain_hours", "possible_hours", "unseen_hours",
)  # fmt: skip
FILTERS = ("by", "cluster", "namespace_uid", "team")
MONTH = Parameter(
    "month",
    "The calendar month, in UTC; default: the present one.",
    Month.parse,
    ("a month such as 2026-11",),
    None,
    {"type": "string", "pattern": "^2[0-9]{3}-(0[1-9]|1[0-2])$"},
)


class InMonth(Question):
    """For how long addresses were held in a month, by namespace or by team."""

    serializer_class = serializers.IpHours
    parameters = (
        MONTH,
        parameters.choice(
            "by", "A row for each.", accepted=("namespace", "team"), absent="namespace"
        ),
        parameters.text("cluster", "Of the cluster of this slug."),
        parameters.text("namespace_uid", "Of the namespace with this UID."),
        parameters.text("team", "Only what this team owns."),
    )

    def tells_of_polls(self, asked: Asked) -> bool:
        return True

    def further_state(self, asked: Asked) -> object:
        if not (asked.values["team"] or asked.values["by"] == "team"):
            return None
        owned = self._teams(asked).items()
        return [[slug, sorted(scope.namespaces)] for slug, scope in owned]

    def month(self, asked: Asked) -> Month:
        wanted = asked.values["month"]
        return wanted if isinstance(wanted, Month) else Month.of(asked.now)

    def found(self, asked: Asked) -> dict[str, Any]:
        return {"month": str(self.month(asked)), "results": self.rows(asked)}

    def rows(self, asked: Asked) -> list[dict[str, Any]]:
        month, clusters = self.month(asked), _clusters(asked)
        held = ip_hours.of_namespaces(
            clusters,
            month=month,
            scope=asked.scope,
            namespace_uid=asked.values["namespace_uid"],
        )
        if asked.values["by"] == "team":
            return _by_team(held, self._teams(asked), month)
        if name := asked.values["team"]:
            held = _owned(held, self._teams(asked)[name])
        unseen = {
            each.cluster: each.time
            for each in ip_hours.unseen(
                clusters, month=month, now=asked.now, scope=asked.scope
            )
        }
        return [_row(each, month, unseen[each.cluster]) for each in held]

    def _teams(self, asked: Asked) -> dict[str, Scope]:
        """Return what teams own; 404 of a team that is not there, or not theirs."""
        name = asked.values["team"]
        found = dict(team_scopes.of_teams(self.request.user, only=name))
        if name and not found:
            raise NotFound
        return found


class InMonthCsv(InMonth):
    """The same as CSV, to be handed on."""

    content_type = "text/csv"

    def known_parameters(self) -> tuple[Parameter, ...]:
        return self.parameters

    def response(self, asked: Asked) -> HttpResponse:
        response = HttpResponse(self.content(asked), content_type=self.content_type)
        response["Content-Disposition"] = 'attachment; filename="ip-hours.csv"'
        return response

    def content(self, asked: Asked) -> bytes:
        rows = self.rows(asked)
        with transaction.atomic():
            audit.record(
                "export",
                by=self.request.user,
                subject=f"IP-hours of {self.month(asked)}",
                after={
                    "format": "csv",
                    "rows": len(rows),
                    **{name: asked.values[name] for name in FILTERS},
                },
            )
        return csv_text.text_of(rows, columns=COLUMNS).encode()


def _clusters(asked: Asked) -> list[ClusterRow]:
    name = asked.values["cluster"]
    return [each for each in asked.clusters if name in ("", each.slug)]


def _owned(held: tuple[IpHours, ...], scope: Scope) -> tuple[IpHours, ...]:
    owned = scope.namespaces
    return tuple(row for row in held if (row.cluster_id, row.namespace_uid) in owned)


def _by_team(
    held: tuple[IpHours, ...], teams: dict[str, Scope], month: Month
) -> list[dict[str, Any]]:
    rows = []
    for slug, scope in teams.items():
        own = _owned(held, scope)
        for family in sorted({row.family for row in own}):
            of_family = [row for row in own if row.family == family]
            rows.append(
                {
                    "month": str(month),
                    "team": slug,
                    "cluster": "",
                    "namespace": "",
                    "namespace_uid": "",
                    "family": family,
                    "certain_hours": _hours(
                        sum((row.certain for row in of_family), ip_hours.ZERO)
                    ),
                    "possible_hours": _hours(
                        sum((row.possible for row in of_family), ip_hours.ZERO)
                    ),
                    "unseen_hours": None,
                }
            )
    return rows


def _row(held: IpHours, month: Month, unseen: timedelta) -> dict[str, Any]:
    return {
        "month": str(month),
        "team": "",
        "cluster": held.cluster,
        "namespace": held.namespace,
        "namespace_uid": held.namespace_uid,
        "family": held.family,
        "certain_hours": _hours(held.certain),
        "possible_hours": _hours(held.possible),
        "unseen_hours": _hours(unseen),
    }


def _hours(time: timedelta) -> float:
    """Return hours, the sum of which was exact, to a third of a second."""
    return round(time / timedelta(hours=1), 4)
