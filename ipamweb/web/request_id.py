"""Give each request an id: in every log line, and in the answer as X-Request-Id.

A trusted proxy's id is kept (proxies.py removes everybody else's).
"""

import logging
import re
import secrets
import time
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from ipamweb.logs import request_id

log = logging.getLogger(__name__)
ACCEPTED = re.compile(r"[A-Za-z0-9-]{8,64}")


def middleware(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    def handle(request: HttpRequest) -> HttpResponse:
        given = request.META.get("HTTP_X_REQUEST_ID", "")
        token = request_id.set(
            given if ACCEPTED.fullmatch(given) else secrets.token_hex(8)
        )
        started = time.monotonic()
        try:
            response = get_response(request)
            response["X-Request-Id"] = request_id.get()
            milliseconds = (time.monotonic() - started) * 1000
            line = (request.method, request.path, response.status_code, milliseconds)
            log.info("%s %s %d %.0f ms", *line)
            return response
        finally:
            request_id.reset(token)

    return handle
