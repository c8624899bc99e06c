"""How a namespace is spread over the nodes: a small wall, a cell for every node."""

from dataclasses import dataclass

from ipamweb.mirror.queries.namespace_use import NodeUse
from ipamweb.mirror.queries.wall import WallNode
from ipamweb.web import formatting, wall_drawing
from ipamweb.web.scales import Scale, Step
from ipamweb.web.wall_drawing import Wall

SCALE = Scale(
    "addresses held", "addresses",
    (
        Step(1, "1"), Step(2, "2 to 4"), Step(5, "5 to 19"), Step(20, "20 to 99"),
        Step(100, "100 and more"),
    ),
    nothing="none",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Spread:
    """`words` say what the wall shows."""

    words: str
    wide: Wall
    narrow: Wall
    legend: tuple[tuple[str, Step], ...]


def spread(found: tuple[NodeUse, ...], *, nodes: int) -> Spread | None:
    """Return the wall of `nodes`, those that hold most first; None without any.

    What is held on no node that is known has no cell.
    """
    known = [each for each in found if each.name]
    if not known:
        return None
    every = [WallNode(0, each.name, "", each.addresses, None) for each in known]
    # What was counted a moment apart may be more than there are nodes.
    every += [WallNode(0, "", "", None, None)] * max(0, nodes - len(known))
    ordered = wall_drawing.in_order(every, SCALE)
    columns = wall_drawing.widths(len(ordered))
    wide, narrow = wall_drawing.walls(ordered, SCALE, columns=columns)
    largest = ordered[0]
    words = (
        f"On {formatting.part_of(len(known), len(ordered))} nodes; at most "
        f"{formatting.plural(largest.value or 0, 'address', plural_noun='addresses')} "
        f"on one, {formatting.visible(largest.name)}."
    )
    legend = tuple((f"level-{place}", step) for place, step in enumerate(SCALE.steps))
    return Spread(words, wide, narrow, legend)
