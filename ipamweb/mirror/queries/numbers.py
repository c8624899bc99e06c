"""Sizes from ranges by arithmetic, put together with the counters that sync keeps.

Here alone: size = reserved + unreachable + capacity and capacity = allocated + free,
also where an allocation lies on an address that the allocator would not hand out.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from ipamweb.addressing import capacity, records


@dataclass(frozen=True, slots=True)
class FamilyNumbers:
    """The numbers of one family of a block, a pool or a node.

    `reserved` leaves out what is allocated; `by_kind` are (kind, count) in the order of
    records.KINDS, without zeros, and add up to `allocated`.
    """

    family: int
    size: int
    reserved: int
    unreachable: int
    capacity: int
    allocated: int
    free: int
    by_kind: tuple[tuple[str, int], ...] = ()

    @property
    def utilization(self) -> float | None:
        """allocated ÷ capacity; None when capacity is 0, and for IPv6, where it says
        nothing."""
        if not self.capacity or self.family == 6:
            return None
        return self.allocated / self.capacity


def family_numbers(
    size: capacity.Numbers,
    *,
    family: int,
    allocated: int,
    allocated_reserved: int,
    by_kind: Mapping[str, int],
) -> FamilyNumbers:
    """Return the numbers of one range and its counters.

    A /24 in Cilium (256, 2, 0, 254) with 5 allocated, one of them on .0, gives reserved
    1, capacity 255, allocated 5, free 250.
    """
    beside = max(allocated_reserved, allocated - size.capacity)
    from_reserved = min(beside, size.reserved)
    return FamilyNumbers(
        family=family,
        size=size.size,
        reserved=size.reserved - from_reserved,
        unreachable=size.unreachable - (beside - from_reserved),
        capacity=size.capacity + beside,
        allocated=allocated,
        free=size.capacity + beside - allocated,
        by_kind=in_order_of_kinds(by_kind),
    )


def sum_by_family(parts: Iterable[FamilyNumbers]) -> tuple[FamilyNumbers, ...]:
    """Return one sum for each family that occurs, IPv4 first."""
    sums: dict[int, FamilyNumbers] = {}
    for part in parts:
        before = sums.get(part.family)
        sums[part.family] = _added(before, part) if before else part
    return tuple(sums[family] for family in sorted(sums))


def in_order_of_kinds(by_kind: Mapping[str, int]) -> tuple[tuple[str, int], ...]:
    """Return (kind, count) in the order of records.KINDS, without zeros."""
    return tuple(
        (kind, by_kind[kind]) for kind in records.KINDS if by_kind.get(kind, 0)
    )


def _added(one: FamilyNumbers, other: FamilyNumbers) -> FamilyNumbers:
    kinds = dict(one.by_kind)
    for kind, count in other.by_kind:
        kinds[kind] = kinds.get(kind, 0) + count
    return FamilyNumbers(
        family=one.family,
        size=one.size + other.size,
        reserved=one.reserved + other.reserved,
        unreachable=one.unreachable + other.unreachable,
        capacity=one.capacity + other.capacity,
        allocated=one.allocated + other.allocated,
        free=one.free + other.free,
        by_kind=in_order_of_kinds(kinds),
    )
