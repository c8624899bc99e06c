"""The nodes of a cluster, and one node with its addresses."""

from dataclasses import replace
from datetime import datetime

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect

from ipamweb.findings.about import About
from ipamweb.mirror.queries import nodes, past_allocations, past_blocks, past_nodes
from ipamweb.mirror.queries.nodes import NodeDetail, NodeFilter
from ipamweb.tables.definitions import NODES
from ipamweb.tables.table import Column
from ipamweb.usage import queries as usage
from ipamweb.web import formatting, parameters, tiles
from ipamweb.web.pages import nodes as pages
from ipamweb.web.pages.compare import Comparison, compared
from ipamweb.web.pages.lists import pager
from ipamweb.web.pages.node_cells import table_cells
from ipamweb.web.pages.usage import usage_part
from ipamweb.web.paths import path_to
from ipamweb.web.rendering import only_reads, show
from ipamweb.web.scales import Scale
from ipamweb.web.shell import Crumb, cluster_shell, with_findings
from ipamweb.web.tile_fills import FILLS, Fill
from ipamweb.web.views import compared_lists, tabling, wall
from ipamweb.web.visit import ClusterVisit, cluster_visit

# The filters that hold of an instant too.
OF_THE_PAST = ("q", "zone", "node_pool")


@only_reads
def node_list(request: HttpRequest, slug: str) -> HttpResponse:
    asked_table = tabling.asked(request, NODES)
    if typed := asked_table.typed or wall.typed_band(request):
        return redirect(typed)
    here = cluster_visit(request, slug, shows_past=True, compares=True)
    if here.vs:
        return compared_lists.nodes(here)
    if here.at:
        return _nodes_then(here, here.at, asked_table)
    cluster, scope = here.cluster, here.scope
    sort, order = parameters.order(request, orders=nodes.ORDERS, default="name")
    asked = wall.asked(request, here)
    found = nodes.listed(
        cluster,
        scope=scope,
        wanted=asked.in_band,
        order=order,
        window=parameters.window(request),
    )
    shown = _columns(asked_table, here, asked.found.scale)
    page = pages.NodesPage(
        shell=cluster_shell(
            here,
            "Nodes",
            section="nodes",
            api=tabling.rest(asked_table, "nodes/"),
            crumbs=(Crumb("Nodes"),),
        ),
        cluster=cluster,
        table=tabling.part(
            asked_table,
            shown,
            pages.node_lines(cluster, found.rows, measured=asked.found),
            cells=table_cells(is_past=False),
            words=("Nodes", pages.CAPTION, here.now),
        ),
        tools=tabling.tools(asked_table, shown),
        columns=request.GET.get("columns", ""),
        wanted=asked.wanted,
        is_filtered=asked.in_band != NodeFilter(),
        sort=sort,
        zones=asked.kinds.zones,
        node_pools=asked.kinds.node_pools,
        pager=pager(request, found),
        wall=wall.part(request, here, asked=asked),
    )
    return show(request, "nodes.html", page)


@only_reads
def node(request: HttpRequest, slug: str, name: str) -> HttpResponse:
    here = cluster_visit(request, slug, shows_past=True)
    found = _node(here, name)
    sheets = tiles.sheet_count(found.node.blocks)
    sheet = parameters.whole_number(request, "sheet", default=1, least=1, most=sheets)
    namespaces = pages.namespaces_of(found.allocations)
    fill = Fill(
        parameters.choice(request, "fill", accepted=FILLS, default="owner"),
        now=here.at or here.now,
        is_past=here.at is not None,
        namespace=parameters.text(request, "ns") or next(iter(namespaces), ""),
    )
    page = pages.node_page(
        found,
        cluster=here.cluster,
        shell=with_findings(
            cluster_shell(
                here,
                name,
                section="nodes",
                api=f"nodes/{name}/",
                crumbs=(Crumb("Nodes", path_to("nodes", slug)), Crumb(name)),
            ),
            here,
            about=About("node", (name,)),
        ),
        blocks=tiles.drawn(
            found.node.blocks, found.allocations, cluster=slug, sheet=sheet, fill=fill
        ),
        choices=pages.grid_choices(
            request, fill=fill, namespaces=namespaces, sheets=(sheet, sheets)
        ),
    )
    samples = usage.of_node(
        found.node.id,
        cluster=here.cluster,
        now=here.at or here.now,
        scope=here.scope,
    )
    held = found.allocations
    part = parameters.whole_number(
        request, "rows", default=1, least=1, most=pages.row_parts(held)
    )
    page = replace(
        page,
        held=pages.held_rows(request, held, cluster=slug, part=part),
        usage=usage_part(samples, cluster=here.cluster),
        comparison=_comparison(here, found),
    )
    return show(request, "node.html", page)


