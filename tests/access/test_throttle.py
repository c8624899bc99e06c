"""A sign-in may be tried some times, then after short waits, and nobody else waits."""

from datetime import timedelta

import pytest

from ipamweb.access import throttle
from ipamweb.access.models import SignInAttempts
from tests.cast import NOW

HERE, THERE = "192.0.2.7", "198.51.100.7"

pytestmark = pytest.mark.django_db


def wait(name="ada", *, origin=HERE, after=0):
    now = NOW + timedelta(seconds=after)
    return throttle.seconds_to_wait(name, origin=origin, now=now)


def test_five_tries_are_free_and_then_waits_double_up_to_a_minute():
    now, waits = NOW, []
    for _ in range(14):
        seconds = throttle.seconds_to_wait("ada", origin=HERE, now=now)
        waits.append(seconds)
        now += timedelta(seconds=seconds)

    assert waits == [0, 0, 0, 0, 0, 1, 0, 2, 0, 4, 0, 8, 0, 16]


def test_no_wait_is_longer_than_a_minute():
    wait()
    SignInAttempts.objects.update(failures=500)
    wait()

    assert wait() == 60


def test_an_attempt_that_must_wait_does_not_count():
    for _ in range(5):
        wait()

    assert [wait() for _ in range(50)] == [1] * 50
    assert wait(after=1) == 0


def test_a_stranger_elsewhere_delays_nobody():
    for _ in range(20):
        wait(origin=THERE)

    assert wait(origin=THERE) > 0
    assert wait(origin=HERE) == 0


def test_another_name_from_the_same_place_is_free_for_a_while():
    for _ in range(20):
        wait("ada")

    assert wait("bob") == 0


def test_a_place_that_tries_many_names_waits_with_each():
    waits = [wait(f"name-{number}") for number in range(31)]

    assert waits == [0] * 30 + [1]


def test_other_spellings_of_a_name_are_no_way_around():
    for name in ("ada", "ADA", " Ada", "aDa ", "adA"):
        wait(name)

    assert wait("ada") == 1


def test_other_addresses_of_one_ipv6_network_are_no_way_around():
    for number in range(5):
        wait(origin=f"2001:db8::{number}")

    assert wait(origin="2001:db8::ffff:1") == 1
    assert wait(origin="2001:db8:0:1::1") == 0


def test_who_signed_in_begins_anew_and_the_place_does_not():
    for _ in range(4):
        wait()
    throttle.forgive("ada", origin=HERE)

    assert [wait() for _ in range(6)] == [0, 0, 0, 0, 0, 1]
    assert SignInAttempts.objects.get(failures=8)


def test_after_a_quarter_of_an_hour_all_is_forgotten():
    for _ in range(5):
        wait()

    assert [wait(after=901) for _ in range(5)] == [0] * 5
    assert SignInAttempts.objects.count() == 2


def test_no_name_that_was_tried_is_kept():
    wait("secret-name")

    assert "secret-name" not in str(list(SignInAttempts.objects.values()))


def test_hard_names_are_counted_too():
    for name in ("", "\udc80", "\0", "x" * 100_000):
        assert wait(name) == 0
