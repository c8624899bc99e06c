"""Whole lists as files, streamed: CSV, NDJSON, JSON, Parquet, and CSV with a manifest.

What is asked for is written down before the first byte, and that it is whole after the
last. Files that are made in the background: export_jobs.py.
"""

import socket
import struct
import tempfile
from collections.abc import Iterator
from typing import Any

from django.http import FileResponse, HttpRequest, HttpResponse, StreamingHttpResponse
from rest_framework.exceptions import NotFound
from rest_framework.request import Request

from ipamweb.access import visibility
from ipamweb.access.models import User
from ipamweb.api import wishes
from ipamweb.api.parameters import Parameter
from ipamweb.api.question import Question
from ipamweb.exports import making, records, stream
from ipamweb.exports.wishes import FORMATS

# Who takes nothing for so long has left: a thread and a connection are free again.
SECONDS_WITHOUT_A_BYTE = 60


class Export(Question):
    """All rows of a list, with its filters, as `csv`, `ndjson`, `json`, `parquet`, or
    as `zip`: the CSV and a manifest with its SHA-256."""

    # Files are told of in docs/exports.md: the OpenAPI document describes answers.
    schema = None
    what = ""
    content_type = "application/octet-stream"

    def known_parameters(self) -> tuple[Parameter, ...]:
        return wishes.parameters_of(self.what)

    def get(self, request: Request, **path: str) -> Any:
        user = self.request.user
        if path["ending"] not in FORMATS or not isinstance(user, User):
            raise NotFound
        if self.what == "audit" and not visibility.sees_everything(user):
            raise NotFound
        asked = self._asked(request._request, {})
        wish = wishes.read(
            self.what,
            path["ending"],
            asked.request.GET,
            clusters=asked.clusters,
            now=asked.now,
        )
        if request.method == "HEAD":
            return HttpResponse(content_type=making.content_type(wish))
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
    parts: Iterator[bytes],
    *,
    content_type: str,
    headers: dict[str, str],
) -> Any:
    said = {**headers, "Vary": "Authorization, Cookie", "X-Accel-Buffering": "no"}
    if request.META.get("SERVER_PROTOCOL") == "HTTP/1.0":
        # Its answers end where the connection does, and one that broke looks whole:
        # it gets its length, and so all of it is made first.
        whole = tempfile.TemporaryFile()  # noqa: SIM115
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
    what = "allocations"


class ExportNodes(Export):
    what = "nodes"


class ExportPools(Export):
    what = "pools"


class ExportBlocks(Export):
    what = "blocks"


class ExportFindings(Export):
    what = "findings"


class ExportUsage(Export):
    what = "usage"


class ExportAudit(Export):
    what = "audit"
