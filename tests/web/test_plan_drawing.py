import pytest

from ipamweb.addressing.ranges import parse_cidr
from ipamweb.web.plan_drawing import Drawn, plan
from tests.addressing.test_overlaps import run


def drawn(base, *texts):
    ranges = [
        Drawn(run(text), str(n), "plan-0", text) for n, text in enumerate(texts, 1)
    ]
    return plan(parse_cidr(base), ranges)


def places(found):
    return [(each.x, each.y, each.width, each.height) for each in found.rectangles]


# The plane of a /8 is 16 × 16 cells of /16, each 16 × 16 of /24: 256 cells each way.
@pytest.mark.parametrize(
    ("base", "text", "place"),
    [
        pytest.param("10.0.0.0/8", "10.0.0.0/8", ("0%", "0%", "100%", "100%"), id="/8"),
        pytest.param(
            "10.0.0.0/8", "10.128.0.0/9", ("0%", "50%", "100%", "50%"), id="/9"
        ),
        # 10.18: row 1, column 2.
        pytest.param(
            "10.0.0.0/8", "10.18.0.0/16", ("12.5%", "6.25%", "6.25%", "6.25%"), id="/16"
        ),
        # 10.18.64: row 4 of 16 inside that cell, all of its columns, 4 rows high.
        pytest.param(
            "10.0.0.0/8", "10.18.64.0/18",
            ("12.5%", "7.812%", "6.25%", "1.562%"), id="/18",
        ),
        # Less than a cell is drawn as one.
        pytest.param(
            "10.0.0.0/8", "10.0.0.4/30", ("0%", "0%", "0.3906%", "0.3906%"), id="/30"
        ),
        pytest.param(
            "fd00:10:244::/48", "fd00:10:244:1200::/56",
            ("12.5%", "6.25%", "6.25%", "6.25%"), id="IPv6",
        ),
    ],
)  # fmt: skip
def test_a_cidr_is_a_rectangle(base, text, place):
    assert places(drawn(base, text)) == [place]


def test_a_run_that_is_no_cidr_is_several_rectangles():
    assert places(drawn("10.0.0.0/8", "10.15.0.0-10.16.255.255")) == [
        ("93.75%", "0%", "6.25%", "6.25%"),
        ("0%", "6.25%", "6.25%", "6.25%"),
    ]


def test_what_lies_outside_is_cut_off():
    assert places(drawn("10.0.0.0/9", "10.0.0.0/8")) == [("0%", "0%", "100%", "100%")]
    assert places(drawn("10.0.0.0/8", "192.168.0.0/16")) == []


def test_the_first_tile_is_labelled_by_octets():
    found = drawn("172.16.0.0/12")

    assert found.rows == (".16", ".20", ".24", ".28")
    assert found.columns == ("+0", "+1", "+2", "+3")
    assert found.cell == "/16"
    assert found.across == found.down == ("25%", "50%", "75%")


def test_the_first_tile_is_labelled_by_bytes_in_ipv6():
    found = drawn("fd00:10:244::/48")

    assert found.rows[:3] == ("00", "10", "20")
    assert found.columns[-2:] == ("e", "f")


def test_a_single_address_has_a_drawing_too():
    assert places(drawn("10.0.0.1/32", "10.0.0.0/8")) == [("0%", "0%", "100%", "100%")]


def test_labels_of_the_same_place_stand_below_each_other():
    labels = drawn("10.0.0.0/8", "10.0.0.0/16", "10.0.0.0/20", "10.0.0.0/24").labels

    assert [each.words for each in labels] == ["1", "2", "3"]
    assert len({each.y for each in labels}) == 3
    assert len({each.x for each in labels}) == 1
