"""Samples as steps, worked by hand."""

from datetime import datetime

import pytest

from ipamweb.usage import steps
from ipamweb.usage.steps import DAY, HOUR, STEP, Point, Values, seen, unseen
from tests.cast import at

FIVE = Values(5, 254, 5, 110)
NINE = Values(9, 254, 9, 110)


@pytest.mark.parametrize(
    ("length", "start"),
    [(STEP, "14:05:00"), (HOUR, "14:00:00"), (DAY, "00:00:00")],
    ids=["step", "hour", "day"],
)
def test_a_moment_lies_in_the_step_that_began_last(length, start):
    assert steps.start_of(at("14:09:59"), length) == at(start)


def test_a_step_begins_with_its_first_moment():
    assert steps.start_of(at("14:05:00"), STEP) == at("14:05:00")


def test_the_first_sample_is_news():
    assert steps.is_news(None, seen(at("12:00:00"), FIVE))


def test_a_sample_of_the_same_values_is_no_news():
    assert not steps.is_news(seen(at("12:00:00"), FIVE), seen(at("12:05:00"), FIVE))


def test_what_came_and_went_is_news_though_the_number_is_the_same():
    now = seen(at("12:05:00"), FIVE, opened=1, closed=1)

    assert steps.is_news(seen(at("12:00:00"), FIVE), now)


def test_the_same_values_after_a_gap_are_news():
    assert steps.is_news(unseen(at("12:00:00")), seen(at("12:05:00"), FIVE))


@pytest.mark.parametrize(
    ("gaps", "first"),
    [
        ([], None),
        ([("12:07:00", "12:12:00")], "12:10:00"),
        ([("12:11:00", "12:14:00")], None),
        ([("12:10:00", "12:10:01")], "12:10:00"),
        ([("12:07:00", "12:10:00")], None),
        ([("11:00:00", None)], "12:05:00"),
        ([("12:29:00", None)], None),
        ([("12:21:00", "12:27:00"), ("12:07:00", "12:12:00")], "12:10:00"),
    ],
    ids=[
        "no gap", "over a step", "between steps", "from a step on", "up to a step",
        "over everything", "after the last step", "the first of two",
    ],
)  # fmt: skip
def test_a_gap_begins_with_the_first_step_inside_it(gaps, first):
    found = steps.first_unseen(
        [(at(start), at(end) if end else None) for start, end in gaps],
        after=at("12:00:00"),
        before=at("12:30:00"),
    )

    assert found == (at(first) if first else None)


def rolled(*points: Point, before: Point | None = None, length=HOUR) -> list[Point]:
    return list(steps.roll_up(points, before=before, length=length))


def test_an_hour_keeps_last_least_most_and_the_sums():
    assert rolled(
        seen(at("12:00:00"), FIVE),
        seen(at("12:20:00"), NINE, opened=5, closed=1),
        seen(at("12:55:00"), FIVE, opened=1, closed=5),
    ) == [Point(at("12:00:00"), FIVE, 5, 9, opened=6, closed=6)]


def test_what_held_when_the_hour_began_counts_until_the_first_sample():
    before = seen(at("11:10:00"), NINE)

    assert rolled(seen(at("12:05:00"), FIVE), before=before) == [
        Point(at("12:00:00"), FIVE, 5, 9)
    ]


def test_what_held_before_does_not_count_when_the_first_step_has_a_sample():
    before = seen(at("11:10:00"), NINE)

    assert rolled(seen(at("12:00:00"), FIVE), before=before) == [
        Point(at("12:00:00"), FIVE, 5, 5)
    ]


def test_an_hour_that_ends_in_a_gap_has_no_last_value_and_never_a_zero():
    assert rolled(seen(at("12:00:00"), FIVE), unseen(at("12:30:00"))) == [
        Point(at("12:00:00"), None, 5, 5, gap=True)
    ]


def test_an_hour_with_a_gap_inside_says_so():
    assert rolled(
        seen(at("12:00:00"), FIVE), unseen(at("12:10:00")), seen(at("12:20:00"), NINE)
    ) == [Point(at("12:00:00"), NINE, 5, 9, gap=True)]


def test_an_hour_that_begins_in_a_gap_says_so():
    assert rolled(seen(at("12:20:00"), NINE), before=unseen(at("11:00:00"))) == [
        Point(at("12:00:00"), NINE, 9, 9, gap=True)
    ]


def test_an_hour_not_seen_at_all_has_no_number():
    assert rolled(unseen(at("12:00:00"))) == [
        Point(at("12:00:00"), None, None, None, gap=True)
    ]


def test_each_hour_goes_on_from_the_one_before():
    assert rolled(seen(at("12:50:00"), NINE), seen(at("13:10:00"), FIVE)) == [
        Point(at("12:00:00"), NINE, 9, 9),
        Point(at("13:00:00"), FIVE, 5, 9),
    ]


def test_hours_become_days_with_the_extremes_of_the_hours():
    hours = [
        Point(at("00:00:00"), FIVE, 2, 7, opened=4, closed=1),
        Point(at("13:00:00"), NINE, 5, 12, gap=True, opened=5, closed=1),
    ]

    assert rolled(*hours, length=DAY) == [
        Point(at("00:00:00"), NINE, 2, 12, gap=True, opened=9, closed=2)
    ]


def test_two_days_stay_two():
    next_day = datetime.fromisoformat("2026-11-23T00:00:00+00:00")

    days = rolled(seen(at("23:00:00"), FIVE), seen(next_day, NINE), length=DAY)

    assert [(day.at, day.least, day.most) for day in days] == [
        (at("00:00:00"), 5, 5),
        (next_day, 9, 9),
    ]
