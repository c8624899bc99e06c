"""The find box: straight to the page on one exact hit, else ranked groups; and what
it suggests meanwhile.
"""

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.cache import patch_cache_control

from ipamweb.addressing.ranges import parse_cidr
from ipamweb.mirror.queries import clusters, search
from ipamweb.web import parameters
from ipamweb.web.pages import search as pages
from ipamweb.web.rendering import only_reads, show
from ipamweb.web.shell import plain_shell
from ipamweb.web.visit import visit

# One letter fits everything.
LEAST_TEXT = 2


@only_reads
def find(request: HttpRequest) -> HttpResponse:
    here = visit(request)
    text = parameters.text(request, "q")
    found = search.find(
        text,
        clusters=clusters.every(scope=here.scope, now=here.now),
        scope=here.scope,
    )
    exact = pages.only_exact(found)
    if exact:
        return HttpResponseRedirect(pages.path(exact))
    page = pages.SearchPage(
        shell=plain_shell(here, "Find", query=text),
        text=text,
        refusal=found.refusal,
        note=_host_bits(text) if found.range else "",
        groups=pages.groups(found),
    )
    return show(request, "search.html", page)


@only_reads
def suggestions(request: HttpRequest) -> HttpResponse:
    """Answer what is shown below the find box while a person types."""
    here = visit(request)
    text = parameters.text(request, "q")
    found = search.find(
        text if len(text) >= LEAST_TEXT else "",
        clusters=clusters.every(scope=here.scope, now=here.now),
        scope=here.scope,
    )
    response = render(
        request, "_suggestions.html", {"suggestions": pages.suggestions(found)}
    )
    patch_cache_control(response, private=True, no_cache=True)
    return response


def _host_bits(text: str) -> str:
    """Return what is wrong with a CIDR that has host bits set; "" where it has none."""
    try:
        parse_cidr(text)
    except ValueError as error:
        return f"{error}."
    return ""
