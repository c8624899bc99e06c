"""Ranges to rectangles on the plane of a CIDR: the address plan as shares of an SVG.

Places are in per cent of the drawing, so that text in it keeps its size at any width.
No query, no URL; which number a range has is given.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from ipamweb.addressing.overlaps import cidrs
from ipamweb.addressing.ranges import ADDRESS_BITS, Range
from ipamweb.cidrmap.plane import Group, Plane, address_at, rectangle_of

# A plane of so many bits is 256 × 256 cells.
DEPTH = 16
# The room of a label in per cent of a drawing 320 px wide: of a character, its height.
CHARACTER, LINE, PADDING = 2.4, 4.5, 0.6
# More labels than this hide what they name; the table has every number.
MOST_LABELS = 120


@dataclass(frozen=True, slots=True)
class Drawn:
    """What is to be drawn of a range; `style` names the class of its rectangles."""

    range: Range
    label: str
    style: str
    title: str


@dataclass(frozen=True, slots=True)
class Rectangle:
    x: str
    y: str
    width: str
    height: str
    style: str
    title: str


@dataclass(frozen=True, slots=True)
class Label:
    x: str
    y: str
    words: str


@dataclass(frozen=True, slots=True)
class PlanDrawing:
    """The plane of a CIDR. `rows` and `columns` label its first tile, whose lines are
    at `down` and `across`; `cell` is what a cell of that tile is."""

    rows: tuple[str, ...]
    columns: tuple[str, ...]
    across: tuple[str, ...]
    down: tuple[str, ...]
    cell: str
    rectangles: tuple[Rectangle, ...]
    shared: tuple[Rectangle, ...]
    labels: tuple[Label, ...]


def plane_of(base: Range) -> Plane:
    """Return the plane of a CIDR: 16 bits deep, fewer where the address ends."""
    length = base.prefix_length or 0
    return Plane(base, min(length + DEPTH, ADDRESS_BITS[base.family]))


def plan(
    base: Range, drawn: Sequence[Drawn], *, shared: Iterable[Drawn] = ()
) -> PlanDrawing:
    """Return the drawing of ranges inside a CIDR; what lies outside is cut off.

    `shared` is drawn over the rest: addresses that belong to several.
    """
    plane = plane_of(base)
    shapes = [shape for each in drawn for shape in _rectangles(plane, each)]
    first = plane.groups[0] if plane.groups else Group(0, 0)
    return PlanDrawing(
        rows=tuple(_row_label(plane, first, row) for row in range(first.rows)),
        columns=tuple(_column_label(first, n, base) for n in range(first.columns)),
        across=tuple(_per_cent(n, first.rows) for n in range(1, first.rows)),
        down=tuple(_per_cent(n, first.columns) for n in range(1, first.columns)),
        cell=f"/{first.end}",
        rectangles=tuple(shape for shape in shapes),
        shared=tuple(shape for each in shared for shape in _rectangles(plane, each)),
        labels=tuple(_labels(plane, drawn)),
    )


def clipped(run: Range, base: Range) -> Range | None:
    """Return the part of a run that lies in a CIDR; None where nothing does."""
    if not run.overlaps(base):
        return None
    return Range(max(run.first, base.first), min(run.last, base.last))


def _rectangles(plane: Plane, drawn: Drawn) -> Iterator[Rectangle]:
    columns, rows = plane.size
    for x, y, width, height in _places(plane, drawn.range):
        yield Rectangle(
            _per_cent(x, columns),
            _per_cent(y, rows),
            _per_cent(width, columns),
            _per_cent(height, rows),
            drawn.style,
            drawn.title,
        )


def _places(plane: Plane, run: Range) -> Iterator[tuple[int, int, int, int]]:
    """Yield (x, y, width, height) of the CIDRs of a run, in cells of the plane."""
    part = clipped(run, plane.base)
    if part:
        for each in cidrs(part):
            yield rectangle_of(plane, each)


@dataclass(slots=True)
class _Room:
    """Where labels stand already, so that none stands on another."""

    taken: list[tuple[float, float, float]] = field(default_factory=list)

    def place(self, x: float, y: float, width: float) -> tuple[float, float]:
        """Return the nearest free place at or below a place, and take it."""
        x, y = min(x, 100 - width), min(y, 100 - LINE)
        while y + LINE <= 100 and self._is_taken(x, y, width):
            y += LINE / 2
        self.taken.append((x, y, width))
        return x, min(y, 100 - LINE)

    def _is_taken(self, x: float, y: float, width: float) -> bool:
        return any(
            abs(y - other_y) < LINE
            and x < other_x + other_width
            and other_x < x + width
            for other_x, other_y, other_width in self.taken
        )


def _labels(plane: Plane, drawn: Sequence[Drawn]) -> Iterator[Label]:
    columns, rows = plane.size
    room = _Room()
    for each in drawn[:MOST_LABELS]:
        for x, y, *_ in _places(plane, each.range):
            width = CHARACTER * len(each.label) + PADDING
            left, top = room.place(
                100 * x / columns + PADDING, 100 * y / rows + PADDING, width
            )
            # The text stands on its base line.
            yield Label(f"{left:.2f}%", f"{top + LINE - 1:.2f}%", each.label)
            break


def _row_label(plane: Plane, first: Group, row: int) -> str:
    """Return the octet (byte) that the row of a tile begins with."""
    _, rows = plane.size
    address = address_at(plane, 0, row * rows // first.rows)
    family = plane.base.family
    octet = address >> ADDRESS_BITS[family] - _octet_end(first) & 0xFF
    return f".{octet}" if family == 4 else f"{octet:02x}"


def _column_label(first: Group, column: int, base: Range) -> str:
    step = column << _octet_end(first) - first.end
    return f"+{step}" if base.family == 4 else f"{step:x}"


def _octet_end(group: Group) -> int:
    return -(-group.end // 8) * 8


def _per_cent(part: int, whole: int) -> str:
    return f"{100 * part / whole:.4g}%"
