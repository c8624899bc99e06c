"""The map of a pool at one level: the way there, the rows, the legend of its marks.

What the picture is drawn from is fetched by the browser (docs/map-format.md); all words
stand here and in the templates.
"""

from dataclasses import dataclass
from urllib.parse import quote

from ipamweb.addressing.ranges import Range
from ipamweb.cidrmap import legend, levels
from ipamweb.cidrmap.plane import Plane
from ipamweb.mirror.queries.map_children import Level
from ipamweb.mirror.queries.map_windows import Windows
from ipamweb.mirror.queries.pools import PoolRow
from ipamweb.web import formatting
from ipamweb.web.drawing import Bar
from ipamweb.web.pages import map_tile
from ipamweb.web.pages.map_panel import Panel
from ipamweb.web.pages.map_rows import AddressLine, BlocksLine, Way
from ipamweb.web.shell import Shell
from ipamweb.web.tiles import MOST_WINDOWS, Tile

MOST_LABELS = 32
# What the picture's module imports, and what that imports: asked for at once.
MODULES = (
    "vendor/d3-zoom-3.0.1.js", "js/morph.js", "js/map/blocks.js", "js/map/box.js",
    "js/map/card.js", "js/map/colours.js", "js/map/expose.js", "js/map/fade.js",
    "js/map/filter.js", "js/map/grid.js", "js/map/journey.js", "js/map/level.js",
    "js/map/live.js", "js/map/marks.js", "js/map/names.js", "js/map/notable.js",
    "js/map/paint.js", "js/map/plane.js", "js/map/rings.js", "js/map/signs.js",
    "js/map/texts.js", "js/map/tiles.js", "js/map/view.js", "js/map/when.js",
)  # fmt: skip
FILLS = {"slots": "pod slots used", "addresses": "addresses held"}


@dataclass(frozen=True, slots=True)
class RibbonLink:
    """A child of a step; of many children every sixteenth has a link."""

    words: str
    path: str
    title: str
    is_current: bool


@dataclass(frozen=True, slots=True)
class Ribbon:
    """A step of the way as a strip in address order; `x` and `width` mark the child
    that the way goes on by, in per cent."""

    words: str
    path: str
    links: tuple[RibbonLink, ...]
    x: str
    width: str


@dataclass(frozen=True, slots=True)
class RangeLink:
    """A CIDR of the pool: each is a plane of its own."""

    words: str
    path: str
    is_current: bool
    size: str


@dataclass(frozen=True, slots=True)
class WindowLine:
    """A /120 in which something is held, and what lies before it; `tile` where few
    are."""

    name: str
    path: str
    held: int
    gap: str
    tile: Tile | None


@dataclass(frozen=True, slots=True)
class WindowsPart:
    """The windows of a block. `are_drawn`: each has its tile, for they are few."""

    lines: tuple[WindowLine, ...]
    held: int
    total: int
    range: Range
    rest: str
    are_drawn: bool


@dataclass(frozen=True, slots=True)
class StepKey:
    start: str
    step: legend.Step


@dataclass(frozen=True, slots=True)
class FillChoice:
    value: str
    words: str
    is_current: bool


@dataclass(frozen=True, slots=True)
class PanelPage:
    shell: Shell
    panel: Panel


@dataclass(frozen=True, slots=True)
class MapPage:
    """`plane` and `leaf` say what the picture is a plane of; `plane` is empty where
    there is none. `parent` leads one level up, `before` and `after` to siblings."""

    shell: Shell
    cluster: str
    pool: PoolRow
    cidr: str
    plane: str
    leaf: int
    ranges: tuple[RangeLink, ...]
    ribbons: tuple[Ribbon, ...]
    parent: str
    before: str
    after: str
    blocks: tuple[BlocksLine, ...]
    addresses: tuple[AddressLine, ...]
    windows: WindowsPart | None
    tile: Tile | None
    panel: Panel
    query: str
    fills: tuple[FillChoice, ...]
    as_table: bool
    home: str
    blocks_words: str
    total: Bar | None

    @property
    def modules(self) -> tuple[str, ...]:
        return MODULES

    @property
    def api(self) -> str:
        """Where what the picture is drawn from is asked for."""
        return self.shell.api_path.partition("children/")[0]

    @property
    def blocks_path(self) -> str:
        path = f"{self.api}pools/{self.pool.slug}/blocks.bin?v=1"
        asked = (("at", self.at), ("vs", self.vs))
        return path + "".join(f"&{name}={quote(at)}" for name, at in asked if at)

    @property
    def at(self) -> str:
        """The instant that the map shows; empty: now."""
        return self.shell.past.at if self.shell.past else ""

    @property
    def vs(self) -> str:
        """The other instant, side by side with it; empty: none."""
        return self.shell.past.vs if self.shell.past else ""

    @property
    def steps(self) -> tuple[StepKey, ...]:
        steps = () if self.vs else legend.STEPS
        return tuple(StepKey(str(float(each.start)), each) for each in steps)

    @property
    def states(self) -> tuple[legend.State, ...]:
        return legend.UNCHANGED if self.vs else tuple(legend.STATES.values())

    @property
    def marks(self) -> tuple[legend.Mark, ...]:
        return legend.DIFFERENCES if self.vs else legend.MARKS


