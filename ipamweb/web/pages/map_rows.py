"""One level of a map as rows of a table: each in words that also name its cell.

The rows are what the map is without a picture; the focus grid is made from them. Not
here: the page around them (maps.py), the numbers of one CIDR (map_panel.py).
"""

from collections.abc import Iterable
from dataclasses import dataclass

from ipamweb.addressing.ranges import Range, format_address
from ipamweb.cidrmap import legend
from ipamweb.mirror.queries import map_ground
from ipamweb.mirror.queries.map_addresses import AddressRow
from ipamweb.mirror.queries.map_children import ChildRow, Level
from ipamweb.mirror.queries.map_compared import Differences
from ipamweb.web import drawing, formatting
from ipamweb.web.drawing import Bar
from ipamweb.web.paths import path_to
from ipamweb.web.tiles import CODES, owner_words

CHANGE_WORDS = {"gone": "gone", "new": "new", "changed": "changed hands"}
FLAG_WORDS = (
    (map_ground.NO_NODE, "no node has it"),
    (map_ground.NOT_READY, "node not ready"),
    (map_ground.OVERLAPS, "overlaps another block"),
)


@dataclass(frozen=True, slots=True)
class Way:
    """Leads to the levels of one pool: `home` is where its map is, `keep` the query
    that links carry on."""

    home: str
    keep: str

    def to(self, bounds: Range) -> str:
        return f"{self.home}{bounds}{self.keep}"


@dataclass(frozen=True, slots=True)
class BlocksLine:
    """A child that is, holds or could hold blocks; `path` dives into it, if it can.

    Of two instants side by side `differences` counts what differs; `style` and `mark`
    say whether more, less or the same is held after. Else they are empty.
    """

    row: ChildRow
    name: str
    path: str
    first: str
    words: str
    node_path: str
    slots: Bar | None
    held_words: str
    style: str = ""
    mark: str = ""
    differences: str = ""


@dataclass(frozen=True, slots=True)
class AddressLine:
    """An address that is held, or a run of those that nobody holds; of two instants
    side by side `change` says in words what differs."""

    row: AddressRow
    name: str
    path: str
    first: str
    words: str
    code: str
    style: str
    is_terminating: bool
    owner: str
    owner_path: str
    node_path: str
    change: str = ""


def blocks_lines(level: Level, *, cluster: str, way: Way) -> tuple[BlocksLine, ...]:
    return tuple(_blocks_line(row, cluster=cluster, way=way) for row in level.rows)


def address_lines(
    rows: Iterable[AddressRow], *, cluster: str
) -> tuple[AddressLine, ...]:
    return tuple(_address_line(row, cluster=cluster) for row in rows)


def name_of(bounds: Range) -> str:
    """Return a CIDR, one address without its length, or both ends of a run."""
    if bounds.size == 1:
        return format_address(bounds.first)
    if bounds.prefix_length is not None:
        return str(bounds)
    return f"{format_address(bounds.first)} – {format_address(bounds.last)}"


def _blocks_line(row: ChildRow, *, cluster: str, way: Way) -> BlocksLine:
    is_run = row.kind == "unassigned"
    can_dive = row.range.prefix_length is not None and row.range.size > 1
    slots = None
    if row.slots_total is not None and row.slots_used is not None:
        slots = drawing.bar(row.slots_used, max(row.slots_total, row.slots_used))
    held = formatting.count(row.allocated)
    if row.capacity is not None:
        held += f" of {formatting.addresses(row.capacity, row.range.family)}"
    return BlocksLine(
        row=row,
        name=name_of(row.range),
        path=way.to(row.range) if can_dive and not is_run else "",
        first=format_address(row.range.first),
        words=_words_of_blocks(row, slots),
        node_path=path_to("node", cluster, row.node) if row.node else "",
        slots=slots,
        held_words=held,
        **_difference(row.differences),
    )


