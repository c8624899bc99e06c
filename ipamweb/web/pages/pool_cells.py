"""What stands in each column of a pool."""

from datetime import datetime

from django.utils.html import format_html, format_html_join

from ipamweb.web import cells, formatting
from ipamweb.web.cells import Cell
from ipamweb.web.pages.pools import PoolLine
from ipamweb.web.pages.tables import Cells
from ipamweb.web.templatetags import ipam


def table_cells() -> Cells[PoolLine]:
    return {
        "pool": _pool,
        "ranges": _ranges,
        "fill": lambda line, _: cells.bar(line.tiers),
        "blocks": _blocks,
        "blocks_share": lambda line, _: Cell(
            line.blocks.share if line.blocks else "", "number"
        ),
        "held": _held,
        "held_share": _held_share,
        "free": _free,
        "slots": lambda line, _: cells.marked(line.slots) if line.slots else Cell(),
        "slots_share": lambda line, _: Cell(
            line.slots.share if line.slots else "", "number"
        ),
        "course": lambda line, _: Cell(
            ipam.spark(line.spark) if line.spark else "", "spark-cell"
        ),
        "system": lambda line, _: cells.words(line.pool.system),
        "network": lambda line, _: cells.words(line.pool.network),
    }


def _pool(line: PoolLine, _: datetime) -> Cell:
    link = '<a href="{}">{}</a> <span class="badge">IPv{}</span>'
    return Cell(
        format_html(link, line.path, line.pool.slug, line.pool.family), "nowrap"
    )


def _ranges(line: PoolLine, _: datetime) -> Cell:
    texts = ((ipam.breakable(each.range),) for each in line.pool.ranges)
    return Cell(format_html_join(", ", "{}", texts), "mono ranges")


def _blocks(line: PoolLine, _: datetime) -> Cell:
    if line.blocks is None:
        return cells.muted("not cut into blocks", "number")
    return cells.marked(line.blocks, line.block_size)


def _held(line: PoolLine, _: datetime) -> Cell:
    if line.held:
        return Cell(line.held.words, "number")
    return cells.number(line.pool.numbers.allocated)


def _held_share(line: PoolLine, _: datetime) -> Cell:
    if line.held:
        return Cell(line.held.share, "number")
    whole = formatting.addresses(line.pool.numbers.capacity, 6)
    title = "A share of an IPv6 range says nothing"
    of = '<span class="muted" title="{}">of {}</span>'
    return Cell(format_html(of, title, whole), "number")


def _free(line: PoolLine, _: datetime) -> Cell:
    numbers = line.pool.numbers
    return Cell(formatting.addresses(numbers.free, numbers.family), "number")
