"""What a page with a table is asked: which saved view, which columns, in which order.

A view is opened by putting what it stores into the question where the question says
nothing itself; then it is read as if it had been typed, by the same code.
"""

from collections.abc import Collection, Iterable, Sized
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, QueryDict

from ipamweb.access import view_rows
from ipamweb.access.models import User
from ipamweb.access.view_rows import MenuRow, ViewRow
from ipamweb.tables import table as tables
from ipamweb.tables.table import Column, Table
from ipamweb.web.pages.lists import Header, header, link
from ipamweb.web.pages.tables import (
    Cells,
    Line,
    TablePart,
    ViewLink,
    ViewTools,
    column_lines,
    table_part,
    told,
)

# A form's checked columns, and the place of each.
CHECKED, PLACE = "column", "place."
# What a link carries beside filters and is no part of a view, nor lost by saving one.
NO_PART = {"at", "vs", "cursor", "limit", "view"}


@dataclass(frozen=True, slots=True)
class Asked:
    """A question for a table. `typed` is where the form for columns leads; "" where it
    was not sent. `columns` are those asked for, also such as cannot be shown."""

    request: HttpRequest
    table: Table
    view: ViewRow | None
    columns: tuple[Column, ...]
    typed: str = ""

    def shown(
        self, *, families: Collection[int], is_past: bool = False
    ) -> tuple[Column, ...]:
        """Return the columns that a cluster of these families can fill."""
        return tuple(each for each in self.columns if _has(each, families, is_past))


def asked(request: HttpRequest, table: Table) -> Asked:
    """Read which view and which columns are asked for; the view becomes a part of the
    request's question. Http404 of a view that the reader may not open. One query, of a
    view."""
    view = _opened(request, table)
    typed = _typed(request, table)
    columns = () if typed else tables.columns_of(table, request.GET.get("columns", ""))
    return Asked(request, table, view, columns, typed)


def rest(asked: Asked, path: str, **implied: str) -> str:
    """Return the list of REST that shows the same: filters, order and columns."""
    table, request = asked.table, asked.request
    given = {**implied, **_given(request)}
    more = {
        each.name: value
        for each in table.filters
        # What REST shows unless asked need not be asked.
        if (value := given.get(each.name)) and value != table.implied.get(each.name)
    }
    if table.orders and (sort := request.GET.get("sort")):
        more["ordering"] = sort
    if request.GET.get("columns"):
        more["fields"] = ",".join(tables.fields_of(asked.columns))
    return f"{path}?{urlencode(more, safe=',')}" if more else path


def part(
    asked: Asked,
    columns: tuple[Column, ...],
    lines: Iterable[Line],
    *,
    cells: Cells[Line],
    words: tuple[str, str, datetime],
) -> TablePart:
    """Return a table with its headers: those that sort as links, in the present.

    `words` are the label of the table, its caption and now.
    """
    can_sort = not asked.request.GET.get("at")
    sort = asked.request.GET.get("sort", "") or next(iter(asked.table.orders), "")
    headers = tuple(
        header(
            asked.request, each.words, field=each.sort, sort=sort,
            is_number=each.is_number,
        )
        if each.sort and can_sort
        else Header(each.words, is_number=each.is_number)
        for each in columns
    )  # fmt: skip
    return table_part(columns, lines, cells=cells, headers=headers, words=words)


def tools(asked: Asked, shown: Sized, **implied: str) -> ViewTools:
    """Return what stands beside the table of so many columns; `implied` are filters
    that the page sets where the question does not. One query."""
    request, table, user = asked.request, asked.table, asked.request.user
    assert isinstance(user, User)
    given = {**implied, **_given(request)}
    names = {each.name for each in table.filters}
    query = tables.checked_query(
        table, {name: value for name, value in given.items() if name in names}
    )
    columns, sort = given.get("columns", ""), given.get("sort", "")
    sort = sort if table.orders else ""
    content = {**query, "columns": columns, "sort": sort}
    beside = view_rows.beside(user, table.name)
    return ViewTools(
        table=table,
        columns=column_lines(table, asked.columns),
        shown=len(shown),
        kept=_kept(request),
        usual=link(request, columns="") if columns else "",
        views=_menu(request, beside.views, asked.view),
        current=asked.view,
        is_changed=asked.view is not None and _content(asked.view) != content,
        content=tuple((name, value) for name, value in content.items() if value),
        told=told(query, columns, sort),
        lost=", ".join(_lost(given, table)),
        everybody_may=not tables.names_owners(table, query),
        teams=beside.teams,
        back=request.path,
    )


