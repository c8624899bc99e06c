import pytest

from tests.api.conftest import Reader
from tests.api.views.test_allocations import CART_0
from tests.cast import uid

POD = {
    "uid": uid(421),
    "namespace": "shop",
    "name": "cart-0",
    "node": "worker-b",
    "phase": "Running",
    "host_network": False,
    "workload_kind": "",
    "workload_name": "",
    "terminating": False,
    "addresses": ["10.0.0.35", "fd00::23"],
    "reported_addresses": ["10.0.0.35", "fd00::23"],
    "first_seen": "2026-11-22T12:30:00Z",
    "gone_at": None,
}
PODS = "clusters/prod-eu/pods/"


def test_a_pod_is_listed(reader: Reader) -> None:
    assert reader.results(f"{PODS}?namespace=shop&q=cart-0") == [POD]


def test_a_pod_comes_with_what_it_holds_and_held(reader: Reader) -> None:
    body = reader.json(f"{PODS}{uid(421)}/")

    assert {name: body[name] for name in POD} == POD
    assert body["allocations"][0] == CART_0
    assert (len(body["allocations"]), body["endpoints"], body["history"]) == (2, [], [])


def test_what_the_cni_says_of_a_pod(reader: Reader) -> None:
    assert reader.json(f"{PODS}{uid(401)}/")["endpoints"] == [
        {
            "uid": uid(501),
            "state": "ready",
            "addresses": ["10.0.0.19", "fd00::13"],
            "first_seen": "2026-11-22T12:30:00Z",
            "gone_at": None,
        }
    ]


def test_a_pod_that_is_gone_is_still_there(reader: Reader) -> None:
    body = reader.json(f"{PODS}{uid(451)}/")

    assert (body["gone_at"], body["addresses"]) == ("2026-11-22T12:25:00Z", [])
    assert [row["id"] for row in body["history"]] == [61]


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("host_network=true", ["proxy-a"]),
        ("host_network=false&phase=Pending", ["wait-0"]),
        ("node=worker-b&namespace=batch", ["done-1", "job-1", "job-2"]),
        ("workload_kind=DaemonSet&workload_name=proxy", ["proxy-a"]),
    ],
)
def test_pods_are_filtered(reader: Reader, query: str, names: list[str]) -> None:
    assert [row["name"] for row in reader.results(f"{PODS}?{query}")] == names


def test_a_terminating_pod_says_so(reader: Reader) -> None:
    (pod,) = reader.results(f"{PODS}?q=cart-2")

    assert pod["terminating"] is True
