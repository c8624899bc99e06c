"""The life of a finding, by the clock of the mirror."""

from datetime import timedelta

from ipamweb.findings import lifecycle
from ipamweb.findings.lifecycle import CONFIRMED, RESOLVED, SUSPECTED, Life, Look
from tests.cast_places import at

GRACE = timedelta(minutes=2)


def look(clock: str, unbroken_since: str = "") -> Look:
    return Look(at(clock), at(unbroken_since) if unbroken_since else None)


def suspected() -> Life:
    return lifecycle.begun(look("14:00:00"))


def confirmed() -> Life:
    return lifecycle.seen(suspected(), look("14:05:00"), grace=GRACE)


def test_one_look_confirms_nothing_however_long_the_grace_is():
    assert suspected().state == SUSPECTED


def test_a_second_look_within_the_grace_period_confirms_nothing():
    life = lifecycle.seen(suspected(), look("14:01:59"), grace=GRACE)

    assert (life.state, life.looks) == (SUSPECTED, 2)


def test_a_second_look_after_the_grace_period_confirms():
    life = lifecycle.seen(suspected(), look("14:02:00"), grace=GRACE)

    assert (life.state, life.confirmed_at) == (CONFIRMED, at("14:02:00"))


def test_a_look_at_the_same_state_of_the_mirror_is_no_second_look():
    life = lifecycle.seen(suspected(), look("14:00:00"), grace=timedelta(0))

    assert life == suspected()


def test_the_grace_period_begins_anew_after_a_gap():
    life = lifecycle.seen(suspected(), look("14:03:00", "14:01:30"), grace=GRACE)

    assert life.state == SUSPECTED


def test_what_was_only_suspected_is_forgotten_when_it_is_not_seen():
    assert lifecycle.missed(suspected(), look("14:01:00")) is None


def test_one_look_that_misses_a_finding_resolves_nothing():
    life = lifecycle.missed(confirmed(), look("14:06:00"))

    assert life is not None
    assert (life.state, life.missed_at) == (CONFIRMED, at("14:06:00"))


def test_a_second_look_resolves_as_of_the_first_that_missed_it():
    once = lifecycle.missed(confirmed(), look("14:06:00"))
    assert once is not None

    life = lifecycle.missed(once, look("14:07:00"))

    assert life is not None
    assert (life.state, life.resolved_at) == (RESOLVED, at("14:06:00"))


def test_what_is_seen_again_after_a_miss_goes_on():
    once = lifecycle.missed(confirmed(), look("14:06:00"))
    assert once is not None

    life = lifecycle.seen(once, look("14:07:00"), grace=GRACE)

    assert (life.state, life.missed_at) == (CONFIRMED, None)


def test_the_same_look_does_not_resolve_by_being_taken_twice():
    once = lifecycle.missed(confirmed(), look("14:06:00"))
    assert once is not None

    assert lifecycle.missed(once, look("14:06:00")) == once
