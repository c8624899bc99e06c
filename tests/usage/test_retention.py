"""What becomes of old samples."""

from datetime import timedelta

import pytest

from ipamweb.mirror.models import Node
from ipamweb.usage import retention
from ipamweb.usage.models import UsageSample, UsageSeries
from tests.cast import at
from tests.usage.conftest import of, take_at

pytestmark = pytest.mark.usefixtures("everybody")
NOON = at("12:00:00")
DAYS = timedelta(days=1)


def told(sample: UsageSample) -> tuple[object, ...]:
    """Return the time, the minutes it stands for, and last, least and most held."""
    return (
        f"{sample.at:%d %H:%M}", sample.resolution,
        sample.allocated, sample.allocated_min, sample.allocated_max,
    )  # fmt: skip


def take(clock: str, held: int) -> None:
    """Sample worker-b holding so many addresses."""
    Node.objects.filter(pk=2).update(allocated_v4=held)
    take_at(clock)


def test_samples_of_two_days_stay_as_they_are():
    take("12:00:00", 7)
    take("12:05:00", 8)

    assert retention.apply(now=NOON + 2 * DAYS)["samples_put_together"] == 0
    assert [each.resolution for each in of("node", 2)] == [5, 5]


def test_older_samples_become_one_an_hour():
    for clock, held in [("12:00:00", 7), ("12:05:00", 9), ("12:55:00", 8)]:
        take(clock, held)
    take("13:00:00", 5)

    retention.apply(now=NOON + 2 * DAYS + timedelta(hours=1))

    assert [told(each) for each in of("node", 2)] == [
        ("22 12:00", 60, 8, 7, 9),
        ("22 13:00", 5, 5, None, None),
    ]


def test_an_hour_goes_on_from_the_hour_before_it_whenever_that_was_made():
    take("10:00:00", 9)
    take("11:30:00", 5)

    retention.apply(now=NOON + 2 * DAYS - timedelta(hours=1))
    retention.apply(now=NOON + 2 * DAYS)

    assert [told(each) for each in of("node", 2)] == [
        ("22 10:00", 60, 9, None, None),
        ("22 11:00", 60, 5, 5, 9),
    ]


def test_hours_older_than_ninety_days_become_one_a_day():
    take("12:00:00", 7)
    take("12:05:00", 9)
    take("15:00:00", 4)
    retention.apply(now=NOON + 3 * DAYS)

    retention.apply(now=NOON + 92 * DAYS)

    assert [told(each) for each in of("node", 2)] == [("22 00:00", 1440, 4, 4, 9)]


def test_a_backlog_of_months_is_put_together_at_once():
    take("12:00:00", 7)
    take("12:05:00", 9)
    take("15:00:00", 4)

    retention.apply(now=NOON + 92 * DAYS)

    assert [told(each) for each in of("node", 2)] == [("22 00:00", 1440, 4, 4, 9)]


def test_the_gap_of_an_hour_stays_a_gap():
    take("12:00:00", 7)
    take_at("12:30:00", seen=False)

    retention.apply(now=NOON + 3 * DAYS)

    (sample,) = of("node", 2)
    assert (told(sample), sample.gap) == (("22 12:00", 60, None, 7, 7), True)


def test_what_is_too_old_goes_but_for_the_value_that_still_holds(settings):
    settings.IPAMWEB_USAGE_DAYS = 10
    take("12:00:00", 7)
    take("14:00:00", 9)

    retention.apply(now=NOON + 20 * DAYS)

    assert [each.allocated for each in of("node", 2)] == [9]


def test_what_is_gone_is_forgotten_with_its_samples(settings):
    settings.IPAMWEB_USAGE_DAYS = 10
    take_at("12:00:00")
    Node.objects.filter(pk=3).update(gone_at=at("12:01:00"), gone_by=at("12:01:00"))
    take_at("12:05:00")

    retention.apply(now=NOON + 20 * DAYS)

    assert not UsageSeries.objects.filter(scope="node", subject_id=3).exists()
    assert of("node", 2)


def test_a_cluster_is_forgotten_whole():
    take_at("12:00:00")

    retention.forget(1)

    assert not UsageSample.objects.exists()


def test_put_together_twice_is_put_together_once():
    take("12:00:00", 7)
    take("12:05:00", 9)
    retention.apply(now=NOON + 3 * DAYS)

    assert retention.apply(now=NOON + 3 * DAYS) == {
        "samples_put_together": 0,
        "samples": 0,
    }
