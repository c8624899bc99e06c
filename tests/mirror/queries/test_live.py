from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from ipamweb.addressing.ranges import parse_address, parse_cidr
from ipamweb.mirror.models import Allocation, Block, Cluster, Reservation
from ipamweb.mirror.queries import live
from ipamweb.mirror.queries.clusters import ClusterRow
from ipamweb.mirror.scope import EVERYTHING
from tests import cast
from tests.mirror.queries.conftest import named


def told(generation: int = 7) -> live.Changes | None:
    """Return what changed since a generation; the cluster's is 8 by then."""
    Cluster.objects.filter(slug="prod-eu").update(generation=8)
    return live.since(generation, cluster=named("prod-eu"), scope=EVERYTHING)


def cells(found: live.Changes | None) -> list[tuple[str, int]]:
    assert found is not None
    assert not found.reset
    return [
        (str(cell.block.range) if cell.block else "", cell.byte) for cell in found.cells
    ]


def hold(text: str, number: int = 900, **columns: Any) -> Allocation:
    row = cast.allocation(
        number, text, owner_key=f"pod-{number}", changed_generation=8, **columns
    )
    row.save()
    return row


def test_nothing_is_asked_where_nothing_changed(prod: ClusterRow) -> None:
    with CaptureQueriesContext(connection) as queries:
        assert live.since(7, cluster=prod, scope=EVERYTHING) is None

    assert len(queries) == 0


def test_an_address_that_was_given_out_changed(people: cast.Cast) -> None:
    hold("10.0.0.41")

    assert cells(told()) == [("10.0.0.32/28", 0x01)]


def test_an_address_that_was_given_back_is_free(people: cast.Cast) -> None:
    owner = cast.pod(900, "shop/gone-0", addresses="10.0.0.41")
    cast.past(
        900,
        "10.0.0.41",
        ["13:00:00", "13:00:05", "13:59:55", "14:00:00"],
        owner=owner,
        closed_generation=8,
    )

    assert cells(told()) == [("10.0.0.32/28", 0x00)]


def test_an_address_that_somebody_else_has_by_now_is_told_once(
    people: cast.Cast,
) -> None:
    owner = cast.pod(900, "shop/gone-0", addresses="10.0.0.41")
    bounds = ["13:00:00", "13:00:05", "13:59:55", "14:00:00"]
    cast.past(900, "10.0.0.41", bounds, owner=owner, closed_generation=8)
    hold("10.0.0.41", 901)

    assert cells(told()) == [("10.0.0.32/28", 0x01)]


def test_an_owner_that_is_being_deleted_changed(people: cast.Cast) -> None:
    hold("10.0.0.41", terminating_at=cast.at("13:59:59"))

    assert cells(told()) == [("10.0.0.32/28", 0x11)]


def test_what_changed_before_is_not_told(people: cast.Cast) -> None:
    hold("10.0.0.41")
    Allocation.objects.update(changed_generation=7)

    assert cells(told()) == []


def test_both_families_come_with_the_blocks_they_lie_in(people: cast.Cast) -> None:
    hold("fd00::29")
    hold("10.0.0.41", 901)
    found = told()

    assert cells(found) == [("10.0.0.32/28", 1), ("fd00::20/124", 1)]
    assert found is not None
    first = found.blocks[0]
    assert (first.node, first.slots_used, first.slots_total) == ("worker-b", 6, 13)
    assert (first.allocated, first.capacity) == (7, 14)


def test_an_address_whose_block_went_is_told_of_the_block_that_holds_it_now(
    people: cast.Cast,
) -> None:
    hold("10.0.0.41", block_id=77)

    assert cells(told()) == [("10.0.0.32/28", 0x01)]


def test_an_address_that_lies_in_no_block_stands_alone(people: cast.Cast) -> None:
    Block.objects.filter(first=parse_cidr("10.0.0.32/28").first).update(
        valid_to=cast.AS_OF, to_latest=cast.AS_OF
    )
    hold("10.0.0.41")

    assert cells(told()) == [("", 0x01)]


def test_a_reserved_address_that_was_given_back_is_reserved_again(
    people: cast.Cast,
) -> None:
    address = parse_address("fd00::29")
    Reservation.objects.create(
        id=50,
        cluster_id=1,
        family=6,
        first=address,
        last=address,
        valid_from=cast.AS_OF,
    )
    owner = cast.pod(900, "shop/gone-0")
    bounds = ["13:00:00", "13:00:05", "13:59:55", "14:00:00"]
    cast.past(900, "fd00::29", bounds, owner=owner, closed_generation=8)

    assert cells(told()) == [("fd00::20/124", 0x05)]


@pytest.mark.parametrize("generation", [9, -9_993], ids=["ahead", "long ago"])
def test_who_cannot_be_told_asks_anew(people: cast.Cast, generation: int) -> None:
    assert told(generation) == live.RESET


def test_500_cells_are_told_and_501_are_not(people: cast.Cast) -> None:
    base = parse_address("10.0.4.0")
    Allocation.objects.bulk_create(
        cast.allocation(
            2000 + number,
            "10.0.4.0",
            address=base + number,
            owner_key=f"pod-{number}",
            changed_generation=8,
        )
        for number in range(500)
    )
    found = told()
    assert found is not None
    assert len(found.cells) == 500
    hold("10.0.0.41")

    assert told() == live.RESET
