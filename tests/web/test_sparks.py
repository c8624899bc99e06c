"""Drawings of samples, worked by hand: boxes of 120 by 24."""

from ipamweb.usage.courses import Course
from ipamweb.usage.queries import Churn
from ipamweb.web import sparks
from ipamweb.web.sparks import Band, Column
from tests.cast import at

FOUR_HOURS = (at("10:00:00"), at("14:00:00"))


def course(*values: int | None) -> Course:
    return Course(*FOUR_HOURS, values)


def test_a_value_holds_over_its_part_and_the_greatest_stands_at_the_top():
    drawn = sparks.spark("Slots", course(0, 5, 10, 10))

    assert drawn.line == "M0 22H30 V12H60 V2H90 V2H120"


def test_no_line_crosses_what_was_not_seen():
    drawn = sparks.spark("Slots", course(10, None, 10, None))

    assert drawn.line == "M0 2H30 M60 2H90"
    assert drawn.gaps == (Band("30", "30"), Band("90", "30"))


def test_before_the_first_sample_there_is_no_gap():
    assert sparks.spark("Slots", course(None, None, 10, 10)).gaps == ()


def test_the_least_value_stands_at_the_bottom():
    drawn = sparks.spark("Slots", course(100, 150, 200, 200))

    assert drawn.line == "M0 22H30 V12H60 V2H90 V2H120"


def test_what_hardly_changes_looks_so():
    # From 90 at the bottom to 100 at the top.
    assert sparks.spark("Slots", course(95, 99, 100, 100)).line.startswith(
        "M0 12H30 V4H60 V2H90"
    )


def test_tenths_are_columns_with_their_words():
    drawn = sparks.histogram((2, 0, 0, 0, 0, 0, 0, 0, 0, 1))

    assert drawn
    assert drawn.words == (
        "Nodes by pod slots used. 0 to 10 %: 2 nodes; 90 to 100 %: 1 node."
    )
    assert drawn.tenths[0].column == Column("1", "2", "46")
    assert drawn.tenths[9].column == Column("217", "25", "23")


def test_of_no_node_there_is_no_histogram():
    assert sparks.histogram((0,) * 10) is None


def test_nothing_used_is_a_line_at_the_bottom():
    assert sparks.spark("Slots", course(0, 0, 0, 0)).line.startswith("M0 22H30")


def test_the_words_say_what_the_line_shows():
    words = sparks.spark("Pod slots used", course(310, 1402, None, 398)).words

    assert words == (
        "Pod slots used, 4 hours: least 310, most 1\u202f402, at the end 398. "
        "Not seen for about 1 h."
    )


def test_the_words_say_when_the_end_was_not_seen():
    assert "at the end not seen" in sparks.spark("Slots", course(5, 5, 5, None)).words


def test_taken_stands_above_the_middle_and_released_hangs_below():
    chart = sparks.churn_chart(Churn(((4, 2), (None, None), (0, 4), (2, 0))))

    assert chart
    assert chart.opened == (Column("1", "0.5", "23"), Column("181", "12", "11.5"))
    assert chart.closed == (Column("1", "24.5", "11.5"), Column("121", "24.5", "23"))
    assert chart.gaps == (Band("60", "60"),)


def test_the_words_of_churn_add_it_up():
    chart = sparks.churn_chart(Churn(((4, 2), (None, None), (0, 4), (2, 0))))

    assert chart
    assert chart.words == (
        "In 24 hours 6 addresses were taken and 6 released. Not seen: 1 hour."
    )


def test_of_a_day_not_seen_nothing_is_drawn():
    assert sparks.churn_chart(Churn(((None, None),) * 24)) is None


def test_a_window_is_told_in_days_or_hours():
    assert sparks.span_words(*FOUR_HOURS) == "4 hours"
    assert sparks.span_words(at("00:00:00"), at("00:00:01")) == "1 hour"
