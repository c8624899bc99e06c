"""Levels are reached at a share, and left only well below it."""

import pytest

from ipamweb.events.thresholds import level_after


@pytest.mark.parametrize(
    ("used", "before", "level"),
    [
        (0, 0, 0), (74, 0, 0), (75, 0, 75), (89, 0, 75), (90, 0, 90), (100, 0, 90),
        (90, 75, 90), (70, 75, 75), (69, 75, 0), (85, 90, 90), (84, 90, 75),
        (70, 90, 75), (69, 90, 0),
    ],
)  # fmt: skip
def test_a_level_is_left_five_points_below_where_it_was_reached(used, before, level):
    assert level_after(used, 100, before=before) == level


def test_nothing_is_full_of_nothing():
    assert level_after(5, 0, before=90) == 0


def test_a_pool_of_more_blocks_than_a_float_holds_is_counted_exactly():
    total = 2**80

    assert level_after(total * 3 // 4, total, before=0) == 75
    assert level_after(total * 3 // 4 - 1, total, before=0) == 0
