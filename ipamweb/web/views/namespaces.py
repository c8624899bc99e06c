"""The namespaces of a cluster, and one with the addresses it holds."""

from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect

from ipamweb.findings import about
from ipamweb.mirror.queries import (
    allocations,
    ip_hours,
    namespace_use,
    namespaces,
    past_allocations,
    past_clusters,
    past_filters,
    past_namespace_use,
    past_namespaces,
)
from ipamweb.mirror.queries.allocation_filters import AllocationFilter
from ipamweb.mirror.queries.allocation_rows import AllocationRow
from ipamweb.mirror.queries.clusters import ClusterRow
from ipamweb.mirror.queries.ip_hours import Month
from ipamweb.mirror.queries.namespaces import NamespaceRow
from ipamweb.mirror.queries.paging import Page
from ipamweb.mirror.queries.past_namespace_use import Use
from ipamweb.tables.definitions import NAMESPACES
from ipamweb.usage import queries as usage
from ipamweb.web import formatting, parameters
from ipamweb.web.pages import namespaces as pages
from ipamweb.web.pages.ip_hours import IpHoursPart, ip_hours_part
from ipamweb.web.pages.lists import pager
from ipamweb.web.pages.namespace_cells import table_cells
from ipamweb.web.pages.nodes import held_line
from ipamweb.web.pages.spread import spread
from ipamweb.web.pages.usage import BY_PART, held_part, usage_part
from ipamweb.web.paths import path_to
from ipamweb.web.rendering import only_reads, show
from ipamweb.web.shell import Crumb, Shell, cluster_shell, with_findings_of
from ipamweb.web.views import compared_lists, tabling
from ipamweb.web.visit import ClusterVisit, cluster_visit


@only_reads
def namespace_list(request: HttpRequest, slug: str) -> HttpResponse:
    asked = tabling.asked(request, NAMESPACES)
    if asked.typed:
        return redirect(asked.typed)
    here = cluster_visit(request, slug, shows_past=True, compares=True)
    if here.vs:
        return compared_lists.namespaces(here)
    _, order = parameters.order(request, orders=namespaces.ORDERS, default="name")
    q = parameters.text(request, "q")
    where: dict[str, Any] = {
        "scope": here.scope,
        "window": parameters.window(request),
        "q": q,
    }
    if here.at:
        # Counters know the present only: there is nothing else to sort by.
        parameters.of_the_present(request, sort="name")
        found = past_namespaces.listed(here.cluster, at=here.at, **where)
    else:
        found = namespaces.listed(here.cluster, order=order, **where)
    shown = asked.shown(families=here.cluster.families, is_past=bool(here.at))
    page = pages.NamespacesPage(
        shell=cluster_shell(
            here,
            "Namespaces",
            section="namespaces",
            api=tabling.rest(asked, "namespaces/"),
            crumbs=(Crumb("Namespaces"),),
        ),
        cluster=here.cluster,
        table=tabling.part(
            asked,
            shown,
            found.rows,
            cells=table_cells(slug),
            words=("Namespaces", pages.CAPTION, here.now),
        ),
        tools=tabling.tools(asked, shown),
        columns=request.GET.get("columns", ""),
        q=q,
        pager=pager(request, found),
    )
    return show(request, "namespaces.html", page)


@only_reads
def namespace(request: HttpRequest, slug: str, name: str) -> HttpResponse:
    here = cluster_visit(request, slug, shows_past=True)
    found = _namespace(here, name)
    wanted = _wanted(request, found)
    held = _held(here, wanted)
    use = _use(here, found)
    by_node = use.nodes
    sampled = usage.of_namespace(
        found, cluster=here.cluster, now=here.at or here.now, scope=here.scope
    )
    whole = _whole(here)
    page = pages.NamespacePage(
        shell=_shell(here, found, wanted),
        cluster=whole,
        namespace=found,
        sentence=pages.sentence(found, whole),
        workloads=pages.workload_lines(
            use.workloads[: pages.MOST_WORKLOADS], namespace=found, cluster=slug
        ),
        nodes=pages.node_lines(by_node, namespace=found, cluster=slug),
        spread=spread(by_node, nodes=whole.nodes),
        newest=pages.newcomers(_newest(here, found), cluster=slug),
        only=pages.only_words(wanted),
        held=tuple(held_line(row, cluster=slug) for row in held.rows),
        pager=pager(request, held, place="#allocations"),
        usage=usage_part(sampled, cluster=here.cluster),
        over_time=held_part(
            {family: each.held for family, each in sampled.items()}, caption=BY_PART
        ),
        peaks=pages.peaks(sampled),
        ip_hours=_ip_hours(here, found),
    )
    return show(request, "namespace.html", page)