def _difference(found: Differences | None) -> dict[str, str]:
    if found is None:
        return {}
    style = "same"
    if found.any:
        style = "new" if found.new > found.gone else "gone"
        style = "changed" if found.new == found.gone else style
    counts = ((found.new, "+"), (found.gone, "−"), (found.changed, "~"))
    words = " ".join(f"{mark}{formatting.count(n)}" for n, mark in counts if n)
    marks = {"new": "+", "gone": "−", "changed": "~", "same": "="}
    return {"style": style, "mark": marks[style], "differences": words or "="}


def _words_of_blocks(row: ChildRow, slots: Bar | None) -> str:
    if row.kind == "unassigned":
        held = f", {row.allocated} held all the same" if row.allocated else ""
        return f"not assigned{held}{_words_of_difference(row)}"
    parts = []
    if row.kind == "part" and row.block:
        parts.append(f"part of {row.block}")
    if row.kind == "blocks":
        of = "" if row.blocks_total is None else f" of {row.blocks_total}"
        parts.append(f"{row.blocks_assigned}{of} blocks assigned")
    if row.node:
        parts.append(f"node {row.node}")
    if slots:
        parts.append(f"{slots.words} pod slots")
        parts += [formatting.LEVEL_WORDS[slots.level]] if slots.mark else []
    parts += [words for flag, words in FLAG_WORDS if row.flags & flag]
    return ", ".join(parts) + _words_of_difference(row)


def _words_of_difference(row: ChildRow) -> str:
    if row.differences is None:
        return ""
    found = row.differences
    counts = (found.new, "new"), (found.gone, "gone"), (found.changed, "changed hands")
    words = ", ".join(f"{formatting.count(n)} {words}" for n, words in counts if n)
    return f", {words or 'nothing differs'}"


def _address_line(row: AddressRow, *, cluster: str) -> AddressLine:
    owner = row.owner
    change = _change(row)
    path = path_to("address", cluster, format_address(row.range.first))
    has_page = owner is not None and owner.pod and not owner.owner_hidden
    return AddressLine(
        row=row,
        name=name_of(row.range),
        path=path if row.range.size == 1 else "",
        first=format_address(row.range.first),
        words=_words_of_address(row) + (f", {change}" if change else ""),
        code=_code(row),
        style=_style(row),
        is_terminating=bool(owner and owner.state == "terminating"),
        owner=owner_words(owner) if owner else "",
        owner_path=path_to("pod", cluster, owner.namespace, owner.pod)
        if owner and has_page
        else "",
        node_path=path_to("node", cluster, row.node) if row.node else "",
        change=change,
    )


def _change(row: AddressRow) -> str:
    """Return what differs of an address, and who held it at the other instant."""
    if not row.change:
        return ""
    words = CHANGE_WORDS[row.change]
    if row.other:
        words += f"; at the other instant {owner_words(row.other)}"
    if row.byte & legend.UNCERTAIN:
        words += (
            "; it may have been held at both, that is between two reads, or in a gap"
        )
    return words


def _words_of_address(row: AddressRow) -> str:
    if row.owner is None:
        return "in no node's block" if row.kind == "outside" else row.kind
    words = [owner_words(row.owner), row.owner.state]
    words += [f"{row.owners} owners"] if row.owners > 1 else []
    return ", ".join(words)


def _code(row: AddressRow) -> str:
    if row.compared:
        return _mark_of(row).code if row.change or row.owner else ""
    if row.owners > 1:
        return "dup"
    if row.owner:
        return CODES.get(row.owner.kind, "?")
    return "res" if row.kind == "reserved" else ""


def _mark_of(row: AddressRow) -> legend.Mark | legend.State:
    """Return the mark of what differs; where nothing does, that of what does not."""
    found = (each for each in legend.DIFFERENCES if each.style and row.byte & each.flag)
    return next(found, legend.UNCHANGED[1])


def _style(row: AddressRow) -> str:
    if row.compared:
        return _mark_of(row).style if row.change or row.owner else ""
    if row.owners > 1:
        return "conflict"
    state = legend.state_of_byte(row.byte)
    return legend.STATES[state].style if state else ""
