"""The life of a finding: suspected, confirmed, resolved. Pure: no rows, no clock.

Time here is the mirror's `as_of`: a cluster that is not seen grows no older. Nothing is
said after one look, neither that something is wrong nor that it is well again.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

SUSPECTED, CONFIRMED, RESOLVED = "suspected", "confirmed", "resolved"
STATES = (SUSPECTED, CONFIRMED, RESOLVED)


@dataclass(frozen=True, slots=True)
class Look:
    """A look at the mirror as it was at `as_of`; `unbroken_since` is the end of the
    last time in which we did not see the cluster."""

    as_of: datetime
    unbroken_since: datetime | None = None


@dataclass(frozen=True, slots=True)
class Life:
    """How far a finding is. `missed_at` is when it was first not seen any more."""

    state: str
    first_seen: datetime
    last_seen: datetime
    looks: int = 1
    confirmed_at: datetime | None = None
    missed_at: datetime | None = None
    resolved_at: datetime | None = None


def begun(look: Look) -> Life:
    """Return the life of what is seen for the first time: suspected."""
    return Life(SUSPECTED, look.as_of, look.as_of)


def seen(life: Life, look: Look, *, grace: timedelta) -> Life:
    """Return the life of what is seen again: confirmed after the grace period.

    It counts from the first look, or from the end of a gap since. A look at what was
    looked at before is none. Suspected at 14:00:00 with two minutes of grace: confirmed
    by a look at 14:02:00, not by one at 14:01:55, nor by one at 14:03:00 after a gap
    that ended at 14:01:30.
    """
    if look.as_of <= life.last_seen:
        return life
    again = replace(life, last_seen=look.as_of, looks=life.looks + 1, missed_at=None)
    since = max(life.first_seen, look.unbroken_since or life.first_seen)
    if life.state == SUSPECTED and look.as_of - since >= grace:
        return replace(again, state=CONFIRMED, confirmed_at=look.as_of)
    return again


def missed(life: Life, look: Look) -> Life | None:
    """Return the life of what is not seen: resolved by the second look that misses it.

    None of what was only suspected: it was a race, and is forgotten.
    """
    if life.state == SUSPECTED:
        return None
    if look.as_of <= life.last_seen:
        return life
    if life.missed_at is None:
        return replace(life, missed_at=look.as_of)
    if look.as_of <= life.missed_at:
        return life
    return replace(life, state=RESOLVED, resolved_at=life.missed_at)


def is_acknowledged(until: datetime | None, *, now: datetime) -> bool:
    """Say whether an acknowledgement holds; one without an end there is not."""
    return until is not None and now < until
