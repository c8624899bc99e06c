import pytest

from ipamweb.web import scales
from ipamweb.web.scales import DAY, HOUR, SCALES


@pytest.mark.parametrize(
    ("used", "total", "level"),
    [
        (0, 110, 0), (10, 110, 0), (11, 110, 1), (93, 110, 4), (94, 110, 5),
        (104, 110, 5), (105, 110, 6), (112, 110, 6), (0, 0, None),
    ],
)  # fmt: skip
def test_a_share_of_slots_has_seven_steps(used, total, level):
    assert SCALES["slots"].level(used, total) == level


@pytest.mark.parametrize(
    ("seconds", "level"),
    [(0, 0), (HOUR - 1, 0), (HOUR, 1), (DAY, 2), (29 * DAY, 3), (30 * DAY, 4)],
)
def test_an_age_has_five_steps(seconds, level):
    assert SCALES["age"].level(seconds, None) == level
    assert scales.age_level(seconds) == level


@pytest.mark.parametrize(
    ("used", "low", "high", "is_inside"),
    [
        (85, 85, 100, True), (84, 85, 100, False), (100, 85, 100, True),
        (120, 85, 100, True), (70, 60, 70, False), (60, 60, 70, True),
        (99, 90, None, True),
    ],
)  # fmt: skip
def test_a_band_holds_its_lower_end_and_a_hundred(used, low, high, is_inside):
    assert SCALES["slots"].is_inside(used, 100, low=low, high=high) is is_inside


def test_a_band_of_ages_is_in_days():
    assert SCALES["age"].is_inside(7 * DAY, None, low=7, high=8)
    assert not SCALES["age"].is_inside(8 * DAY, None, low=7, high=8)


def test_what_has_no_number_is_in_no_band():
    assert not SCALES["age"].is_inside(None, None, low=0, high=None)
    assert not SCALES["slots"].is_inside(0, 0, low=0, high=100)


@pytest.mark.parametrize(
    ("fill", "value", "whole", "words"),
    [
        ("slots", 105, 110, "105 of 110"), ("slots", 0, 0, "no pod slots"),
        ("churn", 1200, None, "1\u202f200"), ("age", 93 * DAY, None, "93 d"),
        ("age", None, None, "no pod"),
    ],
)  # fmt: skip
def test_a_number_is_told_in_words(fill, value, whole, words):
    assert SCALES[fill].in_words(value, whole) == words
