from dataclasses import dataclass

import pytest

from ipamweb.addressing import overlaps
from ipamweb.addressing.ranges import Range, parse_address, parse_cidr


@dataclass(frozen=True)
class Named:
    range: Range


def run(text):
    if "-" not in text:
        return parse_cidr(text)
    first, _, last = text.partition("-")
    return Range(parse_address(first), parse_address(last))


@pytest.mark.parametrize(
    ("texts", "pairs"),
    [
        pytest.param(["10.0.0.0/20", "10.0.16.0/20"], [], id="neighbours"),
        pytest.param(
            ["10.0.8.0/21", "10.0.0.0/20"],
            [("10.0.0.0/20", "10.0.8.0/21", "10.0.8.0/21")],
            id="inside",
        ),
        pytest.param(
            ["10.0.0.0/24", "10.0.0.0/24"],
            [("10.0.0.0/24", "10.0.0.0/24", "10.0.0.0/24")],
            id="the same",
        ),
        pytest.param(
            ["10.0.0.0-10.0.0.99", "10.0.0.90-10.0.0.200"],
            [("10.0.0.0-10.0.0.99", "10.0.0.90-10.0.0.200", "10.0.0.90-10.0.0.99")],
            id="a part, no CIDR",
        ),
        pytest.param(
            ["10.0.0.0/8", "10.1.0.0/16", "10.2.0.0/16", "10.1.1.0/24"],
            [
                ("10.0.0.0/8", "10.1.0.0/16", "10.1.0.0/16"),
                ("10.0.0.0/8", "10.1.1.0/24", "10.1.1.0/24"),
                ("10.1.0.0/16", "10.1.1.0/24", "10.1.1.0/24"),
                ("10.0.0.0/8", "10.2.0.0/16", "10.2.0.0/16"),
            ],
            id="nested",
        ),
        pytest.param(
            ["fd00:10:244::/56", "fd00:10:244:0:8000::/104", "fd00:10:245::/56"],
            [
                (
                    "fd00:10:244::/56",
                    "fd00:10:244:0:8000::/104",
                    "fd00:10:244:0:8000::/104",
                )
            ],
            id="IPv6",
        ),
        # IPv4 lies inside ::/0 as numbers only.
        pytest.param(["::/0", "10.0.0.0/8"], [], id="two families"),
        pytest.param([], [], id="nothing"),
    ],
)
def test_each_pair_that_shares_addresses_is_found_once(texts, pairs):
    found = overlaps.overlaps(Named(run(text)) for text in texts)

    assert [
        (str(each.one.range), str(each.other.range), str(each.shared)) for each in found
    ] == pairs


@pytest.mark.parametrize(
    ("texts", "runs"),
    [
        (["10.0.1.0/24", "10.0.0.0/24"], ["10.0.0.0/23"]),
        (["10.0.0.0/24", "10.0.2.0/24"], ["10.0.0.0/24", "10.0.2.0/24"]),
        (["10.0.0.0/16", "10.0.7.0/24"], ["10.0.0.0/16"]),
        (["10.0.1.0/24", "10.0.2.0/24"], ["10.0.1.0-10.0.2.255"]),
        (["fd00::/64", "fd00:0:0:1::/64"], ["fd00::/63"]),
        ([], []),
    ],
)
def test_what_ranges_cover_together_are_runs(texts, runs):
    assert [str(each) for each in overlaps.union(map(run, texts))] == runs


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("10.0.0.128-10.0.2.255", ["10.0.0.128/25", "10.0.1.0/24", "10.0.2.0/24"]),
        ("10.0.0.0/8", ["10.0.0.0/8"]),
        ("10.0.0.7-10.0.0.7", ["10.0.0.7/32"]),
        ("::/0", ["::/0"]),
        ("fd00::1-fd00::4", ["fd00::1/128", "fd00::2/127", "fd00::4/128"]),
    ],
)
def test_a_run_is_made_of_the_fewest_cidrs(text, parts):
    assert [str(each) for each in overlaps.cidrs(run(text))] == parts


@pytest.mark.parametrize(
    ("texts", "cover"),
    [
        (["10.0.0.0/24", "10.0.3.0/24"], "10.0.0.0/22"),
        (["10.0.0.0/24"], "10.0.0.0/24"),
        (["fd00:10:244::/56", "fd00:10:245::/56"], "fd00:10:244::/47"),
    ],
)
def test_the_smallest_cidr_covers_all(texts, cover):
    assert str(overlaps.smallest_cidr([run(text) for text in texts])) == cover


@pytest.mark.parametrize(
    ("text", "length", "cidr"),
    [("10.1.2.3", 8, "10.0.0.0/8"), ("fd12:3456::1", 8, "fd00::/8")],
)
def test_the_cidr_of_an_address_has_the_length_asked_for(text, length, cidr):
    assert str(overlaps.cidr_of(parse_address(text), length)) == cidr
