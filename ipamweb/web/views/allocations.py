"""The allocations of a cluster: now, at an instant, or at any time in a window."""

from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from ipamweb.mirror.queries import allocations, past_allocations
from ipamweb.mirror.queries.allocation_filters import AllocationFilter
from ipamweb.mirror.queries.allocation_rows import AllocationRow
from ipamweb.mirror.queries.paging import Page
from ipamweb.mirror.queries.past_filters import NoWindow, Times, instant, window_of
from ipamweb.tables import table as tables
from ipamweb.tables.definitions import ALLOCATIONS
from ipamweb.tables.table import Column
from ipamweb.web import formatting, parameters
from ipamweb.web.pages import allocations as pages
from ipamweb.web.pages.lists import pager
from ipamweb.web.pages.nodes import held_line
from ipamweb.web.parameters import NotAccepted
from ipamweb.web.paths import path_to
from ipamweb.web.rendering import only_reads, show
from ipamweb.web.shell import Crumb, cluster_shell
from ipamweb.web.views import tabling
from ipamweb.web.visit import ClusterVisit, cluster_visit

CAPTION = "Who holds which address, in address order"
# What a filter takes by the same name.
_SAME = (
    "q", "family", "kind", "state", "node", "namespace", "pod", "uid", "workload_kind",
    "workload_name", "pool", "network", "within", "address",
)  # fmt: skip


@only_reads
def allocation_list(request: HttpRequest, slug: str) -> HttpResponse:
    asked = tabling.asked(request, ALLOCATIONS)
    if asked.typed:
        return redirect(asked.typed)
    here = cluster_visit(request, slug, shows_past=True)
    values = tables.values_of(ALLOCATIONS, request.GET)
    times = _times(here, values)
    found = _listed(here, values, times)
    shown = _columns(asked.shown(families=here.cluster.families), request, times)

    def value_of(name: str) -> str:
        return parameters.text(request, name)

    seldom = pages.seldom(value_of)
    page = pages.AllocationsPage(
        shell=cluster_shell(
            here,
            "Allocations",
            section="allocations",
            api=tabling.rest(asked, "allocations/"),
            crumbs=(Crumb("Allocations"),),
        ),
        cluster=here.cluster,
        sentence=_sentence(here, times),
        q=value_of("q"),
        often=pages.often(value_of),
        seldom=seldom,
        has_seldom=any(each.value for each in seldom),
        is_filtered=any(value is not None for value in values.values()),
        columns=value_of("columns"),
        clear=path_to("allocations", slug),
        table=tabling.part(
            asked,
            shown,
            (held_line(row, cluster=slug) for row in found.rows),
            cells=pages.table_cells(slug),
            words=(
                "Allocations",
                CAPTION,
                here.now,
            ),
        ),
        tools=tabling.tools(asked, shown),
        pager=pager(request, found),
    )
    return show(request, "allocations.html", page)


def _columns(
    shown: tuple[Column, ...], request: HttpRequest, times: Times | None
) -> tuple[Column, ...]:
    """Return the columns, of a window of time with the ends of what was held."""
    if request.GET.get("columns") or times is None or times.is_instant:
        return shown
    return (*shown, *(each for each in ALLOCATIONS.columns if each.name == "until"))


def _listed(
    here: ClusterVisit, values: dict[str, Any], times: Times | None
) -> Page[AllocationRow]:
    age = values["older_than"]
    known = here.at or here.cluster.freshness.as_of or here.now
    wanted = AllocationFilter(
        **{name: values[name] for name in _SAME if values[name] is not None},
        held_before=known - age if age else None,
    )
    window = parameters.window(here.request)
    question: dict[str, Any] = {"scope": here.scope, "wanted": wanted, "window": window}
    if times:
        return past_allocations.listed(here.cluster, times=times, **question)
    return allocations.listed(here.cluster, **question)


def _times(here: ClusterVisit, values: dict[str, Any]) -> Times | None:
    """Return the instant or the window that is asked about; None: the present."""
    since: datetime | None = values["since"]
    until: datetime | None = values["until"]
    if here.at and (since or until):
        raise NotAccepted("at: this is one instant; leave since and until.")
    if here.at:
        return instant(here.at)
    if since is None and until is None:
        return None
    try:
        return window_of([here.cluster], since=since, until=until, now=here.now)
    except NoWindow as error:
        raise NotAccepted(str(error)) from error


def _sentence(here: ClusterVisit, times: Times | None) -> str:
    if times is None:
        held = formatting.plural(here.cluster.allocations, "allocation")
        return f"{held} held in {here.cluster.slug} now."
    if times.is_instant:
        return f"What was held in {here.cluster.slug} at {_at(times.since)}."
    return (
        f"What was held in {here.cluster.slug} at any time from {_at(times.since)} to "
        f"{_at(times.until)}."
    )


def _at(moment: datetime) -> str:
    return formatting.instant(moment)
