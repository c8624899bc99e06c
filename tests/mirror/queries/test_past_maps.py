"""A map at an instant: the blocks, cells and rows of then."""

from dataclasses import replace
from typing import Any

import pytest

from ipamweb.addressing.ranges import parse_cidr
from ipamweb.mirror.models import Block, PoolRange, Reservation
from ipamweb.mirror.queries import map_blocks, map_cells, map_children, map_windows
from ipamweb.mirror.queries.clusters import ClusterRow
from ipamweb.mirror.scope import EVERYTHING
from tests.cast import at

V4 = "cilium-cluster-pool-v4"


def then(prod: ClusterRow, clock: str = "12:20:00") -> dict[str, Any]:
    return {"cluster": replace(prod, at=at(clock)), "scope": EVERYTHING}


def cells(prod: ClusterRow, clock: str) -> str:
    return map_cells.cells(parse_cidr("10.0.0.32/28"), **then(prod, clock)).hex(" ")


def test_the_blocks_of_a_pool_have_the_numbers_of_then(prod: ClusterRow) -> None:
    found = map_blocks.of_pool(V4, **then(prod))

    assert found is not None
    assert found.columns == {
        "index": [1, 2, 3],
        "prefix_length": [28, 28, 28],
        "slots_used": [0, 1, 0],
        "slots_total": [12, 12, 14],
        "allocated": [2, 3, 0],
        "capacity": [14, 14, 14],
        "zone": [1, 2, 2],
        "flags": [0, 0, 0],
    }


@pytest.mark.parametrize(
    ("clock", "bytes_"),
    [
        ("12:20:00", "05 02 03 01 00 00 00 00 00 00 00 00 00 00 00 05"),
        # Between two reads nothing is certain.
        ("12:25:03", "05 02 03 00 00 00 00 00 00 00 00 00 00 00 00 05"),
        # job-1 and job-2 share .39; done-1 has .40; cart-2 is not yet terminating.
        ("12:40:00", "05 02 03 01 01 01 01 41 01 00 00 00 00 00 00 05"),
        ("13:59:45", "05 02 03 01 01 01 11 41 00 00 00 00 00 00 00 05"),
    ],
)
def test_a_block_is_told_address_for_address(
    prod: ClusterRow, clock: str, bytes_: str
) -> None:
    assert cells(prod, clock) == bytes_


def test_before_it_was_given_there_was_no_block(prod: ClusterRow) -> None:
    Block.objects.filter(pk=2).update(valid_from=at("12:30:00"))

    assert cells(prod, "12:20:00") == " ".join(["ff", "02", "03", "01", *["ff"] * 12])


def test_a_block_that_was_taken_away_is_there_until_then(prod: ClusterRow) -> None:
    Block.objects.filter(pk=2).update(valid_to=at("12:30:00"), to_latest=at("12:30:05"))

    assert cells(prod, "12:30:02").startswith("05 02 03")
    assert cells(prod, "12:30:05").startswith("ff 02 03")


def test_a_reservation_of_then_is_told(prod: ClusterRow) -> None:
    Reservation.objects.update(valid_to=at("12:30:00"))
    bounds = parse_cidr("10.0.0.60/31")

    assert map_cells.cells(bounds, **then(prod, "12:20:00")) == b"\x05\x05"
    assert map_cells.cells(bounds, **then(prod, "12:40:00")) == b"\x00\x00"


def test_a_level_of_blocks_counts_what_was_held(prod: ClusterRow) -> None:
    level = map_children.children(parse_cidr("10.0.0.0/20"), **then(prod))

    assert level is not None
    row = level.rows[0]
    assert (str(row.range), row.allocated, row.slots_used) == ("10.0.0.0/24", 5, 1)


def test_a_level_of_addresses_names_who_held_them(prod: ClusterRow) -> None:
    level = map_children.children(parse_cidr("10.0.0.0/24"), **then(prod))

    assert level is not None
    owners = [row.owner.pod for row in level.addresses if row.owner and row.owner.pod]
    assert owners == ["old-1"]


def test_windows_of_ipv6_count_what_was_held(prod: ClusterRow) -> None:
    bounds = parse_cidr("fd00::/64")

    assert map_windows.windows(bounds, **then(prod)).held == 4
    now = map_windows.windows(bounds, cluster=prod, scope=EVERYTHING)
    late = map_windows.windows(bounds, **then(prod, "13:59:59"))
    assert late == now


def test_a_range_that_was_not_there_yet_has_no_map(prod: ClusterRow) -> None:
    PoolRange.objects.filter(pool__slug=V4).update(valid_from=at("12:30:00"))

    assert map_children.children(parse_cidr("10.0.0.0/20"), **then(prod)) is None


def test_at_the_last_read_the_map_is_as_it_is_now(prod: ClusterRow) -> None:
    now = map_blocks.of_pool(V4, cluster=prod, scope=EVERYTHING)
    late = map_blocks.of_pool(V4, **then(prod, "14:00:00"))

    assert now
    assert late
    same = ("index", "allocated", "capacity", "zone")
    assert [late.columns[name] for name in same] == [now.columns[name] for name in same]
