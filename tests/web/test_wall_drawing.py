import pytest

from ipamweb.mirror.queries.wall import WallNode
from ipamweb.web import wall_drawing
from ipamweb.web.scales import SCALES
from ipamweb.web.wall_drawing import Run

SLOTS = SCALES["slots"]


def nodes(*used):
    return tuple(
        WallNode(place, f"n{place:03}", "", each, 100)
        for place, each in enumerate(used)
    )


def test_the_largest_share_comes_first_and_nothing_last():
    every = (*nodes(20, 90, 90), WallNode(9, "none", "", 0, 0))

    found = wall_drawing.in_order(every, SLOTS)

    assert [each.name for each in found] == ["n001", "n002", "n000", "none"]


def test_a_run_is_cut_into_the_rest_of_a_row_whole_rows_and_a_beginning():
    (found,) = wall_drawing.walls(nodes(*[99] * 3, *[20] * 11), SLOTS, columns=(5,))

    assert (found.columns, found.rows) == (5, 3)
    assert found.runs == (
        Run(0, 0, 3, 1, "level-6"),
        Run(3, 0, 2, 1, "level-1"),
        Run(0, 1, 5, 1, "level-1"),
        Run(0, 2, 4, 1, "level-1"),
    )


def test_five_thousand_nodes_are_a_few_rectangles():
    every = nodes(*sorted([place % 100 for place in range(5000)], reverse=True))

    (found,) = wall_drawing.walls(every, SLOTS, columns=(100,))

    assert len(found.runs) <= 21
    assert sum(run.width * run.height for run in found.runs) == 5000


def test_the_profile_rises_to_the_largest():
    found = wall_drawing.profile(wall_drawing.in_order(nodes(50, 10, 95), SLOTS), SLOTS)

    assert [(each.x, each.height, each.style) for each in found] == [
        ("0.00%", "10.0", "level-1"),
        ("33.33%", "50.0", "level-3"),
        ("66.67%", "95.0", "level-6"),
    ]


def test_each_column_of_a_long_profile_is_the_largest_of_its_nodes():
    every = wall_drawing.in_order(nodes(*[10] * 999, 100), SLOTS)

    found = wall_drawing.profile(every, SLOTS)

    assert len(found) == 100
    assert (found[-2].height, found[-1].height) == ("10.0", "100.0")


@pytest.mark.parametrize(
    ("used", "place"), [(0, 0), (9, 0), (10, 1), (99, 9), (100, 9), (130, 9)]
)
def test_a_share_falls_in_its_tenth(used, place):
    assert wall_drawing.buckets(nodes(used), SLOTS)[place] == 1


def test_a_bar_of_few_nodes_is_still_seen():
    one, many = wall_drawing.histogram([1, 5000])

    assert (one.height, many.height) == ("2.0", "100.0")


@pytest.mark.parametrize(("most", "widths"), [(400, (50, 25)), (401, (100, 50))])
def test_few_nodes_have_larger_cells(most, widths):
    assert wall_drawing.widths(most) == widths
