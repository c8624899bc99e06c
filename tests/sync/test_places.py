"""Where an address lies, also one that is out of place."""

import pytest

from ipamweb.addressing.ranges import parse_address, parse_cidr
from ipamweb.mirror.models import Block, Cluster, Node
from ipamweb.sync.places import Place, places_of
from tests.sync.world import NOON

pytestmark = pytest.mark.django_db


@pytest.fixture
def node() -> Node:
    cluster = Cluster.objects.create(slug="lab", name="lab")
    return Node.objects.create(cluster=cluster, uid="n", name="n", first_seen=NOON)


def block(node: Node, cidr: str, **columns: object) -> Block:
    span = parse_cidr(cidr)
    return Block.objects.create(
        cluster=node.cluster, family=span.family, first=span.first, last=span.last,
        node=node, system="x", capacity_rule="assumed", object_uid=cidr,
        from_earliest=NOON, valid_from=NOON, **columns,
    )  # fmt: skip


def place(node: Node, address: str, *, nodes: list[int]) -> Place:
    found = parse_address(address)
    return places_of(node.cluster_id, [found], nodes=nodes, pools=[])[found]


def test_an_address_outside_its_nodes_blocks_is_found_in_anothers(node):
    held = block(node, "10.0.1.0/24")
    block(node, "10.0.2.0/24")

    assert place(node, "10.0.1.7", nodes=[]) == Place(held.pk)


def test_an_address_lies_in_the_overlapping_block_that_begins_last(node):
    block(node, "10.0.0.0/16")
    inner = block(node, "10.0.1.0/24")

    assert place(node, "10.0.1.7", nodes=[]) == Place(inner.pk)
    assert place(node, "10.0.1.7", nodes=[node.pk]) == Place(inner.pk)


def test_an_ended_block_and_one_of_the_other_family_hold_nothing(node):
    block(node, "10.0.1.0/24", valid_to=NOON)
    block(node, "::/0")

    assert place(node, "10.0.1.7", nodes=[]) == Place()


def test_addresses_out_of_place_cost_two_queries_however_many(
    node, django_assert_num_queries
):
    block(node, "10.0.1.0/24")
    addresses = [parse_address(f"10.0.1.{last}") for last in range(200)]

    with django_assert_num_queries(2):
        found = places_of(node.cluster_id, addresses, nodes=[], pools=[])

    assert len({found[address].block for address in addresses}) == 1
