from ipamweb.addressing.capacity import Numbers
from ipamweb.mirror.queries.numbers import FamilyNumbers, family_numbers, sum_by_family

SLASH_24 = Numbers(size=256, reserved=2, unreachable=0, capacity=254)


def numbers(
    size: Numbers, *, allocated: int, reserved: int = 0, family: int = 4
) -> FamilyNumbers:
    return family_numbers(
        size,
        family=family,
        allocated=allocated,
        allocated_reserved=reserved,
        by_kind={"pod": allocated},
    )


def test_capacity_is_allocated_and_free() -> None:
    found = numbers(SLASH_24, allocated=5)

    assert (found.reserved, found.capacity, found.free) == (2, 254, 249)


def test_an_allocation_on_a_reserved_address_is_capacity_and_no_longer_reserved() -> (
    None
):
    found = numbers(SLASH_24, allocated=5, reserved=1)

    assert (found.size, found.reserved, found.capacity, found.free) == (
        256,
        1,
        255,
        250,
    )


def test_an_allocation_out_of_reach_is_taken_from_unreachable() -> None:
    slash_64 = Numbers(2**64, 2, 2**64 - 65_536, 65_534)

    found = numbers(slash_64, allocated=65_535, family=6)

    assert (found.reserved, found.unreachable, found.free) == (1, 2**64 - 65_536, 0)


def test_more_allocations_than_a_tiny_block_hands_out_leave_nothing_negative() -> None:
    slash_32 = Numbers(1, 0, 1, 0)

    found = numbers(slash_32, allocated=1)

    assert (found.size, found.unreachable, found.capacity, found.free) == (1, 0, 1, 0)


def test_families_are_summed_apart() -> None:
    four, six = numbers(SLASH_24, allocated=5), numbers(SLASH_24, allocated=1, family=6)

    both = sum_by_family([six, four, four])

    assert [(each.family, each.size, each.allocated) for each in both] == [
        (4, 512, 10), (6, 256, 1),
    ]  # fmt: skip
    assert both[0].by_kind == (("pod", 10),)


def test_utilization_is_of_the_capacity() -> None:
    assert numbers(SLASH_24, allocated=127).utilization == 0.5


def test_without_capacity_and_for_ipv6_there_is_no_utilization() -> None:
    assert numbers(Numbers(1, 0, 1, 0), allocated=0).utilization is None
    assert numbers(SLASH_24, allocated=1, family=6).utilization is None
