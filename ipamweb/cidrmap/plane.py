"""The plane: every octet (byte) of an address is one 16×16 tile, read like text.

Position follows from the bits of the address alone, so an address never moves, and
every aligned CIDR is a rectangle. static/js/map/plane.js is the twin; vectors.json
holds both. Sizes are in cells; a cell is one address, or a node's block of IPv6.
"""

from dataclasses import dataclass

from ipamweb.addressing.ranges import ADDRESS_BITS, Range, family_of

# Room for a label left of and above each tile, in cells, by the levels below it.
GUTTERS = (0, 1, 12, 26)


@dataclass(frozen=True, slots=True)
class Group:
    """The bits that one level of tiles stands for, from the pool down.

    `start` and `end` are prefix lengths: a /16 in tiles of /24 is Group(16, 24).
    """

    start: int
    end: int

    @property
    def bits(self) -> int:
        return self.end - self.start

    @property
    def columns(self) -> int:
        """16 for a whole octet; a part of b bits is 2^⌈b/2⌉ wide."""
        return 1 << -(-self.bits // 2)

    @property
    def rows(self) -> int:
        return 1 << self.bits // 2


@dataclass(frozen=True, slots=True)
class Plane:
    """The plane of one CIDR of a pool, down to cells of prefix length `leaf`.

    `leaf` is 32 for IPv4; for IPv6 the prefix length of node blocks, or 120, or 128.
    """

    base: Range
    leaf: int

    def __post_init__(self) -> None:
        length = self.base.prefix_length
        if length is None:
            raise ValueError(f"{self.base} is no CIDR and has no plane")
        if not length <= self.leaf <= ADDRESS_BITS[self.base.family]:
            raise ValueError(f"{self.base} has no cells of /{self.leaf}")

    @property
    def length(self) -> int:
        """The prefix length of the plane's CIDR."""
        return self.leaf if self.base.prefix_length is None else self.base.prefix_length

    @property
    def groups(self) -> tuple[Group, ...]:
        """The levels from the base to the cells, cut at octet boundaries.

        10.128.0.0/11 with leaf 32 -> 11–16, 16–24, 24–32.
        """
        cuts = [self.length]
        while cuts[-1] < self.leaf:
            cuts.append(min(self.leaf, (cuts[-1] // 8 + 1) * 8))
        return tuple(Group(a, b) for a, b in zip(cuts, cuts[1:], strict=False))

    @property
    def size(self) -> tuple[int, int]:
        """Return (columns, rows) of the whole plane in cells, gutters left out."""
        columns = rows = 1
        for group in self.groups:
            columns, rows = columns * group.columns, rows * group.rows
        return columns, rows


def place(plane: Plane, address: int) -> tuple[int, int]:
    """Return (x, y) of the cell that holds an address, gutters left out.

    10.134.101.44 on 10.134.0.0/16 -> tile 0x65 at column 5, row 6; cell 0x2c at column
    12, row 2: (5·16 + 12, 6·16 + 2) = (92, 98). Raises ValueError outside the plane.
    """
    if not plane.base.contains(address):
        raise ValueError("the address lies outside the plane")
    bits = ADDRESS_BITS[family_of(address)]
    x = y = 0
    for group in plane.groups:
        value = address >> (bits - group.end) & ((1 << group.bits) - 1)
        x = x * group.columns + value % group.columns
        y = y * group.rows + value // group.columns
    return x, y


def address_at(plane: Plane, x: int, y: int) -> int:
    """Return the first address of a cell; place() the other way round.

    Raises ValueError outside the plane.
    """
    columns, rows = plane.size
    if not (0 <= x < columns and 0 <= y < rows):
        raise ValueError("the cell lies outside the plane")
    address = plane.base.first
    bits = ADDRESS_BITS[plane.base.family]
    for group in reversed(plane.groups):
        value = y % group.rows * group.columns + x % group.columns
        address |= value << (bits - group.end)
        x, y = x // group.columns, y // group.rows
    return address


def rectangle_of(plane: Plane, block: Range) -> tuple[int, int, int, int]:
    """Return (x, y, width, height) of an aligned CIDR, in cells.

    10.134.96.0/20 on 10.134.0.0/16 -> one row of tiles: (0, 96, 256, 16). A CIDR
    smaller than a cell is its cell. Raises ValueError outside the plane.
    """
    if not plane.base.covers(block):
        raise ValueError(f"{block} lies outside {plane.base}")
    left, top = place(plane, block.first)
    right, bottom = place(plane, block.last)
    return left, top, right - left + 1, bottom - top + 1


def with_gutters(plane: Plane, x: int, y: int) -> tuple[int, int]:
    """Return where a cell stands when each tile has room for its label.

    A tile of the last level has a gutter of 1 left and above, one of the level over it
    12, the next 26: the offset depends on the column (row) alone.
    """
    return _offset(plane, x, across=True), _offset(plane, y, across=False)


def size_with_gutters(plane: Plane) -> tuple[int, int]:
    """Return the plane's size in cells with all gutters."""
    columns, rows = plane.size
    x, y = with_gutters(plane, columns - 1, rows - 1)
    return x + 1, y + 1


def _offset(plane: Plane, position: int, *, across: bool) -> int:
    offset = position
    span = 1
    levels = [
        group.columns if across else group.rows for group in reversed(plane.groups)
    ]
    for depth, count in enumerate(levels, start=1):
        span *= count
        gutter = GUTTERS[min(depth, len(GUTTERS) - 1)]
        offset += gutter * (position // span + 1)
    return offset
