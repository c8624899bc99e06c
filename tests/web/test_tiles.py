from dataclasses import replace
from datetime import UTC, datetime

import pytest

from ipamweb.addressing import capacity
from ipamweb.addressing.ranges import parse_address, parse_cidr
from ipamweb.mirror.queries.allocation_rows import AllocationRow
from ipamweb.mirror.queries.blocks import BlockRow
from ipamweb.mirror.queries.numbers import family_numbers
from ipamweb.web import tiles
from ipamweb.web.tile_fills import Fill
from ipamweb.web.tiles import Torn

NOON = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
OWNER = Fill("owner", now=NOON)
RULE = "cilium-host-scope"


def block(cidr):
    bounds = parse_cidr(cidr)
    numbers = family_numbers(
        capacity.block_numbers(bounds, RULE),
        family=bounds.family,
        allocated=0,
        allocated_reserved=0,
        by_kind={},
    )
    return BlockRow(
        1, bounds, "worker-a", "pool", "", "cilium", RULE, numbers,
        NOON, NOON, None, None,
    )  # fmt: skip


def held(text, **columns):
    row = AllocationRow(
        id=1, cluster_id=1, address=parse_address(text), family=4, network="",
        kind="pod", state="held", node="worker-a", block=None, pool="",
        owner_hidden=False, owner_key="u", namespace="shop", namespace_uid="n",
        pod="cart-0", uid="u", workload_kind="", workload_name="",
        source="pod-status", confidence="derived", from_earliest=NOON,
        valid_from=NOON, valid_to=None, to_latest=None, opened_by="list",
        closed_by="", terminating_at=None, counted=True,
    )  # fmt: skip
    return replace(row, **columns)


def draw(cidr, *allocations, sheet=1, fill=OWNER):
    return tiles.drawn(
        [block(cidr)], allocations, cluster="prod-eu", sheet=sheet, fill=fill
    )


def cell(drawn, row, column):
    return drawn[0].parts[0].rows[row].cells[column]


def test_an_address_stands_in_the_row_of_its_high_digit():
    # 163 = 0xa3: row 10, column 3.
    found = cell(draw("10.0.2.0/24", held("10.0.2.163")), 10, 3)

    assert (found.number, found.code, found.classes) == ("163", "pod", "kind-pod")
    assert found.title == "10.0.2.163, pod shop/cart-0"
    assert found.path == "/clusters/prod-eu/pods/shop/cart-0/"


def test_a_24_is_sixteen_rows_of_sixteen():
    tile = draw("10.0.2.0/24")[0].parts[0]

    assert [row.header for row in tile.rows][:2] == [".0", ".16"]
    assert [len(row.cells) for row in tile.rows] == [16] * 16


def test_a_smaller_block_has_fewer_rows_and_empty_places():
    tile = draw("10.0.9.8/29")[0].parts[0]

    assert [each.classes for each in tile.rows[0].cells[:8]] == ["outside"] * 8
    assert [each.number for each in tile.rows[0].cells[8:]] == [
        "8", "9", "10", "11", "12", "13", "14", "15",
    ]  # fmt: skip
    assert len(tile.rows) == 1


def test_a_larger_block_is_several_tiles():
    parts = draw("10.0.4.0/23")[0].parts

    assert [str(part.range) for part in parts] == ["10.0.4.0/24", "10.0.5.0/24"]


def test_the_largest_blocks_go_on_at_another_sheet():
    # A /19 is 32 tiles of 256.
    assert tiles.sheet_count([block("10.0.0.0/19")]) == 2
    second = draw("10.0.0.0/19", sheet=2)[0].parts

    assert len(second) == 16
    assert str(second[0].range) == "10.0.16.0/24"


def test_what_the_rule_sets_aside_is_reserved():
    drawn = draw("10.0.2.0/24")

    assert cell(drawn, 0, 0).code == cell(drawn, 15, 15).code == "res"
    assert cell(drawn, 0, 1).title == "10.0.2.1, free"


