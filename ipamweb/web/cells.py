"""What stands in a cell of a table. Made here and not by templates, which take ten
times as long: a page has a thousand cells.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from ipamweb.web import formatting
from ipamweb.web.drawing import Bar
from ipamweb.web.templatetags import ipam


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell; `style` are its classes."""

    content: str | SafeString = ""
    style: str = ""


def words(text: str, style: str = "nowrap") -> Cell:
    """Return a cell of a text, a dash of none."""
    return Cell(text or "–", style)


def link(path: str, text: str | SafeString, style: str = "name") -> Cell:
    """Return a cell that leads to a page; of no path a text alone."""
    if not path:
        return Cell(text, style)
    return Cell(format_html('<a href="{}">{}</a>', path, text), style)


def muted(text: str, style: str = "") -> Cell:
    return Cell(format_html('<span class="muted">{}</span>', text), style)


def number(value: int) -> Cell:
    return Cell(formatting.count(value), "number")


def part(text: str, unit: str) -> Cell:
    """Return a number with what it is a part of, less loud."""
    return Cell(
        format_html('{} <span class="unit">{}</span>', text, unit) if unit else text,
        "number",
    )


def bar(drawn: Bar) -> Cell:
    return Cell(ipam.bar(drawn), "bar-cell")


def marked(drawn: Bar, unit: str = "") -> Cell:
    """Return the words of a bar, behind the mark of what is nearly full."""
    text: str | SafeString = drawn.words
    if unit:
        text = format_html('{} <span class="unit">{}</span>', text, unit)
    if not drawn.mark:
        return Cell(text, "number")
    mark = '<span class="mark mark-{}">{}</span> {}'
    return Cell(format_html(mark, drawn.level, drawn.mark, text), "number")


def ago(moment: datetime, now: datetime) -> Cell:
    return Cell(ipam.ago(moment, now), "nowrap")


def lines(texts: Iterable[str | SafeString], style: str) -> Cell:
    """Return a cell of several texts, each in one piece; a dash of none."""
    spans = format_html_join(" ", "<span>{}</span>", ((text,) for text in texts))
    return Cell(spans or "–", style)