def _namespace(here: ClusterVisit, name: str) -> NamespaceRow:
    """Return a namespace as it is, or as it was at the instant of the page."""
    of: dict[str, Any] = {"cluster": here.cluster, "scope": here.scope}
    slug, at = here.cluster.slug, here.at
    if at is None:
        counted = about.open_of_namespace(scope=here.scope)
        if found := namespaces.one(name, findings=counted, **of):
            return found
        raise Http404(f"There is no namespace {name} in {slug}, now or before.")
    if found := past_namespaces.one(name, at=at, **of):
        return found
    raise Http404(
        f"There was no namespace {name} in {slug} at {formatting.instant(at)}."
    )


def _held(here: ClusterVisit, wanted: AllocationFilter) -> Page[AllocationRow]:
    question: dict[str, Any] = {
        "scope": here.scope,
        "wanted": wanted,
        "window": parameters.window(here.request),
    }
    if here.at:
        times = past_filters.instant(here.at)
        return past_allocations.listed(here.cluster, times=times, **question)
    return allocations.listed(here.cluster, **question)


def _use(here: ClusterVisit, found: NamespaceRow) -> Use:
    """Return what the namespace holds by workload and by node."""
    of: dict[str, Any] = {"cluster": here.cluster, "scope": here.scope}
    if here.at:
        return past_namespace_use.of_namespace(found, at=here.at, **of)
    return Use(
        namespace_use.by_workload(found, most=pages.MOST_WORKLOADS, **of),
        namespace_use.by_node(found, **of),
    )


def _newest(here: ClusterVisit, found: NamespaceRow) -> tuple[AllocationRow, ...]:
    of: dict[str, Any] = {"cluster": here.cluster, "scope": here.scope}
    if here.at:
        return past_namespace_use.newest(
            found, at=here.at, most=pages.MOST_NEWEST, **of
        )
    return namespace_use.newest(found, most=pages.MOST_NEWEST, **of)


def _whole(here: ClusterVisit) -> ClusterRow:
    """Return the cluster with its numbers, of which the namespace holds a share."""
    if here.at:
        return past_clusters.as_of(here.cluster, at=here.at, scope=here.scope)
    return here.cluster


def _wanted(request: HttpRequest, namespace: NamespaceRow) -> AllocationFilter:
    """Return which addresses the table shows: of a workload "Kind/name", on a node."""
    kind, _, name = parameters.text(request, "workload").partition("/")
    return AllocationFilter(
        namespace_uid=namespace.uid,
        node=parameters.text(request, "node"),
        workload_kind=kind,
        workload_name=name,
    )


def _ip_hours(here: ClusterVisit, namespace: NamespaceRow) -> IpHoursPart:
    """Return the sums of the month that is asked for; else of the one of the page."""
    month = parameters.month(
        here.request, "month", default=Month.of(here.at or here.now)
    )
    of = [here.cluster]
    (unseen,) = ip_hours.unseen(of, month=month, now=here.now, scope=here.scope)
    return ip_hours_part(
        ip_hours.of_namespace(
            namespace, cluster=here.cluster, month=month, scope=here.scope
        ),
        month=month,
        unseen=unseen.time,
        namespace=namespace,
        cluster=here.cluster,
    )


def _shell(here: ClusterVisit, found: NamespaceRow, wanted: AllocationFilter) -> Shell:
    name = found.name
    asked = {
        "namespace": name,
        "node": wanted.node,
        "workload_kind": wanted.workload_kind,
        "workload_name": wanted.workload_name,
    }
    query = urlencode({name: value for name, value in asked.items() if value})
    return with_findings_of(
        cluster_shell(
            here,
            f"Namespace {name}",
            section="namespaces",
            api=f"allocations/?{query}",
            crumbs=(
                Crumb("Namespaces", path_to("namespaces", here.cluster.slug)),
                Crumb(name),
            ),
        ),
        here,
        found,
    )
