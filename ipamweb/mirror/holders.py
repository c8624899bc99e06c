"""Who had an address at an instant, and how sure that is. Pure: no rows, no clock.

We know of an address only what observations told: an interval is certain between
`valid_from` and `valid_to`, and possible from `from_earliest` up to `to_latest`.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Generic, Literal, Protocol, TypeVar

Verdict = Literal["held", "possible", "nobody", "unknown"]
# Why we cannot tell whether there was somebody else: before the first observation,
# after the last, or inside a gap whose events were lost.
Blind = Literal["", "before-history", "after-as-of", "gap"]


class Interval(Protocol):
    """The four bounds of an allocation; the ends are None while it is open."""

    @property
    def from_earliest(self) -> datetime: ...
    @property
    def valid_from(self) -> datetime: ...
    @property
    def valid_to(self) -> datetime | None: ...
    @property
    def to_latest(self) -> datetime | None: ...


AnyInterval = TypeVar("AnyInterval", bound=Interval)


@dataclass(frozen=True, slots=True)
class Coverage:
    """What of time we have seen: from `first` to `last`, but for the gaps [from, to).

    A gap without an end goes on. Only gaps in which events were lost belong here.
    """

    first: datetime | None
    last: datetime | None
    gaps: tuple[tuple[datetime, datetime | None], ...] = ()

    def blindness(self, at: datetime) -> Blind:
        """Say why we did not see an instant; empty when we saw it."""
        if self.first is None or self.last is None or at < self.first:
            return "before-history"
        if any(start <= at and (end is None or at < end) for start, end in self.gaps):
            return "gap"
        return "after-as-of" if at > self.last else ""


@dataclass(frozen=True, slots=True)
class Answer(Generic[AnyInterval]):
    """Who had an address at an instant.

    *held*: at least one for certain; *possible*: only candidates; *nobody*: we looked;
    *unknown*: we did not look (`blind` says why).
    """

    at: datetime
    verdict: Verdict
    certain: tuple[AnyInterval, ...]
    possible: tuple[AnyInterval, ...]
    blind: Blind


def who_held(
    intervals: Iterable[AnyInterval], *, at: datetime, coverage: Coverage
) -> Answer[AnyInterval]:
    """Return who held an address at an instant, out of its intervals.

    Worked example: an interval possible from 12:00:00, certain 12:00:05 to 12:10:00,
    gone by 12:10:05 is certain at 12:00:05 and at 12:10:00, possible at 12:00:00 and at
    12:10:04, and no answer at 12:10:05. All of it is possible only, had we last looked
    before that.
    """
    certain, possible = [], []
    for interval in intervals:
        if not may_hold(interval, at):
            continue
        if is_certain(interval, at, last_read=coverage.last):
            certain.append(interval)
        else:
            possible.append(interval)
    blind = coverage.blindness(at)
    return Answer(
        at=at,
        verdict=_verdict(bool(certain), possible=bool(possible), blind=blind),
        certain=tuple(certain),
        possible=tuple(possible),
        blind=blind,
    )


def may_hold(interval: Interval, at: datetime) -> bool:
    """Say whether an interval may have gone on at an instant."""
    return interval.from_earliest <= at and (
        interval.to_latest is None or at < interval.to_latest
    )


def is_certain(interval: Interval, at: datetime, *, last_read: datetime | None) -> bool:
    """Say whether an interval that may go on at an instant does so for certain.

    After the last read nothing is certain: what was held then may be so, or no more.
    """
    if last_read is None or at > last_read:
        return False
    return interval.valid_from <= at <= (interval.valid_to or last_read)


def _verdict(certain: bool, *, possible: bool, blind: Blind) -> Verdict:
    if certain:
        return "held"
    if possible:
        return "possible"
    return "unknown" if blind else "nobody"