def _node(here: ClusterVisit, name: str) -> NodeDetail:
    """Return a node as it is, or as it was at the instant of the page."""
    cluster, scope, at = here.cluster, here.scope, here.at
    if at is None:
        found = nodes.one(name, cluster=cluster, scope=scope)
        if found is None:
            raise Http404(f"There is no node {name} in {cluster.slug}.")
        return found
    found = past_nodes.one(name, cluster=cluster, at=at, scope=scope)
    if found is None:
        raise Http404(
            f"There was no node {name} in {cluster.slug} at {formatting.instant(at)}."
        )
    return found


def _comparison(here: ClusterVisit, found: NodeDetail) -> Comparison | None:
    """Return what differs on a node at the instant `vs`; None without one."""
    vs = parameters.instant(here.request, "vs")
    if vs is None:
        return None
    cluster = here.cluster
    vs = cluster.seen_at(vs)
    other = past_allocations.of_node(
        found.node.id,
        cluster=cluster,
        ranges=past_blocks.ranges_of_node(found.node.id, at=vs, scope=here.scope),
        at=vs,
        scope=here.scope,
    )
    shown = cluster.seen_at(here.at) if here.at else here.now
    sides = [(vs, other), (shown, found.allocations)]
    (first, earlier), (last, later) = sorted(sides, key=lambda side: side[0])
    return compared(
        earlier,
        later,
        between=(first, last),
        vs=parameters.text(here.request, "vs"),
        cluster=here.cluster.slug,
    )


def _columns(
    asked: tabling.Asked, here: ClusterVisit, scale: Scale
) -> tuple[Column, ...]:
    """Return the columns, with what the wall is filled by where no other says it."""
    shown = asked.shown(families=here.cluster.families, is_past=bool(here.at))
    if scale.is_share:
        return shown
    measured = Column("measured", scale.column, (), is_number=True)
    place = next((i for i, each in enumerate(shown) if each.name == "blocks"), None)
    place = len(shown) if place is None else place
    return (*shown[:place], measured, *shown[place:])


def _nodes_then(here: ClusterVisit, at: datetime, asked: tabling.Asked) -> HttpResponse:
    """Return the nodes of an instant: sorted by name, for counters know only now."""
    wanted = _wanted_then(here.request)
    found = past_nodes.listed(
        here.cluster,
        at=at,
        scope=here.scope,
        wanted=wanted,
        window=parameters.window(here.request),
    )
    shown = asked.shown(families=here.cluster.families, is_past=True)
    page = pages.NodesThenPage(
        shell=cluster_shell(
            here,
            "Nodes",
            section="nodes",
            api=tabling.rest(asked, "nodes/"),
            crumbs=(Crumb("Nodes"),),
        ),
        cluster=here.cluster,
        table=tabling.part(
            asked,
            shown,
            (pages.node_line(here.cluster, node) for node in found.rows),
            cells=table_cells(is_past=True),
            words=("Nodes", pages.CAPTION_THEN, here.now),
        ),
        tools=tabling.tools(asked, shown),
        columns=here.request.GET.get("columns", ""),
        wanted=wanted,
        is_filtered=wanted != NodeFilter(),
        pager=pager(here.request, found),
    )
    return show(here.request, "nodes_then.html", page)


def _wanted_then(request: HttpRequest) -> NodeFilter:
    parameters.of_the_present(request, band="", sort="name")
    q, zone, node_pool = (parameters.text(request, name) for name in OF_THE_PAST)
    return NodeFilter(q=q, zone=zone, node_pool=node_pool)
