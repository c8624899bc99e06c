"""Ranges beside each other: which share addresses, what they cover together, and the
CIDRs they are made of. Exact in both families; pure.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Generic, Protocol, TypeVar

from ipamweb.addressing.ranges import ADDRESS_BITS, Range


class Ranged(Protocol):
    """Anything that has a range."""

    @property
    def range(self) -> Range: ...


AnyRanged = TypeVar("AnyRanged", bound=Ranged)


@dataclass(frozen=True, slots=True)
class Overlap(Generic[AnyRanged]):
    """Two things that share addresses, and the addresses they share."""

    one: AnyRanged
    other: AnyRanged
    shared: Range


def overlaps(things: Iterable[AnyRanged]) -> Iterator[Overlap[AnyRanged]]:
    """Yield each pair that shares addresses once, by the first address shared.

    10.0.0.0/20 and 10.0.8.0/21 share 10.0.8.0/21. Of two with the same first address
    the wider is `one`. Takes n·log n and the number of pairs.
    """
    # Of those before, the ones that still go on; a range ends behind its first address.
    going_on: list[AnyRanged] = []
    for thing in sorted(things, key=lambda each: (each.range.first, -each.range.last)):
        found = thing.range
        going_on = [each for each in going_on if each.range.last >= found.first]
        for each in going_on:
            if each.range.family == found.family:
                shared = Range(found.first, min(each.range.last, found.last))
                yield Overlap(each, thing, shared)
        going_on.append(thing)


def union(ranges: Iterable[Range]) -> list[Range]:
    """Return the runs that ranges cover together, in order: /24 beside /24 is one."""
    runs: list[Range] = []
    for each in sorted(ranges):
        last = runs[-1] if runs else None
        if last and last.family == each.family and each.first <= last.last + 1:
            runs[-1] = Range(last.first, max(last.last, each.last))
        else:
            runs.append(each)
    return runs


def cidrs(run: Range) -> Iterator[Range]:
    """Yield the fewest CIDRs that are a run of addresses, in order.

    10.0.0.128-10.0.2.255 is 10.0.0.128/25, 10.0.1.0/24, 10.0.2.0/24.
    """
    first = run.first
    while first <= run.last:
        size = first & -first or 1 << 128
        while first + size - 1 > run.last:
            size >>= 1
        yield Range(first, first + size - 1)
        first += size


def smallest_cidr(ranges: Sequence[Range]) -> Range:
    """Return the smallest CIDR that covers ranges of one family; there is at least one.

    10.0.0.0/24 and 10.0.3.0/24 lie in 10.0.0.0/22.
    """
    first = min(each.first for each in ranges)
    last = max(each.last for each in ranges)
    return cidr_of(first, ADDRESS_BITS[ranges[0].family] - (first ^ last).bit_length())


def cidr_of(address: int, length: int) -> Range:
    """Return the CIDR of a length that an address lies in: (10.1.2.3, 8) -> 10.0.0.0/8.

    The length is one of the address's own family.
    """
    family = Range(address, address).family
    size = 1 << ADDRESS_BITS[family] - length
    first = address & ~(size - 1)
    return Range(first, first + size - 1)
