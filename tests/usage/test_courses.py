"""What sparklines draw, worked by hand."""

from ipamweb.usage import courses
from ipamweb.usage.courses import Peak
from ipamweb.usage.steps import Point, Values, seen, unseen
from tests.cast import at

NOON = at("12:00:00")
FOUR_HOURS = {"start": NOON, "end": at("16:00:00"), "parts": 4}


def held(clock: str, number: int, **columns: int) -> Point:
    return seen(at(clock), Values(number, 254, number + 1, 110), **columns)


def test_each_part_has_the_most_that_held_in_it():
    points = [held("12:00:00", 5), held("12:30:00", 9), held("13:30:00", 4)]

    assert courses.held(points, **FOUR_HOURS).values == (9, 9, 4, 4)


def test_what_held_before_the_time_begins_holds_in_it():
    assert courses.held([held("09:00:00", 5)], **FOUR_HOURS).values == (5, 5, 5, 5)


def test_what_held_before_does_not_count_where_a_part_begins_with_another():
    points = [held("09:00:00", 9), held("13:00:00", 5)]

    assert courses.held(points, **FOUR_HOURS).values == (9, 5, 5, 5)


def test_before_the_first_sample_nothing_is_known():
    assert courses.held([held("14:30:00", 5)], **FOUR_HOURS).values == (
        None, None, 5, 5
    )  # fmt: skip


def test_a_part_inside_a_gap_has_no_value():
    points = [held("12:00:00", 5), unseen(at("12:45:00")), held("14:15:00", 5)]

    assert courses.held(points, **FOUR_HOURS).values == (5, None, 5, 5)


def test_a_course_is_of_slots_too():
    assert courses.slots_used([held("12:00:00", 5)], **FOUR_HOURS).values == (
        6, 6, 6, 6
    )  # fmt: skip


def test_a_thing_without_slots_has_no_course_of_them():
    assert courses.slots_used([seen(NOON, Values(3))], **FOUR_HOURS) is None


def test_an_hour_rolled_up_counts_with_its_most():
    point = Point(NOON, Values(5), least=2, most=11)

    assert courses.held([point], **FOUR_HOURS).values == (11, 5, 5, 5)


def test_the_peak_is_when_most_was_held_first():
    points = [held("12:00:00", 5), held("13:00:00", 9), held("14:00:00", 9)]

    assert courses.peak(points, start=NOON) == Peak(9, at("13:00:00"))


def test_what_held_when_the_time_began_can_be_the_peak():
    points = [held("09:00:00", 9), held("13:00:00", 5)]

    assert courses.peak(points, start=NOON) == Peak(9, NOON)


def test_a_peak_before_the_time_is_none():
    points = [held("09:00:00", 20), held("10:00:00", 4), held("13:00:00", 5)]

    assert courses.peak(points, start=NOON) == Peak(5, at("13:00:00"))


def test_there_is_no_peak_where_nothing_was_seen():
    assert courses.peak([unseen(NOON)], start=NOON) is None


def test_what_was_opened_and_closed_adds_up_in_each_part():
    points = [
        held("12:00:00", 5, opened=1),
        held("12:30:00", 5, opened=2, closed=2),
        held("15:00:00", 5, closed=1),
    ]

    assert courses.changed(points, **FOUR_HOURS) == ((3, 2), (0, 0), (0, 0), (0, 1))


def test_in_a_gap_nothing_is_known_to_be_opened():
    points = [held("12:00:00", 5), unseen(at("12:45:00")), held("14:15:00", 5)]

    assert courses.changed(points, **FOUR_HOURS)[1] == (None, None)


def test_what_happened_at_the_end_is_in_the_last_part():
    assert courses.held([held("16:00:00", 5)], **FOUR_HOURS).values == (
        None, None, None, 5
    )  # fmt: skip


def together(*things):
    found = [(NOON, list(points)) for points in things]
    return courses.held_together(found, **FOUR_HOURS).values


def test_what_several_held_together_is_added_at_the_end_of_each_part():
    one = [held("12:00:00", 5), held("12:30:00", 9), held("13:30:00", 4)]
    other = [held("12:00:00", 1), held("14:00:00", 7)]

    assert together(one, other) == (10, 11, 11, 11)


def test_where_one_of_several_was_not_seen_there_is_no_sum():
    one = [held("12:00:00", 5)]
    other = [held("12:00:00", 1), unseen(at("12:45:00")), held("14:15:00", 2)]

    assert together(one, other) == (None, None, 7, 7)


def test_before_its_first_sample_a_thing_adds_nothing():
    assert together([held("12:00:00", 5)], [held("14:30:00", 2)]) == (5, 5, 7, 7)


def test_before_a_cluster_was_looked_at_there_is_no_sum():
    found = [(NOON, [held("12:00:00", 5)]), (at("13:30:00"), [held("13:30:00", 2)])]

    assert courses.held_together(found, **FOUR_HOURS).values == (None, 7, 7, 7)


def test_nothing_together_is_no_sum():
    assert together() == (None,) * 4
