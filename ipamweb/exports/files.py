"""Files that are made in the background, in pieces, and kept for a day.

A process that takes one up gives it a turn of its own: one that was thought dead, and
is not, writes no further piece. A file that is begun again begins from the start.
"""

import logging
import zlib
from collections.abc import Iterator
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F, Q, Sum
from django.utils import timezone

from ipamweb.access import visibility
from ipamweb.access.models import User
from ipamweb.exports import making, records, stream, wishes
from ipamweb.exports.making import Tally
from ipamweb.exports.models import (
    FINISHED,
    RUNNING,
    WAITING,
    ExportJob,
    ExportPiece,
)
from ipamweb.exports.records import Superseded
from ipamweb.mirror.scope import Scope

log = logging.getLogger(__name__)
KEPT = timedelta(days=1)
# Between two pieces a process of ours is never silent for so long.
DEAD_AFTER = timedelta(minutes=2)
PIECE = 1_000_000
# Of one user: who asks for more waits for these.
MOST_WAITING = 5


def make_waiting() -> int:
    """Make the files that wait, the oldest first; return how many."""
    made = 0
    while job := _taken_up(timezone.now()):
        make(job)
        made += 1
    return made


def _taken_up(now: datetime) -> ExportJob | None:
    """Return a job that is this process's from now on; None where none waits."""
    waiting = Q(state=WAITING) | Q(state=RUNNING, seen_at__lt=now - DEAD_AFTER)
    jobs = ExportJob.objects.filter(waiting, in_background=True)
    while job := jobs.order_by("id").first():
        taken = ExportJob.objects.filter(pk=job.pk, turn=job.turn, state=job.state)
        if taken.update(turn=F("turn") + 1, state=RUNNING, seen_at=now):
            job.refresh_from_db()
            return job
    return None


def make(job: ExportJob) -> None:
    """Make the file of a job that was taken up."""
    tally = Tally()
    ExportPiece.objects.filter(job=job).exclude(turn=job.turn).delete()
    try:
        _make(job, tally)
    except Superseded:
        log.warning("export %s is made by another process", job.pk)
    except Exception as error:
        log.error("export %s broke after %s rows", job.pk, tally.rows, exc_info=error)
        records.break_off(job, tally, why=type(error).__name__)
        raise


def _make(job: ExportJob, tally: Tally) -> None:
    wish, scope = wishes.read(job.wish), _scope(job)
    reading = making.read(wish, scope=scope, now=timezone.now())
    job.clusters = records.as_of(reading.clusters)
    job.saw_everything = scope.everything
    job.saw_namespaces = sorted(scope.namespaces)
    job.save(update_fields=["clusters", "saw_everything", "saw_namespaces"])
    number, waiting = 0, bytearray()
    for data in stream.body(job, wish, reading, tally=tally):
        waiting += data
        if len(waiting) >= PIECE:
            _keep(job, number, bytes(waiting), tally)
            number, waiting = number + 1, bytearray()
    with transaction.atomic():
        waiting += reading.encoder.summary(records.finish(job, tally))
        _write(job, number, bytes(waiting))


def _scope(job: ExportJob) -> Scope:
    """Return what the maker may see now. Raises PermissionError for who may not ask
    any more."""
    user = job.maker
    if user is None or not user.is_active:
        raise PermissionError("who asked for it may not sign in any more")
    if job.wish["what"] == "audit" and not visibility.sees_everything(user):
        raise PermissionError("who asked for it may not read the audit log any more")
    return visibility.scope(user)


def _keep(job: ExportJob, number: int, data: bytes, tally: Tally) -> None:
    """Write a piece and how far it is. Raises Superseded."""
    with transaction.atomic():
        mine = ExportJob.objects.filter(pk=job.pk, turn=job.turn, state=RUNNING)
        if not mine.update(rows=tally.rows, size=tally.size, seen_at=timezone.now()):
            raise Superseded
        _write(job, number, data)


def _write(job: ExportJob, number: int, data: bytes) -> None:
    ExportPiece.objects.create(
        job=job,
        turn=job.turn,
        number=number,
        length=len(data),
        content=zlib.compress(data, 1),
    )


def may_fetch(job: ExportJob, user: User) -> bool:
    """Say whether a user may have the file: its maker, who still sees all that is in
    it."""
    if job.maker_id != user.pk or job.state != FINISHED or not job.in_background:
        return False
    scope = visibility.scope(user)
    if scope.everything:
        return True
    if job.wish["what"] == "audit" or job.saw_everything:
        return False
    return scope.namespaces >= {(pk, uid) for pk, uid in job.saw_namespaces}


def length(job: ExportJob) -> int:
    """Return the bytes of a file; 0 where it is not kept any more."""
    found = job.pieces.filter(turn=job.turn).aggregate(bytes=Sum("length"))
    return found["bytes"] or 0


def content(job: ExportJob) -> Iterator[bytes]:
    """Yield the pieces of a file."""
    number = 0
    while piece := job.pieces.filter(turn=job.turn, number=number).first():
        yield zlib.decompress(piece.content)
        number += 1


def forget(*, now: datetime, records_until: datetime) -> dict[str, int]:
    """Remove files that were kept for a day, and records of before a time; return how
    many rows went. What never ended is written down as broken."""
    old = ExportJob.objects.filter(started_at__lt=now - KEPT)
    for job in old.filter(state__in=(WAITING, RUNNING)):
        records.break_off(job, Tally(job.rows), why="its process ended")
    pieces, _ = ExportPiece.objects.filter(job__in=old).delete()
    ExportJob.objects.filter(started_at__lt=records_until).delete()
    return {"pieces of exports": pieces}
