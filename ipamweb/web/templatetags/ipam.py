"""What templates may do with values: words of web/formatting.py, times as <time>."""

from datetime import datetime

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from ipamweb.addressing.ranges import Range, format_address
from ipamweb.web import formatting
from ipamweb.web.drawing import Bar
from ipamweb.web.paths import path_to
from ipamweb.web.sparks import Spark
from ipamweb.web.tiles import Cell, TileRow

register = template.Library()

register.filter("count", formatting.count)
register.filter("addresses", formatting.addresses)
register.filter("magnitude", formatting.magnitude)
register.filter("instant", formatting.instant)
register.filter("address", format_address)
register.simple_tag(path_to)
register.simple_tag(formatting.machine_time)


@register.filter
def breakable(value: int | Range) -> SafeString:
    """Return an address or range that may wrap after each colon, dot and slash."""
    text = format_address(value) if isinstance(value, int) else str(value)
    *parts, last = text.replace(":", ": ").replace(".", ". ").replace("/", "/ ").split()
    return format_html(
        "{}{}", format_html_join("", "{}<wbr>", ((part,) for part in parts)), last
    )


# Made here and not by templates, which take ten times as long: a page has a thousand
# cells and a hundred bars.
BAR = (
    '<svg class="bar" role="img" aria-label="{}">'
    '<rect class="bar-track" width="100%" height="10" rx="2"/>{}'
    '<line class="bar-tick" x1="85%" x2="85%" y1="0" y2="10"/></svg>'
)
TIER = '<rect class="{}" width="{}" height="10" rx="2"/>'
SPARK = (
    '<svg class="spark" viewBox="0 0 120 24" preserveAspectRatio="none" role="img"'
    ' aria-label="{}">{}<path class="spark-line" d="{}"/></svg>'
)
GAP = '<rect class="spark-gap" x="{}" width="{}" height="24"/>'
HELD = '<td class="{}"><a href="{}" title="{}"><b>{}</b><i>{}</i></a></td>'
UNTABBED = (
    '<td class="{}"><a href="{}" title="{}" tabindex="-1"><b>{}</b><i>{}</i></a></td>'
)
FREE = '<td><a href="{}" title="{}" tabindex="-1"><b>{}</b></a></td>'
OUTSIDE = '<td class="outside">{}</td>'


@register.simple_tag
def cells(row: TileRow) -> SafeString:
    """Return the cells of a tile's row. A free one is no stop of the Tab key: there may
    be 250 of them, and find leads to each."""
    return format_html_join("", "{}", ((_cell(cell),) for cell in row.cells))


@register.simple_tag
def untabbed_cells(row: TileRow) -> SafeString:
    """Return the same, none a stop of the Tab key: rows that follow have the links."""
    return format_html_join(
        "",
        "{}",
        (
            (
                format_html(
                    UNTABBED,
                    each.classes,
                    each.path,
                    each.title,
                    each.number,
                    each.code,
                )
                if each.code
                else _cell(each),
            )
            for each in row.cells
        ),
    )


@register.simple_tag
def bar(drawn: Bar) -> SafeString:
    """Return a bar of one tier or two, with a tick where nearly full begins."""
    used = (f"bar-used level-{drawn.level}", drawn.used)
    tiers = [tier for tier in (("bar-assigned", drawn.assigned), used) if tier[1]]
    words = f"{drawn.words}, {drawn.share}" if drawn.share else drawn.words
    return format_html(BAR, words, format_html_join("", TIER, tiers))


@register.simple_tag
def spark(drawn: Spark) -> SafeString:
    """Return a line over time, with bands where nothing was seen."""
    gaps = ((gap.x, gap.width) for gap in drawn.gaps)
    return format_html(SPARK, drawn.words, format_html_join("", GAP, gaps), drawn.line)


def _cell(cell: Cell) -> SafeString:
    if not cell.path:
        return format_html(OUTSIDE, "")
    if not cell.code:
        return format_html(FREE, cell.path, cell.title, cell.number)
    return format_html(
        HELD, cell.classes, cell.path, cell.title, cell.number, cell.code
    )


@register.simple_tag
def ago(moment: datetime, now: datetime) -> SafeString:
    """Return a time as its age, with the time itself for machines and on hover."""
    return format_html(
        '<time data-ago datetime="{}" title="{}">{}</time>',
        formatting.machine_time(moment),
        formatting.instant(moment),
        formatting.age(moment, now=now),
    )


@register.simple_tag
def at(moment: datetime, now: datetime) -> SafeString:
    """Return a time in full, with its age on hover."""
    return format_html(
        '<time datetime="{}" title="{}">{}</time>',
        formatting.machine_time(moment),
        formatting.age(moment, now=now),
        formatting.instant(moment),
    )
