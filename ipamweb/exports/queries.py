"""The records of exports: for their makers, and all of them for auditors."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, Max, QuerySet, Sum

from ipamweb.access import visibility
from ipamweb.access.models import User
from ipamweb.exports import files, records
from ipamweb.exports.models import FINISHED, ExportJob
from ipamweb.mirror.queries.paging import Order, Page, Window, read_page

NEWEST_FIRST = Order("exports", ("id",), descending=True)


@dataclass(frozen=True, slots=True)
class JobRow:
    """An export; `is_kept`: it was made in the background, and this reader may have it
    while it is kept."""

    id: int
    what: str
    format: str
    raw: bool
    state: str
    in_background: bool
    made_by: str
    about: dict[str, Any]
    started_at: datetime
    ended_at: datetime | None
    rows: int
    rows_expected: int | None
    size: int
    sha256: str
    why: str
    is_kept: bool


@dataclass(frozen=True, slots=True)
class JobFilter:
    """Which exports are wanted, by list and by state; empty means all."""

    what: str = ""
    state: str = ""


ALL = JobFilter()


def listed(
    user: User, *, now: datetime, window: Window, wanted: JobFilter = ALL
) -> Page[JobRow]:
    """Return a page of the exports that a user may know of, newest first. One query,
    along the index of the rarest of maker, list and state."""
    query = _known_to(user)
    if wanted.what:
        query = query.filter(what=wanted.what)
    if wanted.state:
        query = query.filter(state=wanted.state)
    return read_page(
        query,
        order=NEWEST_FIRST,
        window=window,
        build=lambda found: [_row(each, user, now) for each in found],
    )


def one(number: int, user: User, *, now: datetime) -> JobRow | None:
    """Return an export that a user may know of. One query."""
    found = _known_to(user).filter(pk=number).first()
    return _row(found, user, now) if found else None


def file_of(number: int, user: User) -> ExportJob | None:
    """Return an export whose file a user may have. Up to three queries."""
    found = _known_to(user).filter(pk=number).first()
    return found if found and files.may_fetch(found, user) else None


def waiting(user: User) -> int:
    """Return how many files a user waits for. One query."""
    mine = ExportJob.objects.filter(maker=user, in_background=True)
    return mine.exclude(ended_at__isnull=False).count()


def state(user: User) -> list[Any]:
    """Return what changes with the exports that a user may know of. One query."""
    found = _known_to(user).aggregate(
        Count("id"), Max("id"), Sum("rows"), Max("ended_at"), Max("seen_at")
    )
    return [str(each) for each in found.values()]


def _known_to(user: User) -> QuerySet[ExportJob, ExportJob]:
    query = ExportJob.objects.select_related("maker")
    return query if visibility.sees_everything(user) else query.filter(maker=user)


def _row(job: ExportJob, user: User, now: datetime) -> JobRow:
    is_kept = (
        job.in_background
        and job.state == FINISHED
        and job.maker_id == user.pk
        and job.started_at > now - files.KEPT
    )
    return JobRow(
        id=job.pk,
        what=job.what,
        format=job.wish["format"],
        raw=job.wish["raw"],
        state=job.state,
        in_background=job.in_background,
        made_by=job.maker.get_username() if job.maker else "",
        about=records.about(job),
        started_at=job.started_at,
        ended_at=job.ended_at,
        rows=job.rows,
        rows_expected=job.rows_expected,
        size=job.size,
        sha256=job.sha256,
        why=job.why,
        is_kept=is_kept,
    )