def _opened(request: HttpRequest, table: Table) -> ViewRow | None:
    """Return the view that is asked for, what it stores put into the question."""
    key = request.GET.get("view", "").strip()
    user = request.user
    if not key or not isinstance(user, User):
        return None
    view = None
    if "\0" not in key:
        view = view_rows.named(key, table=table.name, user=user)
    if view is None:
        raise Http404(
            f"There is no view {key[:130]!r} of {table.words} that you may open."
        )
    merged = request.GET.copy()
    for name, value in _content(view).items():
        # At an instant of the past there is one order.
        is_asked = name in merged or (name == "sort" and "at" in merged)
        if value and not is_asked:
            merged[name] = value
    _put(request, merged)
    return view


def _put(request: Any, query: QueryDict) -> None:
    """Give a request another question; Django's types say it cannot be done."""
    query._mutable = False
    request.GET = query


def _content(view: ViewRow) -> dict[str, str]:
    return {**dict(view.query), "columns": ",".join(view.columns), "sort": view.sort}


def _typed(request: HttpRequest, table: Table) -> str:
    """Return the address of the page with the columns that the form has; "" without."""
    given = request.GET
    places = {n: v for n, v in _given(request).items() if n.startswith(PLACE)}
    if CHECKED not in given and not any(PLACE in each for each in given):
        return ""
    checked = tables.columns_of(table, ",".join(given.getlist(CHECKED)))
    chosen = sorted(
        checked if CHECKED in given else (),
        key=lambda each: _place(places.get(PLACE + each.name, "")),
    )
    is_usual = not chosen or tuple(chosen) == table.usual
    query = given.copy()
    for name in [each for each in given if each == CHECKED or PLACE in each]:
        query.pop(name, None)
    query["columns"] = "" if is_usual else ",".join(each.name for each in chosen)
    if is_usual and not query.get("view"):
        del query["columns"]
    return f"{request.path}?{query.urlencode()}" if query else request.path


def _given(request: HttpRequest) -> dict[str, str]:
    """Return what is asked, each by its last value; empty ones are left out."""
    return {name: str(value) for name, value in request.GET.items() if value}


def _place(text: str) -> int:
    """Return a place as a number; what is none stands behind all others."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 4 else 999


def _kept(request: HttpRequest) -> tuple[tuple[str, str], ...]:
    return tuple(
        (name, str(value))
        for name, value in request.GET.items()
        if name not in ("columns", "cursor")
    )


def _menu(
    request: HttpRequest, found: Iterable[MenuRow], current: ViewRow | None
) -> tuple[ViewLink, ...]:
    at = {name: request.GET[name] for name in ("at",) if request.GET.get(name)}
    links = []
    for row in found:
        query = QueryDict(mutable=True)
        query.update({"view": row.key, **at})
        path = f"{request.path}?{query.urlencode()}"
        is_current = current is not None and current.id == row.id
        links.append(ViewLink(row.key, path, is_current))
    return tuple(links)


def _lost(given: Iterable[str], table: Table) -> list[str]:
    """Return what is asked for and is no part of a view."""
    parts = {each.name for each in table.filters} | {"columns"} | NO_PART
    if table.orders:
        parts.add("sort")
    return sorted(name for name in given if name not in parts)


def _has(column: Column, families: Collection[int], is_past: bool) -> bool:
    if column.when == "now":
        return not is_past
    return not column.when or int(column.when) in families
