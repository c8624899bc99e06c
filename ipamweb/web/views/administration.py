"""Pages on which admins make teams and users; for others there are no such pages."""

from collections.abc import Callable

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.debug import sensitive_post_parameters

from ipamweb.access import people, team_rows, teams
from ipamweb.access.models import Team, User
from ipamweb.access.teams import Refused
from ipamweb.web import parameters
from ipamweb.web.pages import teams as pages
from ipamweb.web.pages.lists import pager
from ipamweb.web.rendering import reads_and_acts, show
from ipamweb.web.shell import plain_shell
from ipamweb.web.views import doors
from ipamweb.web.visit import visit


@reads_and_acts
def team_list(request: HttpRequest) -> HttpResponse:
    user = _admin(request)
    error = _refusal(_team_act, request, user)
    if request.method == "POST" and not error:
        return HttpResponseRedirect(reverse("admin_teams"))
    found = team_rows.listed(user, window=parameters.window(request))
    page = pages.TeamsPage(
        shell=plain_shell(visit(request), "Manage teams", api="teams/"),
        teams=found.rows,
        pager=pager(request, found),
        provider=doors.context()["provider"],
        can_change=True,
        error=error,
    )
    return show(request, "teams.html", page, status=400 if error else 200)


@sensitive_post_parameters()
@reads_and_acts
def user_list(request: HttpRequest) -> HttpResponse:
    user = _admin(request)
    error = _refusal(_user_act, request, user)
    if request.method == "POST" and not error:
        return HttpResponseRedirect(reverse("admin_users"))
    found = people.listed(window=parameters.window(request))
    page = pages.UsersPage(
        shell=plain_shell(visit(request), "Manage users"),
        users=found.rows,
        roles=people.ROLES,
        provider=doors.context()["provider"],
        passwords=settings.IPAMWEB_PASSWORDS,
        pager=pager(request, found),
        error=error,
    )
    return show(request, "users.html", page, status=400 if error else 200)


def _admin(request: HttpRequest) -> User:
    user = request.user
    if not isinstance(user, User) or not user.is_superuser:
        raise Http404("There is no such page.")
    return user


def _refusal(
    act: Callable[[HttpRequest, User], None], request: HttpRequest, user: User
) -> str:
    """Do what a form asks, if one does; return why it was refused, else ""."""
    if request.method == "POST":
        try:
            act(request, user)
        except Refused as error:
            return str(error)
    return ""


def _team_act(request: HttpRequest, user: User) -> None:
    given = request.POST
    act, slug = given.get("act", ""), given.get("slug", "")
    if act == "create":
        teams.create(slug, name=given.get("name", ""), by=user)
    elif act == "remove":
        teams.remove(_team(slug, user), by=user)
    elif act == "group":
        teams.set_group(_team(slug, user), given.get("group", ""), by=user)
    else:
        raise PermissionDenied


def _team(slug: str, user: User) -> Team:
    found = team_rows.found(slug, user=user)
    if found is None:
        raise Refused(f"There is no team {slug[:63]!r} any more.")
    return found


def _user_act(request: HttpRequest, user: User) -> None:
    given = request.POST
    act, role = given.get("act", ""), given.get("role", "")
    user_id = parameters.posted_number(request, "user")
    if act == "create" and settings.IPAMWEB_PASSWORDS:
        people.create(
            given.get("name", ""),
            password=given.get("password", ""),
            role=role,
            by=user,
        )
    elif act == "role":
        people.set_role(user_id, role, by=user)
    elif act == "switch-off":
        people.switch_off(user_id, by=user)
    elif act == "switch-on":
        people.switch_on(user_id, by=user)
    else:
        raise PermissionDenied
