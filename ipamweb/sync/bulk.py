"""Rows in bulk, by the driver: executemany on SQLite, COPY on PostgreSQL.

Django's bulk_create costs several times what the database does for the row; a first
poll writes 300,000 rows. Column names and value forms still come from the models.
"""

from collections.abc import Sequence
from datetime import UTC, datetime
from functools import cache
from typing import Any

from django.db import connection, models

from ipamweb.mirror.arrays import array
from ipamweb.mirror.fields import AddressField
from ipamweb.mirror.stored import column_of, fields_of
from ipamweb.sync.values import Column, addresses, documents, moments

Row = Sequence[Any]


def insert(
    model: type[models.Model], columns: Sequence[str], rows: Sequence[Row]
) -> None:
    """Write rows of one model; `columns` are attribute names (`node_id`, not `node`).

    The values are Python's: addresses as integers, aware datetimes, dicts for JSON.
    """
    if not rows:
        return
    columns, adapted = _without_nulls(columns, _adapted(model, columns, rows))
    table = connection.ops.quote_name(model._meta.db_table)
    names = ", ".join(column_of(model, c) for c in columns)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            with cursor.copy(f"COPY {table} ({names}) FROM STDIN") as copy:
                for row in zip(*adapted, strict=True):
                    copy.write_row(row)
        else:
            marks = ", ".join(["%s"] * len(columns))
            cursor.executemany(
                f"INSERT INTO {table} ({names}) VALUES ({marks})",
                list(zip(*adapted, strict=True)),
            )


def update(
    model: type[models.Model], columns: Sequence[str], rows: Sequence[Row]
) -> None:
    """Set columns of rows by primary key; each row ends with its key."""
    if rows:
        adapted = _adapted(model, [*columns, "id"], rows)
        changed = list(zip(*adapted, strict=True))
        _change(model, columns, changed, rule="{name} = {value}")


def add(model: type[models.Model], columns: Sequence[str], rows: Sequence[Row]) -> None:
    """Add to counters of rows by primary key; each row ends with its key."""
    _change(model, columns, rows, rule="{name} = {table}.{name} + {value}")


def _change(
    model: type[models.Model],
    columns: Sequence[str],
    rows: Sequence[Row],
    *,
    rule: str,
) -> None:
    """Change rows by a rule; on PostgreSQL by one statement, however many rows."""
    if not rows:
        return
    statement = _changing(model, tuple(columns), rule, connection.vendor)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(statement, [array(each) for each in zip(*rows, strict=True)])
        else:
            cursor.executemany(statement, rows)


@cache
def _changing(
    model: type[models.Model], columns: tuple[str, ...], rule: str, vendor: str
) -> str:
    table = connection.ops.quote_name(model._meta.db_table)
    names = [column_of(model, column) for column in columns]
    from_arrays = vendor == "postgresql"
    sets = ", ".join(
        rule.format(
            table=table, name=name, value=f"given.{name}" if from_arrays else "%s"
        )
        for name in names
    )
    if not from_arrays:
        return f"UPDATE {table} SET {sets} WHERE id = %s"
    arrays = ", ".join(f"%s::{_type(model, each)}[]" for each in [*columns, "id"])
    return (
        f"UPDATE {table} SET {sets}"
        f" FROM unnest({arrays}) AS given ({', '.join([*names, 'id'])})"
        f" WHERE {table}.id = given.id"
    )


def moment(value: Any) -> datetime:
    """Return a moment that `select` gave: without its zone on SQLite."""
    found: datetime = value
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def reserve_ids(model: type[models.Model], count: int) -> range | list[int]:
    """Return so many unused primary keys. Inside a transaction that writes, only.

    On SQLite one writer at a time holds the lock, so the table's own sequence is moved;
    on PostgreSQL the sequence hands out keys without waiting for other writers.
    """
    if count == 0:
        return range(0)
    table = model._meta.db_table
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(
                # The name of the sequence is looked up once, not for each key.
                "SELECT nextval((SELECT pg_get_serial_sequence(%s, 'id')::regclass))"
                " FROM generate_series(1, %s)",
                [table, count],
            )
            return [row[0] for row in cursor.fetchall()]
        cursor.execute("SELECT seq FROM sqlite_sequence WHERE name = %s", [table])
        found = cursor.fetchone()
        if found is None:
            cursor.execute("INSERT INTO sqlite_sequence VALUES (%s, 0)", [table])
        first = (found[0] if found else 0) + 1
        cursor.execute(
            "UPDATE sqlite_sequence SET seq = %s WHERE name = %s",
            [first + count - 1, table],
        )
        return range(first, first + count)


def _type(model: type[models.Model], attribute: str) -> str:
    """Return the type of a column as PostgreSQL casts to it, text for every text."""
    field = fields_of(model)[attribute]
    if isinstance(field, models.CharField | models.TextField):
        return "text"
    return str(field.rel_db_type(connection))


def _adapted(
    model: type[models.Model], columns: Sequence[str], rows: Sequence[Row]
) -> list[Column]:
    """Return columns as the driver takes them; twice as fast as row by row."""
    values: list[Column] = list(zip(*rows, strict=True))
    has_zone = connection.vendor == "postgresql"
    for index, column in enumerate(columns):
        field = fields_of(model)[column]
        if isinstance(field, AddressField):
            values[index] = addresses(values[index])
        elif isinstance(field, models.JSONField):
            values[index] = documents(values[index])
        elif isinstance(field, models.DateTimeField):
            values[index] = moments(values[index], has_zone=has_zone)
    return values


def _without_nulls(
    columns: Sequence[str], values: Sequence[Column]
) -> tuple[list[str], list[Column]]:
    """Leave out columns without a value: NULL is what the database writes then too."""
    kept = [
        (column, each)
        for column, each in zip(columns, values, strict=True)
        if any(value is not None for value in each)
    ]
    return [column for column, _ in kept], [each for _, each in kept]
