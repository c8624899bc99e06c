import pytest

from ipamweb.addressing.ranges import parse_cidr
from ipamweb.mirror.models import Block
from ipamweb.mirror.queries import blocks, past_blocks
from ipamweb.mirror.queries.blocks import BlockFilter
from ipamweb.mirror.queries.clusters import ClusterRow
from ipamweb.mirror.scope import EVERYTHING
from tests import cast
from tests.cast import at

V4 = ["10.0.0.16/28", "10.0.0.32/28", "10.0.0.48/28"]
V6 = ["fd00::10/124", "fd00::20/124", "fd00::30/124"]


@pytest.mark.parametrize(
    ("wanted", "cidrs"),
    [
        (BlockFilter(), V4 + V6),
        (BlockFilter(family=6), V6),
        (BlockFilter(node="worker-a"), [V4[0], V6[0]]),
        (BlockFilter(pool="cilium-cluster-pool-v4"), V4),
        (BlockFilter(within=parse_cidr("10.0.0.32/27")), V4[1:]),
        (BlockFilter(within=parse_cidr("::/0")), V6),
        (BlockFilter(system="cilium"), V4 + V6),
        (BlockFilter(system="calico"), []),
        (BlockFilter(network="storage"), []),
    ],
)
def test_blocks_are_listed_in_address_order_and_filtered(
    prod: ClusterRow, wanted: BlockFilter, cidrs: list[str]
) -> None:
    found = blocks.listed(prod, scope=EVERYTHING, wanted=wanted)

    assert [str(row.range) for row in found.rows] == cidrs


def test_a_block_that_was_taken_back_is_not_listed(
    people: cast.Cast, prod: ClusterRow
) -> None:
    Block.objects.filter(pk=1).update(valid_to=at("13:00:00"))

    assert len(blocks.listed(prod, scope=EVERYTHING).rows) == 5


def test_what_is_allocated_on_reserved_addresses_is_not_reserved(
    people: cast.Cast, prod: ClusterRow
) -> None:
    Block.objects.filter(pk=2).update(allocated=8, allocated_reserved=1)

    numbers = blocks.listed(prod, scope=EVERYTHING).rows[1].numbers

    assert (numbers.size, numbers.reserved, numbers.capacity, numbers.free) == (
        16, 1, 15, 7,
    )  # fmt: skip


def test_a_block_of_another_network_is_found_by_it_now_and_then(
    people: cast.Cast, prod: ClusterRow
) -> None:
    Block.objects.filter(pk=2).update(network="storage", system="whereabouts")
    S = {"scope": EVERYTHING, "wanted": BlockFilter(network="storage")}

    now = blocks.listed(prod, **S)
    then = past_blocks.listed(prod, at=at("13:30:00"), **S)
    other = blocks.listed(prod, scope=EVERYTHING, wanted=BlockFilter(system="cilium"))

    for page in (now, then):
        assert [str(row.range) for row in page.rows] == ["10.0.0.32/28"]
    assert len(other.rows) == 5
