"""Who hands out what: blocks of pools to nodes, addresses of blocks to pods.

As Cilium's host scope does it: the first and the last address are never handed out, and
of a large IPv6 block only the first 65,534. Not here: what holds an address (world.py).
"""

from collections.abc import Sequence

from ipamweb.addressing.ranges import Range, format_address

# cilium pkg/ipam/service/ipallocator: an IPv6 range is cut to 2**16 addresses.
LARGEST = 65_536


class Exhausted(Exception):
    """Nothing is free; the text names what ran out."""


class Allocator:
    """The addresses of one block. Freed ones are used again: the lowest, or in turn."""

    def __init__(self, block: Range, *, in_turn: bool = False) -> None:
        self.block = block
        self.capacity = max(0, min(block.size, LARGEST) - 2)
        self._in_turn = in_turn
        self._next = 1
        self._used: set[int] = set()

    @property
    def used_count(self) -> int:
        return len(self._used)

    def take(self) -> str:
        """Return a free address and keep it; Exhausted when there is none."""
        if len(self._used) >= self.capacity:
            raise Exhausted(f"{self.block} has no free address")
        offset = self._next
        while offset in self._used or offset > self.capacity:
            offset = 1 if offset > self.capacity else offset + 1
        self._used.add(offset)
        self._next = offset + 1
        return format_address(self.block.first + offset)

    def claim(self, offset: int) -> str:
        """Keep the address with this distance from the first one."""
        self._used.add(offset)
        return format_address(self.block.first + offset)

    def give_back(self, address: int) -> None:
        offset = address - self.block.first
        self._used.discard(offset)
        if not self._in_turn:
            self._next = min(self._next, offset)


class BlockPool:
    """Equal blocks out of several CIDRs, in their order; freed ones come last."""

    def __init__(self, cidrs: Sequence[Range], *, prefix_length: int) -> None:
        self.prefix_length = prefix_length
        self._cidrs = list(cidrs)
        self._cidr = 0
        self._next = 0
        self._freed: list[Range] = []

    def take(self) -> Range:
        """Return a block nobody has; Exhausted when all are given away."""
        while self._cidr < len(self._cidrs):
            cidr = self._cidrs[self._cidr]
            bits = 32 if cidr.family == 4 else 128
            size = 1 << (bits - self.prefix_length)
            first = cidr.first + self._next * size
            if first + size - 1 <= cidr.last:
                self._next += 1
                return Range(first, first + size - 1)
            self._cidr, self._next = self._cidr + 1, 0
        if not self._freed:
            raise Exhausted("allocator full")
        return self._freed.pop(0)

    def give_back(self, block: Range) -> None:
        self._freed.append(block)
