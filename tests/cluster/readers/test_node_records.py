"""What a CiliumNode says of its node beside its blocks."""

import msgspec
import pytest

from ipamweb.addressing.records import NodeRecord
from ipamweb.cluster import shapes
from ipamweb.cluster.readers import cilium_cluster_pool, node_pod_cidr
from ipamweb.cluster.readers.contract import CILIUM_NODES, DEFAULT_SETTINGS, listed_of

BODY = b"""{
  "metadata": {"name": "w1", "uid": "c1",
    "ownerReferences": [{"kind": "Node", "uid": "n1", "name": "w1"}]},
  "spec": {"ipam": {"podCIDRs": ["10.0.2.5/24", "FD00::/112"],
    "pools": {"allocated": [{"pool": "green", "cidrs": ["10.20.0.0/27"]},
                            {"pool": "default"}]}}},
  "status": {"ipam": {"operator-status": {"error": "allocator full"}, "used": {}}}
}"""


def read(body: bytes, reader: object = cilium_cluster_pool) -> list[NodeRecord]:
    node = msgspec.json.decode(body, type=shapes.CiliumNode)
    listed = listed_of(CILIUM_NODES, [node])
    return reader.read(listed, DEFAULT_SETTINGS).node_records  # type: ignore[attr-defined]


@pytest.mark.parametrize("reader", [cilium_cluster_pool, node_pod_cidr])
def test_a_cilium_node_says_its_cidrs_pools_and_error(reader: object) -> None:
    assert read(BODY, reader) == [
        NodeRecord(
            uid="c1",
            node="w1",
            node_uid="n1",
            cidrs="10.0.2.0/24 fd00::/112",
            pools="default green",
            error="allocator full",
        )
    ]


@pytest.mark.parametrize(
    "body", [b'{"metadata":{"name":"w1","uid":"c1"}}',
             b'{"metadata":{"name":"w1","uid":"c1"},"spec":{"ipam":{"pools":{}}},'
             b'"status":{"ipam":{"operator-status":{}}}}',
             b'{"metadata":{"name":"w1","uid":"c1"},"spec":{"ipam":null},"status":null}']
)  # fmt: skip
def test_one_that_says_nothing_is_known_to_be_there(body: bytes) -> None:
    assert read(body) == [NodeRecord(uid="c1", node="w1")]


def test_what_is_no_cidr_is_said_as_it_stands() -> None:
    body = b'{"metadata":{"uid":"c1"},"spec":{"ipam":{"podCIDRs":["nonsense"]}}}'

    [record] = read(body)

    assert record.cidrs == "nonsense"


@pytest.mark.parametrize(("value", "ignored"), [("true", True), ("false", False)])
def test_the_operator_is_told_by_an_annotation_to_ignore_a_node(
    value: str, ignored: bool
) -> None:
    notes = f'{{"ipam.cilium.io/ignore":"{value}"}}'
    body = f'{{"metadata":{{"uid":"c1","annotations":{notes}}}}}'

    [record] = read(body.encode())

    assert record.is_ignored is ignored
