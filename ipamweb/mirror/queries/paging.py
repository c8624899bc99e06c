"""Pages of long lists, by the key of the last row seen: no OFFSET, no COUNT.

A cursor is signed text that fits the order it was made for; pages and REST hand it out
and take it back unread. It may carry the snapshot that its list stands still at.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Generic, TypeVar

from django.core import signing
from django.db.models import Q, QuerySet

Row = TypeVar("Row")
Key = tuple[int | str, ...]

DEFAULT_LIMIT = 100


class BadCursor(ValueError):
    """A cursor that was not made here, or for another order."""


@dataclass(frozen=True, slots=True)
class Order:
    """What a list is ordered by; the last field is unique, none is null."""

    name: str
    fields: tuple[str, ...]
    descending: bool = False


@dataclass(frozen=True, slots=True)
class Window:
    """Which part of a list is wanted: up to `limit` rows beyond the cursor."""

    limit: int = DEFAULT_LIMIT
    cursor: str = ""


FIRST_PAGE = Window()


@dataclass(frozen=True, slots=True)
class Snapshot:
    """The state of a cluster that a list shows from its first page to its last: what
    was written up to a generation, which was read until a moment and is true as of
    another; None before the first good poll."""

    generation: int
    as_of: datetime | None
    read_until: datetime | None


@dataclass(frozen=True, slots=True)
class Page(Generic[Row]):
    """Rows in order, and the cursors of the pages around; empty where there is none."""

    rows: tuple[Row, ...]
    next: str = ""
    previous: str = ""


def snapshot_of(window: Window, order: Order) -> Snapshot | None:
    """Return the snapshot in a cursor; None at the start. Raises BadCursor."""
    _, found, _ = _read_cursor(window.cursor, order)
    if not found:
        return None
    generation, *moments = found
    return Snapshot(generation, *(_moment(each) for each in moments))


def read_page(
    query: QuerySet[Any],
    *,
    order: Order,
    window: Window,
    build: Callable[[list[Any]], list[Row]],
) -> Page[Row]:
    """Return one page of a query: one SQL query, and those of `build`.

    `build` turns what the query yields into rows, one for one. Raises BadCursor.
    """
    return _page(_found(query, order, window), order=order, window=window, build=build)


def read_merged(
    queries: Iterable[tuple[QuerySet[Any], Callable[[Any], Row]]],
    *,
    order: Order,
    window: Window,
    snapshot: Snapshot | None = None,
) -> Page[Row]:
    """Return one page of several queries as of one list: one SQL query for each, one
    after the other. What the cursors carry on is the snapshot.

    Beside each query stands what makes a row of what it yields; the fields of the order
    have the same names in all. What moved from one query to a later one meanwhile is
    in both: of rows with the same key the first counts. Raises BadCursor.
    """
    backwards, _, _ = _read_cursor(window.cursor, order)
    found: dict[Any, tuple[Any, Callable[[Any], Row]]] = {}
    for query, build in queries:
        for each in _found(query, order, window):
            found.setdefault(_key(each, order), (each, build))
    keys = sorted(found, reverse=order.descending != backwards)
    builds = {id(each): build for each, build in found.values()}
    return _page(
        [found[key][0] for key in keys[: window.limit + 1]],
        order=order,
        window=window,
        build=lambda rows: [builds[id(each)](each) for each in rows],
        snapshot=snapshot,
    )


def _found(query: QuerySet[Any], order: Order, window: Window) -> list[Any]:
    """Return what follows the cursor, and one more to tell whether there is more."""
    backwards, _, key = _read_cursor(window.cursor, order)
    if key:
        query = query.filter(_beyond(order, key, backwards=backwards))
    sign = "-" if order.descending != backwards else ""
    ordered = query.order_by(*(sign + field for field in order.fields))
    return list(ordered[: window.limit + 1])


def _page(
    found: list[Any],
    *,
    order: Order,
    window: Window,
    build: Callable[[list[Any]], list[Row]],
    snapshot: Snapshot | None = None,
) -> Page[Row]:
    backwards, _, key = _read_cursor(window.cursor, order)
    is_cut = len(found) > window.limit
    found = found[: window.limit]
    if backwards:
        found.reverse()
    has_next, has_previous = (True, is_cut) if backwards else (is_cut, bool(key))
    rows = tuple(build(found))
    if not found:
        return Page(rows)
    following, before = (
        _cursor(order, row, direction, snapshot) if is_there else ""
        for row, direction, is_there in (
            (found[-1], "next", has_next),
            (found[0], "previous", has_previous),
        )
    )
    return Page(rows, next=following, previous=before)


def _beyond(order: Order, key: Key, *, backwards: bool) -> Q:
    """Return the condition (a, b, …) > key, or < key, as a >= x and not (a = x and not
    (b, …) beyond). An index serves it, and PostgreSQL knows how many rows are left:
    said as "a > x or a = x and b > y" as well, it believes in a fiftieth, and sorts."""
    lookup = "lt" if order.descending != backwards else "gt"
    *firsts, (last, value) = zip(order.fields, key, strict=True)
    condition = Q(**{f"{last}__{lookup}": value})
    for field, value in reversed(firsts):
        tie = Q(**{field: value}) & ~condition
        condition = Q(**{f"{field}__{lookup}e": value}) & ~tie
    return condition


def _signer(order: Order) -> signing.Signer:
    return signing.Signer(sep=".", salt=f"ipamweb.cursor.{order.name}")


def _cursor(order: Order, row: Any, direction: str, snapshot: Snapshot | None) -> str:
    carried: list[Any] = []
    if snapshot:
        moments = (snapshot.as_of, snapshot.read_until)
        carried = [snapshot.generation, *map(_plain, moments)]
    key = [_plain(value) for value in _key(row, order)]
    return _signer(order).sign_object([direction, carried, *key])


def _key(row: Any, order: Order) -> tuple[Any, ...]:
    return tuple([getattr(row, field) for field in order.fields])


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, datetime) else value


def _moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None


def _read_cursor(text: str, order: Order) -> tuple[bool, list[Any], Key]:
    """Return whether to go backwards, the snapshot carried, and from which key; at the
    start both are empty."""
    if not text:
        return False, [], ()
    try:
        direction, carried, *key = _signer(order).unsign_object(text)
    except (signing.BadSignature, ValueError) as error:
        raise BadCursor(
            "this cursor was not made for this list and order; start without one"
        ) from error
    return direction == "previous", carried, tuple(key)
