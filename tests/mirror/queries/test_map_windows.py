from typing import Any

from ipamweb.addressing.ranges import parse_cidr
from ipamweb.mirror.models import Allocation
from ipamweb.mirror.queries import map_ground, map_windows
from ipamweb.mirror.queries.clusters import ClusterRow
from ipamweb.mirror.queries.map_windows import Windows
from ipamweb.mirror.scope import EVERYTHING
from tests import cast


def windows(cluster: ClusterRow, cidr: str = "fd00::/64") -> Windows:
    return map_windows.windows(parse_cidr(cidr), cluster=cluster, scope=EVERYTHING)


def test_m9_windows_stand_in_order_with_what_is_between(prod: ClusterRow) -> None:
    cast.allocation(900, "fd00::3:1a07", owner_key="x").save()
    cast.allocation(901, "fd00::3:1a08", owner_key="y").save()
    found = windows(prod)

    assert [(str(w.range), w.held, w.gap_before) for w in found.windows] == [
        ("fd00::/120", 20, 0),
        ("fd00::3:1a00/120", 2, 0x31900),
    ]
    assert (found.total, found.held) == (2, 22)
    assert found.rest == 2**64 - 0x31B00


def test_windows_and_gaps_add_up_to_the_range(prod: ClusterRow) -> None:
    cast.allocation(900, "fd00::ffff:ffff:ffff:ffff", owner_key="x").save()
    found = windows(prod)

    assert sum(256 + each.gap_before for each in found.windows) == 2**64
    assert found.rest == 0


def test_an_address_of_two_owners_is_held_once(prod: ClusterRow) -> None:
    cast.allocation(900, "fd00::13", owner_key="x", counted=False).save()

    assert windows(prod).windows[0].held == 20


def test_a_range_in_which_nothing_is_held_is_all_rest(prod: ClusterRow) -> None:
    found = windows(prod, "fd00:1::/64")

    assert (found.windows, found.total, found.rest) == ((), 0, 2**64)


def test_of_many_windows_the_first_256_are_told(prod: ClusterRow) -> None:
    base = parse_cidr("fd00:2::/64").first
    Allocation.objects.bulk_create(
        cast.allocation(
            2000 + number, "fd00:2::", address=base + (number << 12), owner_key="x"
        )
        for number in range(300)
    )
    found = windows(prod, "fd00:2::/64")

    assert (len(found.windows), found.total, found.held) == (256, 300, 300)


def test_the_addresses_of_each_window_are_rows_in_three_queries(
    prod: ClusterRow, django_assert_num_queries: Any
) -> None:
    cast.allocation(900, "fd00::3:1a07", owner_key="x").save()
    found = windows(prod)
    blocks = map_ground.blocks_in(found.bounds, cluster=prod, scope=EVERYTHING)

    with django_assert_num_queries(3):
        first, far = map_windows.rows_in(
            found, blocks=blocks, cluster=prod, scope=EVERYTHING
        )

    assert sum(row.kind == "held" for row in first) == 20
    assert [(row.kind, str(row.range)) for row in far] == [
        ("outside", "fd00::3:1a00-fd00::3:1a06"),
        ("held", "fd00::3:1a07/128"),
        ("outside", "fd00::3:1a08-fd00::3:1aff"),
    ]