@pytest.mark.parametrize(
    ("columns", "code", "title"),
    [
        pytest.param({"kind": "router", "pod": ""}, "gw", "router", id="router"),
        pytest.param({"kind": "health", "pod": ""}, "hc", "health check", id="health"),
        pytest.param({"kind": "ingress", "pod": ""}, "ing", "ingress", id="ingress"),
        pytest.param(
            {"owner_hidden": True, "pod": "", "namespace": ""},
            "pod",
            "pod, owner not shown",
            id="hidden",
        ),
    ],
)
def test_each_kind_has_a_code_and_leads_to_the_address(columns, code, title):
    found = cell(draw("10.0.2.0/24", held("10.0.2.5", **columns)), 0, 5)

    assert (found.code, found.title) == (code, f"10.0.2.5, {title}")
    assert found.path == "/clusters/prod-eu/ip/10.0.2.5"


def test_a_terminating_pod_is_marked():
    found = cell(draw("10.0.2.0/24", held("10.0.2.5", state="terminating")), 0, 5)

    assert found.classes == "kind-pod terminating"
    assert found.title == "10.0.2.5, pod shop/cart-0, terminating"


def test_two_owners_of_an_address_are_both_named():
    other = held("10.0.2.5", pod="cart-1")
    found = cell(draw("10.0.2.0/24", held("10.0.2.5"), other), 0, 5)

    assert found.code == "dup"
    assert found.title == "10.0.2.5, 2 owners: pod shop/cart-0; pod shop/cart-1"


def test_who_passed_an_address_on_between_two_reads_is_no_second_owner():
    first = held("10.0.2.35", pod="cart-0", state="possible", in_numbers=False)
    second = held("10.0.2.35", pod="web-1", state="possible", in_numbers=False)
    between = draw("10.0.2.0/24", first, second)
    certain = replace(second, state="held", in_numbers=True)
    after = draw("10.0.2.0/24", first, certain)

    assert cell(between, 2, 3).title == (
        "10.0.2.35, possibly pod shop/cart-0 or pod shop/web-1"
    )
    assert between[0].parts[0].held == 0
    assert cell(after, 2, 3).title == "10.0.2.35, pod shop/web-1"
    assert after[0].parts[0].held == 1


def test_an_ipv6_64_shows_its_occupied_windows_and_the_gaps_in_words():
    drawn = draw("fd00:7::/64", held("fd00:7::5"), held("fd00:7::3:1a07"))

    words = [part.words if isinstance(part, Torn) else str(part.range)
             for part in drawn[0].parts]  # fmt: skip
    # 0x31a00 is 203264; less the first window of 256: 203008.
    assert words == [
        "fd00:7::/120",
        "203\u202f008 addresses here, none held",
        "fd00:7::3:1a00/120",
        "2^64 − 203\u202f520 addresses here, none held",
    ]


def test_an_empty_ipv6_64_is_words_only():
    assert draw("fd00:7::/64")[0].parts == (Torn("2^64 addresses here, none held"),)


def test_many_windows_are_cut_and_it_says_so():
    drawn = draw("fd00:7::/64", *(held(f"fd00:7::{n:x}:1") for n in range(1, 21)))

    assert sum(not isinstance(part, Torn) for part in drawn[0].parts) == 12
    assert drawn[0].note == (
        "12 of 20 windows are drawn; every address held stands in the table below."
    )


def test_an_ipv6_120_is_a_whole_tile_with_hex_digits():
    tile = draw("fd00:7::4400/120", held("fd00:7::44a3"))[0].parts[0]

    assert tile.rows[10].header == "a0"
    assert tile.rows[10].cells[3].number == "a3"


def test_a_strip_marks_this_address_and_what_is_in_no_block():
    bounds = replace(parse_cidr("10.0.2.14/31"), last=parse_address("10.0.2.17"))
    cells = tiles.strip(
        bounds,
        [held("10.0.2.14")],
        blocks=[block("10.0.2.0/28")],
        this=parse_address("10.0.2.14"),
        cluster="prod-eu",
    )

    assert [each.code for each in cells] == ["pod", "res", "–", "–"]
    assert cells[0].classes == "kind-pod this"
    assert cells[0].path == "/clusters/prod-eu/ip/10.0.2.14"
