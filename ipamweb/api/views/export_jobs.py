"""Exports as things: what was handed out, and files made in the background."""

from typing import Any

import msgspec
from django.http import HttpResponse, QueryDict, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.utils import timezone
from drf_spectacular.utils import OpenApiResponse
from rest_framework.exceptions import NotFound, Throttled
from rest_framework.request import Request

from ipamweb.access import visibility
from ipamweb.access.models import User
from ipamweb.api import parameters, wishes
from ipamweb.api.acting import Acting
from ipamweb.api.describing import FileSchema, QuestionSchema
from ipamweb.api.export_serializers import Export as ExportSerializer
from ipamweb.api.export_serializers import ExportWish
from ipamweb.api.parameters import Parameter
from ipamweb.api.question import Asked, ListQuestion, Question
from ipamweb.api.serializers import Error
from ipamweb.exports import files, job_rows, making, queries, records
from ipamweb.exports.columns import WHATS
from ipamweb.exports.models import STATES, ExportJob
from ipamweb.exports.queries import JobFilter
from ipamweb.exports.wishes import read
from ipamweb.mirror.queries import clusters
from ipamweb.mirror.queries.paging import Page

EXAMPLE: dict[str, str | int] = {"number": 600}


class JobsSchema(QuestionSchema):
    """Describes that a file is begun, not made, when POST is answered."""

    def _answers_to_acts(self) -> dict[Any, Any]:
        found = super()._answers_to_acts()
        return {
            202: found.pop(201),
            **found,
            429: OpenApiResponse(Error, "Too many files of yours are waited for."),
        }


class Exports(Acting, ListQuestion):
    """What was exported, newest first: one's own; for auditors and admins, all. POST
    has a file made in the background."""

    schema = JobsSchema()
    serializer_class = ExportSerializer
    wishes = {"POST": ExportWish}
    acted = {"POST": ExportSerializer}
    row = staticmethod(job_rows.job)
    parameters = (
        parameters.choice("what", "Exports of this list.", accepted=WHATS),
        parameters.choice("state", "In this state.", accepted=STATES),
    )

    def further_state(self, asked: Asked) -> object:
        return queries.state(self.request.user)

    def page(self, asked: Asked) -> Page[Any]:
        return queries.listed(
            self.request.user,
            now=asked.now,
            window=asked.window,
            wanted=JobFilter(asked.values["what"], asked.values["state"]),
        )

    def post(self, request: Request) -> HttpResponse:
        """Have a file made in the background."""
        user, sent = request.user, self.wish()
        if sent["what"] == "audit" and not visibility.sees_everything(user):
            raise NotFound
        if queries.waiting(user) >= files.MOST_WAITING:
            raise Throttled(
                detail=f"{files.MOST_WAITING} files of yours are waited for already."
            )
        job = _begun(sent, user)
        found = queries.one(job.pk, user, now=job.started_at)
        assert found is not None
        answer = HttpResponse(
            msgspec.json.encode(job_rows.job(found)),
            content_type="application/json",
            status=202,
        )
        answer["Location"] = f"{request._request.path}{job.pk}/"
        return answer


def _begun(sent: dict[str, Any], user: User) -> ExportJob:
    """Write down the wish for a file. Raises NotFound of no such cluster."""
    given = QueryDict(mutable=True)
    given.update(sent["filters"])
    given = wishes.with_view(sent["what"], given, user=user)
    now, scope = timezone.now(), visibility.scope(user)
    every = clusters.every(scope=scope, now=now)
    wish = wishes.read(sent["what"], sent["format"], given, clusters=every, now=now)
    try:
        chosen = making.clusters_of(wish, scope=scope, now=now)
    except making.NoSuchCluster as error:
        raise NotFound from error
    return records.start(wish, by=user, clusters=chosen, in_background=True)


class Export(Question):
    """What was exported at one time: whether all of it, its rows and its SHA-256."""

    examples = EXAMPLE
    serializer_class = ExportSerializer

    def further_state(self, asked: Asked) -> object:
        return queries.state(self.request.user)

    def found(self, asked: Asked) -> dict[str, Any] | None:
        found = queries.one(
            _number(asked.path["number"]), self.request.user, now=asked.now
        )
        return job_rows.job(found) if found else None


class ExportFile(Question):
    """The file of an export that was made in the background, for its maker, in the
    format that was asked for."""

    schema = FileSchema()
    examples = EXAMPLE
    serializer_class = ExportSerializer

    def known_parameters(self) -> tuple[Parameter, ...]:
        return ()

    def get(self, request: Request, **path: str) -> HttpResponseBase:
        parameters.read_all(request.GET, self.known_parameters())
        user = request.user
        job = queries.file_of(_number(path["number"]), user)
        length = files.length(job) if job else 0
        if job is None or not length:
            raise NotFound
        if request.method != "HEAD":
            records.fetched(job, by=user)
        headers = {**records.headers(job), "Content-Length": str(length)}
        return StreamingHttpResponse(
            files.content(job),
            content_type=making.content_type(read(job.wish)),
            headers=headers,
        )


def _number(text: str) -> int:
    """Return the number of an export; what is none is not there."""
    if not (text.isascii() and text.isdigit() and len(text) <= 18):
        raise NotFound
    return int(text)
