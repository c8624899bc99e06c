"""When we did not see a cluster."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet

from ipamweb.mirror.models import CoverageGap
from ipamweb.mirror.queries.clusters import ClusterRow
from ipamweb.mirror.queries.paging import FIRST_PAGE, Order, Page, Window, read_page
from ipamweb.mirror.queries.sequences import begun_for
from ipamweb.mirror.queries.visibility import shown_words
from ipamweb.mirror.scope import Scope

NEWEST_FIRST = Order("gaps.newest", ("started_at", "id"), descending=True)
# Of the gaps beside one address's history: more cannot be told apart in a picture.
MOST_BESIDE_A_HISTORY = 200


@dataclass(frozen=True, slots=True)
class GapFilter:
    """Which gaps are wanted: those that overlap the time from `since` to `until`, each
    of which may be None; a gap that is open ends never."""

    since: datetime | None = None
    until: datetime | None = None


ALL = GapFilter()


@dataclass(frozen=True, slots=True)
class GapRow:
    """A gap from `started_at` up to `ended_at`, open while that is None.

    `lost_events`: what came and went inside was never seen; otherwise the stream went
    on unbroken and only times are less exact.
    """

    id: int
    cluster_id: int
    started_at: datetime
    ended_at: datetime | None
    reason: str
    message: str
    lost_events: bool


def listed(
    cluster: ClusterRow,
    *,
    scope: Scope,
    wanted: GapFilter = ALL,
    window: Window = FIRST_PAGE,
    at: datetime | None = None,
) -> Page[GapRow]:
    """Return a page of a cluster's gaps, newest first; `at`: those that had begun at
    that instant, as they were known then.

    One query, of the rows of the page along the index of when they began: it starts at
    `until` and ends with the last that began before `since`.
    """
    return read_page(
        _matching(cluster, wanted, at),
        order=NEWEST_FIRST,
        window=window,
        build=lambda found: [_known_at(_row(gap, scope), at) for gap in found],
    )


def _matching(
    cluster: ClusterRow, wanted: GapFilter, at: datetime | None
) -> QuerySet[CoverageGap, CoverageGap]:
    query = begun_for(
        CoverageGap.objects.filter(cluster_id=cluster.id),
        since=wanted.since,
        until=wanted.until,
    )
    if wanted.since:
        query = query.filter(Q(ended_at=None) | Q(ended_at__gt=wanted.since))
    return query.filter(started_at__lte=at) if at else query


def _known_at(row: GapRow, at: datetime | None) -> GapRow:
    """Return a gap as it was known at an instant: open while it had not ended."""
    if at is None or row.ended_at is None or row.ended_at <= at:
        return row
    return replace(row, ended_at=None)


def since(
    moment: datetime, *, cluster_ids: Sequence[int], scope: Scope
) -> tuple[GapRow, ...]:
    """Return the gaps that end after a moment or are open, oldest first. One query.

    The newest MOST_BESIDE_A_HISTORY of them.
    """
    query = CoverageGap.objects.filter(
        Q(ended_at=None) | Q(ended_at__gt=moment), cluster_id__in=cluster_ids
    ).order_by("-started_at", "-id")[:MOST_BESIDE_A_HISTORY]
    return tuple(reversed([_row(gap, scope) for gap in query]))


def at(
    moment: datetime, *, cluster_ids: Sequence[int], scope: Scope
) -> tuple[GapRow, ...]:
    """Return the gaps that hold a moment, one a cluster at most. One query."""
    query = CoverageGap.objects.filter(
        Q(ended_at=None) | Q(ended_at__gt=moment),
        cluster_id__in=cluster_ids,
        started_at__lte=moment,
    )
    return tuple(_row(gap, scope) for gap in query.order_by("started_at", "id"))


def was_seen(moment: datetime, *, cluster_id: int, scope: Scope) -> bool:
    """Say whether a moment lies in no gap that lost events: in one, others may have
    come and gone. One query."""
    found = at(moment, cluster_ids=[cluster_id], scope=scope)
    return not any(gap.lost_events for gap in found)


def _row(gap: Any, scope: Scope) -> GapRow:
    return GapRow(
        id=gap.pk,
        cluster_id=gap.cluster_id,
        started_at=gap.started_at,
        ended_at=gap.ended_at,
        reason=gap.reason,
        message=shown_words(gap.message, scope, instead="It could not be read."),
        lost_events=gap.recovered_by != "watch",
    )
