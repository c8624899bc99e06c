"""The lists of nodes, pools and namespaces of two instants side by side."""

from typing import Any

from django.http import HttpResponse

from ipamweb.mirror.queries import compared_places
from ipamweb.mirror.queries.nodes import NodeFilter
from ipamweb.mirror.queries.paging import Page
from ipamweb.mirror.queries.pools import PoolFilter
from ipamweb.tables.definitions import POOLS
from ipamweb.web import parameters
from ipamweb.web.pages import compared_lists as pages
from ipamweb.web.pages.compared_lists import ComparedLine
from ipamweb.web.pages.lists import pager, twin
from ipamweb.web.rendering import show
from ipamweb.web.shell import Crumb, cluster_shell
from ipamweb.web.visit import ClusterVisit


def nodes(here: ClusterVisit) -> HttpResponse:
    found = compared_places.nodes(
        here.cluster,
        times=here.times,
        scope=here.scope,
        wanted=NodeFilter(q=parameters.text(here.request, "q")),
        window=parameters.window(here.request),
    )
    lines = (
        pages.node_line(here.cluster, each, is_later=here.is_later)
        for each in found.rows
    )
    return _show(here, "nodes", found, tuple(lines))


def pools(here: ClusterVisit, wanted: PoolFilter) -> HttpResponse:
    found = compared_places.pools(
        here.cluster,
        times=here.times,
        scope=here.scope,
        wanted=wanted,
        window=parameters.window(here.request),
    )
    lines = (
        pages.pool_line(here.cluster, each, is_later=here.is_later)
        for each in found.rows
    )
    filters = tuple(each.name for each in POOLS.filters)
    return _show(here, "pools", found, tuple(lines), filters=filters)


def namespaces(here: ClusterVisit) -> HttpResponse:
    found = compared_places.namespaces(
        here.cluster,
        times=here.times,
        scope=here.scope,
        window=parameters.window(here.request),
        q=parameters.text(here.request, "q"),
    )
    lines = (
        pages.namespace_line(here.cluster, each, is_later=here.is_later)
        for each in found.rows
    )
    return _show(here, "namespaces", found, tuple(lines))


def _show(
    here: ClusterVisit,
    name: str,
    found: Page[Any],
    lines: tuple[ComparedLine, ...],
    *,
    filters: tuple[str, ...] = ("q",),
) -> HttpResponse:
    title = name.capitalize()
    page = pages.ComparedPage(
        shell=cluster_shell(
            here,
            title,
            section=name,
            api=here.with_vs(twin(here.request, f"{name}/", *filters)),
            crumbs=(Crumb(title),),
        ),
        title=title,
        columns=pages.columns(name, here.cluster),
        lines=lines,
        pager=pager(here.request, found),
    )
    return show(here.request, "compared_list.html", page)
