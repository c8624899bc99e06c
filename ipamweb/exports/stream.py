"""An export on its way to a reader: begun, sent, and written down as whole or broken.

What breaks is raised, so that the server cuts the connection before the last chunk: to
whoever reads it a broken export never looks whole.
"""

import logging
from collections.abc import Generator, Iterator
from datetime import datetime

from ipamweb.access.models import User
from ipamweb.exports import making, records
from ipamweb.exports.making import Read, Tally
from ipamweb.exports.models import RUNNING, ExportJob
from ipamweb.exports.wishes import Wish
from ipamweb.mirror.scope import Scope

log = logging.getLogger(__name__)


class Sent:
    """The bytes of an export that has begun. Whoever takes them closes it: it is broken
    then, unless all of them were taken.

    No bare generator: one that is closed before its first byte is not told, and its
    export would be said to run on.
    """

    def __init__(self, job: ExportJob, wish: Wish, reading: Read) -> None:
        self._job, self._reading, self._tally = job, reading, Tally()
        self._parts = _parts(job, wish, reading, tally=self._tally)

    def __iter__(self) -> Iterator[bytes]:
        return self

    def __next__(self) -> bytes:
        return next(self._parts)

    def close(self) -> None:
        self._parts.close()
        self._reading.close()
        if self._job.state == RUNNING:
            records.break_off(self._job, self._tally, why="the reader left")


def begin(
    wish: Wish, *, by: User | None, scope: Scope, now: datetime
) -> tuple[ExportJob, Sent]:
    """Return the row of an export and its bytes. Raises what making.read raises."""
    reading = making.read(wish, scope=scope, now=now)
    job = records.start(wish, by=by, clusters=reading.clusters)
    return job, Sent(job, wish, reading)


def _parts(
    job: ExportJob, wish: Wish, reading: Read, *, tally: Tally
) -> Generator[bytes]:
    try:
        yield from body(job, wish, reading, tally=tally)
        if summary := reading.encoder.summary(records.finish(job, tally)):
            yield summary
    except Exception as error:
        log.error("export %s broke after %s rows", job.pk, tally.rows, exc_info=error)
        records.break_off(job, tally, why=type(error).__name__)
        raise


def body(job: ExportJob, wish: Wish, reading: Read, *, tally: Tally) -> Iterator[bytes]:
    """Yield all of an export but for its summary, which is made when it is finished."""
    found = making.parts(reading, tally, about=records.about(job))
    if wish.format != "zip":
        return found
    name = records.file_name(job).removesuffix("zip") + "csv"
    return making.zipped(
        found,
        name=name,
        at=job.started_at,
        manifest=lambda: records.manifest(job, tally, file=name),
    )
