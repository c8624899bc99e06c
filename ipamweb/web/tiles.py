"""The 16 × 16 tile of addresses: a block cut into tables that are read like text.

Row = high digit, column = low digit of the last octet or byte. A block larger than 256
addresses is several tiles; an IPv6 block larger than that shows only the /120s in which
something is held, and says in words what lies between. Not here: HTML, queries.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from ipamweb.addressing import capacity
from ipamweb.addressing.ranges import Range, format_address
from ipamweb.mirror.queries.allocation_rows import AllocationRow
from ipamweb.mirror.queries.blocks import BlockRow
from ipamweb.web import formatting
from ipamweb.web.paths import path_to
from ipamweb.web.tile_fills import Fill

TILE = 256
SIDE = 16
# A page stays small: larger blocks go on at ?sheet=2.
TILES_OF_A_SHEET = 16
# An allocator with random addresses would give one window for each pod.
MOST_WINDOWS = 12
CODES = {
    "pod": "pod", "router": "gw", "health": "hc", "ingress": "ing", "node": "node",
    "gateway": "gtw", "tunnel": "tun", "service": "svc", "load-balancer": "lb",
    "unknown": "?",
}  # fmt: skip
MEANINGS = {
    "pod": "pod", "router": "router", "health": "health check", "ingress": "ingress",
    "node": "node", "gateway": "gateway", "tunnel": "tunnel", "service": "service",
    "load-balancer": "load balancer", "unknown": "unknown owner",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Cell:
    """An address on a tile; `path` is empty outside the block."""

    number: str = ""
    code: str = ""
    classes: str = "outside"
    path: str = ""
    title: str = ""


@dataclass(frozen=True, slots=True)
class TileRow:
    header: str
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Tile:
    """A table of up to 256 addresses; `held` of them are held for certain."""

    range: Range
    held: int
    columns: tuple[str, ...]
    rows: tuple[TileRow, ...]


@dataclass(frozen=True, slots=True)
class Torn:
    """What is not drawn between two tiles, in words; not to scale."""

    words: str


@dataclass(frozen=True, slots=True)
class DrawnBlock:
    """A block with what of it is drawn on this sheet. `note` says what is left out."""

    block: BlockRow
    parts: tuple[Tile | Torn, ...]
    note: str = ""


def sheet_count(blocks: Iterable[BlockRow]) -> int:
    """Return on how many sheets the blocks' tiles are spread; 1 for none."""
    tiles = sum(1 for block in blocks for _ in _whole_tiles(block))
    return max(1, -(-tiles // TILES_OF_A_SHEET))


def drawn(
    blocks: Sequence[BlockRow],
    allocations: Iterable[AllocationRow],
    *,
    cluster: str,
    sheet: int,
    fill: Fill,
) -> tuple[DrawnBlock, ...]:
    """Return the blocks of one sheet, in order; IPv6 windows stand on the first."""
    painter = _Painter(allocations, cluster=cluster, fill=fill)
    first = (sheet - 1) * TILES_OF_A_SHEET
    place = 0
    found = []
    for block in blocks:
        if _has_windows(block):
            if sheet == 1:
                found.append(painter.windows(block))
            continue
        ranges = list(_whole_tiles(block))
        chosen = ranges[
            max(0, first - place) : max(0, first + TILES_OF_A_SHEET - place)
        ]
        place += len(ranges)
        if chosen:
            parts = tuple(painter.tile(each, block) for each in chosen)
            found.append(DrawnBlock(block, parts))
    return tuple(found)


def strip(
    bounds: Range,
    allocations: Iterable[AllocationRow],
    *,
    blocks: Sequence[BlockRow],
    this: int,
    cluster: str,
) -> tuple[Cell, ...]:
    """Return the addresses of a short range as cells, in order; `this` one is marked,
    and so is what is reserved or in no block."""
    painter = _Painter(allocations, cluster=cluster, fill=None)
    reserved = frozenset().union(*(_reserved(block) for block in blocks))
    cells = []
    for address in range(bounds.first, bounds.last + 1):
        cell = painter.cell(address, reserved=address in reserved)
        if not cell.code and not any(each.range.contains(address) for each in blocks):
            title = f"{format_address(address)}, in no block"
            cell = replace(cell, code="–", title=title)
        classes = f"{cell.classes} this" if address == this else cell.classes
        path = painter.prefix + format_address(address)
        cells.append(replace(cell, classes=classes.strip(), path=path))
    return tuple(cells)


def owner_words(row: AllocationRow) -> str:
    """Return who holds an address: "pod default/nginx", "router"; hidden owners too."""
    meaning = MEANINGS.get(row.kind, row.kind)
    if row.owner_hidden:
        return f"{meaning}, owner not shown"
    if not row.pod:
        return meaning
    return f"{meaning} {formatting.visible(f'{row.namespace}/{row.pod}')}"


class _Painter:
    """Paints cells of one cluster from what is held there."""

    def __init__(
        self, allocations: Iterable[AllocationRow], *, cluster: str, fill: Fill | None
    ) -> None:
        self.cluster = cluster
        self.style = fill.style if fill else _kind
        self.reserved = fill.reserved if fill else "kind-reserved"
        self.prefix = path_to("address", cluster, "x")[:-1]
        self.held: dict[int, list[AllocationRow]] = {}
        for row in allocations:
            self.held.setdefault(row.address, []).append(row)

    def tile(self, bounds: Range, block: BlockRow) -> Tile:
        reserved = _reserved(block)
        start = bounds.first & ~(SIDE - 1)
        rows = []
        for first in range(start, bounds.last + 1, SIDE):
            cells = tuple(
                self.cell(address, reserved=address in reserved)
                if bounds.first <= address <= bounds.last
                else Cell()
                for address in range(first, first + SIDE)
            )
            rows.append(TileRow(_row_header(first, bounds.family), cells))
        return Tile(
            range=bounds,
            held=sum(
                bounds.first <= address <= bounds.last
                for address, rows in self.held.items()
                if any(row.in_numbers for row in rows)
            ),
            columns=_columns(bounds.family),
            rows=tuple(rows),
        )

    def cell(self, address: int, *, reserved: bool) -> Cell:
        text = format_address(address)
        number = f"{address & 0xFF:02x}" if ":" in text else text.rpartition(".")[2]
        path = self.prefix + text
        held = self.held.get(address, [])
        if not held:
            word = "reserved" if reserved else "free"
            return Cell(
                number=number,
                code="res" if reserved else "",
                classes=self.reserved if reserved else "",
                path=path,
                title=f"{text}, {word}",
            )
        certain = [row for row in held if row.is_certain]
        if len(certain) > 1:
            owners = "; ".join(owner_words(row) for row in certain)
            title = f"{text}, {len(certain)} owners: {owners}"
            return Cell(number, "dup", "kind-conflict", path, title)
        if not certain and len(held) > 1:
            # One passed it on to the next between two reads: no conflict.
            owners = " or ".join(owner_words(row) for row in held)
            title = f"{text}, possibly {owners}"
            return Cell(number, "?", "kind-unknown possible", path, title)
        return self._held_cell((certain or held)[0], number, title=text)

    def _held_cell(self, row: AllocationRow, number: str, *, title: str) -> Cell:
        path = self.prefix + format_address(row.address)
        if row.pod and not row.owner_hidden:
            path = path_to("pod", self.cluster, row.namespace, row.pod)
        is_held = row.state == "held"
        marked = " terminating" if row.is_certain else " possible"
        return Cell(
            number=number,
            code=CODES.get(row.kind, "?"),
            classes=f"{self.style(row)}{'' if is_held else marked}",
            path=path,
            title=f"{title}, {owner_words(row)}{'' if is_held else f', {row.state}'}",
        )

    def windows(self, block: BlockRow) -> DrawnBlock:
        """Return the /120s of a block that hold something, and what is between."""
        bounds = block.range
        inside = sorted(
            {address & ~(TILE - 1) for address in self.held if bounds.contains(address)}
        )
        parts: list[Tile | Torn] = []
        after = bounds.first
        for first in inside[:MOST_WINDOWS]:
            if first > after:
                parts.append(_torn(first - after))
            parts.append(self.tile(Range(first, first + TILE - 1), block))
            after = first + TILE
        note = ""
        if len(inside) > MOST_WINDOWS:
            note = (
                f"{MOST_WINDOWS} of {len(inside)} windows are drawn; every address "
                "held stands in the table below."
            )
        elif after <= bounds.last:
            parts.append(_torn(bounds.last + 1 - after))
        return DrawnBlock(block, tuple(parts), note)


def _kind(row: AllocationRow) -> str:
    return f"kind-{row.kind}"


def _has_windows(block: BlockRow) -> bool:
    return block.range.family == 6 and block.range.size > TILE


def _whole_tiles(block: BlockRow) -> Iterator[Range]:
    """Yield the tiles of a block that is drawn whole; nothing for one with windows."""
    if _has_windows(block):
        return
    first, last = block.range.first, block.range.last
    for start in range(first & ~(TILE - 1), last + 1, TILE):
        yield Range(max(first, start), min(last, start + TILE - 1))


def _reserved(block: BlockRow) -> frozenset[int]:
    found = capacity.reserved_addresses(block.range, block.capacity_rule)
    return frozenset(found)


def _row_header(first: int, family: int) -> str:
    return f".{first & 0xFF}" if family == 4 else f"{first & 0xFF:02x}"


def _columns(family: int) -> tuple[str, ...]:
    return tuple(f"+{n}" if family == 4 else f"{n:x}" for n in range(SIDE))


def _torn(number: int) -> Torn:
    return Torn(f"{formatting.addresses(number, 6)} addresses here, none held")
