"""The node wall: sentences, profile, histogram and cells of the nodes of a filter."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, replace
from itertools import groupby, takewhile

from ipamweb.mirror.queries.wall import FILLS, Shown, WallNode
from ipamweb.web import formatting, wall_drawing
from ipamweb.web.scales import DAY, SCALES, Scale, Step
from ipamweb.web.wall_drawing import Column, Wall

GROUP_WORDS = {
    "zone": "zone", "node_pool": "node pool", "instance_type": "instance type",
    "pool": "address pool", "none": "nothing",
}  # fmt: skip

# More would make a large page, and nobody compares so many.
MOST_GROUPS = 24
OTHERS = "all others"


@dataclass(frozen=True, slots=True)
class Band:
    """From `low` on, below `high`, in the unit of the scale; None is no bound."""

    low: int
    high: int | None

    @property
    def text(self) -> str:
        return f"{self.low}-{'' if self.high is None else self.high}"


@dataclass(frozen=True, slots=True)
class Choice:
    """A choice of a select."""

    value: str
    words: str
    is_current: bool


@dataclass(frozen=True, slots=True)
class Bucket:
    """A bar of the histogram; `path` leads to its nodes alone."""

    bar: Column
    middle: str
    words: str
    label: str
    count: int
    path: str


@dataclass(frozen=True, slots=True)
class WallGroup:
    """A group of nodes: `start` is the place of its first in the order of all; `path`
    leads to its nodes alone, where there is a filter for it."""

    name: str
    path: str
    count: int
    start: int
    wide: Wall
    narrow: Wall


@dataclass(frozen=True, slots=True)
class WallPart:
    """The wall on the page of nodes. `count` nodes are shown of `of` that match the
    filter without its band."""

    scale: Scale
    band: Band | None
    groups_by: tuple[Choice, ...]
    fills: tuple[Choice, ...]
    sentence: str
    count: int
    of: int
    profile: tuple[Column, ...]
    buckets: tuple[Bucket, ...]
    groups: tuple[WallGroup, ...]
    legend: tuple[tuple[str, Step], ...]
    names_path: str


@dataclass(frozen=True, slots=True)
class Links:
    """Where parts of the wall lead: by the text of a band, by the name of a group, and
    to the names of its nodes."""

    band: Callable[[str], str]
    group: Callable[[str], str]
    names: str


@dataclass(frozen=True, slots=True)
class Ordered:
    """The nodes of a wall: `ranked` by their number alone, `every` and `shown` as they
    stand on it, by group, then by number."""

    scale: Scale
    ranked: tuple[WallNode, ...]
    every: tuple[WallNode, ...]
    shown: tuple[WallNode, ...]


def ordered(nodes: tuple[WallNode, ...], *, fill: str, band: Band | None) -> Ordered:
    """Return the nodes in order, and those of them in the band."""
    scale = SCALES[fill]
    ranked = wall_drawing.in_order(_in_few_groups(nodes), scale)
    every = tuple(
        sorted(
            ranked, key=lambda each: (not each.group, each.group == OTHERS, each.group)
        )
    )
    if band is None:
        return Ordered(scale, ranked, every, every)
    shown = tuple(
        each
        for each in every
        if scale.is_inside(each.value, each.whole, low=band.low, high=band.high)
    )
    return Ordered(scale, ranked, every, shown)


def _in_few_groups(nodes: tuple[WallNode, ...]) -> tuple[WallNode, ...]:
    """Return the nodes, those of the smallest groups as OTHERS where there are many."""
    counted = Counter(each.group for each in nodes)
    if len(counted) <= MOST_GROUPS:
        return nodes
    largest = {name for name, _ in counted.most_common(MOST_GROUPS - 1)}
    return tuple(
        each if each.group in largest else replace(each, group=OTHERS) for each in nodes
    )


def groups(found: Ordered, *, link: Callable[[str], str]) -> tuple[WallGroup, ...]:
    """Return the groups in order, the one without a name last; `link` gives the path of
    a name."""
    made = []
    start = 0
    members = [
        (name, tuple(nodes))
        for name, nodes in groupby(found.shown, key=lambda each: each.group)
    ]
    most = max((len(nodes) for _, nodes in members), default=0)
    wide, narrow = wall_drawing.widths(most)
    for name, nodes in members:
        on_wide, on_narrow = wall_drawing.walls(
            nodes, found.scale, columns=(wide, narrow)
        )
        made.append(
            WallGroup(
                name=name,
                path=link(name) if name not in ("", OTHERS) else "",
                count=len(nodes),
                start=start,
                wide=on_wide,
                narrow=on_narrow,
            )
        )
        start += len(nodes)
    return tuple(made)


def buckets(found: Ordered, *, link: Callable[[str], str]) -> tuple[Bucket, ...]:
    """Return the histogram of all nodes; `link` gives the path of a band."""
    counts = wall_drawing.buckets(found.every, found.scale)
    bars = wall_drawing.histogram(counts)
    bounds = _bounds(found.scale)
    return tuple(
        Bucket(
            bar=bar,
            middle=f"{100 * (place + 0.5) / len(bars):.2f}%",
            words=f"{words}: {formatting.plural(count, 'node')}",
            label=label,
            count=count,
            path=link(band.text) if band else "",
        )
        for place, (bar, count, (label, words, band)) in enumerate(
            zip(bars, counts, bounds, strict=True)
        )
    )


def _bounds(scale: Scale) -> list[tuple[str, str, Band | None]]:
    """Return label, words and band of each bar; an age below a day has no band."""
    if scale.is_share:
        return [
            (str(low), f"{low} to {low + 10} %", Band(low, low + 10))
            for low in range(0, 100, 10)
        ]
    found: list[tuple[str, str, Band | None]] = []
    ends = [step.start for step in scale.steps[1:]] + [None]
    for step, end in zip(scale.steps, ends, strict=True):
        band = None
        if scale.per == 1 or step.start >= DAY:
            high = None if end is None else end // scale.per
            band = Band(step.start // scale.per, high)
        found.append((step.words, step.words, band))
    return found


def wall_part(
    found: Ordered,
    *,
    shown: Shown,
    band: Band | None,
    families: tuple[int, ...],
    links: Links,
) -> WallPart:
    return WallPart(
        scale=found.scale,
        band=band,
        groups_by=tuple(
            Choice(group, words, group == shown.group)
            for group, words in GROUP_WORDS.items()
        ),
        fills=fills(families, current=shown.fill),
        sentence=sentence(found),
        count=len(found.shown),
        of=len(found.every),
        profile=wall_drawing.profile(found.ranked, found.scale),
        buckets=buckets(found, link=links.band),
        groups=groups(found, link=links.group),
        legend=legend(found.scale),
        names_path=links.names,
    )


def legend(scale: Scale) -> tuple[tuple[str, Step], ...]:
    return tuple((f"level-{level}", step) for level, step in enumerate(scale.steps))


def sentence(found: Ordered) -> str:
    """Return what the numbers of all nodes say, in words."""
    scale = found.scale
    numbered = [
        each for each in found.ranked if scale.has_number(each.value, each.whole)
    ]
    if not numbered:
        return ""
    half, most = _at(numbered, 50), _at(numbered, 95)
    if not scale.is_share:
        top = scale.in_words(numbered[0].value, None)
        return (
            f"{scale.words.capitalize()}: {top} at most; on half of the nodes "
            f"{scale.in_words(half.value, None)} or less, on 95 in 100 "
            f"{scale.in_words(most.value, None)} or less."
        )
    full = sum(
        1
        for _ in takewhile(
            lambda each: scale.level(each.value, each.whole) == 6, numbered
        )
    )
    return (
        f"{formatting.count(full)} of {formatting.plural(len(found.every), 'node')} "
        f"{'is' if full == 1 else 'are'} full (≥ 95 %). Half of the nodes have "
        f"{_share(half)} of their {scale.words}, or less; 95 in 100 {_share(most)} or "
        "less."
    )


def _at(nodes: list[WallNode], hundredth: int) -> WallNode:
    """Return the node that this many in a hundred do not pass; largest come first."""
    rank = -(-len(nodes) * hundredth // 100)
    return nodes[len(nodes) - rank]


def _share(node: WallNode) -> str:
    return formatting.share(node.value or 0, node.whole or 0)


def fills(families: tuple[int, ...], *, current: str) -> tuple[Choice, ...]:
    """Return what cells can be filled by: an IPv6 address share says nothing."""
    return tuple(
        Choice(fill, SCALES[fill].words, fill == current)
        for fill in FILLS
        if fill != "addresses" or 4 in families
    )


def names(found: Ordered) -> list[list[str | int | None]]:
    """Return name, number in words and step of each node, in the order of the wall."""
    scale = found.scale
    return [
        [
            each.name,
            scale.in_words(each.value, each.whole),
            scale.level(each.value, each.whole),
        ]
        for each in found.shown
    ]
