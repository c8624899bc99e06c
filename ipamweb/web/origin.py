"""Tell the audit log from which address a request was sent.

Behind proxies.py, which decides whose word about that is believed.
"""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from ipamweb.access import audit


def middleware(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    def handle(request: HttpRequest) -> HttpResponse:
        token = audit.request_origin.set(request.META.get("REMOTE_ADDR", ""))
        try:
            return get_response(request)
        finally:
            audit.request_origin.reset(token)

    return handle
