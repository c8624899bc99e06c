"""What a poll leaves behind beside the mirror: runs, gaps, errors.

A gap is a time in which we did not see the cluster; it is opened by the first failure
and closed by the next success, which says whether anything can have been missed. Not
here: what could not be read (problems.py).
"""

import random
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta

from django.db.models import F

from ipamweb.mirror.models import Cluster, CoverageGap, PollCount, SyncRun
from ipamweb.mirror.models.runs import CHANGES, FAILED, HELD, OK, UNKNOWN
from ipamweb.sync.fits import clean

# client-go's backoff (rest/config.go, tools/cache/reflector.go): 0.8 s to 30 s,
# factor 2, full jitter.
FIRST_PAUSE_SECONDS = 0.8
LONGEST_PAUSE_SECONDS = 30.0
CUT_OFF = (
    "a poll was cut off: its worker ended, or stood still for longer than its lease, or"
    " the cluster was edited or paused meanwhile"
)
# After so many failures in a row the pause grows no more: 0.8 s x 2^6 is 51 s.
GROWING_FAILURES = 6
# A server may ask for more; for longer nobody would look whether it is well again.
LONGEST_ASKED_SECONDS = 600.0


@dataclass(slots=True)
class PollResult:
    """What one poll did.

    `outcome`: one of RUN_OUTCOMES, or, where nothing is recorded, of turns.REASONS.
    """

    cluster: str
    kind: str = CHANGES
    outcome: str = OK
    opened: int = 0
    changed: int = 0
    closed: int = 0
    unchanged: int = 0
    problems: int = 0
    gaps: int = 0
    seconds: float = 0.0
    as_of: datetime | None = None
    error: str = ""

    def as_json(self) -> dict[str, object]:
        """Return the fields of the command's one line (docs, `poll`)."""
        fields = asdict(self)
        fields["as_of"] = self.as_of.isoformat() if self.as_of else None
        fields["seconds"] = round(self.seconds, 3)
        if self.outcome == OK:
            del fields["outcome"], fields["error"]
        return fields


def open_gap(
    cluster: Cluster, *, reason: str, message: str, now: datetime
) -> CoverageGap:
    """Return the open gap of the cluster; a new one begins where its data ends."""
    gap, _ = CoverageGap.objects.get_or_create(
        cluster=cluster,
        ended_at=None,
        defaults={
            "started_at": cluster.as_of or now,
            "reason": reason,
            "message": clean(message),
        },
    )
    return gap


def close_gap(cluster: Cluster, *, as_of: datetime, by_list: bool) -> int:
    """Close the open gap, if there is one; return how many were closed."""
    open_gaps = CoverageGap.objects.filter(cluster=cluster, ended_at=None)
    for gap in open_gaps:
        gap.ended_at = max(as_of, gap.started_at)
        gap.recovered_by = "list" if by_list else "watch"
        gap.save(update_fields=["ended_at", "recovered_by"])
        return 1
    return 0


def record_failure(
    cluster: Cluster, error: Exception, *, result: PollResult, started: datetime,
    now: datetime,
) -> None:  # fmt: skip
    """Note a failed poll: its error, the gap it opens, when to ask again."""
    cluster.failures_in_row += 1
    message = clean(str(error))
    cluster.last_error = message
    cluster.last_error_kind = getattr(error, "kind", "internal")
    cluster.last_poll_at = now
    cluster.retry_at = now + timedelta(
        seconds=_pause_seconds(error, cluster.failures_in_row)
    )
    cluster.save(
        update_fields=[
            "failures_in_row", "last_error", "last_error_kind", "last_poll_at",
            "retry_at",
        ]
    )  # fmt: skip
    open_gap(cluster, reason=cluster.last_error_kind, message=message, now=now)
    result.outcome = HELD if cluster.last_error_kind == "mass-release" else FAILED
    result.error, result.gaps = message, 1
    record_run(cluster, result, started=started, now=now)


def record_cut_off(cluster: Cluster, *, at: datetime) -> None:
    """Note the run of a poll that could not: told by the next holder of its lease."""
    cut = PollResult(cluster.slug, kind=UNKNOWN, outcome=FAILED, error=CUT_OFF)
    record_run(cluster, cut, started=at, now=at)


def _pause_seconds(error: Exception, failures: int) -> float:
    asked = getattr(error, "retry_after", None) or 0.0
    growth = 2.0 ** min(failures, GROWING_FAILURES)
    longest = min(FIRST_PAUSE_SECONDS * growth, LONGEST_PAUSE_SECONDS)
    # At least four seconds: a failing cluster is asked at most every fourth second.
    pause = max(asked, 4.0, random.uniform(0, longest))
    return min(pause, LONGEST_ASKED_SECONDS)


def record_run(
    cluster: Cluster, result: PollResult, *, started: datetime, now: datetime
) -> None:
    """Add a run, or extend the last one when this poll did nothing new; count it."""
    _count(cluster, result)
    idle = not (result.opened or result.changed or result.closed or result.gaps)
    last = SyncRun.objects.filter(cluster=cluster).order_by("-id").first()
    same = (
        last is not None
        and last.outcome == result.outcome
        and last.error == result.error
        and (idle or result.outcome != OK)
    )
    if same and last is not None and (result.kind == last.kind or idle):
        last.ended_at, last.polls = now, last.polls + 1
        last.unchanged = max(last.unchanged, result.unchanged)
        last.save(update_fields=["ended_at", "polls", "unchanged"])
        return
    SyncRun.objects.create(
        cluster=cluster,
        kind=result.kind,
        outcome=result.outcome,
        started_at=started,
        ended_at=now,
        seconds=result.seconds,
        opened=result.opened,
        changed=result.changed,
        closed=result.closed,
        unchanged=result.unchanged,
        problems=result.problems,
        gaps=result.gaps,
        error=result.error,
        generation=cluster.generation,
    )


def _count(cluster: Cluster, result: PollResult) -> None:
    """Add a poll to those of its kind and outcome; its run may be pruned one day."""
    like_it = {"cluster": cluster, "kind": result.kind, "outcome": result.outcome}
    added = PollCount.objects.filter(**like_it).update(
        polls=F("polls") + 1, seconds=F("seconds") + result.seconds
    )
    if not added:
        PollCount.objects.create(**like_it, polls=1, seconds=result.seconds)