def plane_of(level: Level) -> tuple[str, int]:
    """Return the CIDR and the leaf of the plane that shows a level; ("", 0) for none.

    Inside a cell of the pool's plane only a tile of addresses has one: itself.
    """
    length = level.bounds.prefix_length or 0
    if level.children_total == 1:
        return "", 0
    if length > level.where.leaf:
        return str(level.bounds), level.leaf
    return str(level.where.range), level.where.leaf


def ranges(pool: PoolRow, level: Level, *, way: Way) -> tuple[RangeLink, ...]:
    return tuple(
        RangeLink(
            words=str(each.range),
            path=way.to(each.range),
            is_current=each.range == level.where.range,
            size=formatting.addresses(each.range.size, pool.family),
        )
        for each in pool.ranges
        if each.range.prefix_length is not None
    )


def ribbons(level: Level, *, way: Way) -> tuple[Ribbon, ...]:
    """Return the steps of the way down to a level, each with its children."""
    plane = Plane(level.where.range, level.where.leaf)
    bits = 32 if level.bounds.family == 4 else 128
    found = []
    for step, after in zip(level.path, [*level.path[1:], None], strict=True):
        if levels.child_length(plane, step) == bits or step.size == 1:
            break
        found.append(_ribbon(step, levels.children(plane, step), after, way=way))
    return tuple(each for each in found if each.links)


def are_few(found: Windows) -> bool:
    """Say whether the windows are drawn: an allocator with random addresses would give
    one for each pod."""
    return found.total <= MOST_WINDOWS


def windows_part(found: Windows, *, tiles: tuple[Tile, ...], way: Way) -> WindowsPart:
    """Return the windows with their tiles, in order; without tiles they are a list."""
    family = found.bounds.family
    drawn = tiles or (None,) * len(found.windows)
    return WindowsPart(
        lines=tuple(
            WindowLine(
                name=str(window.range),
                path=way.to(window.range),
                held=window.held,
                gap=_gap(window.gap_before, family),
                tile=tile,
            )
            for window, tile in zip(found.windows, drawn, strict=True)
        ),
        held=found.held,
        total=found.total,
        range=found.bounds,
        rest=_gap(found.rest, family),
        are_drawn=bool(tiles),
    )


def neighbours(level: Level) -> tuple[Range | None, Range | None, Range | None]:
    """Return the parent of a level, and the siblings before and after it."""
    if len(level.path) < 2:
        return None, None, None
    parent, own = level.path[-2], level.bounds
    before = Range(own.first - own.size, own.first - 1)
    after = Range(own.last + 1, own.last + own.size)
    return (
        parent,
        before if parent.covers(before) else None,
        after if parent.covers(after) else None,
    )


def _gap(number: int, family: int) -> str:
    return f"{formatting.addresses(number, family)} free" if number else ""


def _ribbon(
    step: Range, children: list[Range], after: Range | None, *, way: Way
) -> Ribbon:
    each = max(1, len(children) // 16) if len(children) > MOST_LABELS else 1
    current = next(
        (n for n, child in enumerate(children) if after and child.covers(after)), None
    )
    links = tuple(
        RibbonLink(
            words=map_tile.digits(children[n]),
            path=way.to(children[n]),
            title=str(children[n]),
            is_current=current == n,
        )
        for n in range(0, len(children), each)
    )
    share = 100 / len(children) if children else 0
    return Ribbon(
        words=str(step),
        path=way.to(step),
        links=links,
        x="" if current is None else f"{current * share:.2f}%",
        width=f"{share:.2f}%",
    )
