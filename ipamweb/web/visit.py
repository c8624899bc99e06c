"""A request for a page: which cluster, what the reader may see, and when it was asked.

One instant serves a whole page, so that no two ages on it disagree.
"""

from dataclasses import dataclass, replace
from datetime import datetime

from django.http import Http404, HttpRequest
from django.utils.timezone import now as present

from ipamweb.access import visibility
from ipamweb.findings import queries as findings
from ipamweb.mirror.queries import clusters, past
from ipamweb.mirror.queries.clusters import ClusterRow
from ipamweb.mirror.queries.past import Density, Known
from ipamweb.mirror.scope import Scope
from ipamweb.web import parameters
from ipamweb.web.pages.past import AROUND, BARS


@dataclass(frozen=True, slots=True)
class Visit:
    """A reader at an instant."""

    request: HttpRequest
    scope: Scope
    now: datetime


@dataclass(frozen=True, slots=True)
class ClusterVisit(Visit):
    """The same, at a cluster; `past` is set in past mode."""

    cluster: ClusterRow
    past: "Past | None" = None

    @property
    def at(self) -> datetime | None:
        """The instant of the past that the page shows; None: the present, also on a
        page that can show nothing else."""
        return self.past.known.at if self.past and self.past.is_shown else None


@dataclass(frozen=True, slots=True)
class Past:
    """What a page in past mode says of its instant, and whether it can show it."""

    known: Known
    density: Density
    is_shown: bool


def visit(request: HttpRequest) -> Visit:
    return Visit(request, visibility.scope(request.user), present())


def cluster_visit(
    request: HttpRequest, slug: str, *, shows_past: bool = False
) -> ClusterVisit:
    """Return the visit of a cluster; Http404 when there is none of this slug.

    `shows_past`: the page can show how it was at an instant. In past mode three queries
    more.
    """
    now = present()
    scope = visibility.scope(request.user)
    cluster = clusters.one(
        slug, scope=scope, now=now, findings=findings.open_of_cluster(scope=scope)
    )
    if cluster is None:
        raise Http404(f"There is no cluster {slug}.")
    at = parameters.instant(request, "at")
    here = ClusterVisit(request, scope, now, cluster)
    return replace(here, past=_past(here, at, shows_past)) if at else here


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
