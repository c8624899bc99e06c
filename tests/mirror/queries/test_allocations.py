from typing import Any

import pytest

from ipamweb.addressing.ranges import format_address, parse_address, parse_cidr
from ipamweb.mirror.models import Allocation
from ipamweb.mirror.queries import allocation_filters, allocations
from ipamweb.mirror.queries.allocation_filters import AllocationFilter
from ipamweb.mirror.queries.allocation_rows import AllocationRow
from ipamweb.mirror.queries.clusters import ClusterRow
from ipamweb.mirror.queries.paging import Window
from ipamweb.mirror.scope import EVERYTHING, Scope
from tests import cast
from tests.cast import at, uid
from tests.mirror.queries.conftest import SHOP_ONLY


def listed(
    prod: ClusterRow, scope: Scope = EVERYTHING, **wanted: Any
) -> tuple[AllocationRow, ...]:
    return allocations.listed(
        prod, scope=scope, wanted=AllocationFilter(**wanted), window=Window(1000)
    ).rows


def texts(rows: tuple[AllocationRow, ...]) -> list[str]:
    return [format_address(row.address) for row in rows]


def test_what_is_held_is_listed_in_address_order_ipv4_first(prod: ClusterRow) -> None:
    held = texts(listed(prod))

    assert (len(held), held[0], held[21:25], held[-1]) == (
        45,
        "10.0.0.17",
        ["10.0.0.39", "192.0.2.11", "192.0.2.12", "192.0.2.13"],
        "fd00::26",
    )


WEB = [f"10.0.0.{last}" for last in range(19, 31)]
V6_ROUTERS = ["fd00::11", "fd00::21"]
CART_2 = ["10.0.0.38", "fd00::26"]


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        ({"kind": "router"}, ["10.0.0.17", "10.0.0.33", "fd00::11", "fd00::21"]),
        ({"kind": "health", "family": 6}, ["fd00::12", "fd00::22"]),
        ({"state": "terminating"}, CART_2),
        ({"state": "cooling-down"}, []),
        ({"node": "worker-c"}, ["192.0.2.13"]),
        ({"namespace": "default", "family": 4}, WEB),
        ({"namespace_uid": uid(103)}, ["10.0.0.39", "10.0.0.39"]),
        ({"namespace": "nowhere"}, []),
        ({"pod": "cart-2"}, CART_2),
        ({"uid": uid(424)}, CART_2),
        ({"workload_kind": "Deployment", "family": 4}, WEB),
        ({"workload_name": "web", "family": 4}, WEB),
        ({"pool": "cilium-cluster-pool-v6", "kind": "router"}, V6_ROUTERS),
        ({"network": "storage"}, []),
        ({"within": parse_cidr("10.0.0.36/31")}, ["10.0.0.36", "10.0.0.37"]),
        ({"address": parse_address("::ffff:10.0.0.39")}, ["10.0.0.39"] * 2),
        ({"q": "10.0.0.36"}, ["10.0.0.36"]),
        ({"q": "10.0.0.38/31"}, ["10.0.0.38", "10.0.0.39", "10.0.0.39"]),
        ({"q": "shop/cart-2"}, CART_2),
        ({"q": "CART-2"}, CART_2),
        ({"q": "worker-c"}, ["192.0.2.13"]),
        ({"q": "%"}, []),
        ({"node": "worker-b", "workload_name": "web"}, []),
        ({"node": "worker-b", "state": "terminating", "q": "cart"}, CART_2),
    ],
    ids=str,
)  # fmt: skip
def test_a_filter_finds(
    prod: ClusterRow, wanted: dict[str, Any], found: list[str]
) -> None:
    assert texts(listed(prod, **wanted)) == found


def test_ipv4_lies_not_in_the_ipv6_range_that_holds_everything(
    prod: ClusterRow,
) -> None:
    assert {row.family for row in listed(prod, within=parse_cidr("::/0"))} == {6}


