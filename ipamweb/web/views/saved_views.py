"""The saved views of a reader, and what its forms do: save, change, remove."""

from dataclasses import replace
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme

from ipamweb.access import saved_views as acts
from ipamweb.access import team_rows, view_rows
from ipamweb.access.models import SavedView, User
from ipamweb.access.saved_views import TEAM, Content, Wish
from ipamweb.access.teams import Refused
from ipamweb.mirror.queries import clusters
from ipamweb.mirror.queries.paging import Window
from ipamweb.tables import table as tables
from ipamweb.tables.definitions import TABLES
from ipamweb.tables.table import NotOfTable
from ipamweb.web import parameters
from ipamweb.web.pages import saved_views as pages
from ipamweb.web.pages.lists import pager
from ipamweb.web.rendering import reads_and_acts, refuse, show
from ipamweb.web.shell import plain_shell
from ipamweb.web.visit import visit

MOST_TEAMS = Window(limit=50)
# Before the name of each filter that a form would save.
CONTENT = "content."
SAID = {
    "changed": "The view was changed.",
    "removed": "The view was removed.",
}


@reads_and_acts
def saved_views(request: HttpRequest) -> HttpResponse:
    user = request.user
    assert isinstance(user, User)
    if request.method != "POST":
        return _page(request, user)
    try:
        return HttpResponseRedirect(_done(request, user))
    except (Refused, NotOfTable) as error:
        heading = "This view cannot be saved"
        return refuse(request, 400, heading=heading, words=str(error))


def _done(request: HttpRequest, user: User) -> str:
    """Do what a form asks, and return the address to go on at."""
    given, here = request.POST, reverse("saved_views")
    if given.get("act") == "remove":
        view = _view(request, user, "view")
        if not view_rows.may_remove(user, view):
            raise Refused("A view is removed by its owner, or by an admin.")
        acts.remove(view, by=user)
        return f"{here}?said=removed"
    if number := given.get("change"):
        return _changed(request, user, number)
    table = TABLES.get(given.get("table", ""))
    if table is None:
        raise Refused("There is no such table.")
    content = _content(request, table)
    view = acts.create(_shared(request, Wish(given.get("name", ""), content)), by=user)
    return _back(request, view)


def _changed(request: HttpRequest, user: User, number: str) -> str:
    """Change a view: its name and sharing; beside its table its content too."""
    view = _view(request, user, "change")
    if not view_rows.may_change(user, view):
        raise Refused("A view is changed by its owner.")
    wish = replace(acts.wish_of(view), name=request.POST.get("name", view.name))
    if table := TABLES.get(request.POST.get("table", "")):
        if table.name != view.table:
            raise Refused(f"This is a view of {view.table}.")
        wish = replace(wish, content=_content(request, table))
    view = acts.change(view, _shared(request, wish), by=user)
    if "back" in request.POST:
        return _back(request, view)
    return f"{reverse('saved_views')}?said=changed"


def _view(request: HttpRequest, user: User, name: str) -> SavedView:
    found = view_rows.found(parameters.posted_number(request, name), user=user)
    if found is None:
        raise Http404("There is no such view, or it is not yours.")
    return found


def _content(request: HttpRequest, table: tables.Table) -> Content:
    """Return what a form would save of a table, in the one spelling that is stored."""
    given = {
        name.removeprefix(CONTENT): str(value)
        for name, value in request.POST.items()
        if name.startswith(CONTENT)
    }
    columns, sort = given.pop("columns", ""), given.pop("sort", "")
    query = tables.checked_query(table, given)
    shown = tables.columns_of(table, columns) if columns else ()
    return Content(
        table=table.name,
        query=query,
        columns=tuple(each.name for each in shown),
        sort=tables.checked_sort(table, sort),
        names_owners=tables.names_owners(table, query),
    )


def _shared(request: HttpRequest, wish: Wish) -> Wish:
    """Return a wish shared as the form says: "nobody", "everybody", "team:web"."""
    shared, _, team = request.POST.get("shared", wish.shared).partition(":")
    return replace(wish, shared=shared, team=team if shared == TEAM else "")


def _back(request: HttpRequest, view: SavedView) -> str:
    """Return the page of the table with the view open; nowhere else on the web."""
    path = request.POST.get("back", "")
    is_ours = url_has_allowed_host_and_scheme(path, allowed_hosts=None)
    if not is_ours or not path.startswith("/") or "?" in path:
        return reverse("saved_views")
    return f"{path}?{urlencode({'view': view.name})}"


def _page(request: HttpRequest, user: User) -> HttpResponse:
    here = visit(request)
    found = view_rows.listed(user, window=parameters.window(request))
    known = clusters.every(scope=here.scope, now=here.now)
    teams = team_rows.listed if user.is_superuser else team_rows.of_member
    page = pages.ViewsPage(
        shell=plain_shell(here, "Saved views", api="views/"),
        lines=tuple(
            pages.view_line(
                row, clusters=known, may_remove=row.is_own or user.is_superuser
            )
            for row in found.rows
        ),
        sharing=pages.sharing(teams(user, window=MOST_TEAMS).rows),
        said=SAID.get(request.GET.get("said", ""), ""),
        pager=pager(request, found),
    )
    return show(request, "saved_views.html", page)
