"""Nodes in order of one number: the wall's cells, the profile, the histogram.

The wall trades address order for rank: sorted cells of one step are one run, so that
5,000 nodes are a few rectangles. Coordinates are finished SVG attributes: cells of the
wall are units, shares of the width are per cent. No query, no words but numbers.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from ipamweb.mirror.queries.wall import WallNode
from ipamweb.web.scales import Scale

# Cells in a row of the wall, wide and on a phone: fewer and larger ones for as many
# nodes as one group has at most.
WIDTHS = ((400, (50, 25)), (None, (100, 50)))
PROFILE = 100
HEIGHT = 100
BUCKETS = 10
NOTHING = "nothing"


@dataclass(frozen=True, slots=True)
class Run:
    """A rectangle of cells of one step; `style` is its class."""

    x: int
    y: int
    width: int
    height: int
    style: str


@dataclass(frozen=True, slots=True)
class Wall:
    """The cells of a group in rows of `columns`; runs have no gaps between."""

    columns: int
    rows: int
    runs: tuple[Run, ...]


@dataclass(frozen=True, slots=True)
class Column:
    """A column of the profile or the histogram."""

    x: str
    width: str
    y: str
    height: str
    style: str = ""


def in_order(nodes: Sequence[WallNode], scale: Scale) -> tuple[WallNode, ...]:
    """Return the nodes, largest number first, those without one last, then by name."""
    return tuple(
        sorted(nodes, key=lambda each: (scale.order(each.value, each.whole), each.name))
    )


def widths(most: int) -> tuple[int, int]:
    """Return the cells in a row, wide and narrow, of groups of `most` nodes."""
    return next(each for bound, each in WIDTHS if bound is None or most <= bound)


def walls(
    nodes: Sequence[WallNode], scale: Scale, *, columns: tuple[int, ...]
) -> tuple[Wall, ...]:
    """Return the cells of nodes that are in order, once for each number of columns."""
    ends = _ends(nodes, scale)
    return tuple(_wall(ends, columns=each) for each in columns)


def _ends(nodes: Sequence[WallNode], scale: Scale) -> list[tuple[str, int]]:
    """Return each style of nodes that are in order, and the place where it ends."""
    found, end = [], 0
    for level, group in groupby(scale.level(each.value, each.whole) for each in nodes):
        end += sum(1 for _ in group)
        found.append((_style(level), end))
    return found


def _wall(ends: list[tuple[str, int]], *, columns: int) -> Wall:
    runs: list[Run] = []
    start = 0
    for style, end in ends:
        runs += _rectangles(start, end, columns=columns, style=style)
        start = end
    return Wall(columns, -(-start // columns), tuple(runs))


def style_of(node: WallNode, scale: Scale) -> str:
    return _style(scale.level(node.value, node.whole))


def _style(level: int | None) -> str:
    return NOTHING if level is None else f"level-{level}"


def _rectangles(start: int, end: int, *, columns: int, style: str) -> Iterator[Run]:
    """Yield the rest of the row it starts in, whole rows, and the row it ends in."""
    while start < end:
        row, column = divmod(start, columns)
        whole = (end - start) // columns if column == 0 else 0
        if whole:
            yield Run(0, row, columns, whole, style)
            start += whole * columns
            continue
        width = min(columns - column, end - start)
        yield Run(column, row, width, 1, style)
        start += width


def profile(nodes: Sequence[WallNode], scale: Scale) -> tuple[Column, ...]:
    """Return a column for each node, smallest first; at most PROFILE of them, each the
    largest of the nodes it stands for. `nodes` are in order."""
    numbered = [each for each in nodes if scale.has_number(each.value, each.whole)]
    if not numbered:
        return ()
    rising = numbered[::-1]
    count = min(len(rising), PROFILE)
    top = 1.0 if scale.is_share else max(_height_of(rising[-1], scale), 1.0)
    found = []
    for place in range(count):
        node = rising[-(-(place + 1) * len(rising) // count) - 1]
        share = min(_height_of(node, scale) / top, 1.0)
        found.append(_column(place, count, share=share, style=style_of(node, scale)))
    return tuple(found)


def histogram(counts: Sequence[int]) -> tuple[Column, ...]:
    """Return a bar for each count, against the largest; a count above 0 is seen."""
    most = max(counts, default=0)
    return tuple(
        _column(place, len(counts), share=max(count / most, 0.02) if count else 0.0)
        for place, count in enumerate(counts)
    )


def buckets(nodes: Sequence[WallNode], scale: Scale) -> tuple[int, ...]:
    """Return how many nodes lie in each tenth of a share, or on each step."""
    count = BUCKETS if scale.is_share else len(scale.steps)
    found = [0] * count
    for node in nodes:
        if not scale.has_number(node.value, node.whole):
            continue
        if scale.is_share:
            place = min((node.value or 0) * BUCKETS // (node.whole or 1), BUCKETS - 1)
        else:
            place = scale.level(node.value, node.whole) or 0
        found[place] += 1
    return tuple(found)


def _height_of(node: WallNode, scale: Scale) -> float:
    return -scale.order(node.value, node.whole) / (100 if scale.is_share else 1)


def _column(place: int, count: int, *, share: float, style: str = "") -> Column:
    height = share * HEIGHT
    return Column(
        x=f"{100 * place / count:.2f}%",
        width=f"{100 / count:.2f}%",
        y=f"{HEIGHT - height:.1f}",
        height=f"{height:.1f}",
        style=style,
    )
