"""Rows as they are stored, by the driver: what is read by the ten thousand.

Django makes each row value by value and takes them by the hundred. Column names still
come from the models. Who writes so is sync/bulk.py.
"""

from collections.abc import Sequence
from contextlib import suppress
from functools import cache
from typing import Any, NamedTuple

from django.core.exceptions import EmptyResultSet
from django.db import connection, models

from ipamweb.mirror.arrays import array

Line = tuple[Any, ...]
# ASCII's unit separator, chr(31): in no name of Kubernetes.
SEPARATOR = "\x1f"
# Columns that hold addresses.
BYTES = frozenset({"address", "first", "last"})


def select(
    model: type[models.Model],
    columns: Sequence[str],
    *,
    where: str,
    among: Sequence[Any],
    values: Sequence[Any] = (),
) -> list[Line]:
    """Return columns of the rows for which `where` holds; `{among}` in it is the list.

    Raw values: addresses and JSON come as the driver gives them. One query, none when
    the list is empty.
    """
    if not among:
        return []
    table = model._meta.db_table
    statement = f"SELECT {_names(model, columns)} FROM {table} WHERE {where}"
    if connection.vendor == "postgresql":
        statement = statement.replace("IN {among}", "= ANY(%s)")
        return _asked(statement, [*values, array(among)])
    marks = ", ".join(["%s"] * len(among))
    return _asked(statement.format(among=f"({marks})"), [*values, *among])


class Pairs(NamedTuple):
    """What two columns of texts, `of`, may say; each pair is given once."""

    of: tuple[str, str]
    pairs: Sequence[tuple[str, str]]


def select_pairs(
    model: type[models.Model],
    columns: Sequence[str],
    *,
    where: str,
    among: Pairs,
    values: Sequence[Any] = (),
) -> list[Line]:
    """Return the same of the rows that say one of some pairs.

    One query however many pairs there are: an index of both columns is asked for each.
    """
    pairs = among.pairs
    if not pairs:
        return []
    table = model._meta.db_table
    one, other = (f"{table}.{column_of(model, each)}" for each in among.of)
    if connection.vendor == "postgresql":
        asked = "unnest(%s::text[], %s::text[]) AS asked (one, other) JOIN"
        given: list[Any] = [array(each) for each in zip(*pairs, strict=True)]
    else:
        # CROSS: SQLite would go through the table first, whatever is in the index.
        rows = ", ".join(["(%s, %s)"] * len(pairs))
        asked = f"(SELECT column1 AS one, column2 AS other FROM (VALUES {rows}))"
        asked += " AS asked CROSS JOIN"
        given = [text for pair in pairs for text in pair]
    return _asked(
        f"SELECT {_names(model, columns)} FROM {asked} {table}"
        f" ON {one} = asked.one AND {other} = asked.other WHERE {where}",
        [*given, *values],
    )


class Statement:
    """A query that asks for values, to be asked again: Django writes it once."""

    def __init__(self, query: models.QuerySet[Any, Any]) -> None:
        self.sql, self.values = "", ()
        # Where a filter already shows that nothing is found, there is none.
        with suppress(EmptyResultSet):
            self.sql, self.values = query.query.sql_with_params()

    def lines(self) -> list[Line]:
        """Return its rows as the driver gives them."""
        return _asked(self.sql, self.values) if self.sql else []


def _asked(sql: str, values: Sequence[Any]) -> list[Line]:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return list(cursor.fetchall())


def columns(
    query: models.QuerySet[Any, Any], names: Sequence[str], *, order: Sequence[str]
) -> list[Sequence[str]]:
    """Return the columns of a query that asks for some values, under `names`, in the
    order of some of them, which is the query's: texts, where what is not set is empty
    and bytes are in hex. One query, two where a text holds the separator.

    PostgreSQL puts each column into one text: a value for each cell costs four times as
    much of its reader's processor, and a fifth more time.
    """
    found = Statement(query)
    if not found.sql or connection.vendor != "postgresql":
        return _texts(found.lines(), len(names))
    ((count, *texts),) = _asked(_woven(found.sql, names, order), found.values)
    if count and any(text.count(SEPARATOR) >= count for text in texts):
        return _texts(found.lines(), len(names))
    return [_parts(text, count) if count else [] for text in texts]


def _woven(statement: str, names: Sequence[str], order: Sequence[str]) -> str:
    in_order = ", ".join(order)
    texts = ", ".join(
        f"string_agg(coalesce({_text_of(name)}, ''), chr(31) ORDER BY {in_order})"
        for name in names
    )
    return f"SELECT count(*), {texts} FROM ({statement}) AS found ({', '.join(names)})"


def _text_of(name: str) -> str:
    return f"encode({name}, 'hex')" if name in BYTES else f"{name}::text"


def _parts(text: str, count: int) -> Sequence[str]:
    """Return the parts of a text; many columns say one thing in every row."""
    first = text.partition(SEPARATOR)[0]
    same = [first] * count
    return same if text == SEPARATOR.join(same) else text.split(SEPARATOR)


def _texts(found: Sequence[Line], width: int) -> list[Sequence[str]]:
    if not found:
        return [[] for _ in range(width)]
    return [_as_texts(values) for values in zip(*found, strict=True)]


def _as_texts(values: Sequence[Any]) -> Sequence[str]:
    kinds = set(map(type, values))
    if kinds == {str}:
        return values
    if kinds == {int}:
        return list(map(str, values))
    return [
        value.hex()
        if isinstance(value, bytes | memoryview)
        else ""
        if value is None
        else str(value)
        for value in values
    ]


def _names(model: type[models.Model], columns: Sequence[str]) -> str:
    table = model._meta.db_table
    return ", ".join(f"{table}.{column_of(model, each)}" for each in columns)


def column_of(model: type[models.Model], attribute: str) -> str:
    """Return the quoted column of an attribute."""
    return connection.ops.quote_name(fields_of(model)[attribute].column)


@cache
def fields_of(model: type[models.Model]) -> dict[str, Any]:
    """Return the fields of a model by their attribute names (`node_id`, not `node`)."""
    return {field.attname: field for field in model._meta.concrete_fields}
