"""The fleet and a cluster's overview as they were at an instant of the past."""

from dataclasses import replace
from datetime import datetime
from typing import Any

from ipamweb.findings import queries as findings
from ipamweb.mirror.queries import (
    clusters,
    past_clusters,
    past_namespaces,
    past_nodes,
    past_pools,
    problems,
    slots,
)
from ipamweb.mirror.queries.clusters import ClusterRow
from ipamweb.mirror.queries.paging import Window
from ipamweb.mirror.scope import Scope
from ipamweb.usage import queries as usage
from ipamweb.web import sparks
from ipamweb.web.pages import clusters as pages
from ipamweb.web.pages import overview as overviews
from ipamweb.web.pages.nodes import node_line
from ipamweb.web.pages.pools import pool_line, pool_lines
from ipamweb.web.shell import cluster_shell, plain_shell, showing_past
from ipamweb.web.visit import ClusterVisit, Visit

# Rows of the short lists on the overview; each leads to the whole list.
SHORT = 8


def fleet_then(here: Visit, at: datetime) -> pages.FleetPage:
    """Return the clusters of an instant: a dozen queries for each."""
    every = clusters.every(scope=here.scope, now=here.now)
    found = [_cluster_then(each, at=at, scope=here.scope) for each in every]
    return pages.FleetPage(
        shell=showing_past(here, plain_shell(here, "All clusters", api="clusters/")),
        clusters=tuple(
            pages.fleet_line_then(
                cluster,
                tuple(
                    pool_line(cluster, pool)
                    for pool in past_pools.every(cluster, at=at, scope=here.scope)
                ),
                is_known=past_clusters.is_known(cluster, at),
            )
            for cluster in found
        ),
        nodes=sum(cluster.nodes for cluster in found),
        pods=sum(cluster.pods for cluster in found),
        allocations=sum(cluster.allocations for cluster in found),
    )


def overview_then(here: ClusterVisit, at: datetime) -> overviews.OverviewPage:
    """Return the overview of an instant, counted from the allocations of then."""
    of: dict[str, Any] = {"at": at, "scope": here.scope}
    cluster = _cluster_then(here.cluster, **of)
    nodes = past_nodes.every(cluster, **of)
    pools = past_pools.every(cluster, **of)
    of_nodes = slots.spread_of(nodes, pool_ids={each.slug: each.id for each in pools})
    used = usage.of_pools(cluster, now=at, scope=here.scope)
    fewest_free = sorted(nodes, key=lambda node: (node.slots_free, node.id))[:SHORT]
    lines = tuple(node_line(cluster, node) for node in fewest_free)
    table = pool_lines(cluster, pools, slots=of_nodes, usage=used)
    largest = overviews.largest(past_namespaces.every(cluster, **of), most=SHORT)
    return overviews.OverviewPage(
        shell=cluster_shell(here, cluster.slug, section="overview", api=""),
        cluster=cluster,
        systems=pages.systems(cluster),
        room=overviews.room(cluster, pools, slots=of_nodes),
        attention=overviews.attention(
            cluster,
            lines,
            pools=table.lines,
            problems=problems.listed_at(cluster, window=Window(limit=SHORT), **of),
        ),
        pools=table,
        fullest=lines,
        histogram=sparks.histogram(of_nodes.spread()),
        spread=overviews.spread(of_nodes),
        namespaces=overviews.namespace_lines(largest),
        churn=sparks.churn_chart(used.churn),
        last_hour=overviews.last_hour(used.churn),
        facts=past_clusters.facts(cluster, **of),
        is_known=past_clusters.is_known(cluster, at),
    )


def _cluster_then(cluster: ClusterRow, *, at: datetime, scope: Scope) -> ClusterRow:
    """Return a cluster of an instant, with how many findings were open."""
    return replace(
        past_clusters.as_of(cluster, at=at, scope=scope),
        findings=findings.open_at(at, cluster_id=cluster.id, scope=scope),
    )
