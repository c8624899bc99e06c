"""What each poll of a cluster did."""

from dataclasses import dataclass
from datetime import datetime

from ipamweb.mirror.models import SyncRun
from ipamweb.mirror.queries.clusters import ClusterRow
from ipamweb.mirror.queries.paging import FIRST_PAGE, Order, Page, Window, read_page
from ipamweb.mirror.queries.visibility import shown_words
from ipamweb.mirror.scope import Scope

NEWEST_FIRST = Order("runs.newest", ("id",), descending=True)


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
    window: Window = FIRST_PAGE,
    at: datetime | None = None,
) -> Page[RunRow]:
    """Return a page of a cluster's runs, newest first; `at`: those that had ended by
    that instant, for of a run that went on it is not kept how far it was. One query."""
    query = SyncRun.objects.filter(cluster_id=cluster.id)
    return read_page(
        query.filter(ended_at__lte=at) if at else query,
        order=NEWEST_FIRST,
        window=window,
        build=lambda found: [_row(run, scope) for run in found],
    )


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
