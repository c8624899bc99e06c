import pytest

from tests.api.conftest import Reader

V4 = {
    "slug": "cilium-cluster-pool-v4",
    "name": "cluster-pool",
    "system": "cilium",
    "network": "",
    "capacity_rule": "cilium-host-scope",
    "read_from": "ConfigMap kube-system/cilium-config",
    "ranges": [{"cidr": "10.0.0.0/20", "family": 4, "block_prefix_length": 28}],
    "families": {
        "4": {
            "size": "4096",
            "reserved": "512",
            "unreachable": "0",
            "capacity": "3584",
            "allocated": 21,
            "free": "3563",
            "allocated_by_kind": {"pod": 17, "router": 2, "health": 2},
        }
    },
    "blocks_assigned": 3,
    "blocks_total": "256",
}
AGE = {"as_of": "2026-11-22T14:00:00Z", "stale": False}


def test_a_pool(reader: Reader) -> None:
    path = "clusters/prod-eu/pools/cilium-cluster-pool-v4/"

    assert reader.json(path) == {**AGE, **V4}


def test_pools_are_listed_by_slug(reader: Reader) -> None:
    results = reader.results("clusters/prod-eu/pools/")

    assert results[0] == V4
    assert results[1]["ranges"] == [
        {"cidr": "fd00::/116", "family": 6, "block_prefix_length": 124}
    ]


POOLS = "clusters/prod-eu/pools/"
THEN = "at=2026-11-22T13:20:00Z"


@pytest.mark.parametrize("time", ["", THEN, f"{THEN}&vs=2026-11-22T12:20:00Z"])
@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("family=6", ["cilium-cluster-pool-v6"]),
        ("q=10.0.0.35", ["cilium-cluster-pool-v4"]),
        ("q=pool-v4", ["cilium-cluster-pool-v4"]),
        ("system=cilium&limit=1", ["cilium-cluster-pool-v4"]),
        ("system=calico", []),
        ("network=storage", []),
    ],
)
def test_a_filter_finds_now_at_an_instant_and_at_two(
    reader: Reader, time: str, query: str, found: list[str]
) -> None:
    rows = reader.results(f"{POOLS}?{query}&{time}")

    assert [row["slug"] for row in rows] == found


def test_a_family_that_there_is_not_is_400_and_names_the_two(reader: Reader) -> None:
    answer = reader.get(f"{POOLS}?family=5")

    error = answer.json()["error"]
    assert answer.status_code == 400
    assert error["details"] == {"parameter": "family", "accepted": ["4", "6"]}
