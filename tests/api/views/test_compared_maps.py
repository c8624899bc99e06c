"""What maps are drawn from, of two instants side by side."""

from typing import Any

import pytest

from ipamweb.mirror.models import Block, PastAllocation
from tests import cast
from tests.api.conftest import Reader
from tests.api.views.test_maps import columns as decoded

C = "clusters/prod-eu/"
CELLS = f"{C}cells/10.0.0.32/28/"
POOL = f"{C}pools/cilium-cluster-pool-v4/blocks.bin"
FROM_20_TO_40 = "at=2026-11-22T12:40:00Z&vs=2026-11-22T12:20:00Z"
# Router and health check are the same; .35 went from batch/old-1 to shop/cart-0.
CHANGED, NEW, GONE, UNCERTAIN = 0x80, 0x40, 0x20, 0x10
BYTES = [0, 2, 3, CHANGED | 1, *[NEW | 1] * 5, *[0] * 7]


def marks(reader: Reader, query: str) -> list[int]:
    answer = reader.get(f"{CELLS}?{query}")
    assert answer.status_code == 200, answer.content
    return list(answer.content)


def test_V8_marks_of_cells_are_the_difference_of_two_sets(reader: Reader) -> None:
    assert marks(reader, FROM_20_TO_40) == BYTES


def test_the_earlier_instant_comes_first_whichever_is_shown(reader: Reader) -> None:
    turned = "at=2026-11-22T12:20:00Z&vs=2026-11-22T12:40:00Z"

    assert marks(reader, turned) == BYTES


def test_the_present_is_that_of_the_last_read(reader: Reader) -> None:
    found = marks(reader, "vs=2026-11-22T12:40:00Z")

    # batch/done-1 has ended since.
    assert found == [0, 2, 3, *[1] * 5, GONE | 1, *[0] * 7]


def test_what_may_have_been_held_at_both_is_told_apart(reader: Reader) -> None:
    # Between 12:29:55 and 12:30:00 the pods of 12:30 may have come.
    query = "at=2026-11-22T12:40:00Z&vs=2026-11-22T12:29:57Z"

    found = marks(reader, query)

    assert found[4:9] == [NEW | UNCERTAIN | 1] * 5


def test_blocks_count_what_differs(reader: Reader) -> None:
    header, columns = decoded(reader.get(f"{POOL}?{FROM_20_TO_40}").content)

    # worker-a got twelve pods, worker-b five, worker-c none.
    assert columns["new"] == [12, 5, 0]
    assert columns["changed"] == [0, 1, 0]
    assert columns["gone"] == [0, 0, 0]
    assert "new" not in decoded(reader.get(POOL).content)[1]


def test_a_block_that_is_gone_has_a_place(reader: Reader) -> None:
    gone = {"valid_to": cast.at("12:30:00"), "to_latest": cast.at("12:30:05")}
    Block.objects.filter(pk=3).update(**gone)

    _, columns = decoded(reader.get(f"{POOL}?{FROM_20_TO_40}").content)

    assert len(columns["index"]) == 3


def level(reader: Reader, cidr: str, query: str = FROM_20_TO_40) -> list[Any]:
    rows: list[Any] = reader.json(f"{C}children/{cidr}/?{query}")["rows"]
    return rows


def test_a_level_of_blocks_says_the_same_as_the_columns(reader: Reader) -> None:
    rows = level(reader, "10.0.0.0/20")

    names = ("new", "gone", "changed")
    assert [rows[0][name] for name in names] == [17, 0, 1]
    assert all(row[name] == 0 for row in rows[1:] for name in names)


def test_a_level_of_addresses_says_the_same_as_the_cells(reader: Reader) -> None:
    rows = level(reader, "10.0.0.32/28")
    changes = {row["first"]: row["change"] for row in rows if "change" in row}

    new = {f"10.0.0.{last}": "new" for last in range(36, 41)}
    assert changes == {"10.0.0.35": "changed", **new}
    assert all(row["is_certain"] for row in rows if "change" in row)


def test_an_ended_address_has_a_row_of_its_own(reader: Reader) -> None:
    rows = level(reader, "10.0.0.32/28", "vs=2026-11-22T12:40:00Z")

    (gone,) = [row for row in rows if "change" in row]
    assert (gone["first"], gone["last"], gone["change"]) == (
        "10.0.0.40", "10.0.0.40", "gone",
    )  # fmt: skip


def test_an_address_with_two_owners_of_which_one_left_changed_hands(
    reader: Reader,
) -> None:
    owner = cast.pod(491, "batch/second")
    bounds = ["12:09:55", "12:10:00", "12:25:00", "12:25:05"]
    cast.past(901, "10.0.0.33", bounds, owner=owner)

    found = marks(reader, FROM_20_TO_40)

    assert found[1] == CHANGED | 2
    assert PastAllocation.objects.filter(pk=901).exists()


@pytest.mark.parametrize("query", ["vs=2026-11-22T11:00:00Z", "vs=yesterday"])
def test_before_history_there_is_nothing_to_compare(reader: Reader, query: str) -> None:
    assert reader.get(f"{CELLS}?{query}").status_code == 400
