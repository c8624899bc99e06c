from datetime import UTC, datetime, timedelta

import pytest

from ipamweb.web import tile_fills
from ipamweb.web.tile_fills import Fill
from tests.web.test_tiles import NOON, cell, draw, held

AFTER = NOON + timedelta(days=2)


@pytest.mark.parametrize(
    ("fill", "style"),
    [
        (Fill("owner", now=AFTER), "kind-pod"),
        (Fill("ns", now=AFTER, namespace="shop"), "kind-pod"),
        (Fill("ns", now=AFTER, namespace="batch"), "kind-rest"),
        (Fill("ns", now=AFTER), "kind-rest"),
        (Fill("age", now=AFTER), "fill-level-2"),
    ],
)
def test_a_cell_is_filled_by_owner_namespace_or_age(fill, style):
    found = cell(draw("10.0.2.0/24", held("10.0.2.163"), fill=fill), 10, 3)

    assert (found.code, found.classes) == ("pod", style)


def test_an_owner_outside_of_the_scope_is_no_namespace():
    hidden = held("10.0.2.163", namespace="", pod="", owner_hidden=True)
    fill = Fill("ns", now=AFTER, namespace="")

    assert fill.style(hidden) == "kind-rest"


def test_terminating_and_several_owners_are_told_in_every_fill():
    fill = Fill("age", now=AFTER)
    ending = held("10.0.2.1", state="terminating")
    both = (held("10.0.2.2"), held("10.0.2.2", owner_key="v"))
    found = draw("10.0.2.0/24", ending, *both, fill=fill)

    assert cell(found, 0, 1).classes == "fill-level-2 terminating"
    assert cell(found, 0, 2).classes == "kind-conflict"


@pytest.mark.parametrize(
    ("name", "first"),
    [("owner", "pod"), ("ns", "shop"), ("age", "held below 1 h")],
)
def test_the_legend_lists_only_the_fill_in_use(name, first):
    now = datetime(2026, 11, 22, tzinfo=UTC)
    words = [key.words for key in tile_fills.legend(Fill(name, now, "shop"))]

    assert words[0] == first
    assert words[-2:] == ["several owners", "free"]
