import pytest

from tests.api.conftest import Reader

BLOCK = {
    "cidr": "fd00::20/124",
    "family": 6,
    "pool": "cilium-cluster-pool-v6",
    "node": "worker-b",
    "network": "",
    "system": "cilium",
    "capacity_rule": "cilium-host-scope",
    "size": "16",
    "reserved": "2",
    "unreachable": "0",
    "capacity": "14",
    "allocated": 6,
    "free": "8",
    "allocated_by_kind": {"pod": 4, "router": 1, "health": 1},
    "valid_from": "2026-11-22T12:00:00Z",
    "valid_to": None,
}
BLOCKS = "clusters/prod-eu/blocks/"


def test_a_block(reader: Reader) -> None:
    assert reader.results(f"{BLOCKS}?family=6&node=worker-b") == [BLOCK]


def test_blocks_are_listed_in_address_order_and_filtered(reader: Reader) -> None:
    found = reader.results(f"{BLOCKS}?pool=cilium-cluster-pool-v4&within=10.0.0.32/27")

    assert [row["cidr"] for row in found] == ["10.0.0.32/28", "10.0.0.48/28"]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("system=cilium&family=6&node=worker-a", ["fd00::10/124"]),
        ("system=calico", []),
        ("network=storage", []),
    ],
)
def test_blocks_are_found_by_system_and_network(
    reader: Reader, query: str, found: list[str]
) -> None:
    for time in ("", "&at=2026-11-22T13:20:00Z"):
        rows = reader.results(f"{BLOCKS}?{query}{time}")

        assert [row["cidr"] for row in rows] == found
