"""What could not be read of a cluster."""

from dataclasses import dataclass, replace
from datetime import datetime

from django.db.models import Q

from ipamweb.mirror.models import Problem
from ipamweb.mirror.queries.clusters import ClusterRow
from ipamweb.mirror.queries.paging import FIRST_PAGE, Order, Page, Window, read_page
from ipamweb.mirror.scope import Scope

NEWEST_FIRST = Order("problems.newest", ("id",), descending=True)


@dataclass(frozen=True, slots=True)
class ProblemFilter:
    """Which problems are wanted: the open ones, or those that are over; of one kind of
    object, as pods, or "": of all."""

    resolved: bool = False
    kind: str = ""

    @property
    def of_kind(self) -> Q:
        return Q(kind=self.kind) if self.kind else Q()


OPEN = ProblemFilter()


@dataclass(frozen=True, slots=True)
class ProblemRow:
    """An object, or a field of it, that could not be read; open while `resolved_at` is
    None. Outside the scope of everything `object` and `why` are empty: they may name
    what a reader must not see. `last_seen` is None of the past: only the last is kept.
    """

    id: int
    kind: str
    object: str
    field: str
    why: str
    object_hidden: bool
    first_seen: datetime
    last_seen: datetime | None
    resolved_at: datetime | None


def listed(
    cluster: ClusterRow,
    *,
    scope: Scope,
    wanted: ProblemFilter = OPEN,
    window: Window = FIRST_PAGE,
) -> Page[ProblemRow]:
    """Return a page of the problems that are open, or over, newest first.

    One query.
    """
    return read_page(
        Problem.objects.filter(
            wanted.of_kind,
            cluster_id=cluster.id,
            resolved_at__isnull=not wanted.resolved,
        ),
        order=NEWEST_FIRST,
        window=window,
        build=lambda found: [_row(problem, scope) for problem in found],
    )


def listed_at(
    cluster: ClusterRow,
    *,
    at: datetime,
    scope: Scope,
    wanted: ProblemFilter = OPEN,
    window: Window = FIRST_PAGE,
) -> Page[ProblemRow]:
    """Return a page of the problems that were open at an instant, or that were over by
    then, newest first. One query."""
    known = Problem.objects.filter(
        wanted.of_kind, cluster_id=cluster.id, first_seen__lte=at
    )
    is_open = Q(resolved_at=None) | Q(resolved_at__gt=at)
    return read_page(
        known.exclude(is_open) if wanted.resolved else known.filter(is_open),
        order=NEWEST_FIRST,
        window=window,
        build=lambda found: [_row_at(problem, at, scope) for problem in found],
    )


def _row_at(problem: Problem, at: datetime, scope: Scope) -> ProblemRow:
    row = _row(problem, scope)
    over = row.resolved_at is not None and row.resolved_at <= at
    return row if over else replace(row, last_seen=None, resolved_at=None)


def _row(problem: Problem, scope: Scope) -> ProblemRow:
    shown = scope.everything
    return ProblemRow(
        id=problem.pk,
        kind=problem.kind,
        object=problem.object if shown else "",
        field=problem.field,
        why=problem.why if shown else "",
        object_hidden=not shown,
        first_seen=problem.first_seen,
        last_seen=problem.last_seen,
        resolved_at=problem.resolved_at,
    )
