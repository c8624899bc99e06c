"""One shape for every error: {"error": {"code", "message", "details"}}.

What is not there and what is not yours are the same 404. A fault of ours says only that
it happened; the log has the rest, under the same request id.
"""

import logging
from collections.abc import Iterable, Mapping
from typing import Any

import msgspec
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from rest_framework import exceptions, status

log = logging.getLogger("ipamweb.api")

NOT_FOUND = "There is nothing here by this name, or it is not yours to see."


class BadParameter(exceptions.APIException):
    """A parameter that is unknown or has a value that is not accepted: 400."""

    status_code = status.HTTP_400_BAD_REQUEST
    default_code = "bad-parameter"

    def __init__(
        self, message: str, *, parameter: str, accepted: Iterable[str] = ()
    ) -> None:
        super().__init__(message)
        self.details = {"parameter": parameter, "accepted": list(accepted)}


class Expired(exceptions.APIException):
    """A cursor whose list can no longer be told, as a continue token's: 410."""

    status_code = status.HTTP_410_GONE
    default_code = "expired"


def answer(error: Exception, context: Mapping[str, Any]) -> HttpResponse:
    """Return the response for what a view raised; the REST framework calls this."""
    if isinstance(error, Http404 | exceptions.NotFound):
        return respond(404, code="not-found", message=NOT_FOUND)
    if isinstance(error, PermissionDenied):
        error = exceptions.PermissionDenied()
    if isinstance(error, exceptions.APIException):
        response = respond(
            error.status_code,
            code=_code(error),
            message=str(error.detail),
            details=getattr(error, "details", {}),
        )
        if wanted := getattr(error, "auth_header", None):
            response["WWW-Authenticate"] = wanted
        return response
    log.error("%r failed", context["request"].path, exc_info=error)
    return respond(500, code="internal", message="This failed, and the fault is ours.")


def respond(
    status_code: int,
    *,
    code: str,
    message: str,
    details: Mapping[str, Any] | None = None,
) -> HttpResponse:
    body = {"code": code, "message": message, "details": details or {}}
    return HttpResponse(
        msgspec.json.encode({"error": body}),
        status=status_code,
        content_type="application/json",
    )


_CODES = {
    401: "not-signed-in", 403: "not-allowed", 405: "method-not-allowed",
}  # fmt: skip


def _code(error: exceptions.APIException) -> str:
    code = _CODES.get(error.status_code) or str(error.default_code)
    return code.replace("_", "-")
