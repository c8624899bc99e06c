"""Columns of values as the drivers take them, made a column at a time.

What a driver makes of a value itself costs several times as much, above all of moments.
Not here: which column holds what (bulk.py).
"""

import json
from collections.abc import Sequence
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

Column = Sequence[Any]


def addresses(column: Column) -> Column:
    """Return addresses as 16 bytes each."""
    return [None if each is None else each.to_bytes(16, "big") for each in column]


def documents(column: Column) -> Column:
    """Return documents as JSON."""
    return [json.dumps(each) for each in column]


def moments(column: Column, *, has_zone: bool) -> Column:
    """Return moments as text; many repeat, in a column and in the next.

    On SQLite in the form that Django reads back: UTC without its zone.
    """
    text = _with_zone if has_zone else _without_zone
    return [None if each is None else text(each) for each in column]


# As many as two transactions of a first list have: pods, and then what they hold.
@lru_cache(maxsize=2**15)
def _with_zone(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(" ")


@lru_cache(maxsize=2**15)
def _without_zone(moment: datetime) -> str:
    return moment.astimezone(UTC).replace(tzinfo=None).isoformat(" ")
