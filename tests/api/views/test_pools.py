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
