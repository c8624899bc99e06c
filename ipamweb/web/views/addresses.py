"""An address in one cluster, and in all of them. Other spellings lead to RFC 5952's."""

from collections.abc import Sequence
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.urls import reverse

from ipamweb.addressing.ranges import format_address
from ipamweb.findings.about import About
from ipamweb.mirror.queries import (
    addresses,
    allocations,
    clusters,
    past_allocations,
    past_blocks,
    past_filters,
)
from ipamweb.mirror.queries.addresses import AddressAnswer
from ipamweb.mirror.queries.allocation_filters import AllocationFilter
from ipamweb.mirror.queries.blocks import BlockRow
from ipamweb.mirror.queries.paging import Window
from ipamweb.web import parameters, tiles
from ipamweb.web.pages import addresses as pages
from ipamweb.web.pages.lists import pager, twin
from ipamweb.web.rendering import only_reads, show
from ipamweb.web.shell import (
    Crumb,
    cluster_shell,
    plain_shell,
    showing_past,
    with_findings,
)
from ipamweb.web.tiles import Cell
from ipamweb.web.visit import ClusterVisit, cluster_visit, visit


@only_reads
def address(request: HttpRequest, slug: str, text: str) -> HttpResponse:
    asked_of = parameters.address(text)
    if format_address(asked_of) != text:
        return _canonical(request, "address", slug, format_address(asked_of))
    here = cluster_visit(request, slug, shows_past=True)
    at = here.at
    answer = addresses.about(
        asked_of,
        cluster=here.cluster,
        scope=here.scope,
        at=at,
        window=parameters.window(request),
    )
    page = pages.AddressPage(
        shell=with_findings(
            cluster_shell(
                here,
                text,
                section="",
                api=twin(request, f"addresses/{text}/", "at"),
                crumbs=(Crumb(text),),
            ),
            here,
            about=About("address", (text,)),
        ),
        cluster=here.cluster,
        answer=answer,
        text=text,
        expanded=pages.expanded(asked_of),
        now_words=pages.now_words(answer),
        asked_text=parameters.text(request, "at"),
        asked=pages.asked_words(answer, asked=answer.asked) if answer.asked else "",
        reuse=pages.reuse_words(answer, now=at or here.now),
        timeline=pages.timeline_of(answer, now=here.now, asked=at),
        owners=pages.owner_lines(answer),
        pager=pager(request, answer.history),
        neighbours=_neighbours(here, answer),
        **pages.ways(answer),
    )
    return show(request, "address.html", page)


@only_reads
def everywhere(request: HttpRequest, text: str) -> HttpResponse:
    asked_of = parameters.address(text)
    if format_address(asked_of) != text:
        return _canonical(request, "everywhere", format_address(asked_of))
    here = visit(request)
    at = parameters.instant(request, "at")
    answers = addresses.across(
        asked_of,
        clusters=clusters.every(scope=here.scope, now=here.now),
        scope=here.scope,
        at=at,
    )
    asked_text = parameters.text(request, "at")
    kept = f"?{urlencode({'at': asked_text})}" if at else ""
    page = pages.EverywherePage(
        shell=showing_past(
            here,
            plain_shell(
                here,
                text,
                api=twin(request, f"addresses/{text}/", "at"),
                query=text,
            ),
        ),
        text=text,
        asked_text=asked_text,
        lines=tuple(pages.everywhere_line(answer, at=kept) for answer in answers),
    )
    return show(request, "everywhere.html", page)


def _neighbours(here: ClusterVisit, answer: AddressAnswer) -> tuple[Cell, ...]:
    """Return the addresses on either side, the address itself among them."""
    around = pages.around(answer.address)
    question: dict[str, Any] = {
        "scope": here.scope,
        "wanted": AllocationFilter(within=around),
        "window": Window(limit=4 * pages.BESIDE),
    }
    blocks: Sequence[BlockRow] = answer.near
    if here.at:
        times = past_filters.instant(here.at)
        held = past_allocations.listed(here.cluster, times=times, **question)
        blocks = past_blocks.overlapping(
            around, cluster=here.cluster, at=here.at, scope=here.scope
        )
    else:
        held = allocations.listed(here.cluster, **question)
    return tiles.strip(
        around,
        held.rows,
        blocks=blocks,
        this=answer.address,
        cluster=here.cluster.slug,
    )


def _canonical(request: HttpRequest, route: str, *args: str) -> HttpResponse:
    query = request.META.get("QUERY_STRING", "")
    path = reverse(route, args=args)
    return HttpResponsePermanentRedirect(f"{path}?{query}" if query else path)
