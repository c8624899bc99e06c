"""Whole lists as files, streamed: CSV, NDJSON, JSON, Parquet, and CSV with a manifest.

What is asked for is written down before the first byte, and that it is whole after the
last. Files that are made in the background: export_jobs.py.
"""

import socket
import struct
import tempfile
from collections.abc import Callable
from contextlib import closing

from django.http import (
    FileResponse,
    HttpRequest,
    HttpResponse,
    QueryDict,
    StreamingHttpResponse,
)
from django.http.response import HttpResponseBase
from rest_framework.exceptions import NotFound
from rest_framework.request import Request
from rest_framework.serializers import BaseSerializer

from ipamweb.access import visibility
from ipamweb.access.models import User
from ipamweb.api import view_opening, wishes
from ipamweb.api.describing import ExportSchema
from ipamweb.api.parameters import Parameter
from ipamweb.api.question import Asked, Question
from ipamweb.exports import making, records, stream
from ipamweb.exports.stream import Sent
from ipamweb.exports.wishes import FORMATS

# Who takes nothing for so long has left: a thread and a connection are free again.
SECONDS_WITHOUT_A_BYTE = 60


class Export(Question):
    """All rows of a list, with its filters, as `csv`, `ndjson`, `json`, `parquet`, or
    as `zip`: the CSV and a manifest with its SHA-256."""

    schema = ExportSchema()
    what = ""
    content_type = "application/octet-stream"

    def get_serializer_class(self) -> type[BaseSerializer]:
        kind: type[BaseSerializer] = wishes.LISTS[self.what]().get_serializer_class()
        return kind

    def known_parameters(self) -> tuple[Parameter, ...]:
        of_views = (view_opening.VIEW,) if self.table else ()
        return (*wishes.parameters_of(self.what), *of_views)

    def get(self, request: Request, **path: str) -> HttpResponseBase:
        user = self.request.user
        if path["ending"] not in FORMATS or not isinstance(user, User):
            raise NotFound
        if self.what == "audit" and not visibility.sees_everything(user):
            raise NotFound
        asked = self._asked(request._request, {})
        return _sent(asked, self.what, path["ending"], given=asked.request.GET)


def whole(what: str) -> Callable[[Asked], HttpResponseBase]:
    """Return what answers a list as its export does, in the format it is asked in."""

    def answer(asked: Asked) -> HttpResponseBase:
        given = asked.request.GET.copy()
        ending = str(given.pop("format")[0])
        if "cluster" in asked.path:
            given["cluster"] = asked.path["cluster"]
        return _sent(asked, what, ending, given=given)

    return answer


def _sent(
    asked: Asked, what: str, ending: str, *, given: QueryDict
) -> HttpResponseBase:
    """Return the answer; who asks has signed in, and may read such a list."""
    wish = wishes.read(what, ending, given, clusters=asked.clusters, now=asked.now)
    if asked.request.method == "HEAD":
        return HttpResponse(content_type=making.content_type(wish))
    user = asked.request.user
    assert isinstance(user, User)
    try:
        job, parts = stream.begin(wish, by=user, scope=asked.scope, now=asked.now)
    except making.NoSuchCluster as error:
        raise NotFound from error
    return _answer(
        asked.request,
        parts,
        content_type=making.content_type(wish),
        headers=records.headers(job),
    )


def _answer(
    request: HttpRequest,
    parts: Sent,
    *,
    content_type: str,
    headers: dict[str, str],
) -> HttpResponseBase:
    said = {**headers, "Vary": "Authorization, Cookie", "X-Accel-Buffering": "no"}
    if request.META.get("SERVER_PROTOCOL") == "HTTP/1.0":
        # Its answers end where the connection does, and one that broke looks whole:
        # it gets its length, and so all of it is made first.
        whole = tempfile.TemporaryFile()  # noqa: SIM115
        with closing(parts):
            whole.writelines(parts)
        whole.seek(0)
        return FileResponse(whole, content_type=content_type, headers=said)
    _give_up_on_who_does_not_read(request)
    return StreamingHttpResponse(parts, content_type=content_type, headers=said)


def _give_up_on_who_does_not_read(request: HttpRequest) -> None:
    connection = request.META.get("gunicorn.socket")
    if isinstance(connection, socket.socket):
        wait = struct.pack("ll", SECONDS_WITHOUT_A_BYTE, 0)
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_SNDTIMEO, wait)


class ExportAllocations(Export):
    what = table = "allocations"


class ExportNodes(Export):
    what = table = "nodes"


class ExportPools(Export):
    what = table = "pools"


class ExportBlocks(Export):
    what = table = "blocks"


class ExportFindings(Export):
    what = table = "findings"


class ExportUsage(Export):
    what = "usage"


class ExportAudit(Export):
    what = "audit"
