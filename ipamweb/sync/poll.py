"""One poll of one cluster: take the lease, read, plan, write, say what happened.

Short and idempotent: it may be run twice, or be killed at any instant. Errors of a
cluster are recorded and end the poll; only what is proven is written. Not here: when a
cluster is polled (schedule.py, tasks.py).
"""

import logging
import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from ipamweb.access.models import ClusterConnection
from ipamweb.addressing.records import Problem
from ipamweb.cluster import detection
from ipamweb.cluster.access import Session
from ipamweb.cluster.errors import (
    ClusterError,
    Expired,
    IdentityMismatch,
    NotAllowed,
    NotInstalled,
)
from ipamweb.mirror.models import Cluster, Cursor
from ipamweb.mirror.models.runs import COMPLETE, FAILED
from ipamweb.sync import (
    collector,
    configuration,
    detected,
    lease,
    outcome,
    replaced,
    sessions,
    statistics,
    turns,
)
from ipamweb.sync.apply import Tally
from ipamweb.sync.cursors import move_cursors
from ipamweb.sync.gather import (
    Gathered,
    Source,
    gather_between,
    gather_drain,
    gather_list,
)
from ipamweb.sync.outcome import PollResult
from ipamweb.sync.pace import Pace, usual_pace
from ipamweb.sync.pools import move_into_pools
from ipamweb.sync.problems import ProblemReport, write_problems
from ipamweb.sync.release import ReleaseHeld, check_release, settle_release
from ipamweb.sync.write import Writer

log = logging.getLogger(__name__)

# Written in this order, so that most rows find their place; taken away in reverse.
ORDER = ("namespaces", "nodes", "ciliumnodes", "pods", "ciliumendpoints")

Clock = Callable[[], datetime]


def utc_now() -> datetime:
    return datetime.now(UTC)


def poll(
    connection: ClusterConnection,
    *,
    complete: bool = False,
    clock: Clock = utc_now,
    pace: Pace | None = None,
) -> PollResult:
    """Bring the mirror of one cluster up to now, and return what was done.

    Never raises for what a cluster does or does not do: the result says so, and the
    cluster's error, gap and run are stored. Where another worker holds the lease, and
    where the cluster was paused or removed since `connection` was read, the outcome
    says so and nothing is asked.
    """
    collector.look_seldom()
    result = PollResult(connection.slug)
    try:
        turn = turns.take(connection, clock=clock)
    except turns.NoTurn as refusal:
        result.outcome, result.error = refusal.outcome, str(refusal)
        return result
    cluster, held = turn.cluster, turn.held
    started, ticks = clock(), time.monotonic()
    try:
        _Poll(turn, result, complete, pace or usual_pace()).run()
    except lease.LeaseLost as error:
        result.outcome, result.error = FAILED, str(error)
    except Exception as error:
        if not isinstance(error, ClusterError | ReleaseHeld):
            log.exception("poll of %s failed", cluster.slug)
        result.seconds = time.monotonic() - ticks
        _record(cluster, held, error, result, started)
        if not isinstance(error, ClusterError | ReleaseHeld):
            raise
    finally:
        lease.abandon(held)
    result.seconds = time.monotonic() - ticks
    return result


def _record(
    cluster: Cluster,
    held: lease.Held,
    error: Exception,
    result: PollResult,
    started: datetime,
) -> None:
    try:
        with lease.writing(held):
            cluster.refresh_from_db()
            outcome.record_failure(
                cluster, error, result=result, started=started, now=held.clock()
            )
            lease.leave(held)
    except lease.LeaseLost as lost:
        result.outcome, result.error = FAILED, str(lost)


