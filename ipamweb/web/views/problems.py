"""What could not be read of a cluster, when it was not seen, and what polls did."""

from django.http import HttpRequest, HttpResponse

from ipamweb.mirror.queries import gaps, problems, runs
from ipamweb.web import parameters
from ipamweb.web.pages import problems as pages
from ipamweb.web.pages.lists import pager
from ipamweb.web.rendering import only_reads, show
from ipamweb.web.shell import Crumb, cluster_shell
from ipamweb.web.visit import cluster_visit

# Rows of the second and third list of the page.
FEW = 20


@only_reads
def problem_list(request: HttpRequest, slug: str) -> HttpResponse:
    here = cluster_visit(request, slug)
    cluster, scope = here.cluster, here.scope
    state = parameters.choice(
        request, "state", accepted=("open", "resolved"), default="open"
    )
    found = problems.listed(
        cluster,
        scope=scope,
        window=parameters.window(request),
        resolved=state == "resolved",
    )
    blind = gaps.listed(
        cluster,
        scope=scope,
        window=parameters.window(request, cursor="gaps", default=FEW),
    )
    polls = runs.listed(
        cluster,
        scope=scope,
        window=parameters.window(request, cursor="runs", default=FEW),
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
        gaps=tuple(pages.gap_line(gap, now=here.now) for gap in blind.rows),
        gaps_pager=pager(request, blind, cursor="gaps", place="#gaps"),
        runs=polls.rows,
        runs_pager=pager(request, polls, cursor="runs", place="#runs"),
    )
    return show(request, "problems.html", page)
