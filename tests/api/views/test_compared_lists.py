"""Lists of two instants side by side."""

import pytest

from ipamweb.mirror.models import Allocation, Node
from tests import cast
from tests.api.conftest import Reader

C = "clusters/prod-eu/"
BESIDE = "at=2026-11-22T12:40:00Z&vs=2026-11-22T12:20:00Z"
TURNED = "at=2026-11-22T12:20:00Z&vs=2026-11-22T12:40:00Z"


def held(reader: Reader, at: str) -> set[tuple[str, int]]:
    """Return what was held for certain at an instant, by address and id."""
    rows = reader.results(f"{C}allocations/?at={at}&limit=1000")
    return {(row["address"], row["id"]) for row in rows if row["state"] != "possible"}


@pytest.mark.parametrize("query", [BESIDE, TURNED])
def test_V8_rows_are_the_difference_of_two_sets(reader: Reader, query: str) -> None:
    before, after = (held(reader, f"2026-11-22T12:{minute}:00Z") for minute in (20, 40))

    rows = reader.results(f"{C}allocations/?{query}&limit=1000")

    sides = {
        side: {(row["address"], row["id"]) for row in rows if row["side"] == side}
        for side in ("before", "after")
    }
    assert sides == {"before": before - after, "after": after - before}
    gone = {address for address, _ in before} - {address for address, _ in after}
    new = {address for address, _ in after} - {address for address, _ in before}
    for row in rows:
        other = "gone" if row["address"] in gone else "changed"
        assert row["change"] == ("new" if row["address"] in new else other)


def test_who_took_an_address_over_stands_beside_who_had_it(reader: Reader) -> None:
    rows = reader.results(f"{C}allocations/?{BESIDE}&address=10.0.0.35")

    assert [(row["side"], row["change"], row["pod"]) for row in rows] == [
        ("after", "changed", "cart-0"), ("before", "changed", "old-1"),
    ]  # fmt: skip


def test_a_filter_chooses_owners_not_addresses(reader: Reader) -> None:
    (row,) = reader.results(f"{C}allocations/?{BESIDE}&namespace=batch&q=10.0.0.35")

    assert (row["side"], row["change"]) == ("before", "changed")


def test_what_may_have_been_held_at_both_is_told_apart(reader: Reader) -> None:
    query = "at=2026-11-22T12:40:00Z&vs=2026-11-22T12:29:57Z&address=10.0.0.36"
    (row,) = reader.results(f"{C}allocations/?{query}")

    assert (row["change"], row["is_certain"]) == ("new", False)


def test_a_list_of_differences_is_paged(reader: Reader) -> None:
    every = reader.results(f"{C}allocations/?{BESIDE}&limit=1000&fields=id")
    first = reader.json(f"{C}allocations/?{BESIDE}&limit=5&fields=id")
    second = reader.client.get(first["next"]).json()

    assert [*first["results"], *second["results"]] == every[:10]


@pytest.mark.parametrize(
    "query",
    ["state=held", "older_than=1d", "since=2026-11-22T12:00:00Z", "sort=-name"],
)
def test_what_means_nothing_between_two_instants_is_400(
    reader: Reader, query: str
) -> None:
    assert reader.get(f"{C}allocations/?{BESIDE}&{query}").status_code == 400


def test_a_node_has_both_numbers_and_the_difference(reader: Reader) -> None:
    (node,) = reader.results(f"{C}nodes/?{BESIDE}&q=worker-b")

    assert node["compared"] == {
        "change": "same",
        "slots_used": {"before": 1, "after": 7, "difference": 6},
        "families": {
            "4": {"before": 3, "after": 8, "difference": 5},
            "6": {"before": 2, "after": 6, "difference": 4},
        },
    }
    assert node["families"]["4"]["allocated"] == 8


def test_a_node_that_was_there_at_one_instant_only_is_in_the_list(
    reader: Reader,
) -> None:
    Node.objects.filter(name="worker-c").update(
        gone_at=cast.at("12:30:00"), gone_by=cast.at("12:30:05")
    )
    found = reader.results(f"{C}nodes/?{BESIDE}")

    changes = {node["name"]: node["compared"]["change"] for node in found}
    assert changes == {"worker-a": "same", "worker-b": "same", "worker-c": "gone"}
    used = found[-1]["compared"]["slots_used"]
    assert used == {"before": 0, "after": None, "difference": 0}


def test_a_pool_and_a_namespace_have_the_same(reader: Reader) -> None:
    pool = reader.results(f"{C}pools/?{BESIDE}")[0]["compared"]
    (batch,) = reader.results(f"{C}namespaces/?{BESIDE}&q=batch")

    assert pool["families"]["4"] == {"before": 5, "after": 22, "difference": 17}
    assert pool["blocks_assigned"] == {"before": 3, "after": 3, "difference": 0}
    assert batch["compared"]["families"]["4"]["difference"] == 2
    assert batch["compared"]["pods"] == {"before": 1, "after": 3, "difference": 2}


def test_without_another_instant_a_row_is_as_ever(reader: Reader) -> None:
    assert "compared" not in reader.results(f"{C}nodes/?at=2026-11-22T12:40:00Z")[0]
    assert "change" not in reader.results(f"{C}allocations/")[0]


@pytest.mark.parametrize("name", ["allocations", "nodes", "pools", "namespaces"])
def test_before_history_there_is_nothing_to_compare(reader: Reader, name: str) -> None:
    assert reader.get(f"{C}{name}/?vs=2026-11-22T11:00:00Z").status_code == 400


def test_in_a_gap_that_lost_events_nobody_is_certainly_gone(reader: Reader) -> None:
    Allocation.objects.filter(pk=41).delete()
    query = "at=2026-11-22T13:05:00Z&vs=2026-11-22T12:20:00Z"
    (row,) = reader.results(f"{C}allocations/?{query}&address=10.0.0.35")
    level = reader.json(f"{C}children/10.0.0.32/28/?{query}")

    assert (row["change"], row["is_certain"]) == ("gone", False)
    marked = [
        (each["change"], each["is_certain"])
        for each in level["rows"]
        if each.get("change") and each["cidr"] == "10.0.0.35/32"
    ]
    assert marked == [("gone", False)]
