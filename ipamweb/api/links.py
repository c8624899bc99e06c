"""The header Link: the pages before and after, the page for people, other formats."""

from collections.abc import Mapping

from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse

# The page that shows the same as a path, by the names of their routes; both take the
# same words of the path, in the same order.
PAGES = {
    "clusters": "fleet", "cluster": "cluster", "pools": "pools", "pool": "pool",
    "nodes": "nodes", "node": "node", "pod": "pod_of_uid", "namespaces": "namespaces",
    "namespace": "namespace", "address": "address", "address-everywhere": "everywhere",
    "problems": "problems", "findings": "findings", "finding": "finding",
    "audit": "audit", "teams": "teams", "team": "team",
}  # fmt: skip


def around(
    request: HttpRequest,
    following: str | None,
    before: str | None,
    formats: Mapping[str, str],
) -> str:
    """Return the header's value (RFC 8288); empty where there is nothing to say.
    `formats` are others of the whole answer, by URL."""
    urls = {"next": following, "previous": before}
    found = [f'<{url}>; rel="{word}"' for word, url in urls.items() if url]
    if page := _page(request):
        found.append(f'<{page}>; rel="alternate"; type="text/html"')
    found += [
        f'<{url}>; rel="alternate"; type="{kind}"' for url, kind in formats.items()
    ]
    return ", ".join(found)


def _page(request: HttpRequest) -> str:
    route = request.resolver_match
    if route is None or route.url_name not in PAGES:
        return ""
    try:
        path = reverse(PAGES[route.url_name], args=list(route.kwargs.values()))
    except NoReverseMatch:
        return ""
    return request.build_absolute_uri(path)
