"""The error answers of an API server, word for word as recorded from a real one.

Not here: when each is given.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import msgspec

JSON = "application/json"


@dataclass(slots=True)
class Response:
    """One whole answer; `headers` are those beside content type, length and caching."""

    status: int = 200
    body: bytes = b""
    content_type: str = JSON
    headers: dict[str, str] = field(default_factory=dict)


def status_object(
    code: int,
    *,
    message: str,
    reason: str = "",
    details: Mapping[str, Any] | None = None,
    token: str = "",
) -> dict[str, Any]:
    """Return a Status object; the reason and the details stay out when empty."""
    found: dict[str, Any] = {
        "kind": "Status",
        "apiVersion": "v1",
        "metadata": {"continue": token} if token else {},
        "status": "Failure",
        "message": message,
    }
    if reason:
        found["reason"] = reason
    if details:
        found["details"] = dict(details)
    return found | {"code": code}


def as_response(status: Mapping[str, Any]) -> Response:
    return Response(status["code"], msgspec.json.encode(status))


def as_error_line(status: Mapping[str, Any]) -> bytes:
    """Return the line by which a watch that already answered 200 reports an error."""
    return msgspec.json.encode({"type": "ERROR", "object": status}) + b"\n"


class Refused(Exception):
    """A request that gets an error answer; the answer is its only content."""

    def __init__(self, response: Response) -> None:
        super().__init__(response.status)
        self.response = response


def refused(status: Mapping[str, Any]) -> Refused:
    return Refused(as_response(status))


def no_such_path() -> Response:
    return Response(404, b"404 page not found\n", "text/plain; charset=utf-8")


def unauthorized() -> dict[str, Any]:
    return status_object(401, message="Unauthorized", reason="Unauthorized")


def not_found(resource: str, *, name: str, group: str = "") -> dict[str, Any]:
    details = {"name": name, "group": group, "kind": resource}
    qualified = f"{resource}.{group}" if group else resource
    return status_object(
        404,
        message=f'{qualified} "{name}" not found',
        reason="NotFound",
        details={key: text for key, text in details.items() if text},
    )


def bad_request(message: str) -> dict[str, Any]:
    return status_object(400, message=message, reason="BadRequest")


def not_acceptable() -> dict[str, Any]:
    return status_object(
        406,
        message="only the following media types are accepted: application/json",
        reason="NotAcceptable",
    )


def method_not_allowed() -> dict[str, Any]:
    return status_object(
        405,
        message="the server does not allow this method on the requested resource",
        reason="MethodNotAllowed",
        details={},
    )


def bad_version(text: str) -> dict[str, Any]:
    """Return the answer to a resourceVersion that is no number (a 500, as recorded)."""
    return status_object(
        500,
        message=f'resourceVersion: Invalid value: "{text}": strconv.ParseUint: '
        f'parsing "{text}": invalid syntax',
    )


def expired_page(token: str) -> dict[str, Any]:
    """Return the 410 of a page; `token` would continue inconsistently."""
    return status_object(
        410,
        message="The provided continue parameter is too old to display a consistent "
        "list result. You can start a new list without the continue parameter, or use "
        "the continue token in this response to retrieve the remainder of the results. "
        "Continuing with the provided token results in an inconsistent list - objects "
        "that were created, modified, or deleted between the time the first chunk was "
        "returned and now may show up in the list.",
        reason="Expired",
        token=token,
    )


def expired_list() -> dict[str, Any]:
    return status_object(
        410,
        message="The resourceVersion for the provided list is too old.",
        reason="Expired",
    )


def expired_watch(version: int, *, oldest: int) -> dict[str, Any]:
    return status_object(
        410,
        message=f"too old resource version: {version} ({oldest})",
        reason="Expired",
    )


def future_version(version: int, *, current: int) -> dict[str, Any]:
    """Return what a server says that is behind (apiserver storage/errors.go)."""
    cause = {
        "reason": "ResourceVersionTooLarge",
        "message": "Too large resource version",
    }
    return status_object(
        504,
        message=f"Too large resource version: {version}, current: {current}",
        reason="Timeout",
        details={"causes": [cause], "retryAfterSeconds": 1},
    )


def streaming_refused() -> dict[str, Any]:
    return status_object(
        500,
        message="a watch stream was requested by the client but the required storage "
        "feature RequestWatchProgress is disabled",
        reason="InternalError",
    )