@dataclass(slots=True)
class _Poll:
    turn: turns.Turn
    result: PollResult
    complete: bool
    pace: Pace
    cursors: dict[str, Cursor] = field(default_factory=dict)
    found: detection.Detection | None = None
    # What is to be said of the cluster: optional kinds that may not be read, or are not
    # served; a system that was replaced.
    missed: list[Problem] = field(default_factory=list)

    @property
    def cluster(self) -> Cluster:
        return self.turn.cluster

    @property
    def held(self) -> lease.Held:
        return self.turn.held

    @property
    def clock(self) -> Clock:
        return self.held.clock

    def run(self) -> None:
        started, ticks = self.clock(), time.monotonic()
        self._note_silence()
        session = sessions.session_of(self.turn.connection)
        self._check_identity(session)
        self.cursors = {each.kind: each for each in self.cluster.cursors.all()}
        patient = detected.Patient(session, self._keep_lease)
        self.complete = (
            self.complete
            or self._list_is_due(started)
            or configuration.has_changed(self.cluster, patient, now=started)
        )
        if self.complete:
            self.found = detected.detect(self.cluster, patient)
            configuration.note_detection(self.cluster, self.found, now=started)
        gathered = self._retire()
        try:
            self._gather(session, gathered)
            if any(each.listed for each in gathered):
                # Between the pages another cluster may have taken the address over.
                self._check_identity(session)
            self._write(gathered, started, ticks)
        finally:
            for each in gathered:
                each.close()

    def _retire(self) -> list[Gathered]:
        """Return the end of what went with a system that was replaced, if one was."""
        cluster, found, known = self.cluster, self.found, self.cursors
        if found is None:
            return []
        before = {*cluster.kinds, *known}
        kinds = replaced.retired_kinds(cluster, found, before=before, held=self.held)
        if kinds:
            self.missed.append(replaced.notice(cluster, found, kinds))
        now = self.clock()
        return [
            replaced.gather_retired(cluster, kind, cursor=known.get(kind), now=now)
            for kind in kinds
        ]

    def _note_silence(self) -> None:
        """Tell of a poll that was cut off, and of a while in which nobody polled."""
        message = "the mirror was not running, or was paused"
        if cut_off_at := self.held.cut_off_at:
            message = outcome.CUT_OFF
            with lease.writing(self.held):
                outcome.record_cut_off(self.cluster, at=cut_off_at)
        last, now = self.cluster.as_of, self.clock()
        quiet = max(timedelta(seconds=30), 3 * self.pace.interval)
        if last is not None and now - last > quiet:
            with lease.writing(self.held):
                outcome.open_gap(
                    self.cluster,
                    reason="not-polled",
                    message=message,
                    now=now,
                )

    def _check_identity(self, session: Session) -> None:
        found = detection.identity(session)
        pinned = self.cluster.identity or (self.found.identity if self.found else "")
        if pinned and found != pinned:
            raise IdentityMismatch(
                self.cluster.slug,
                action="go on mirroring",
                why="another cluster answers at this address (the UID of namespace"
                f" kube-system is {found}, it was {pinned})",
            )

    def _list_is_due(self, now: datetime) -> bool:
        needed = set(self.cluster.kinds) - detected.OPTIONAL_KINDS
        cursors = [self.cursors.get(kind) for kind in needed]
        return (
            not needed
            or self.cluster.namespaces != list(self.turn.connection.namespaces)
            or any(
                cursor is None
                or cursor.needs_list
                or cursor.listed_at is None
                or now - cursor.listed_at >= self.pace.audit
                for cursor in cursors
            )
        )

    def _gather(self, session: Session, gathered: list[Gathered]) -> None:
        sources = self._sources(session)
        if self.complete:
            for source in sources:
                self._list(source, gathered)
            self._follow(sources, gathered)
            return
        # An optional kind that could not be read has no cursor until the next audit.
        known = [each for each in sources if each.kind.resource in self.cursors]
        for source, future in self._side_by_side(known, self._drain):
            try:
                gathered.append(future.result())
            except Expired as error:
                self._open_gap(error)
                self._list(source, gathered)
            except (NotAllowed, NotInstalled) as error:
                self._do_without(source, error)

    def _side_by_side(
        self, sources: list[Source], read: Callable[[Source], Gathered]
    ) -> list[tuple[Source, Future[Gathered]]]:
        """Read each source in a thread of its own; return when all have ended."""
        with ThreadPoolExecutor(max_workers=max(1, len(sources))) as threads:
            futures = [threads.submit(read, source) for source in sources]
            while wait(futures, lease.RENEW_SECONDS).not_done:
                self._keep_lease()
        return list(zip(sources, futures, strict=True))

    def _follow(self, sources: list[Source], gathered: list[Gathered]) -> None:
        """Add what came and went between the cursors and the lists.

        Where that cannot be told, the lists stand alone and a gap says so.
        """
        lists = {each.kind: each for each in gathered}
        kinds = lists.keys() & self.cursors.keys()

        def read(source: Source) -> Gathered:
            kind = source.kind.resource
            return gather_between(source, cursor=self.cursors[kind], listed=lists[kind])

        known = [each for each in sources if each.kind.resource in kinds]
        for source, future in self._side_by_side(known, read):
            listed = lists[source.kind.resource]
            try:
                gathered.insert(gathered.index(listed), future.result())
            except ClusterError as error:
                self._open_gap(error)

    def _sources(self, session: Session) -> list[Source]:
        reader, reader_settings, kinds = detected.reading_of(self.cluster, self.found)
        return [
            Source(session, kind, reader, reader_settings, self.clock)
            for kind in sorted(kinds, key=lambda kind: ORDER.index(kind.resource))
        ]

    def _drain(self, source: Source) -> Gathered:
        return gather_drain(source, cursor=self.cursors[source.kind.resource])

    def _list(self, source: Source, gathered: list[Gathered]) -> None:
        self.result.kind = COMPLETE
        cursor = self.cursors.get(source.kind.resource)
        try:
            gathered.append(
                gather_list(
                    source,
                    self.cluster,
                    cursor=cursor,
                    every_page=self._keep_lease,
                )
            )
        except (NotAllowed, NotInstalled) as error:
            self._do_without(source, error)

    def _do_without(self, source: Source, error: ClusterError) -> None:
        kind = source.kind.resource
        if kind not in detected.OPTIONAL_KINDS:
            raise error
        self.missed.append(Problem("Cluster", self.cluster.slug, kind, str(error)))

    def _open_gap(self, error: ClusterError) -> None:
        with lease.writing(self.held):
            outcome.open_gap(
                self.cluster, reason=error.kind, message=str(error), now=self.clock()
            )

    def _keep_lease(self) -> None:
        """Renew the lease now and then while reading: a list may take minutes."""
        lease.renew_when_old(self.held)

    def _write(self, gathered: list[Gathered], started: datetime, ticks: float) -> None:
        generation = self.cluster.generation + 1
        tally = Tally()
        writer = Writer(self.held, self.cluster.pk, generation, tally)
        if self.found:
            with lease.writing(self.held):
                tally.changed += detected.write(
                    self.cluster, self.found, self.turn.connection, gathered
                )
        # Of a first poll nothing can lie in another pool than before.
        may_have_moved = bool(tally.changed and self.cluster.as_of)
        for each in gathered:
            writer.seen(each)
        check_release(self.cluster, gathered, now=self.clock(), held=self.held)
        for each in sorted(gathered, key=_taken_away):
            writer.gone(each)
        if may_have_moved or self.held.was_left:
            move_into_pools(self.held)
        self.result.problems = write_problems(
            self.held, self.cluster, self._problem_reports(gathered)
        )
        tally.unchanged = sum(each.unchanged for each in gathered)
        with lease.writing(self.held):
            self._finish(gathered, tally, started, ticks)
            lease.release(self.held)
        statistics.refresh_after(tally.opened + tally.changed)

    def _finish(
        self, gathered: list[Gathered], tally: Tally, started: datetime, ticks: float
    ) -> None:
        """Write the last chunk: cursors, as_of and generation move together."""
        cluster, result, now = self.cluster, self.result, self.clock()
        result.opened, result.changed = tally.opened, tally.changed
        result.closed, result.unchanged = tally.closed, tally.unchanged
        streams = {each.kind for each in gathered if not each.listed}
        by_list = any(each.kind not in streams for each in gathered)
        as_of = min(each.bounds.asked_at for each in gathered)
        settle_release(cluster)
        move_cursors(cluster, self.cursors, gathered)
        result.gaps = outcome.close_gap(cluster, as_of=as_of, by_list=by_list)
        if tally.did_anything or self.held.was_left:
            # A poll that was cut off may have written rows of this generation.
            cluster.generation += 1
        cluster.as_of = max(as_of, cluster.as_of) if cluster.as_of else as_of
        cluster.first_as_of = cluster.first_as_of or cluster.as_of
        cluster.last_poll_at, cluster.retry_at = now, None
        cluster.last_error, cluster.last_error_kind = "", ""
        cluster.failures_in_row = 0
        cluster.save(
            update_fields=[
                "generation", "as_of", "first_as_of", "last_poll_at", "retry_at",
                "last_error", "last_error_kind", "failures_in_row", "epoch",
                "held_release_at", "held_release_count", "held_release_of",
                "release_accepted", "configuration_asked_at", "configuration_as_of",
            ]
        )  # fmt: skip
        result.as_of = cluster.as_of
        result.seconds = time.monotonic() - ticks
        outcome.record_run(cluster, result, started=started, now=now)

    def _problem_reports(self, gathered: list[Gathered]) -> list[ProblemReport]:
        reports = [
            ProblemReport(kind, each.problems, each.listed, frozenset(each.seen_uids()))
            for each in gathered
            for kind in [each.object_kind]
        ]
        found = list(self.found.problems) if self.found else []
        whole = self.found is not None
        reports.append(ProblemReport("Cluster", found + self.missed, whole))
        return reports


def _taken_away(gathered: Gathered) -> tuple[int, bool]:
    """Sort by the reverse of ORDER, what the stream says before what is absent."""
    return -ORDER.index(gathered.kind), gathered.listed