def test_ipv6_before_the_mapped_addresses_is_found_by_its_family(
    people: cast.Cast, prod: ClusterRow
) -> None:
    cast.allocation(91, "::2", kind="router", owner_key="node:x:router").save()

    assert texts(listed(prod, family=6, kind="router")) == [
        "::2", "fd00::11", "fd00::21",
    ]  # fmt: skip


def test_held_before_an_instant_means_seen_held_at_it(prod: ClusterRow) -> None:
    assert len(listed(prod, held_before=at("12:29:59"))) == 11
    assert len(listed(prod, held_before=at("12:30:00"))) == 45


def test_a_released_address_that_is_not_free_yet_is_cooling_down(
    people: cast.Cast, prod: ClusterRow
) -> None:
    Allocation.objects.filter(pk=12).update(released_at=at("13:00:00"))

    (row,) = listed(prod, state="cooling-down")

    assert (row.id, row.state) == (12, "cooling-down")


def test_H4_of_two_owners_of_an_address_both_are_shown_and_one_counts(
    prod: ClusterRow,
) -> None:
    rows = listed(prod, address=parse_address("10.0.0.39"))

    assert [(row.pod, row.counted) for row in rows] == [
        ("job-1", True), ("job-2", False),
    ]  # fmt: skip


def test_outside_the_scope_an_address_is_held_and_its_owner_not_named(
    prod: ClusterRow,
) -> None:
    (row,) = listed(prod, SHOP_ONLY, address=parse_address("10.0.0.19"))

    assert (row.owner_hidden, row.kind, row.state) == (True, "pod", "held")
    assert (row.valid_from, row.node) == (at("12:30:00"), "worker-a")
    assert {
        row.namespace, row.namespace_uid, row.pod, row.uid, row.owner_key,
        row.workload_kind, row.workload_name,
    } == {""}  # fmt: skip


def test_inside_the_scope_and_for_nodes_the_owner_is_named(prod: ClusterRow) -> None:
    (pod,) = listed(prod, SHOP_ONLY, address=parse_address("10.0.0.36"))
    (router,) = listed(prod, SHOP_ONLY, address=parse_address("10.0.0.17"))

    assert (pod.owner_hidden, pod.pod) == (False, "cart-1")
    assert (router.owner_hidden, router.owner_key) == (False, f"node:{uid(201)}:router")


@pytest.mark.parametrize(
    "wanted",
    [
        {"pod": "web-01"},
        {"uid": uid(401)},
        {"namespace": "default"},
        {"namespace_uid": uid(101)},
        {"workload_kind": "Deployment"},
        {"workload_name": "web"},
        {"q": "web-01"},
        {"q": "default/web-01"},
    ],
    ids=str,
)
def test_a_filter_does_not_tell_of_an_owner_outside_the_scope(
    prod: ClusterRow, wanted: dict[str, str]
) -> None:
    assert listed(prod, SHOP_ONLY, **wanted) == ()


def test_filters_that_name_no_owner_find_hidden_occupancy(prod: ClusterRow) -> None:
    assert len(listed(prod, SHOP_ONLY, q="10.0.0.19")) == 1
    assert len(listed(prod, SHOP_ONLY, node="worker-a")) == 29


def test_a_pod_whose_namespace_was_never_seen_is_found_by_the_name_it_gives(
    people: cast.Cast, prod: ClusterRow
) -> None:
    Allocation.objects.filter(namespace_uid=uid(103)).update(namespace_uid="")

    (row, _) = listed(prod, SHOP_ONLY, address=parse_address("10.0.0.39"))

    assert row.owner_hidden


def test_a_filter_that_finds_many_owners_finds_them_all(
    prod: ClusterRow, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(allocation_filters, "MOST_OWNERS", 3)

    assert texts(listed(prod, workload_name="web", family=4)) == WEB
    assert len(listed(prod, q="worker-")) == 45
