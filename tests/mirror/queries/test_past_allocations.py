from typing import Any

import pytest

from ipamweb.addressing.ranges import format_address, parse_address, parse_cidr
from ipamweb.mirror.models import Allocation
from ipamweb.mirror.queries import past_allocations
from ipamweb.mirror.queries.allocation_filters import AllocationFilter
from ipamweb.mirror.queries.allocation_rows import AllocationRow
from ipamweb.mirror.queries.clusters import ClusterRow
from ipamweb.mirror.queries.paging import Window
from ipamweb.mirror.queries.past_filters import Times, instant
from ipamweb.mirror.scope import EVERYTHING, Scope
from tests.cast import at, uid
from tests.mirror.queries.conftest import SHOP_ONLY
from tests.mirror.queries.moments import NEXT, end, ending_before_the_past_is_read

WORKER_B = parse_cidr("10.0.0.32/28")


def held(
    prod: ClusterRow, times: Times, scope: Scope = EVERYTHING, **wanted: Any
) -> list[tuple[str, str, str]]:
    """Return (address, pod, state) of what was held."""
    found = past_allocations.listed(
        prod,
        times=times,
        scope=scope,
        wanted=AllocationFilter(**wanted),
        window=Window(1000),
    )
    return [(format_address(row.address), row.pod, row.state) for row in found.rows]


@pytest.mark.parametrize(
    ("clock", "found"),
    [
        ("12:09:54", []),
        ("12:09:55", [("10.0.0.35", "old-1", "possible")]),
        ("12:10:00", [("10.0.0.35", "old-1", "held")]),
        ("12:25:00", [("10.0.0.35", "old-1", "held")]),
        ("12:25:04", [("10.0.0.35", "old-1", "possible")]),
        ("12:25:05", []),
        ("12:29:57", [("10.0.0.35", "cart-0", "possible")]),
        ("13:59:00", [("10.0.0.35", "cart-0", "held")]),
        ("14:00:01", [("10.0.0.35", "cart-0", "possible")]),
    ],
)
def test_an_address_at_an_instant(
    prod: ClusterRow, clock: str, found: list[tuple[str, str, str]]
) -> None:
    assert held(prod, instant(at(clock)), address=parse_address("10.0.0.35")) == found


OLD_1 = ("10.0.0.35", "old-1", "held")
DONE_1 = ("10.0.0.40", "done-1", "held")


@pytest.mark.parametrize(
    ("clock", "wanted", "found"),
    [
        ("12:20:00", {"kind": "pod"}, [OLD_1]),
        ("12:20:00", {"node": "worker-b", "kind": "pod"}, [OLD_1]),
        ("12:20:00", {"namespace": "batch"}, [OLD_1]),
        ("12:20:00", {"pod": "old-1"}, [OLD_1]),
        ("12:20:00", {"uid": uid(451)}, [OLD_1]),
        ("12:20:00", {"q": "batch/old"}, [OLD_1]),
        ("12:20:00", {"q": "10.0.0.32/29", "kind": "pod"}, [OLD_1]),
        ("12:20:00", {"pool": "cilium-cluster-pool-v4", "kind": "pod"}, [OLD_1]),
        ("12:20:00", {"family": 6, "kind": "pod"}, []),
        ("12:20:00", {"namespace": "shop"}, []),
        ("12:40:00", {"pod": "done-1"}, [DONE_1]),
        ("12:40:00", {"pod": "old-1"}, []),
        ("12:40:00", {"state": "terminating"}, []),
    ],
)
def test_filters_hold_of_the_past(
    prod: ClusterRow, clock: str, wanted: dict[str, Any], found: list[Any]
) -> None:
    assert held(prod, instant(at(clock)), **wanted) == found


def test_a_window_finds_whoever_held_it_in_between(prod: ClusterRow) -> None:
    window = Times(at("12:20:00"), at("12:35:00"))

    assert held(prod, window, within=WORKER_B, namespace="batch") == [
        ("10.0.0.35", "old-1", "ended"),
        ("10.0.0.39", "job-1", "held"),
        ("10.0.0.39", "job-2", "held"),
        ("10.0.0.40", "done-1", "ended"),
    ]


def test_a_window_is_found_by_the_bins_of_time_too(prod: ClusterRow) -> None:
    window = Times(at("12:24:00"), at("12:26:00"))

    assert held(prod, window, kind="pod") == [("10.0.0.35", "old-1", "ended")]


