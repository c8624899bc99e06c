"""What stands in each column of a node."""

from datetime import datetime

from ipamweb.mirror.queries.numbers import FamilyNumbers
from ipamweb.web import cells, formatting
from ipamweb.web.cells import Cell
from ipamweb.web.pages.nodes import NodeLine
from ipamweb.web.pages.tables import Cells


def table_cells(*, is_past: bool) -> Cells[NodeLine]:
    """Return the cells of nodes; of the past without their capacity of then."""
    held = _held_then if is_past else _held
    return {
        "name": lambda line, _: cells.link(line.path, line.node.name),
        "zone": lambda line, _: cells.words(line.node.zone),
        "node_pool": lambda line, _: cells.words(line.node.node_pool),
        "instance_type": lambda line, _: cells.words(line.node.instance_type),
        "ready": _ready,
        "slots": lambda line, _: cells.bar(line.slots),
        "slots_used": lambda line, _: cells.marked(line.slots),
        "slots_free": lambda line, _: cells.number(line.node.slots_free),
        "max_pods": _max_pods,
        "pods": lambda line, _: cells.number(line.node.pods),
        "held_v4": lambda line, _: held(_of(line, 4)),
        "held_v6": lambda line, _: held(_of(line, 6)),
        "measured": lambda line, _: Cell(line.measured, "number"),
        "blocks": _blocks,
        "first_seen": lambda line, now: cells.ago(line.node.first_seen, now),
    }


def _ready(line: NodeLine, _: datetime) -> Cell:
    style = "nowrap mark" if line.node.ready is False else "nowrap"
    return Cell(line.readiness, style)


def _max_pods(line: NodeLine, _: datetime) -> Cell:
    if line.node.max_pods is None:
        return cells.muted("not stated", "number")
    return cells.number(line.node.max_pods)


def _of(line: NodeLine, family: int) -> FamilyNumbers | None:
    found = (each for each in line.families if each and each.family == family)
    return next(found, None)


def _held(numbers: FamilyNumbers | None) -> Cell:
    if numbers is None:
        return cells.muted("none", "number")
    held = formatting.count(numbers.allocated)
    if numbers.family == 6:
        return Cell(held, "number")
    return cells.part(held, f"of {formatting.count(numbers.capacity)}")


def _held_then(numbers: FamilyNumbers | None) -> Cell:
    if numbers is None:
        return cells.muted("none", "number")
    return cells.number(numbers.allocated)


def _blocks(line: NodeLine, _: datetime) -> Cell:
    if not line.node.blocks:
        return cells.muted("no block", "mono block-list")
    ranges = (str(each.range) for each in line.node.blocks)
    return cells.lines(ranges, "mono block-list")
