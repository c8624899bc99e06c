"""What could not be read of a cluster, when it was not seen, and what polls did."""

from typing import Any

from django.http import HttpRequest, HttpResponse

from ipamweb.mirror.queries import gaps, problems, runs
from ipamweb.mirror.queries.paging import Page
from ipamweb.mirror.queries.problems import ProblemFilter, ProblemRow
from ipamweb.web import parameters
from ipamweb.web.pages import problems as pages
from ipamweb.web.pages.lists import pager
from ipamweb.web.rendering import only_reads, show
from ipamweb.web.shell import Crumb, cluster_shell
from ipamweb.web.visit import ClusterVisit, cluster_visit

# Rows of the second and third list of the page.
FEW = 20


@only_reads
def problem_list(request: HttpRequest, slug: str) -> HttpResponse:
    here = cluster_visit(request, slug, shows_past=True)
    cluster, scope = here.cluster, here.scope
    state = parameters.choice(
        request, "state", accepted=("open", "resolved"), default="open"
    )
    found = _problems(here, is_resolved=state == "resolved")
    blind = gaps.listed(
        cluster,
        scope=scope,
        window=parameters.window(request, cursor="gaps", default=FEW),
        at=here.at,
    )
    polls = runs.listed(
        cluster,
        scope=scope,
        window=parameters.window(request, cursor="runs", default=FEW),
        at=here.at,
    )
    page = pages.ProblemsPage(
        shell=cluster_shell(
            here,
            "Problems",
            section="problems",
            api="problems/",
            crumbs=(Crumb("Problems"),),
        ),
        cluster=cluster,
        problems=found.rows,
        problems_pager=pager(request, found),
        resolved=state == "resolved",
        gaps=tuple(pages.gap_line(gap, now=here.at or here.now) for gap in blind.rows),
        gaps_pager=pager(request, blind, cursor="gaps", place="#gaps"),
        runs=polls.rows,
        runs_pager=pager(request, polls, cursor="runs", place="#runs"),
    )
    return show(request, "problems.html", page)


def _problems(here: ClusterVisit, *, is_resolved: bool) -> Page[ProblemRow]:
    """Return what could not be read, now or at the instant of the page."""
    question: dict[str, Any] = {
        "scope": here.scope,
        "wanted": ProblemFilter(resolved=is_resolved),
        "window": parameters.window(here.request),
    }
    if here.at:
        return problems.listed_at(here.cluster, at=here.at, **question)
    return problems.listed(here.cluster, **question)
