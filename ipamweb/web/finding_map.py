"""A small picture beside a finding: the 256 addresses around what it is about, on the
plane of the map, with what it is about marked. Finished SVG numbers; no query.

Not here: which addresses are held (mirror/queries), colours (static/css/findings.css).
"""

from collections.abc import Iterable
from dataclasses import dataclass

from ipamweb.addressing.ranges import Range, format_address, parse_address, parse_cidr
from ipamweb.cidrmap.plane import Plane, place
from ipamweb.findings.queries import FindingRow
from ipamweb.mirror.queries.allocation_rows import AllocationRow
from ipamweb.web import formatting

TILE = 256
# A cell's square, one unit wide.
SQUARE = "M{} {}h1v1h-1z"
# Values of a side that say where it is, the most exact first.
ADDRESSES, CIDRS = ("address", "addresses"), ("CIDR", "CIDRs")
CONFLICT = "conflict"


@dataclass(frozen=True, slots=True)
class Shape:
    """Cells of one look, as the path of an SVG; `style` is its class."""

    style: str
    path: str


@dataclass(frozen=True, slots=True)
class Picture:
    """`marks` are the corners of cells that the finding is about."""

    range: Range
    shapes: tuple[Shape, ...]
    marks: tuple[tuple[int, int], ...]
    words: str


def window_of(finding: FindingRow) -> Range | None:
    """Return the 256 addresses that show what a finding is about; None where it is
    about no address and no CIDR."""
    about = _addresses(finding) or [each.first for each in _cidrs(finding)]
    if not about:
        return None
    first = about[0] & ~(TILE - 1)
    return Range(first, first + TILE - 1)


def drawn(
    window: Range, held: Iterable[AllocationRow], *, finding: FindingRow
) -> Picture:
    """Return the picture of a window; an address that several hold is a conflict."""
    plane = Plane(window, 32 if window.family == 4 else 128)
    kinds: dict[int, str] = {}
    for row in held:
        kinds[row.address] = CONFLICT if row.address in kinds else row.kind
    paths: dict[str, list[str]] = {}
    for address, kind in sorted(kinds.items()):
        paths.setdefault(kind, []).append(SQUARE.format(*place(plane, address)))
    marked = [each for each in _addresses(finding) if window.contains(each)]
    number = formatting.plural(len(kinds), "address", plural_noun="addresses")
    marks = ", ".join(format_address(each) for each in marked)
    return Picture(
        range=window,
        shapes=tuple(Shape(f"map-{kind}", "".join(d)) for kind, d in paths.items()),
        marks=tuple(place(plane, each) for each in marked),
        words=f"{window}: {number} held" + (f"; marked: {marks}" if marks else ""),
    )


def _addresses(finding: FindingRow) -> list[int]:
    """Return the addresses that a finding is about, each once."""
    texts = [finding.subject] if finding.subject_kind == "address" else []
    for side in finding.evidence:
        for name, value in side.values:
            if name in ADDRESSES:
                texts += value.split()
    return list(dict.fromkeys(filter(None, map(_address, texts))))


def _address(text: str) -> int | None:
    try:
        return parse_address(text)
    except ValueError:
        return None


def _cidrs(finding: FindingRow) -> list[Range]:
    texts = [finding.subject] if finding.subject_kind == "block" else []
    for side in finding.evidence:
        for name, value in side.values:
            if name in CIDRS:
                texts += value.split()
    found = []
    for text in texts:
        try:
            found.append(parse_cidr(text))
        except ValueError:
            continue
    return found
