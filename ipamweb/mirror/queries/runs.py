"""What each poll of a cluster did."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet

from ipamweb.mirror.models import SyncRun
from ipamweb.mirror.models.runs import RUN_KINDS, RUN_OUTCOMES
from ipamweb.mirror.queries.clusters import ClusterRow
from ipamweb.mirror.queries.paging import FIRST_PAGE, Order, Page, Window, read_page
from ipamweb.mirror.queries.sequences import begun_for
from ipamweb.mirror.queries.visibility import shown_words
from ipamweb.mirror.scope import Scope

# What a run can be asked for by.
KINDS, OUTCOMES = RUN_KINDS, RUN_OUTCOMES
NEWEST_FIRST = Order("runs.latest", ("started_at", "id"), descending=True)


@dataclass(frozen=True, slots=True)
class RunFilter:
    """Which runs are wanted; empty means all. `kind` is a word of KINDS, `outcome` of
    OUTCOMES; `since` and `until`: what went on at any time between the two."""

    kind: str = ""
    outcome: str = ""
    since: datetime | None = None
    until: datetime | None = None


ALL = RunFilter()


@dataclass(frozen=True, slots=True)
class RunRow:
    """A poll; `polls` of them in a row that changed nothing are one run."""

    id: int
    kind: str
    outcome: str
    started_at: datetime
    ended_at: datetime
    seconds: float
    polls: int
    opened: int
    changed: int
    closed: int
    unchanged: int
    problems: int
    gaps: int
    error: str
    generation: int


def listed(
    cluster: ClusterRow,
    *,
    scope: Scope,
    wanted: RunFilter = ALL,
    window: Window = FIRST_PAGE,
    at: datetime | None = None,
) -> Page[RunRow]:
    """Return a page of a cluster's runs, newest first; `at`: those that had ended by
    that instant, for of a run that went on it is not kept how far it was.

    One query, of the rows of the page along the index of when they began, of all, of a
    kind or of an outcome; where both are asked for, of the rarer, and what has not the
    other is passed over. Nothing outside of a window is read.
    """
    return read_page(
        _matching(cluster, wanted, at),
        order=NEWEST_FIRST,
        window=window,
        build=lambda found: [_row(run, scope) for run in found],
    )


def _matching(
    cluster: ClusterRow, wanted: RunFilter, at: datetime | None
) -> QuerySet[SyncRun, SyncRun]:
    query = begun_for(
        SyncRun.objects.filter(cluster_id=cluster.id),
        since=wanted.since,
        until=min(filter(None, (wanted.until, at)), default=None),
    )
    if wanted.since:
        query = query.filter(ended_at__gte=wanted.since)
    if wanted.kind:
        query = query.filter(kind=wanted.kind)
    if wanted.outcome:
        query = query.filter(outcome=wanted.outcome)
    return query.filter(ended_at__lte=at) if at else query


def _row(run: SyncRun, scope: Scope) -> RunRow:
    return RunRow(
        id=run.pk,
        kind=run.kind,
        outcome=run.outcome,
        started_at=run.started_at,
        ended_at=run.ended_at,
        seconds=run.seconds,
        polls=run.polls,
        opened=run.opened,
        changed=run.changed,
        closed=run.closed,
        unchanged=run.unchanged,
        problems=run.problems,
        gaps=run.gaps,
        error=shown_words(run.error, scope, instead="The poll failed."),
        generation=run.generation,
    )
