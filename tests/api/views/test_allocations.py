import pytest

from tests.api.conftest import Reader
from tests.cast import uid

CART_0 = {
    "id": 41,
    "cluster": "prod-eu",
    "address": "10.0.0.35",
    "family": 4,
    "kind": "pod",
    "state": "held",
    "node": "worker-b",
    "block": "10.0.0.32/28",
    "pool": "cilium-cluster-pool-v4",
    "network": "",
    "owner_hidden": False,
    "namespace": "shop",
    "pod": "cart-0",
    "uid": uid(421),
    "workload_kind": "",
    "workload_name": "",
    "source": "pod-status",
    "confidence": "derived",
    "from_earliest": "2026-11-22T12:29:55Z",
    "valid_from": "2026-11-22T12:30:00Z",
    "valid_to": None,
    "to_latest": None,
    "terminating_at": None,
    "opened_by": "watch",
    "closed_by": "",
}
NODE_C = {
    "id": 11,
    "cluster": "prod-eu",
    "address": "192.0.2.13",
    "family": 4,
    "kind": "node",
    "state": "held",
    "node": "worker-c",
    "block": None,
    "pool": "",
    "network": "",
    "owner_hidden": False,
    "namespace": "",
    "pod": "",
    "uid": "",
    "workload_kind": "",
    "workload_name": "",
    "source": "node.status.addresses",
    "confidence": "recorded",
    "from_earliest": "2026-11-22T12:00:00Z",
    "valid_from": "2026-11-22T12:00:00Z",
    "valid_to": None,
    "to_latest": None,
    "terminating_at": None,
    "opened_by": "list",
    "closed_by": "",
}
ALLOCATIONS = "clusters/prod-eu/allocations/"


def test_an_allocation_of_a_pod(reader: Reader) -> None:
    assert reader.results(f"{ALLOCATIONS}?address=10.0.0.35") == [CART_0]


def test_an_allocation_of_a_node(reader: Reader) -> None:
    assert reader.results(f"{ALLOCATIONS}?node=worker-c") == [NODE_C]


@pytest.mark.parametrize(
    ("query", "ids"),
    [
        ("kind=router&family=6", [5, 7]),
        ("state=terminating", [47, 48]),
        ("namespace=batch", [51, 52]),
        ("pod=job-2", [52]),
        (f"uid={uid(432)}", [52]),
        ("workload_kind=Deployment&workload_name=web&limit=1", [12]),
        ("pool=cilium-cluster-pool-v6&kind=health", [6, 8]),
        ("network=storage", []),
        ("within=10.0.0.36/31", [43, 45]),
        ("address=fd00:0::26", [48]),
        ("q=shop/pay", [45, 46]),
        ("older_than=100m", [1, 2, 3, 4, 9, 10, 11, 5, 6, 7, 8]),
        ("older_than=3h", []),
    ],
)
def test_a_filter_finds(reader: Reader, query: str, ids: list[int]) -> None:
    assert [row["id"] for row in reader.results(f"{ALLOCATIONS}?{query}")] == ids


def test_all_of_them_come_page_by_page_each_once(reader: Reader) -> None:
    path, found = f"{ALLOCATIONS}?limit=10&fields=id", []
    while path:
        body = reader.json(path.removeprefix("http://testserver/api/v1/"))
        found += [row["id"] for row in body["results"]]
        path = body["next"]

    assert (len(found), len(set(found))) == (45, 45)
