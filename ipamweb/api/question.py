"""A GET that answers JSON. Views say what is asked and what a row holds; here is the
rest: parameters, 404, ETag and 304, the envelope of lists with its links, the age of
the answer, and that it is sent packed to whoever can unpack it.

Rows go from the query to the text through one encoder (msgspec), not by serializers:
these describe the rows in the OpenAPI document, and a test holds the two together.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

import msgspec
from django.http import HttpRequest, HttpResponse, QueryDict
from django.http.response import HttpResponseBase
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.views.decorators.gzip import gzip_page
from rest_framework.exceptions import NotFound
from rest_framework.generics import GenericAPIView
from rest_framework.negotiation import BaseContentNegotiation
from rest_framework.request import Request

from ipamweb.access import visibility
from ipamweb.api import freshness, instants, links, parameters, view_opening
from ipamweb.api.describing import QuestionSchema
from ipamweb.api.errors import BadParameter, Expired
from ipamweb.api.parameters import Parameter
from ipamweb.findings import queries as findings
from ipamweb.mirror.queries import clusters, snapshots
from ipamweb.mirror.queries.clusters import ClusterRow
from ipamweb.mirror.queries.paging import BadCursor, Page, Window
from ipamweb.mirror.scope import Scope

FORMAT = parameters.choice(
    "format", "The format of the answer.", accepted=("json",), absent="json"
)
# For a list that has an export.
LIST_FORMAT = parameters.choice(
    "format",
    "`csv` and `ndjson`: all rows, as `export/` has them, without pages.",
    accepted=("json", *parameters.WHOLE),
    absent="json",
)
# What goes with pages of JSON only.
_WITH_PAGES = ("limit", "cursor", "vs")
CURSOR = replace(
    parameters.text("cursor", "From `next` or `previous` of another answer."),
    # Signed: what was not made here is 400, though it looks like one.
    schema={"type": "string", "pattern": r"^\.?[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+$"},
)


@dataclass(frozen=True, slots=True)
class Asked:
    """A question: who asks, when, of which clusters, with which parameters."""

    request: HttpRequest
    scope: Scope
    now: datetime
    clusters: tuple[ClusterRow, ...]
    path: dict[str, str]
    values: dict[str, Any]

    @property
    def cluster(self) -> ClusterRow:
        """The cluster in the path."""
        return self.clusters[0]

    @property
    def at(self) -> datetime | None:
        """The instant of the past that is asked about; None: the present."""
        moment: datetime | None = self.values.get("at")
        return moment

    @property
    def is_ahead(self) -> bool:
        """Whether it asks beyond the last read: the next one may answer otherwise."""
        asked = [self.values.get(name) for name in ("at", "since", "until", "vs")]
        last = freshness.as_of(self.clusters)
        return any(each is not None and (not last or each > last) for each in asked)

    @property
    def window(self) -> Window:
        return Window(limit=self.values["limit"], cursor=self.values["cursor"])

    def beside(self, cursor: str) -> str | None:
        """Return the URL of the page at a cursor; None for an empty cursor."""
        if not cursor:
            return None
        query = self.request.GET.copy()
        query["cursor"] = cursor
        return self._url(query)

    def in_format(self, name: str) -> str:
        """Return the URL of all rows in another format."""
        query = self.request.GET.copy()
        for other in _WITH_PAGES:
            query.pop(other, None)
        query["format"] = name
        return self._url(query)

    def _url(self, query: QueryDict) -> str:
        return self.request.build_absolute_uri(
            f"{self.request.path}?{query.urlencode()}"
        )


class JsonOnly(BaseContentNegotiation):
    """Answer JSON whatever is asked for: `format` is read where parameters are."""

    def select_parser(self, request: Request, parsers: Sequence[Any]) -> Any:
        return parsers[0]

    def select_renderer(
        self, request: Request, renderers: Sequence[Any], format_suffix: object = None
    ) -> tuple[Any, str]:
        return renderers[0], renderers[0].media_type


class Question(GenericAPIView):
    """A question about one thing: `found` returns its row, None where there is none."""

    content_negotiation_class = JsonOnly
    filter_backends = ()
    schema: QuestionSchema | None = QuestionSchema()
    parameters: tuple[Parameter, ...] = ()
    is_list = False
    # Of which table views can be saved; "" where of none.
    table = ""
    # Whether it can be asked how it was at an instant.
    has_past = False
    # Whether all pages of the list are as of the first.
    stands_still = False
    # Whether rows may be asked for with a few fields only.
    may_be_cut = False
    # What answers a list whole as a file, where it has an export: told in urls.py.
    whole: Callable[[Asked], HttpResponseBase] | None = None
    # Of what stands in its path, for the OpenAPI document, where not the usual ones.
    examples: dict[str, str | int] = {}
    content_type = "application/json"

    @method_decorator(gzip_page)
    def get(self, request: Request, **path: str) -> HttpResponseBase:
        asked = self._asked(request._request, path)
        try:
            return self._answered(asked)
        except BadCursor as error:
            raise BadParameter(f"cursor: {error}.", parameter="cursor") from error
        except snapshots.Expired as error:
            raise Expired(f"cursor: {error}.") from error

    def _answered(self, asked: Asked) -> HttpResponse:
        etag = freshness.tag(
            asked.request,
            clusters=asked.clusters,
            scope=asked.scope,
            with_polls=self.tells_of_polls(asked) or asked.is_ahead,
            further=self.further_state(asked),
        )
        if freshness.is_known(asked.request, etag):
            response = HttpResponse(status=304)
        else:
            response = self.response(asked)
        return freshness.add_headers(response, etag=etag, moment=self.as_of(asked))

    def known_parameters(self) -> tuple[Parameter, ...]:
        return (*self.past_parameters(), *self.parameters, FORMAT)

    def past_parameters(self) -> tuple[Parameter, ...]:
        return (instants.AT,) if self.has_past else ()

    def tells_of_polls(self, asked: Asked) -> bool:
        """Say whether the answer changes with a poll that changed nothing."""
        return False

    def further_state(self, asked: Asked) -> object:
        """Return what else the answer changes with, as JSON can hold it."""
        return None

    def as_of(self, asked: Asked) -> datetime | None:
        """Return the instant that the answer is true of: of several clusters the
        oldest."""
        return freshness.as_of(asked.clusters)

    def found(self, asked: Asked) -> dict[str, Any] | None:
        raise NotFound

    def body(self, asked: Asked) -> dict[str, Any]:
        row = self.found(asked)
        if row is None:
            raise NotFound
        return {**self.age(asked), **row}

    def age(self, asked: Asked) -> dict[str, Any]:
        """Return how old the answer is, and of the past how exactly it is known."""
        found = {**age(asked), "as_of": self.as_of(asked)}
        if not (self.has_past and asked.at):
            return found
        named = asked.path.get("cluster") or asked.values.get("cluster")
        of = [
            each
            for each in asked.clusters
            if each.slug == named or (not named and each.freshness.history_from)
        ]
        past = instants.known(asked.at, clusters=of, scope=asked.scope)
        return {**found, "past": past}

    def response(self, asked: Asked) -> HttpResponse:
        body = self.body(asked)
        response = HttpResponse(
            msgspec.json.encode(body), content_type=self.content_type
        )
        found = links.around(
            asked.request,
            body.get("next"),
            body.get("previous"),
            self.other_formats(asked),
        )
        if found:
            response["Link"] = found
        return response

    def other_formats(self, asked: Asked) -> dict[str, str]:
        """Return the types of other formats of all of it, by URL."""
        return {}

    def _asked(self, request: HttpRequest, path: dict[str, str]) -> Asked:
        if any("\0" in part for part in path.values()):
            # PostgreSQL takes no NUL: nothing has it in its name.
            raise NotFound
        if self.table:
            view_opening.open_view(request, table=self.table, user=self.request.user)
        now = timezone.now()
        scope = visibility.scope(self.request.user)
        values = parameters.read_all(request.GET, self.known_parameters())
        counted = findings.open_of_cluster(scope=scope)
        found: tuple[ClusterRow, ...]
        if "cluster" in path:
            cluster = clusters.one(
                path["cluster"], scope=scope, now=now, findings=counted
            )
            if cluster is None:
                raise NotFound
            found = (cluster,)
        else:
            found = clusters.every(scope=scope, now=now, findings=counted)
        return Asked(request, scope, now, found, path, values)


class ListQuestion(Question):
    """A question for a list: `page` returns the rows, `row` what is shown of each."""

    is_list = True
    may_be_cut = True
    row: Callable[[Any, Any], dict[str, Any]]

    def get(self, request: Request, **path: str) -> HttpResponseBase:
        if self.whole is None or request.GET.get("format") not in parameters.WHOLE:
            return super().get(request, **path)
        asked = self._asked(request._request, path)
        for name in _WITH_PAGES:
            if name in asked.request.GET:
                raise BadParameter(
                    f"{name} goes with format=json: csv and ndjson have all rows.",
                    parameter=name,
                )
        return self.whole(asked)

    def known_parameters(self) -> tuple[Parameter, ...]:
        fields = parameters.names(
            "fields",
            "Only these fields of each row, with commas between.",
            accepted=list(self.get_serializer_class()().fields),
        )
        return (
            *self.past_parameters(),
            *self.parameters,
            *((view_opening.VIEW,) if self.table else ()),
            parameters.limit(),
            CURSOR,
            fields,
            LIST_FORMAT if self.whole else FORMAT,
        )

    def other_formats(self, asked: Asked) -> dict[str, str]:
        if self.whole is None or asked.values.get("vs"):
            return {}
        return {asked.in_format(name): kind for name, kind in parameters.WHOLE.items()}

    def page(self, asked: Asked) -> Page[Any]:
        raise NotFound

    def body(self, asked: Asked) -> dict[str, Any]:
        page = self.page(asked)
        wanted = asked.values["fields"]
        cluster = asked.clusters[0] if asked.clusters else None
        rows = [type(self).row(each, cluster) for each in page.rows]
        if wanted:
            rows = [{name: row.get(name) for name in wanted} for row in rows]
        return {
            **self.age(asked),
            "next": asked.beside(page.next),
            "previous": asked.beside(page.previous),
            "results": rows,
        }


def age(asked: Asked) -> dict[str, Any]:
    """Return how old the answer is: of several clusters the oldest."""
    return {
        "as_of": freshness.as_of(asked.clusters),
        "stale": any(cluster.freshness.stale for cluster in asked.clusters),
    }
