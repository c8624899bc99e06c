"""The views that a reader saved, and those that others share with them."""

from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import urlencode

from django.urls import reverse

from ipamweb.access.saved_views import EVERYBODY, NOBODY, TEAM
from ipamweb.access.team_rows import TeamRow
from ipamweb.access.view_rows import ViewRow
from ipamweb.mirror.queries.clusters import ClusterRow
from ipamweb.tables.definitions import TABLES
from ipamweb.web.pages.lists import Pager
from ipamweb.web.pages.tables import told
from ipamweb.web.paths import path_to
from ipamweb.web.shell import Shell

# A view of a table that each cluster has leads to the first of them.
MOST_CLUSTERS = 6


@dataclass(frozen=True, slots=True)
class Way:
    words: str
    path: str


@dataclass(frozen=True, slots=True)
class ViewLine:
    """A view in the list. `holds` is what it asks; `ways` lead to it, none where only
    REST has its table. `shared` is the value of the form."""

    view: ViewRow
    holds: str
    sharing: str
    shared: str
    ways: tuple[Way, ...]
    more: int
    may_remove: bool


@dataclass(frozen=True, slots=True)
class ViewsPage:
    shell: Shell
    lines: tuple[ViewLine, ...]
    sharing: tuple[tuple[str, str], ...]
    said: str
    pager: Pager


def sharing(teams: Iterable[TeamRow]) -> tuple[tuple[str, str], ...]:
    """Return with whom a view can be shared: the value of a form, and its words."""
    of_teams = ((f"{TEAM}:{team.slug}", f"team {team.name}") for team in teams)
    return ((NOBODY, NOBODY), *of_teams, (EVERYBODY, EVERYBODY))


def view_line(
    view: ViewRow, *, clusters: Iterable[ClusterRow], may_remove: bool
) -> ViewLine:
    slugs = [each.slug for each in clusters]
    ways = _ways(view, slugs)
    return ViewLine(
        view=view,
        holds=told(dict(view.query), ",".join(view.columns), view.sort),
        sharing=f"team {view.team}" if view.team else view.shared,
        shared=f"team:{view.team}" if view.team else view.shared,
        ways=ways[:MOST_CLUSTERS],
        more=max(0, len(ways) - MOST_CLUSTERS),
        may_remove=may_remove,
    )


def _ways(view: ViewRow, slugs: Iterable[str]) -> tuple[Way, ...]:
    table = TABLES.get(view.table)
    query = urlencode({"view": view.key})
    if table is None or not table.route:
        return ()
    if table.name == "findings":
        return (Way("open", f"{reverse(table.route)}?{query}"),)
    return tuple(Way(slug, f"{path_to(table.route, slug)}?{query}") for slug in slugs)
