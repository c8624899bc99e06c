"""How old an answer is, in its headers: ETag and 304, Ipamweb-As-Of.

A tag is weak: while nothing changes `as_of` goes on, and the header says so, also with
a 304. It depends on who asks: what may be shown is a part of the answer.
"""

import hashlib
from collections.abc import Iterable
from datetime import datetime

import msgspec
from django.http import HttpRequest, HttpResponse
from django.utils.cache import patch_vary_headers
from django.utils.http import parse_etags

from ipamweb.mirror.queries.clusters import ClusterRow
from ipamweb.mirror.scope import Scope

# Raised when an answer gets another shape.
SHAPE = 1


def as_of(clusters: Iterable[ClusterRow]) -> datetime | None:
    """Return the least of the clusters'; None where one was never read."""
    moments = [cluster.freshness.as_of for cluster in clusters]
    known = [moment for moment in moments if moment]
    return min(known) if known and len(known) == len(moments) else None


def tag(
    request: HttpRequest,
    *,
    clusters: Iterable[ClusterRow],
    scope: Scope,
    with_polls: bool,
    further: object = None,
) -> str:
    """Return the ETag of an answer, before the answer is read.

    `with_polls`: for answers that change with a poll that changed nothing; `further`:
    what else they change with.
    """
    parts = [
        SHAPE,
        request.get_full_path(),
        scope.everything,
        sorted(scope.namespaces),
        [_state(cluster, with_polls) for cluster in clusters],
        further,
    ]
    digest = hashlib.sha256(msgspec.json.encode(parts)).hexdigest()
    return f'W/"{digest[:32]}"'


def is_known(request: HttpRequest, etag: str) -> bool:
    """Say whether the reader has this answer already."""
    known = parse_etags(request.headers.get("If-None-Match", ""))
    return etag.removeprefix("W/") in {each.removeprefix("W/") for each in known}


def add_headers(
    response: HttpResponse, *, etag: str, moment: datetime | None
) -> HttpResponse:
    """Add the tag of an answer and the instant that it is true of."""
    response["ETag"] = etag
    response["Cache-Control"] = "private, no-cache"
    if moment:
        response["Ipamweb-As-Of"] = msgspec.json.encode(moment).decode().strip('"')
    patch_vary_headers(response, ["Accept-Encoding", "Authorization", "Cookie"])
    return response


def _state(cluster: ClusterRow, with_polls: bool) -> list[object]:
    fresh = cluster.freshness
    return [
        cluster.id,
        fresh.generation,
        fresh.stale,
        fresh.paused,
        fresh.last_error,
        fresh.gap_since,
        cluster.gaps,
        cluster.findings_revision,
        cluster.held_release is not None,
        fresh.history_from,
        [fresh.as_of, fresh.last_poll_at] if with_polls else fresh.as_of is None,
    ]
