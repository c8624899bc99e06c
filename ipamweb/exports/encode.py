"""The formats of a file: CSV, NDJSON and JSON, batch by batch, in constant memory.

Cells become text column by column, what repeats once, and a row is a pattern that is
filled in (patterns.py): a writer for each row would cost more than the database.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, Protocol

import msgspec

from ipamweb.exports import csv_text, patterns
from ipamweb.exports.patterns import Cells, Column
from ipamweb.exports.remembered import Remembered

Json = dict[str, Any]
Values = Sequence[Any]
_JSON = msgspec.json.Encoder()


@dataclass(frozen=True, slots=True)
class Batch:
    """Some rows as columns of values; `rows` are the same as REST shows them, where
    that is more than names and values."""

    columns: Sequence[Values]
    rows: Sequence[Json] | None = None

    @property
    def count(self) -> int:
        return len(self.columns[0])


class Format(Protocol):
    """How rows become bytes: a head, batches in order, a tail. `summary` follows what
    was counted and hashed, and is no part of it."""

    content_type: str

    def head(self, about: Json) -> bytes: ...
    def batch(self, batch: Batch) -> bytes: ...
    def tail(self) -> bytes: ...
    def summary(self, facts: Json) -> bytes: ...


class Csv:
    """RFC 4180, with a header and CR LF. Unless `raw`, no cell is taken for a formula.

    What it is as of stands in headers and names, never inside: each line is a row.
    """

    content_type = "text/csv; charset=utf-8"

    def __init__(self, names: Sequence[str], *, raw: bool = False) -> None:
        make = csv_text.raw_cell if raw else csv_text.cell
        self._names = names
        self._columns = [
            Column(before="," if place else "", cells=partial(_csv_cells, make=make))
            for place, _ in enumerate(names)
        ]

    def head(self, about: Json) -> bytes:
        return f"{','.join(self._names)}\r\n".encode()

    def batch(self, batch: Batch) -> bytes:
        return patterns.text(self._columns, batch.columns, after="\r\n").encode()

    def tail(self) -> bytes:
        return b""

    def summary(self, facts: Json) -> bytes:
        return b""


class Ndjson:
    """A JSON object for each row and line, and a last line that says it is whole."""

    content_type = "application/x-ndjson"

    def __init__(self, names: Sequence[str]) -> None:
        self._columns = _json_columns(names)

    def head(self, about: Json) -> bytes:
        return b""

    def batch(self, batch: Batch) -> bytes:
        return _objects(batch, self._columns, after="\n")

    def tail(self) -> bytes:
        return b""

    def summary(self, facts: Json) -> bytes:
        return _JSON.encode({"summary": facts}) + b"\n"


class JsonList:
    """One JSON object: what it is about, and `results`."""

    content_type = "application/json"

    def __init__(self, names: Sequence[str]) -> None:
        self._columns = _json_columns(names)
        self._is_first = True

    def head(self, about: Json) -> bytes:
        return _JSON.encode(about)[:-1] + b',"results":[\n'

    def batch(self, batch: Batch) -> bytes:
        after = ",\n"
        objects = _objects(batch, self._columns, after=after)[: -len(after)]
        if not objects or self._is_first:
            self._is_first = self._is_first and not objects
            return objects
        return after.encode() + objects

    def tail(self) -> bytes:
        return b"\n]}\n"

    def summary(self, facts: Json) -> bytes:
        return b""


def _json_columns(names: Sequence[str]) -> list[Column]:
    return [
        Column(before=f'{"," if place else "{"}"{name}":', cells=_json_cells)
        for place, name in enumerate(names)
    ]


def _objects(batch: Batch, columns: Sequence[Column], *, after: str) -> bytes:
    """Return the objects of a batch, each with what comes after it."""
    if batch.rows is None:
        return patterns.text(columns, batch.columns, after=f"}}{after}").encode()
    return b"".join(_JSON.encode(row) + after.encode() for row in batch.rows)


def _csv_cells(values: Values, *, make: Callable[[Any], str]) -> Cells:
    return Cells(csv_text.cells(values, make=make))


def _json_cells(values: Values) -> Cells:
    """Return JSON of each value of a column: of texts in which nothing is escaped, the
    texts themselves between quotes."""
    kinds = set(map(type, values))
    if kinds == {int}:
        return Cells(list(map(str, values)))
    if kinds == {str}:
        together = "".join(values)
        if len(_JSON.encode(together)) == len(together.encode()) + len('""'):
            return Cells(values, mark='"')
    return Cells(Remembered(_json_text).each(values))


def _json_text(value: Any) -> str:
    return _JSON.encode(value).decode()
