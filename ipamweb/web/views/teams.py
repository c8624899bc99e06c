"""The teams of a reader, and one: what it owns, its members, who may change them."""

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect

from ipamweb.access import team_rows, teams, visibility
from ipamweb.access.models import Team, User
from ipamweb.access.teams import Refused
from ipamweb.mirror.queries import clusters, owned_namespaces
from ipamweb.web import parameters
from ipamweb.web.pages import teams as pages
from ipamweb.web.pages.lists import pager
from ipamweb.web.paths import path_to
from ipamweb.web.rendering import only_reads, reads_and_acts, show
from ipamweb.web.shell import plain_shell
from ipamweb.web.visit import visit


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
    page = pages.TeamPage(
        shell=plain_shell(here, f"{found.name} · team", api=f"teams/{found.slug}/"),
        team=row,
        csv_path=pages.csv_path(row),
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
