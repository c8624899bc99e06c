"""What is drawn at which depth: the stops of the zoom, and the levels of a path.

`s` is the side of a /24 tile on the screen, in CSS pixels. Not here: the drawing.
"""

from dataclasses import dataclass

from ipamweb.addressing.ranges import ADDRESS_BITS, Range
from ipamweb.cidrmap.plane import Plane

# At most so many children a step: each level has an equal table of rows.
CHILDREN = 256


@dataclass(frozen=True, slots=True)
class Stop:
    """What is drawn while `s` lies below `below` (None: no end)."""

    name: str
    below: int | None


STOPS = (
    Stop("supernets", 3),
    Stop("blocks", 32),
    Stop("addresses", 128),
    Stop("marks", 350),
    Stop("octets", 640),
    Stop("names", None),
)


def stop_at(side: float) -> Stop:
    """Return what is drawn at a side of a /24: 3 px -> blocks, 32 px -> addresses."""
    for stop in STOPS:
        if stop.below is None or side < stop.below:
            return stop
    raise AssertionError("the last stop has no end")


def child_length(plane: Plane, block: Range) -> int:
    """Return the prefix length of a block's children: the next cut of the plane.

    10.134.0.0/16 -> 24; 10.134.101.0/26 -> 32. The plane's own cell where it is one.
    """
    length = block.prefix_length
    if length is None:
        raise ValueError(f"{block} is no CIDR and has no level")
    for group in plane.groups:
        if length < group.end:
            return group.end
    return plane.leaf


def children(plane: Plane, block: Range) -> list[Range]:
    """Return the children of a block in address order, at most 256.

    Empty where the block is a cell.
    """
    length = child_length(plane, block)
    size = 1 << (ADDRESS_BITS[block.family] - length)
    if size >= block.size:
        return []
    return [
        Range(first, first + size - 1)
        for first in range(block.first, block.last + 1, size)
    ]


def path(plane: Plane, block: Range) -> list[Range]:
    """Return the blocks from the plane's base down to a block, both included.

    10.134.101.0/24 on 10.128.0.0/11 -> /11, /16, /24.
    """
    bits = ADDRESS_BITS[block.family]
    length = block.prefix_length
    if length is None or not plane.base.covers(block):
        raise ValueError(f"{block} has no place on {plane.base}")
    steps = [plane.length, *(g.end for g in plane.groups if g.end < length)]
    steps += [length] if length not in steps else []
    found = []
    for step in steps:
        size = 1 << (bits - step)
        first = block.first & ~(size - 1)
        found.append(Range(first, first + size - 1))
    return found
