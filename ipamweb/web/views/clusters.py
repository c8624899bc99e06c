"""The fleet and a cluster's overview."""

from django.http import HttpRequest, HttpResponse

from ipamweb.findings import queries as findings
from ipamweb.mirror.queries import clusters, namespaces, nodes, pools, problems, slots
from ipamweb.mirror.queries.paging import Window
from ipamweb.usage import queries as usage
from ipamweb.web import parameters, sparks
from ipamweb.web.pages import clusters as pages
from ipamweb.web.pages import overview as overviews
from ipamweb.web.pages.nodes import node_line
from ipamweb.web.pages.pools import pool_line, pool_lines
from ipamweb.web.rendering import only_reads, show
from ipamweb.web.shell import cluster_shell, plain_shell
from ipamweb.web.views.clusters_then import fleet_then, overview_then
from ipamweb.web.visit import cluster_visit, visit

# Rows of the short lists on the overview; each leads to the whole list.
SHORT = Window(limit=8)


@only_reads
def fleet(request: HttpRequest) -> HttpResponse:
    here = visit(request)
    if at := parameters.instant(request, "at"):
        return show(request, "fleet.html", fleet_then(here, at))
    found = clusters.every(
        scope=here.scope,
        now=here.now,
        findings=findings.open_of_cluster(scope=here.scope),
    )
    pools_of = pools.of_clusters(found, scope=here.scope)
    page = pages.FleetPage(
        shell=plain_shell(here, "All clusters", api="clusters/", followed=found),
        clusters=tuple(
            pages.fleet_line(
                cluster,
                tuple(pool_line(cluster, pool) for pool in pools_of[cluster.id]),
            )
            for cluster in found
        ),
        nodes=sum(cluster.nodes for cluster in found),
        pods=sum(cluster.pods for cluster in found),
        allocations=sum(cluster.allocations for cluster in found),
    )
    return show(request, "fleet.html", page)


@only_reads
def overview(request: HttpRequest, slug: str) -> HttpResponse:
    here = cluster_visit(request, slug, shows_past=True)
    if here.at:
        return show(request, "overview.html", overview_then(here, here.at))
    cluster, scope = here.cluster, here.scope
    fullest = nodes.listed(
        cluster, scope=scope, order=nodes.ORDERS["slots_free"], window=SHORT
    )
    largest = namespaces.listed(
        cluster, scope=scope, order=overviews.by_size(cluster), window=SHORT
    )
    found = pools.every(cluster, scope=scope)
    of_nodes = slots.of_cluster(cluster, scope=scope)
    used = usage.of_pools(cluster, now=here.now, scope=scope)
    lines = tuple(node_line(cluster, node) for node in fullest.rows)
    table = pool_lines(cluster, found, slots=of_nodes, usage=used)
    page = overviews.OverviewPage(
        shell=cluster_shell(here, cluster.slug, section="overview", api=""),
        cluster=cluster,
        systems=pages.systems(cluster),
        room=overviews.room(cluster, found, slots=of_nodes),
        attention=overviews.attention(
            cluster,
            lines,
            pools=table.lines,
            problems=problems.listed(cluster, scope=scope, window=SHORT),
        ),
        pools=table,
        fullest=lines,
        histogram=sparks.histogram(of_nodes.spread()),
        spread=overviews.spread(of_nodes),
        namespaces=overviews.namespace_lines(largest.rows),
        churn=sparks.churn_chart(used.churn),
        last_hour=overviews.last_hour(used.churn),
        facts=clusters.facts(cluster, scope=scope),
    )
    return show(request, "overview.html", page)
