"""What a table is: columns that can be chosen, filters and orders that are allowed.

Whatever is stored of a table, or asked of it by name, is checked here against these
lists: nothing else of a query ever reaches the database.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any


class NotOfTable(ValueError):
    """A filter, column or order that a table has not, as one sentence for a person;
    `parameter` is where it stood."""

    def __init__(
        self, message: str, *, parameter: str, accepted: Iterable[str] = ()
    ) -> None:
        super().__init__(message)
        self.parameter = parameter
        self.accepted = tuple(accepted)


@dataclass(frozen=True, slots=True)
class Column:
    """A column. `fields` are those of a row of REST that say the same; `sort` is what
    its header sorts by. `is_usual`: shown unless others are chosen; `names_row`: its
    cell is the header of the row. `when` is the family it needs, or "now" where nobody
    knows it of the past. `title` says it where the words lean on the column before."""

    name: str
    words: str
    fields: tuple[str, ...]
    is_number: bool = False
    sort: str = ""
    is_usual: bool = True
    names_row: bool = False
    when: str = ""
    title: str = ""

    @property
    def whole_words(self) -> str:
        return self.title or self.words


@dataclass(frozen=True, slots=True)
class Filter:
    """A filter. `read` raises ValueError with half a sentence; `write` is its way back,
    to the one spelling that is stored. `names_owner`: what is typed names a namespace,
    a pod, or what runs it."""

    name: str
    read: Callable[[str], Any]
    accepted: tuple[str, ...] = ()
    write: Callable[[Any], str] = str
    names_owner: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """A table. `orders` are empty where it has one order only; `implied` is what a
    filter is where it is not given. `route` is its page; "" where only REST has it."""

    name: str
    words: str
    columns: tuple[Column, ...]
    filters: tuple[Filter, ...]
    orders: tuple[str, ...] = ()
    implied: Mapping[str, str] = field(default_factory=dict)
    route: str = ""

    @property
    def usual(self) -> tuple[Column, ...]:
        return tuple(column for column in self.columns if column.is_usual)


def checked_query(table: Table, query: Mapping[str, str]) -> dict[str, str]:
    """Return the filters in the spelling that is stored, by name; empty ones are left
    out. Raises NotOfTable."""
    known = {each.name: each for each in table.filters}
    found = dict(table.implied)
    for name, value in query.items():
        if name not in known:
            raise NotOfTable(
                f"There is no filter {name[:60]!r} of {table.words}.",
                parameter=name[:60],
                accepted=sorted(known),
            )
        if value.strip():
            found[name] = _spelled(known[name], value.strip())
    return dict(sorted(found.items()))


def values_of(table: Table, query: Mapping[str, str]) -> dict[str, Any]:
    """Return the values of all filters of a table, None of what is not given or empty.
    What is no filter is passed over. Raises NotOfTable."""
    return {
        each.name: _read(each, text)
        if (text := query.get(each.name, "").strip())
        else None
        for each in table.filters
    }


def columns_of(table: Table, text: str) -> tuple[Column, ...]:
    """Return the columns that a text names, in its order: "name,zone"; the usual ones
    of an empty text. Raises NotOfTable."""
    if not text:
        return table.usual
    known = {column.name: column for column in table.columns}
    # One that is named twice stands where it was named first.
    names = dict.fromkeys(part.strip() for part in text.split(","))
    for name in names:
        if name not in known:
            raise NotOfTable(
                f"columns: {name[:60]!r} is not accepted; {table.words} have "
                f"{', '.join(known)}.",
                parameter="columns",
                accepted=known,
            )
    return tuple(known[name] for name in names)


def checked_sort(table: Table, sort: str) -> str:
    if sort and sort not in table.orders:
        orders = ", ".join(table.orders) or "one order only"
        raise NotOfTable(
            f"There is no order {sort[:60]!r} of {table.words}; accepted: {orders}.",
            parameter="sort",
            accepted=table.orders,
        )
    return sort


def fields_of(columns: Iterable[Column]) -> tuple[str, ...]:
    """Return the fields of REST that say what columns say, in their order."""
    return tuple(dict.fromkeys(name for column in columns for name in column.fields))


def names_owners(table: Table, query: Mapping[str, str]) -> bool:
    """Say whether what is typed into a filter names namespaces, pods or workloads."""
    return any(each.names_owner and query.get(each.name) for each in table.filters)


def _spelled(wanted: Filter, value: str) -> str:
    return wanted.write(_read(wanted, value))


def _read(wanted: Filter, value: str) -> Any:
    try:
        return wanted.read(value)
    except (ValueError, OverflowError) as error:
        accepted = (
            f" Accepted: {', '.join(wanted.accepted)}." if wanted.accepted else ""
        )
        raise NotOfTable(
            f"{wanted.name}: {error}.{accepted}",
            parameter=wanted.name,
            accepted=wanted.accepted,
        ) from error
