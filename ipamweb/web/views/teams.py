"""The teams of a reader, and one: what it owns, its members, who may change them."""

from collections.abc import Sequence
from dataclasses import replace
from itertools import chain

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect

from ipamweb.access import team_rows, teams, visibility
from ipamweb.access.models import Team, User
from ipamweb.access.teams import Refused
from ipamweb.mirror.queries import (
    clusters,
    ip_hours,
    namespace_use,
    owned_namespaces,
)
from ipamweb.mirror.queries.clusters import ClusterRow
from ipamweb.mirror.queries.ip_hours import Month
from ipamweb.mirror.scope import Scope
from ipamweb.usage import queries as usage
from ipamweb.web import parameters
from ipamweb.web.pages import ip_hours as ip_hours_pages
from ipamweb.web.pages import teams as pages
from ipamweb.web.pages.ip_hours import IpHoursPart
from ipamweb.web.pages.lists import pager
from ipamweb.web.pages.spread import Spread, spread
from ipamweb.web.pages.usage import TOGETHER, held_part
from ipamweb.web.paths import path_to
from ipamweb.web.rendering import only_reads, reads_and_acts, show
from ipamweb.web.shell import plain_shell
from ipamweb.web.visit import Visit, visit


@only_reads
def team_list(request: HttpRequest) -> HttpResponse:
    user = request.user
    assert isinstance(user, User)
    found = team_rows.listed(user, window=parameters.window(request))
    page = pages.TeamsPage(
        shell=plain_shell(visit(request), "Teams", api="teams/"),
        teams=found.rows,
        pager=pager(request, found),
    )
    return show(request, "teams.html", page)


@reads_and_acts
def team(request: HttpRequest, team_slug: str) -> HttpResponse:
    user = request.user
    assert isinstance(user, User)
    found = team_rows.found(team_slug, user=user)
    if found is None:
        raise Http404(f"There is no team {team_slug}.")
    if request.method != "POST":
        return _page(request, found, user)
    try:
        _act(request, found, user)
    except Refused as error:
        return _page(request, found, user, error=str(error))
    return HttpResponseRedirect(path_to("team", found.slug))


def _act(request: HttpRequest, team: Team, user: User) -> None:
    """Do what a form of the page asks. Members: also admins of the team."""
    given = request.POST
    act, name = given.get("act", ""), given.get("user", "")
    if act in ("put-member", "take-member") and teams.may_manage(user, team):
        if act == "take-member":
            teams.take_member(team, name, by=user)
        else:
            is_admin = given.get("role") == "admin"
            teams.put_member(team, name, is_admin=is_admin, by=user)
    elif act == "add-rule" and user.is_superuser:
        teams.add_rule(
            team,
            cluster=given.get("cluster", ""),
            namespace=given.get("namespace", ""),
            labels=given.get("labels", ""),
            by=user,
        )
    elif act == "remove-rule" and user.is_superuser:
        number = parameters.posted_number(request, "rule")
        teams.remove_rule(team, number, by=user)
    else:
        raise PermissionDenied


def _spread(theirs: Sequence[ClusterRow], scope: Scope) -> Spread | None:
    """Return the wall of the nodes of all clusters where the team holds any."""
    found = namespace_use.by_node_anywhere(scope=scope)
    nodes = sum(each.nodes for each in theirs if each.id in found)
    return spread(tuple(chain.from_iterable(found.values())), nodes=nodes)


def _ip_hours(
    here: Visit, theirs: Sequence[ClusterRow], *, csv_path: str
) -> IpHoursPart:
    """Return the sums of the month that is asked for; else of the present one."""
    month = parameters.month(here.request, "month", default=Month.of(here.now))
    return ip_hours_pages.of_team(
        ip_hours.of_namespaces(theirs, month=month, scope=here.scope),
        month=month,
        unseen=ip_hours.unseen(theirs, month=month, now=here.now, scope=here.scope),
        csv_path=csv_path,
    )


def _page(
    request: HttpRequest, found: Team, user: User, *, error: str = ""
) -> HttpResponse:
    here = visit(request)
    known = clusters.every(scope=here.scope, now=here.now)
    # What the team owns, whatever else the reader may see.
    scope = visibility.scope_of_team(found.pk)
    owned = owned_namespaces.listed(
        known, scope=scope, window=parameters.window(request)
    )
    row = team_rows.row(found)
    theirs = [each for each in known if scope.uids_in(each.id)]
    page = pages.TeamPage(
        shell=plain_shell(here, f"{found.name} · team", api=f"teams/{found.slug}/"),
        team=row,
        held=held_part(
            usage.of_namespaces(theirs, now=here.now, scope=scope), caption=TOGETHER
        ),
        spread=_spread(theirs, scope),
        ip_hours=_ip_hours(
            replace(here, scope=scope), theirs, csv_path=pages.csv_path(row)
        ),
        sentence=pages.sentence(owned_namespaces.held(scope=scope)),
        namespaces=owned.rows,
        pager=pager(request, owned),
        members=team_rows.members(found),
        rules=team_rows.rules(found),
        clusters=tuple(cluster.slug for cluster in known),
        can_manage=teams.may_manage(user, found),
        can_change=user.is_superuser,
        error=error,
    )
    return show(request, "team.html", page, status=400 if error else 200)
