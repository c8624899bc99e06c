import pytest

from ipamweb.addressing.ranges import parse_address, parse_cidr
from ipamweb.simulator.allocators import Allocator, BlockPool, Exhausted


def test_the_first_and_the_last_address_are_never_handed_out() -> None:
    allocator = Allocator(parse_cidr("10.0.2.0/30"))
    assert [allocator.take(), allocator.take()] == ["10.0.2.1", "10.0.2.2"]
    with pytest.raises(Exhausted, match="10.0.2.0/30 has no free address"):
        allocator.take()


@pytest.mark.parametrize("cidr", ["10.0.2.0/31", "10.0.2.0/32", "fd00::/128"])
def test_a_tiny_block_has_nothing_to_hand_out(cidr: str) -> None:
    assert Allocator(parse_cidr(cidr)).capacity == 0


def test_the_lowest_free_address_is_handed_out_again_at_once() -> None:
    allocator = Allocator(parse_cidr("fd00:10::/120"))
    taken = [allocator.take() for _ in range(3)]
    allocator.give_back(parse_address(taken[1]))
    assert allocator.take() == "fd00:10::2"


def test_in_turn_a_freed_address_waits_until_its_turn_comes() -> None:
    allocator = Allocator(parse_cidr("10.0.2.0/29"), in_turn=True)
    allocator.give_back(parse_address(allocator.take()))
    taken = [allocator.take() for _ in range(6)]
    assert (taken[0], taken[-1]) == ("10.0.2.2", "10.0.2.1")


def test_a_large_block_of_ipv6_hands_out_65534() -> None:
    assert Allocator(parse_cidr("fd00::/64")).capacity == 65_534


def test_blocks_come_from_the_ranges_in_order_and_freed_ones_last() -> None:
    ranges = [parse_cidr("10.1.0.0/25"), parse_cidr("10.2.0.0/26")]
    pool = BlockPool(ranges, prefix_length=26)
    first = pool.take()
    pool.give_back(first)
    taken = [str(pool.take()) for _ in range(3)]
    assert taken == ["10.1.0.64/26", "10.2.0.0/26", "10.1.0.0/26"]
    with pytest.raises(Exhausted, match="allocator full"):
        pool.take()
