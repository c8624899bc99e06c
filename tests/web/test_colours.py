"""The sums about colours agree with published examples."""

import pytest

from tests.web.colours import ciede2000, contrast, distance


def test_the_contrast_of_black_and_white_is_21():
    assert contrast("#000000", "#ffffff") == 21


# Source: Sharma, Wu, Dalal (2005), table 1, pairs 1, 7, 9, 14 and 34.
@pytest.mark.parametrize(
    ("one", "other", "difference"),
    [
        ((50, 2.6772, -79.7751), (50, 0, -82.7485), 2.0425),
        ((50, 0, 0), (50, -1, 2), 2.3669),
        ((50, 2.49, -0.001), (50, -2.49, 0.0009), 7.1792),
        ((50, 2.5, 0), (50, 0, -2.5), 4.3065),
        ((2.0776, 0.0795, -1.135), (0.9033, -0.0636, -0.5514), 0.9082),
    ],
)
def test_differences_are_those_of_the_published_table(one, other, difference):
    assert ciede2000(one, other) == pytest.approx(difference, abs=0.0001)


def test_red_and_green_are_closer_to_who_lacks_a_cone():
    red, green = "#c62828", "#6d8b00"

    assert distance(red, green) > 50
    assert distance(red, green, seen_by="protanopes") < 35
