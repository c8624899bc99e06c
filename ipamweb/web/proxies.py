"""Believe X-Forwarded-… and X-Request-Id only where a trusted proxy sends them.

From every other peer they are removed before anything reads them: they would let a
client choose its own address, scheme and host.
"""

from collections.abc import Callable
from ipaddress import ip_address

from django.conf import settings
from django.http import HttpRequest, HttpResponse

HEADERS = (
    "HTTP_X_FORWARDED_FOR",
    "HTTP_X_FORWARDED_HOST",
    "HTTP_X_FORWARDED_PORT",
    "HTTP_X_FORWARDED_PROTO",
    "HTTP_X_REQUEST_ID",
)


def middleware(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    def handle(request: HttpRequest) -> HttpResponse:
        if is_trusted(request.META.get("REMOTE_ADDR", "")):
            request.META["REMOTE_ADDR"] = client_address(
                request.META.get("HTTP_X_FORWARDED_FOR", ""),
                peer=request.META["REMOTE_ADDR"],
            )
        else:
            for header in HEADERS:
                request.META.pop(header, None)
        return get_response(request)

    return handle


def client_address(forwarded_for: str, *, peer: str) -> str:
    """Return the nearest address that is no proxy of ours; without one, the peer.

    Entries further left were written by whoever sent the request, and prove nothing.
    """
    nearest = peer
    for entry in reversed(forwarded_for.split(",")):
        if not _is_address(entry.strip()):
            break
        nearest = entry.strip()
        if not is_trusted(nearest):
            break
    return nearest


def is_trusted(address: str) -> bool:
    return _is_address(address) and any(
        ip_address(address) in network for network in settings.IPAMWEB_TRUSTED_PROXIES
    )


def _is_address(text: str) -> bool:
    try:
        ip_address(text)
    except ValueError:
        return False
    return True
