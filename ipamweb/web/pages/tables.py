"""A table whose columns can be chosen, and the views that are saved of it: the form for
the columns, the menu of views, the form that saves one.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from ipamweb.access.view_rows import ViewRow
from ipamweb.tables.table import Column, Table
from ipamweb.web.cells import Cell
from ipamweb.web.pages.lists import Header

Line = TypeVar("Line")
# By the name of a column, what stands in its cell of a line at an instant.
Cells = Mapping[str, Callable[[Line, datetime], Cell]]


@dataclass(frozen=True, slots=True)
class PlacedCell(Cell):
    """A cell in its row; `label` is the header of its column, where rows become cards
    it stands before the cell."""

    is_header: bool = False
    label: str = ""


@dataclass(frozen=True, slots=True)
class TablePart:
    caption: str
    label: str
    headers: tuple[Header, ...]
    rows: tuple[tuple[PlacedCell, ...], ...]


@dataclass(frozen=True, slots=True)
class ColumnLine:
    """A column in the form; `place` counts from 1, None where it is not shown."""

    name: str
    words: str
    place: int | None


@dataclass(frozen=True, slots=True)
class ViewLink:
    words: str
    path: str
    is_current: bool


@dataclass(frozen=True, slots=True)
class ViewTools:
    """What stands beside a table. `kept` are the parameters that the form for columns
    must not lose, `usual` leads to the columns that are usual, "" where they are shown.

    `current` is the view that is open, `is_changed` whether something else than it is
    asked. `content` is what would be saved, `told` the same in words, `lost` what is no
    part of a view. `everybody_may` is False where the filters name owners.
    """

    table: Table
    columns: tuple[ColumnLine, ...]
    shown: int
    kept: tuple[tuple[str, str], ...]
    usual: str
    views: tuple[ViewLink, ...]
    current: ViewRow | None
    is_changed: bool
    content: tuple[tuple[str, str], ...]
    told: str
    lost: str
    everybody_may: bool
    teams: tuple[tuple[str, str], ...]
    back: str

    @property
    def most(self) -> int:
        return len(self.columns)


def table_part(
    columns: Iterable[Column],
    lines: Iterable[Line],
    *,
    cells: Cells[Line],
    headers: tuple[Header, ...],
    words: tuple[str, str, datetime],
) -> TablePart:
    """Return the rows of a table. `words` are its label, its caption and now."""
    label, caption, now = words
    shown = tuple(columns)
    # A header has cells behind it: in the last column it would be one of nothing.
    named = next((each.name for each in shown[:-1] if each.names_row), "")
    return TablePart(
        caption,
        label,
        headers,
        tuple(
            tuple(
                _placed(cells[each.name](line, now), each, each.name == named)
                for each in shown
            )
            for line in lines
        ),
    )


def _placed(cell: Cell, column: Column, is_header: bool) -> PlacedCell:
    return PlacedCell(cell.content, cell.style, is_header, column.words)


def column_lines(table: Table, shown: tuple[Column, ...]) -> tuple[ColumnLine, ...]:
    """Return the columns for the form: those that are shown in their order first."""
    hidden = [column for column in table.columns if column not in shown]
    return (
        *(
            ColumnLine(column.name, column.whole_words, place)
            for place, column in enumerate(shown, start=1)
        ),
        *(ColumnLine(column.name, column.whole_words, None) for column in hidden),
    )


def told(query: Mapping[str, str], columns: str, sort: str) -> str:
    """Return what a view holds, as a URL would have it: `zone=eu-a, sort=-name`."""
    parts = [f"{name}={value}" for name, value in query.items()]
    if sort:
        parts.append(f"sort={sort}")
    if columns:
        parts.append(f"columns={columns}")
    return ", ".join(parts)
