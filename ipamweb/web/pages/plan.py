"""The address plan: which clusters use which ranges, and where they collide."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from django.urls import reverse

from ipamweb.addressing.overlaps import Overlap, cidr_of, cidrs, overlaps, smallest_cidr
from ipamweb.addressing.ranges import Range, parse_cidr
from ipamweb.mirror.queries.clusters import ClusterRow
from ipamweb.mirror.queries.plan import PlannedRange
from ipamweb.web import formatting, plan_drawing
from ipamweb.web.paths import path_to
from ipamweb.web.plan_drawing import DEPTH, Drawn, PlanDrawing
from ipamweb.web.shell import Shell, lamp_of

# RFC 1918, and RFC 6598 for what providers share.
PRIVATE = tuple(
    map(parse_cidr, ("10.0.0.0/8", "100.64.0.0/10", "172.16.0.0/12", "192.168.0.0/16"))
)
USES = {
    "pool": "pool",
    "blocks": "blocks of nodes, in no pool",
    "services": "services",
}
# Colours of clusters on the drawing; the numbers tell more clusters apart.
COLOURS = 6
# With more ranges than this a drawing has room for their numbers only.
MOST_NAMED = 16
# What a person reads at once; the sentence counts all, a part of the plan has the rest.
MOST_RANGES = 150
MOST_OVERLAPS = 60


@dataclass(frozen=True, slots=True)
class PlanLine:
    """A range with its number on the drawing; `closer` draws it alone."""

    number: int
    planned: PlannedRange
    use: str
    path: str
    colour: int
    size: str
    closer: str
    is_shared: bool


@dataclass(frozen=True, slots=True)
class OverlapLine:
    """Two ranges that share addresses."""

    one: PlanLine
    other: PlanLine
    shared: Range
    size: str


@dataclass(frozen=True, slots=True)
class Part:
    """A CIDR with the ranges in it; `drawing` is None where they are too small."""

    base: Range
    words: str
    path: str
    drawing: PlanDrawing | None
    lines: tuple[PlanLine, ...]


@dataclass(frozen=True, slots=True)
class PlanPage:
    """`base` is the CIDR asked for, "" for everything; `wider` leads out of it."""

    shell: Shell
    sentence: str
    not_known: tuple[tuple[ClusterRow, str], ...]
    overlaps: tuple[OverlapLine, ...]
    overlaps_count: int
    parts: tuple[Part, ...]
    shown: int
    is_cut: bool
    base: str
    wider: str


def plan_page(
    found: Sequence[PlannedRange],
    *,
    clusters: Sequence[ClusterRow],
    base: Range | None,
    shell: Shell,
) -> PlanPage:
    inside = [each for each in found if base is None or each.range.overlaps(base)]
    pairs = [pair for pair in overlaps(inside) if _collides(pair)]
    lines = _lines(inside, pairs)
    shown = list(lines.values())[:MOST_RANGES]
    return PlanPage(
        shell=shell,
        sentence=sentence(inside, len(pairs), base=base),
        not_known=tuple(
            (cluster, lamp_of(cluster)[1])
            for cluster in clusters
            if lamp_of(cluster)[0] != "fresh"
        ),
        overlaps=tuple(_overlap(pair, lines) for pair in pairs[:MOST_OVERLAPS]),
        overlaps_count=len(pairs),
        parts=_parts(shown, pairs[:MOST_OVERLAPS], base=base),
        shown=len(shown),
        is_cut=len(shown) < len(lines),
        base=str(base) if base else "",
        wider=_wider(base) if base else "",
    )


def sentence(found: Sequence[PlannedRange], pairs: int, *, base: Range | None) -> str:
    """Return what there is, and whether anything of it collides."""
    where = f" in {base}" if base else ""
    if not found:
        return f"No cluster uses a range{where} that we know of."
    clusters = len({each.cluster for each in found})
    beginning = (
        f"{formatting.plural(clusters, 'cluster')} "
        f"{'uses' if clusters == 1 else 'use'} "
        f"{formatting.plural(len(found), 'range')}{where}"
    )
    if not pairs:
        return f"{beginning}; none of them share an address."
    verb = "shares" if pairs == 1 else "share"
    return f"{beginning}; {formatting.plural(pairs, 'pair')} of them {verb} addresses."


def _collides(pair: Overlap[PlannedRange]) -> bool:
    """Say whether a pair matters: of two clusters, or pods and services of one."""
    one, other = pair.one, pair.other
    return one.cluster != other.cluster or (one.use == "services") != (
        other.use == "services"
    )


def _lines(
    found: Sequence[PlannedRange], pairs: Iterable[Overlap[PlannedRange]]
) -> dict[PlannedRange, PlanLine]:
    colliding = {each for pair in pairs for each in (pair.one, pair.other)}
    names = sorted({each.cluster for each in found})
    return {
        each: PlanLine(
            number=number,
            planned=each,
            use=USES[each.use],
            path=path_to("pool", each.cluster, each.name) if each.name else "",
            colour=names.index(each.cluster) % COLOURS,
            size=_size(each.range),
            closer=_closer(smallest_cidr([each.range])),
            is_shared=each in colliding,
        )
        for number, each in enumerate(dict.fromkeys(found), start=1)
    }


def _overlap(
    pair: Overlap[PlannedRange], lines: dict[PlannedRange, PlanLine]
) -> OverlapLine:
    return OverlapLine(
        lines[pair.one], lines[pair.other], pair.shared, _size(pair.shared)
    )


def _size(run: Range) -> str:
    return formatting.addresses(run.size, run.family)


def _parts(
    lines: Sequence[PlanLine],
    pairs: Sequence[Overlap[PlannedRange]],
    *,
    base: Range | None,
) -> tuple[Part, ...]:
    if base is not None:
        return (_part(base, lines, pairs),) if lines else ()
    by_base: dict[Range, list[PlanLine]] = {}
    ipv6 = [line.planned.range for line in lines if line.planned.range.family == 6]
    for line in lines:
        run = line.planned.range
        within = smallest_cidr(ipv6) if run.family == 6 else _base_of(run)
        by_base.setdefault(within, []).append(line)
    return tuple(_part(each, inside, pairs) for each, inside in by_base.items())


def _base_of(run: Range) -> Range:
    """Return the CIDR that a range of IPv4 is drawn in: a private one, else its /8."""
    candidates = (*PRIVATE, cidr_of(run.first, 8))
    return next((each for each in candidates if each.covers(run)), smallest_cidr([run]))


def _part(
    base: Range,
    lines: Sequence[PlanLine],
    pairs: Sequence[Overlap[PlannedRange]],
) -> Part:
    drawing = None
    if base.family == 4 or _is_drawable(base, lines):
        drawing = plan_drawing.plan(
            base,
            [_drawn(line, is_named=len(lines) <= MOST_NAMED) for line in lines],
            shared=[
                Drawn(pair.shared, "", "plan-shared", _shared_title(pair))
                for pair in pairs
                if pair.shared.overlaps(base)
            ],
        )
    words = str(base) if drawing else "IPv6"
    return Part(base, words, _closer(base), drawing, tuple(lines))


def _is_drawable(base: Range, lines: Iterable[PlanLine]) -> bool:
    """Say whether each range of IPv6 is a cell at least: of 2^112 addresses nothing
    else would be seen."""
    deepest = (base.prefix_length or 0) + DEPTH
    return all(
        (next(cidrs(line.planned.range)).prefix_length or 0) <= deepest
        for line in lines
        if line.planned.range.overlaps(base)
    )


def _drawn(line: PlanLine, *, is_named: bool) -> Drawn:
    style = f"plan-{line.colour}"
    if line.planned.use == "services":
        style += " plan-services"
    label = f"{line.number} {line.planned.cluster}" if is_named else str(line.number)
    return Drawn(line.planned.range, label, style, _title(line.planned))


def _title(planned: PlannedRange) -> str:
    name = f" {planned.name}" if planned.name else ""
    return f"{planned.range}, {planned.cluster}: {USES[planned.use]}{name}"


def _shared_title(pair: Overlap[PlannedRange]) -> str:
    return f"{pair.shared}, shared by {pair.one.cluster} and {pair.other.cluster}"


def _closer(base: Range) -> str:
    return f"{reverse('plan')}?{urlencode({'base': str(base)}, safe='/:')}"


def _wider(base: Range) -> str:
    """Return the way out of a CIDR: to the octet around it, and then to everything."""
    length = base.prefix_length or 0
    if length <= 8:
        return reverse("plan")
    return _closer(cidr_of(base.first, (length - 1) // 8 * 8))