def test_a_page_goes_on_where_it_was_cut_in_both_tables(prod: ClusterRow) -> None:
    window = Times(at("12:00:00"), at("14:00:00"))
    wanted = AllocationFilter(within=WORKER_B)
    found, cursor = [], ""
    while True:
        page = past_allocations.listed(
            prod,
            times=window,
            scope=EVERYTHING,
            wanted=wanted,
            window=Window(3, cursor),
        )
        found += [row.id for row in page.rows]
        cursor = page.next
        if not cursor:
            break

    assert found == [3, 4, 41, 61, 43, 45, 47, 51, 52, 62]


def test_the_page_before_is_the_one_one_came_from(prod: ClusterRow) -> None:
    def page(cursor: str) -> Any:
        return past_allocations.listed(
            prod,
            times=Times(at("12:00:00"), at("14:00:00")),
            scope=EVERYTHING,
            wanted=AllocationFilter(within=WORKER_B),
            window=Window(3, cursor),
        )

    second = page(page("").next)

    assert [row.id for row in page(second.previous).rows] == [3, 4, 41]


def test_outside_the_scope_it_was_held_and_nobody_is_named(prod: ClusterRow) -> None:
    address = parse_address("10.0.0.35")

    assert held(prod, instant(at("12:20:00")), SHOP_ONLY, address=address) == [
        ("10.0.0.35", "", "held")
    ]
    assert held(prod, instant(at("12:20:00")), SHOP_ONLY, namespace="batch") == []


def test_what_lay_on_a_node(prod: ClusterRow) -> None:
    found = past_allocations.of_node(
        2, cluster=prod, ranges=[WORKER_B], at=at("12:20:00"), scope=EVERYTHING
    )

    assert [(format_address(row.address), row.kind, row.state) for row in found] == [
        ("10.0.0.33", "router", "held"),
        ("10.0.0.34", "health", "held"),
        ("10.0.0.35", "pod", "held"),
        ("192.0.2.12", "node", "held"),
        ("fd00::21", "router", "held"),
        ("fd00::22", "health", "held"),
    ]


@pytest.mark.parametrize(
    ("clock", "state", "found"),
    [
        ("12:20:00", "held", [OLD_1]),
        ("12:20:00", "possible", []),
        ("12:25:04", "held", []),
        ("12:25:04", "possible", [("10.0.0.35", "old-1", "possible")]),
        ("12:29:57", "terminating", []),
        ("13:59:45", "terminating", [("10.0.0.38", "cart-2", "terminating")]),
        ("14:00:01", "terminating", []),
        ("14:00:01", "held", []),
    ],
)
def test_a_state_is_that_of_the_instant(
    prod: ClusterRow, clock: str, state: str, found: list[Any]
) -> None:
    there = {"within": WORKER_B, "kind": "pod", "state": state}

    assert [
        row for row in held(prod, instant(at(clock)), **there) if row[1] != "done-1"
    ] == found


def test_after_the_last_read_everything_is_possible(prod: ClusterRow) -> None:
    then = instant(at("14:00:01"))
    found = held(prod, then, within=WORKER_B)

    assert {state for *_, state in found} == {"possible"}
    assert held(prod, then, within=WORKER_B, state="possible") == found


def test_what_ends_between_two_queries_is_told_once(prod: ClusterRow) -> None:
    then = instant(at("13:59:00"))
    before = held(prod, then, within=WORKER_B)

    with ending_before_the_past_is_read(41):
        assert held(prod, then, within=WORKER_B) == before


@pytest.mark.parametrize("clock", ["13:59:00", "14:00:00", "14:00:03"])
def test_what_a_poll_ends_meanwhile_is_open_to_the_generation_that_was_read(
    prod: ClusterRow, clock: str
) -> None:
    before = held(prod, instant(at(clock)), within=WORKER_B)

    end(41)

    assert held(prod, instant(at(clock)), within=WORKER_B) == before


def test_what_a_poll_opens_meanwhile_is_not_there_yet(prod: ClusterRow) -> None:
    Allocation.objects.filter(pk=41).update(opened_generation=NEXT)

    assert held(prod, instant(at("14:00:00")), pod="cart-0", family=4) == []


def test_on_a_node_too_what_ends_between_two_queries_is_told_once(
    prod: ClusterRow,
) -> None:
    def rows() -> list[AllocationRow]:
        found = past_allocations.of_node(
            2, cluster=prod, ranges=[WORKER_B], at=at("13:59:00"), scope=EVERYTHING
        )
        return list(found)

    before = rows()
    with ending_before_the_past_is_read(41):
        assert rows() == before
