"""A level of the map as one table of cells: what small screens and no script show.

The same cells as the picture's, in the same places, with the words of the rows. Not
here: the rows themselves (map_rows.py), the tiles of a node (tiles.py).
"""

from collections.abc import Iterator, Sequence

from ipamweb.addressing.ranges import ADDRESS_BITS, Range, format_address
from ipamweb.cidrmap import legend, levels
from ipamweb.cidrmap.plane import Plane
from ipamweb.mirror.queries.map_children import Level
from ipamweb.web.pages.map_rows import AddressLine, BlocksLine, Way
from ipamweb.web.paths import path_to
from ipamweb.web.tiles import Cell, Tile, TileRow

# A block that is not nearly full: its colour says how full, and its title.
ASSIGNED = "\u00a0"


def of_level(
    level: Level,
    *,
    blocks: Sequence[BlocksLine],
    addresses: Sequence[AddressLine],
    way: Way,
    cluster: str,
) -> Tile | None:
    """Return the tile of a level; None where it has no children."""
    if level.children_total == 1:
        return None
    if level.is_of_addresses:
        return of_addresses(level.bounds, addresses, cluster=cluster)
    plane = Plane(level.where.range, level.where.leaf)
    length = level.bounds.prefix_length or 0
    group = next(each for each in plane.groups if length < each.end)
    cells = list(_block_cells(level, blocks, way=way))
    return _tile(level.bounds, cells, columns=min(group.columns, len(cells)))


def of_addresses(bounds: Range, lines: Sequence[AddressLine], *, cluster: str) -> Tile:
    """Return the tile of a range of at most 256 addresses from its rows."""
    prefix = path_to("address", cluster, "x")[:-1]
    cells = [cell for line in lines for cell in _address_cells(line, prefix=prefix)]
    whole = Plane(bounds, ADDRESS_BITS[bounds.family])
    columns = 16 if len(cells) > 128 else whole.groups[-1].columns
    return _tile(bounds, cells, columns=min(columns, len(cells)))


def digits(child: Range) -> str:
    """Return the part of a child's address that its place says: 10.134.0.0/16 -> 134,
    fd00:10:244:7a::/64 -> 7a."""
    length = child.prefix_length or 0
    if child.family == 4:
        octets = format_address(child.first).split(".")
        return octets[max(0, -(-length // 8) - 1)]
    return f"{child.first >> (128 - length) & 0xFF:02x}"


def _tile(bounds: Range, cells: Sequence[Cell], *, columns: int) -> Tile:
    signs = range(columns)
    return Tile(
        range=bounds,
        held=0,
        columns=tuple(f"+{n}" if bounds.family == 4 else f"{n:x}" for n in signs),
        rows=tuple(
            TileRow(cells[start].number, tuple(cells[start : start + columns]))
            for start in range(0, len(cells), columns)
        ),
    )


def _block_cells(
    level: Level, lines: Sequence[BlocksLine], *, way: Way
) -> Iterator[Cell]:
    plane = Plane(level.where.range, level.where.leaf)
    children = iter(levels.children(plane, level.bounds))
    for line in lines:
        for _ in range(line.row.children):
            child = next(children)
            code = (line.slots.mark[:1] or ASSIGNED) if line.slots else ""
            classes = f"fill-level-{line.slots.level}" if line.slots else ""
            if line.style:
                is_empty = line.row.kind == "unassigned" and line.style == "same"
                code = "" if is_empty else line.mark
                classes = "" if is_empty else f"kind-{line.style}"
            yield Cell(
                number=digits(child),
                code=code,
                classes=classes,
                path=way.to(child),
                title=f"{child}, {line.words}",
            )


def _address_cells(line: AddressLine, *, prefix: str) -> Iterator[Cell]:
    bounds = line.row.range
    for address in range(bounds.first, bounds.last + 1):
        text = format_address(address)
        is_outside = line.row.kind == "outside"
        yield Cell(
            number=digits(Range(address, address)),
            code="–" if is_outside and not line.code else line.code,
            classes=_classes(line),
            path=line.owner_path or prefix + text,
            title=f"{text}, {line.words}",
        )


def _classes(line: AddressLine) -> str:
    if line.row.kind == "outside" and not line.code:
        return "outside"
    if not line.code:
        return ""
    is_marked = line.is_terminating and not line.row.compared
    if line.row.compared:
        is_marked = bool(line.row.byte & legend.UNCERTAIN and line.change)
    ending = " terminating" if is_marked else ""
    return f"kind-{line.style}{ending}"
