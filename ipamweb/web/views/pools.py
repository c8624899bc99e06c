"""The pools of a cluster, and one pool with its blocks, now or at an instant."""

from dataclasses import replace
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect

from ipamweb.findings.about import About
from ipamweb.mirror.queries import blocks, past_blocks, past_pools, pools, slots
from ipamweb.mirror.queries.blocks import BlockFilter, BlockRow
from ipamweb.mirror.queries.paging import Page
from ipamweb.mirror.queries.pools import PoolFilter, PoolRow
from ipamweb.mirror.queries.slots import Slots
from ipamweb.tables import table as tables
from ipamweb.tables.definitions import POOLS
from ipamweb.tables.table import Column
from ipamweb.usage import queries as usage
from ipamweb.web import parameters
from ipamweb.web.pages import pools as pages
from ipamweb.web.pages.lists import pager
from ipamweb.web.pages.pool_cells import table_cells
from ipamweb.web.pages.usage import usage_part
from ipamweb.web.paths import path_to
from ipamweb.web.rendering import only_reads, show
from ipamweb.web.shell import Crumb, cluster_shell, with_findings
from ipamweb.web.views import compared_lists, tabling
from ipamweb.web.visit import ClusterVisit, cluster_visit


@only_reads
def pool_list(request: HttpRequest, slug: str) -> HttpResponse:
    asked = tabling.asked(request, POOLS)
    if asked.typed:
        return redirect(asked.typed)
    here = cluster_visit(request, slug, shows_past=True, compares=True)
    if here.vs:
        return compared_lists.pools(here, _wanted(request))
    wanted = _wanted(request)
    found = _listed(here, wanted)
    lines = pages.pool_lines(
        here.cluster,
        found.rows,
        slots=None if here.at else slots.of_cluster(here.cluster, scope=here.scope),
        usage=usage.of_pools(here.cluster, now=here.at or here.now, scope=here.scope),
    )
    shown = _columns(asked, here, span=lines.span)
    page = pages.PoolsPage(
        shell=cluster_shell(
            here,
            "Pools",
            section="pools",
            api=tabling.rest(asked, "pools/"),
            crumbs=(Crumb("Pools"),),
        ),
        cluster=here.cluster,
        table=tabling.part(
            asked,
            shown,
            lines.lines,
            cells=table_cells(),
            words=("Pools", pages.caption(lines), here.now),
        ),
        tools=tabling.tools(asked, shown),
        filtered_by=pages.filter_words(wanted),
        pager=pager(request, found),
    )
    return show(request, "pools.html", page)


@only_reads
def pool(request: HttpRequest, slug: str, pool_slug: str) -> HttpResponse:
    here = cluster_visit(request, slug, shows_past=True)
    found, held = _pool(here, pool_slug)
    page = pages.PoolPage(
        shell=with_findings(
            cluster_shell(
                here,
                f"Pool {found.slug}",
                section="pools",
                api=f"pools/{found.slug}/",
                crumbs=(Crumb("Pools", path_to("pools", slug)), Crumb(found.slug)),
            ),
            here,
            about=About("pool", (found.slug,)),
        ),
        cluster=here.cluster,
        line=pages.pool_line(here.cluster, found, slots=_slots(here, found)),
        usage=usage_part(
            usage.of_pool(
                found.id,
                cluster=here.cluster,
                now=here.at or here.now,
                scope=here.scope,
            ),
            cluster=here.cluster,
        ),
        maps=pages.map_links(here.cluster, found),
        blocks=tuple(pages.block_line(block) for block in held.rows),
        pager=pager(request, held),
    )
    return show(request, "pool.html", page)


def _columns(
    asked: tabling.Asked, here: ClusterVisit, *, span: str
) -> tuple[Column, ...]:
    """Return the columns, the one over time with its span; it is left out before the
    first sample."""
    shown = asked.shown(families=here.cluster.families, is_past=bool(here.at))
    return tuple(
        replace(each, words=span) if each.name == "course" else each
        for each in shown
        if span or each.name != "course"
    )


def _wanted(request: HttpRequest) -> PoolFilter:
    values = tables.values_of(POOLS, request.GET)
    return PoolFilter(**{name: each for name, each in values.items() if each})


def _listed(here: ClusterVisit, wanted: PoolFilter) -> Page[PoolRow]:
    cluster = here.cluster
    window = parameters.window(here.request)
    question: dict[str, Any] = {"scope": here.scope, "wanted": wanted, "window": window}
    if here.at:
        return past_pools.listed(cluster, at=here.at, **question)
    return pools.listed(cluster, **question)


def _pool(here: ClusterVisit, slug: str) -> tuple[PoolRow, Page[BlockRow]]:
    """Return a pool with a page of its blocks."""
    cluster, scope, at = here.cluster, here.scope, here.at
    if at:
        found = past_pools.one(slug, cluster=cluster, at=at, scope=scope)
    else:
        found = pools.one(slug, cluster=cluster, scope=scope)
    if found is None:
        raise Http404(f"There is no pool {slug} in {cluster.slug}.")
    wanted, window = BlockFilter(pool=slug), parameters.window(here.request)
    if at:
        return found, past_blocks.listed(
            cluster, at=at, scope=scope, wanted=wanted, window=window
        )
    return found, blocks.listed(cluster, scope=scope, wanted=wanted, window=window)


def _slots(here: ClusterVisit, found: PoolRow) -> Slots | None:
    """Return the slots of a pool's nodes; None of the past."""
    if here.at:
        return None
    counted = slots.of_cluster(here.cluster, scope=here.scope, pool_id=found.id)
    return counted.by_pool.get(found.id, Slots())
