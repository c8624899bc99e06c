"""A request for a page: which cluster, what the reader may see, and when it was asked.

One instant serves a whole page, so that no two ages on it disagree.
"""

from dataclasses import dataclass, replace
from datetime import datetime
from urllib.parse import quote

from django.http import Http404, HttpRequest
from django.utils.timezone import now as present

from ipamweb.access import visibility
from ipamweb.findings import queries as findings
from ipamweb.mirror.queries import clusters, compared_allocations, past
from ipamweb.mirror.queries.clusters import ClusterRow
from ipamweb.mirror.queries.past import Density, Known
from ipamweb.mirror.queries.past_filters import Times
from ipamweb.mirror.scope import Scope
from ipamweb.web import formatting, parameters
from ipamweb.web.pages.past import AROUND, BARS, text_of


@dataclass(frozen=True, slots=True)
class Visit:
    """A reader at an instant."""

    request: HttpRequest
    scope: Scope
    now: datetime


@dataclass(frozen=True, slots=True)
class ClusterVisit(Visit):
    """The same, at a cluster; `past` is set in past mode. `vs` is the other instant, on
    a page that shows two side by side: one of them is then always given."""

    cluster: ClusterRow
    past: "Past | None" = None
    vs: datetime | None = None
    beside: Known | None = None
    compares: bool = False

    @property
    def at(self) -> datetime | None:
        """The instant of the past that the page shows; None: the present, also on a
        page that can show nothing else."""
        return self.past.known.at if self.past and self.past.is_shown else None

    @property
    def times(self) -> Times:
        """The two instants that are compared, the earlier first."""
        assert self.vs is not None
        return compared_allocations.between(
            self.cluster, at=self.at, vs=self.vs, scope=self.scope
        )

    @property
    def is_later(self) -> bool:
        """Whether the instant shown is the later of the two."""
        return not (self.vs and self.at) or self.vs <= self.at

    def with_vs(self, api: str) -> str:
        """Return the path of a twin that compares the same two instants."""
        if self.vs is None:
            return api
        return f"{api}{'&' if '?' in api else '?'}vs={quote(text_of(self.vs))}"


@dataclass(frozen=True, slots=True)
class Past:
    """What a page in past mode says of its instant, and whether it can show it."""

    known: Known
    density: Density
    is_shown: bool


def visit(request: HttpRequest) -> Visit:
    return Visit(request, visibility.scope(request.user), present())


def cluster_visit(
    request: HttpRequest,
    slug: str,
    *,
    shows_past: bool = False,
    compares: bool = False,
) -> ClusterVisit:
    """Return the visit of a cluster; Http404 when there is none of this slug.

    `shows_past`: the page can show how it was at an instant; `compares`: two of them
    side by side, the last read where one is given. In past mode three queries more.
    """
    now = present()
    scope = visibility.scope(request.user)
    cluster = clusters.one(
        slug, scope=scope, now=now, findings=findings.open_of_cluster(scope=scope)
    )
    if cluster is None:
        raise Http404(f"There is no cluster {slug}.")
    at = parameters.instant(request, "at")
    vs = parameters.instant(request, "vs") if compares else None
    if vs and at is None:
        at = cluster.freshness.as_of
    here = ClusterVisit(request, scope, now, cluster, compares=compares)
    if at is None:
        return here
    beside = _beside(here, at, vs) if vs else None
    return replace(here, past=_past(here, at, shows_past), vs=vs, beside=beside)


def _beside(here: ClusterVisit, at: datetime, vs: datetime) -> Known:
    """Return how exactly the other instant is known. Before history starts nobody is
    known to have held anything: there is nothing to compare with."""
    start = here.cluster.freshness.history_from
    if start is None or min(at, vs) < start:
        since = f"starts {formatting.instant(start)}" if start else "has not begun"
        raise parameters.NotAccepted(
            f"vs: history {since}; of an instant before it there is nothing to compare."
        )
    return past.known(here.cluster, at=vs, scope=here.scope)


def _past(here: ClusterVisit, at: datetime, is_shown: bool) -> Past:
    return Past(
        known=past.known(here.cluster, at=at, scope=here.scope),
        density=past.density(
            here.cluster,
            since=at - AROUND,
            until=at + AROUND,
            parts=BARS,
            scope=here.scope,
        ),
        is_shown=is_shown,
    )
