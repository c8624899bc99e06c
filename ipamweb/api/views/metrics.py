"""What a monitoring system scrapes: by a token, or from a network that is allowed.

A token counts the findings that its user may see, an allowed network all of them. A
token that opens nothing is 401 from wherever it comes.
"""

from ipaddress import IPv6Address, ip_address

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe
from rest_framework.exceptions import AuthenticationFailed

from ipamweb.access import visibility
from ipamweb.api import metrics
from ipamweb.api.authentication import TokenAuthentication
from ipamweb.api.errors import respond
from ipamweb.findings import queries as findings
from ipamweb.mirror.queries import clusters, pools
from ipamweb.mirror.queries import metrics as counters
from ipamweb.mirror.scope import EVERYTHING, Scope

_FORMATS = (metrics.TEXT, metrics.OPEN_METRICS)
_REFUSED = "Give a token, or ask from a network of IPAMWEB_METRICS_NETWORKS."


@login_not_required
@require_safe
def scrape(request: HttpRequest) -> HttpResponse:
    try:
        scope = _scope(request)
    except AuthenticationFailed as error:
        return _refused(str(error.detail))
    if scope is None:
        return _refused(_REFUSED)
    found = _counted(scope)
    wanted = request.get_preferred_type(list(_FORMATS))
    if wanted == metrics.OPEN_METRICS:
        body, kind = metrics.open_metrics(found), metrics.OPEN_METRICS
    else:
        body, kind = metrics.text(found), metrics.TEXT
    response = HttpResponse(body, content_type=f"{kind}; charset=utf-8")
    response["Cache-Control"] = "no-store"
    return response


def _scope(request: HttpRequest) -> Scope | None:
    """Return what is counted for who asks; None where nothing is."""
    signed_in = TokenAuthentication().authenticate(request)
    if signed_in is not None:
        return visibility.scope(signed_in[0])
    return EVERYTHING if _is_allowed(request.META.get("REMOTE_ADDR", "")) else None


def _is_allowed(text: str) -> bool:
    try:
        address = ip_address(text)
    except ValueError:
        return False
    if isinstance(address, IPv6Address) and address.ipv4_mapped:
        address = address.ipv4_mapped
    return any(address in network for network in settings.IPAMWEB_METRICS_NETWORKS)


def _counted(scope: Scope) -> metrics.Counted:
    """Return all counters: seven queries, whatever there is."""
    known = clusters.every(scope=scope, now=timezone.now())
    return metrics.Counted(
        clusters=known,
        pools=pools.of_clusters(known, scope=scope),
        nodes=counters.nodes(known, scope=scope),
        findings=findings.open_counts(scope=scope),
        polls=counters.polls(known, scope=scope),
    )


def _refused(message: str) -> HttpResponse:
    response = respond(401, code="not-signed-in", message=message)
    response["WWW-Authenticate"] = 'Bearer realm="ipamweb"'
    return response
