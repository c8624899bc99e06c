"""A list of two instants side by side: numbers of the one shown, and what differs.

A thing that was there at one of them only is a line too, with its mark.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeVar

from ipamweb.mirror.queries.clusters import ClusterRow
from ipamweb.mirror.queries.compared_places import Compared
from ipamweb.mirror.queries.namespaces import NamespaceRow
from ipamweb.mirror.queries.nodes import NodeRow
from ipamweb.mirror.queries.pools import PoolRow
from ipamweb.web import formatting
from ipamweb.web.pages.lists import Pager
from ipamweb.web.paths import path_to
from ipamweb.web.shell import Shell

Row = TypeVar("Row")
Numbers = Sequence[int] | None
FIRST = {"nodes": "Slots used", "pools": "Blocks assigned", "namespaces": "Pods"}


@dataclass(frozen=True, slots=True)
class ComparedLine:
    """A thing; `mark` and `words` where it was there at one instant only. `cells` are
    (number, difference) by column; the number is "–" where it was not there."""

    name: str
    path: str
    mark: str
    words: str
    cells: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class ComparedPage:
    shell: Shell
    title: str
    columns: tuple[str, ...]
    lines: tuple[ComparedLine, ...]
    pager: Pager


def columns(name: str, cluster: ClusterRow) -> tuple[str, ...]:
    if name == "pools":
        return FIRST[name], "Addresses held"
    return FIRST[name], *(f"IPv{family} held" for family in cluster.families)


def node_line(
    cluster: ClusterRow, found: Compared[NodeRow], *, is_later: bool
) -> ComparedLine:
    def numbers(node: NodeRow | None) -> Numbers:
        if node is None:
            return None
        held = {each.family: each.allocated for each in node.families}
        return [node.slots_used, *(held.get(f, 0) for f in cluster.families)]

    name = found.shown(is_later=is_later).name
    path = path_to("node", cluster.slug, name)
    return _line((name, path), found.change, _sides(found, numbers), is_later=is_later)


def pool_line(
    cluster: ClusterRow, found: Compared[PoolRow], *, is_later: bool
) -> ComparedLine:
    def numbers(pool: PoolRow | None) -> Numbers:
        return [pool.blocks_assigned, pool.numbers.allocated] if pool else None

    slug = found.shown(is_later=is_later).slug
    path = path_to("pool", cluster.slug, slug)
    return _line((slug, path), found.change, _sides(found, numbers), is_later=is_later)


def namespace_line(
    cluster: ClusterRow, found: Compared[NamespaceRow], *, is_later: bool
) -> ComparedLine:
    def numbers(namespace: NamespaceRow | None) -> Numbers:
        if namespace is None:
            return None
        held = dict(namespace.allocated)
        return [namespace.pods, *(held.get(f, 0) for f in cluster.families)]

    name = found.shown(is_later=is_later).name
    path = path_to("namespace", cluster.slug, name)
    return _line((name, path), found.change, _sides(found, numbers), is_later=is_later)


def signed(number: int) -> str:
    """Return a difference with its sign: "+5", "−3", "0"."""
    if not number:
        return "0"
    return f"{'+' if number > 0 else '−'}{formatting.count(abs(number))}"


def _sides(
    found: Compared[Row], numbers: Callable[[Row | None], Numbers]
) -> tuple[Numbers, Numbers]:
    return numbers(found.before), numbers(found.after)


def _line(
    named: tuple[str, str],
    change: str,
    sides: tuple[Numbers, Numbers],
    *,
    is_later: bool,
) -> ComparedLine:
    before, after = sides
    shown = after if is_later else before
    width = len(before or after or ())
    none = (0,) * width
    cells = tuple(
        ("–" if shown is None else formatting.count(shown[n]), signed(b - a))
        for n, (a, b) in enumerate(zip(before or none, after or none, strict=True))
    )
    mark = {"new": "+", "gone": "−"}.get(change, "")
    return ComparedLine(*named, mark, change if mark else "", cells)
