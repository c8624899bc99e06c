"""Between the rows of the table and the points of steps.py."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any

from django.db import connection

from ipamweb.usage.models import UsageSample
from ipamweb.usage.steps import Point, Values

Row = tuple[Any, ...]
# What `point` takes, in this order.
COLUMNS = (
    "at", "gap", "allocated", "allocated_min", "allocated_max", "capacity",
    "slots_used", "slots_total", "opened", "closed",
)  # fmt: skip


def point(row: Row) -> Point:
    """Return what a row says; its values are those of COLUMNS."""
    at, gap, allocated, least, most, capacity, used, total, opened, closed = row
    values = None
    if allocated is not None:
        room = None if capacity is None else int(capacity)
        values = Values(allocated, room, used, total)
    return Point(
        at,
        values,
        allocated if least is None else least,
        allocated if most is None else most,
        gap,
        opened=opened,
        closed=closed,
    )


def values(series_id: int, point: Point, *, length: timedelta) -> Row:
    """Return the row of a point that stands for `length`, as `insert` takes it."""
    said = point.values
    held = said.allocated if said else None
    is_instant = point.least == point.most == held
    return (
        series_id,
        length // timedelta(minutes=1),
        point.at,
        point.gap,
        held,
        None if is_instant else point.least,
        None if is_instant else point.most,
        None if said is None or said.capacity is None else str(said.capacity),
        said.slots_used if said else None,
        said.slots_total if said else None,
        point.opened,
        point.closed,
    )


def insert(found: Sequence[Row]) -> None:
    """Write rows by the driver, while nobody else can write: Django's bulk_create takes
    ten times as long."""
    table = UsageSample._meta.db_table
    names = ", ".join(("series_id", "resolution", *COLUMNS))
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            with cursor.copy(f"COPY {table} ({names}) FROM STDIN") as copy:
                for row in found:
                    copy.write_row(row)
        else:
            marks = ", ".join(["%s"] * (len(COLUMNS) + 2))
            cursor.executemany(
                f"INSERT INTO {table} ({names}) VALUES ({marks})",
                [(*row[:2], _in_utc(row[2]), *row[3:]) for row in found],
            )


@lru_cache(maxsize=100)
def _in_utc(moment: datetime) -> Any:
    """Return a time as SQLite keeps it; there are few different ones."""
    return connection.ops.adapt_datetimefield_value(moment)
