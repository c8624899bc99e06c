"""What the node wall is asked: group, fill and band, which the table follows too; and
the names of its cells, for the script of the page."""

import re
from dataclasses import dataclass, replace
from functools import partial

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.cache import patch_cache_control
from django.views.decorators.gzip import gzip_page

from ipamweb.mirror.queries import nodes
from ipamweb.mirror.queries import wall as queries
from ipamweb.mirror.queries.nodes import Kinds, NodeFilter
from ipamweb.mirror.queries.wall import Shown
from ipamweb.web import parameters
from ipamweb.web.pages import wall as pages
from ipamweb.web.pages.lists import link
from ipamweb.web.pages.wall import Band, Links, Ordered, WallPart
from ipamweb.web.parameters import NotAccepted
from ipamweb.web.paths import path_to
from ipamweb.web.rendering import only_reads
from ipamweb.web.visit import ClusterVisit, cluster_visit

BAND = re.compile(r"(\d{1,6})-(\d{0,6})", re.ASCII)
# What a group's name filters by.
FILTERS = ("zone", "node_pool")


@dataclass(frozen=True, slots=True)
class Asked:
    """The question of a page of nodes, and the nodes in the order of the wall.

    `in_band` is the filter with the nodes of the band; without one it is `wanted`.
    """

    wanted: NodeFilter
    in_band: NodeFilter
    shown: Shown
    band: Band | None
    found: Ordered
    kinds: Kinds


@only_reads
@gzip_page
def names(request: HttpRequest, slug: str) -> HttpResponse:
    here = cluster_visit(request, slug)
    response = JsonResponse({"nodes": pages.names(asked(request, here).found)})
    patch_cache_control(response, private=True, no_cache=True)
    return response


def asked(request: HttpRequest, here: ClusterVisit) -> Asked:
    """Read the question of a request and answer it: three queries at least."""
    wanted = NodeFilter(
        q=parameters.text(request, "q"),
        zone=parameters.text(request, "zone"),
        node_pool=parameters.text(request, "node_pool"),
    )
    kinds = nodes.kinds(here.cluster, scope=here.scope)
    shown = Shown(
        group=parameters.choice(
            request,
            "group",
            accepted=queries.GROUPS,
            default="zone" if kinds.zones else "none",
        ),
        fill=parameters.choice(
            request, "fill", accepted=queries.FILLS, default="slots"
        ),
    )
    band = _band(request)
    rows = queries.of_cluster(
        here.cluster, scope=here.scope, wanted=wanted, shown=shown, now=here.now
    )
    found = pages.ordered(rows, fill=shown.fill, band=band)
    in_band = wanted
    if band:
        in_band = replace(wanted, ids=tuple(each.id for each in found.shown))
    return Asked(wanted, in_band, shown, band, found, kinds)


def part(request: HttpRequest, here: ClusterVisit, *, asked: Asked) -> WallPart:
    """Return the wall of a page that has asked."""
    query = link(request, sort="", cursor="", limit="").partition("?")[2]
    names_path = path_to("wall", here.cluster.slug)
    return pages.wall_part(
        asked.found,
        shown=asked.shown,
        band=asked.band,
        families=here.cluster.families,
        links=Links(
            band=lambda text: link(request, band=text, cursor=""),
            group=partial(_group_link, request, asked.shown.group),
            names=f"{names_path}?{query}" if query else names_path,
        ),
    )


def typed_band(request: HttpRequest) -> str:
    """Return the address of the page whose band was typed in the form; "" without."""
    if "from" not in request.GET and "to" not in request.GET:
        return ""
    low = parameters.whole_number(request, "from", default=0, least=0, most=999_999)
    high = parameters.text(request, "to")
    if high:
        parameters.whole_number(request, "to", default=0, least=0, most=999_999)
    band = f"{low}-{high}" if low or high else ""
    changes = {"from": "", "to": "", "band": band}
    return link(request, **changes)


def _band(request: HttpRequest) -> Band | None:
    text = parameters.text(request, "band")
    if not text:
        return None
    found = BAND.fullmatch(text)
    if not found or (found[2] and int(found[1]) >= int(found[2])):
        raise NotAccepted(
            f"band: {text!r} is not accepted; it is two whole numbers, the lower one "
            "first, as in 85-100, or 85- without an upper bound."
        )
    return Band(int(found[1]), int(found[2]) if found[2] else None)


def _group_link(request: HttpRequest, group: str, name: str) -> str:
    if group not in FILTERS:
        return ""
    return link(request, **{group: name, "cursor": ""})
