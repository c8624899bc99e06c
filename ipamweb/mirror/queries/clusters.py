"""The clusters, and how fresh what we know of each is."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db.models import (
    Count,
    IntegerField,
    OuterRef,
    QuerySet,
    Subquery,
    Value,
)
from django.db.models.functions import Coalesce

from ipamweb.mirror.models import Cluster, ClusterVersion, CoverageGap, Pool
from ipamweb.mirror.queries.paging import Order, Page, Window, read_page
from ipamweb.mirror.queries.visibility import shown_words
from ipamweb.mirror.scope import Scope

# The least age that makes a cluster stale, whatever the poll interval.
LEAST_STALE_SECONDS = 30
# What it said may hold names: a namespace that we may not list, say.
_NOT_READ = "It could not be read."
# Two sub-selects: how many, and a number that changes whenever they do.
Counted = tuple[Value | Coalesce, Value | Coalesce]
NOTHING: Counted = (Value(0), Value(0))
BY_SLUG = Order("clusters.slug", ("slug",))


@dataclass(frozen=True, slots=True)
class Freshness:
    """How old an answer is, and what stands in the way of a newer one.

    `gap_since` is set while we do not see the cluster. `first_as_of` is when we first
    saw it, `history_from` where what retention left of history starts; like `as_of`
    they are None before the first good poll.
    """

    generation: int
    as_of: datetime | None
    first_as_of: datetime | None
    history_from: datetime | None
    last_poll_at: datetime | None
    stale: bool
    paused: bool
    gap_since: datetime | None
    gap_reason: str
    last_error: str
    last_error_kind: str
    retry_at: datetime | None


@dataclass(frozen=True, slots=True)
class HeldRelease:
    """A mass release that the brake holds back: `count` of `of` open allocations."""

    at: datetime
    count: int
    of: int


@dataclass(frozen=True, slots=True)
class Fact:
    """Something detected of a cluster, and the place it was read."""

    name: str
    value: str
    read_from: str


@dataclass(frozen=True, slots=True)
class ClusterRow:
    """A cluster with its counters; `gaps` is the number of recorded ones.

    `namespaces` is empty for a reader who does not see everything. `at` is the instant
    that maps show the cluster at; None: now. `vs` is the other that they compare it
    with. `findings` is what the caller has counted
    with each cluster, 0 where it does not.
    """

    id: int
    slug: str
    name: str
    identity: str
    server_version: str
    systems: tuple[str, ...]
    mode: str
    families: tuple[int, ...]
    namespaces: tuple[str, ...]
    nodes: int
    pods: int
    allocations: int
    pools: int
    gaps: int
    freshness: Freshness
    held_release: HeldRelease | None
    at: datetime | None = None
    vs: datetime | None = None
    findings: int = 0
    findings_revision: int = 0

    def seen_at(self, moment: datetime) -> datetime:
        """Return the instant whose numbers answer for a moment: itself, or that of the
        last read where it lies behind it."""
        last = self.freshness.as_of
        return min(moment, last) if last else moment

    def looked_at(
        self, moment: datetime | None, vs: datetime | None = None
    ) -> "ClusterRow":
        """Return the cluster as maps show it of a moment; None: of now. Beside another
        instant (`vs`) now is the last read."""
        shown = moment or (self.freshness.as_of if vs else None)
        return replace(
            self,
            at=self.seen_at(shown) if shown else None,
            vs=self.seen_at(vs) if vs and shown else None,
        )


@dataclass(frozen=True, slots=True)
class ClusterFilter:
    """Which clusters are wanted; empty, and of `stale` None, means all. `system` is one
    of its systems, `q` a part of the slug or the name."""

    system: str = ""
    stale: bool | None = None
    q: str = ""


ALL = ClusterFilter()


def stale_after() -> timedelta:
    """Return the age from which a cluster is stale: three polls missed, or 30 s."""
    seconds = max(3 * settings.IPAMWEB_POLL_SECONDS, LEAST_STALE_SECONDS)
    return timedelta(seconds=seconds)


def every(
    *, scope: Scope, now: datetime, findings: Counted = NOTHING
) -> tuple[ClusterRow, ...]:
    """Return all clusters by slug. One query."""
    found = _clusters(findings).order_by("slug")
    return tuple(_row(cluster, now, scope) for cluster in found)


def chosen(
    found: Iterable[ClusterRow], *, wanted: ClusterFilter
) -> tuple[ClusterRow, ...]:
    """Return those of some clusters that pass a filter, by what each row says."""
    text = wanted.q.casefold()
    return tuple(
        each
        for each in found
        if wanted.system in ("", *each.systems)
        and wanted.stale in (None, each.freshness.stale)
        and (text in each.slug or text in each.name.casefold())
    )


def listed(
    *,
    scope: Scope,
    now: datetime,
    window: Window,
    findings: Counted = NOTHING,
    ids: Collection[int] | None = None,
) -> Page[ClusterRow]:
    """Return a page of the clusters by slug, all or those of some ids. One query."""
    query = _clusters(findings)
    return read_page(
        query if ids is None else query.filter(pk__in=ids),
        order=BY_SLUG,
        window=window,
        build=lambda found: [_row(cluster, now, scope) for cluster in found],
    )


def one(
    slug: str, *, scope: Scope, now: datetime, findings: Counted = NOTHING
) -> ClusterRow | None:
    """Return a cluster; None when there is none of this slug. One query.

    `findings` are sub-selects of something that is counted with each cluster.
    """
    found = _clusters(findings).filter(slug=slug).first()
    return _row(found, now, scope) if found else None


def facts(cluster: ClusterRow, *, scope: Scope) -> tuple[Fact, ...]:
    """Return what is detected of the cluster now, in the order it was read.

    One query.
    """
    version = ClusterVersion.objects.filter(cluster_id=cluster.id, valid_to=None).last()
    return tuple(Fact(*fact) for fact in version.facts) if version else ()


def _clusters(findings: Counted) -> QuerySet[Cluster, Cluster]:
    open_gap = CoverageGap.objects.filter(cluster=OuterRef("pk"), ended_at=None)
    return Cluster.objects.annotate(
        pool_count=_count(Pool.objects.filter(cluster=OuterRef("pk"), gone_at=None)),
        gap_count=_count(CoverageGap.objects.filter(cluster=OuterRef("pk"))),
        gap_since=Subquery(open_gap.values("started_at")[:1]),
        gap_reason=Subquery(open_gap.values("reason")[:1]),
        finding_count=findings[0],
        finding_revision=findings[1],
    )


def _count(query: QuerySet[Any, Any]) -> Coalesce:
    """Return a sub-select that counts rows of which a cluster has few."""
    counted = query.order_by().values("cluster").annotate(n=Count("pk")).values("n")
    return Coalesce(Subquery(counted, output_field=IntegerField()), 0)


def _row(cluster: Any, now: datetime, scope: Scope) -> ClusterRow:
    return ClusterRow(
        id=cluster.pk,
        slug=cluster.slug,
        name=cluster.name,
        identity=cluster.identity,
        server_version=cluster.server_version,
        systems=tuple(cluster.systems),
        mode=cluster.mode,
        families=tuple(cluster.families),
        namespaces=tuple(cluster.namespaces) if scope.everything else (),
        nodes=cluster.node_count,
        pods=cluster.pod_count,
        allocations=cluster.allocation_count,
        pools=cluster.pool_count,
        gaps=cluster.gap_count,
        freshness=_freshness(cluster, now, scope),
        held_release=_held_release(cluster),
        findings=cluster.finding_count,
        findings_revision=cluster.finding_revision,
    )


def _freshness(cluster: Any, now: datetime, scope: Scope) -> Freshness:
    return Freshness(
        generation=cluster.generation,
        as_of=cluster.as_of,
        first_as_of=cluster.first_as_of,
        history_from=_history_from(cluster),
        last_poll_at=cluster.last_poll_at,
        stale=cluster.as_of is None or now - cluster.as_of > stale_after(),
        paused=cluster.paused,
        gap_since=cluster.gap_since,
        gap_reason=cluster.gap_reason or "",
        last_error=shown_words(cluster.last_error, scope, instead=_NOT_READ),
        last_error_kind=cluster.last_error_kind,
        retry_at=cluster.retry_at,
    )


def _history_from(cluster: Cluster) -> datetime | None:
    if cluster.first_as_of is None or cluster.pruned_to is None:
        return cluster.first_as_of
    return max(cluster.first_as_of, cluster.pruned_to)


def _held_release(cluster: Cluster) -> HeldRelease | None:
    if cluster.held_release_at is None:
        return None
    return HeldRelease(
        cluster.held_release_at, cluster.held_release_count, cluster.held_release_of
    )
