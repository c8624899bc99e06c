"""The formats of a file: CSV, NDJSON and JSON, batch by batch, in constant memory.

Cells become text column by column, what repeats once, and a row is a pattern that is
filled in (patterns.py): a writer for each row would cost more than the database.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, Protocol

import msgspec

from ipamweb.exports import csv_text, patterns
from ipamweb.exports.patterns import Column
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

    def __init__(
        self, names: Sequence[str], *, distinct: Collection[str] = (), raw: bool = False
    ) -> None:
        make = csv_text.raw_cell if raw else csv_text.cell
        self._names = names
        self._columns = [
            Column(
                before="," if place else "",
                texts=partial(csv_text.cells, make=make)
                if name in distinct
                else Remembered(make).each,
            )
            for place, name in enumerate(names)
        ]

    def head(self, about: Json) -> bytes:
        return f"{','.join(self._names)}\r\n".encode()

    def batch(self, batch: Batch) -> bytes:
        lines = patterns.rows(self._columns, batch.columns, after="\r\n")
        return "".join(lines).encode()

    def tail(self) -> bytes:
        return b""

    def summary(self, facts: Json) -> bytes:
        return b""


class Ndjson:
    """A JSON object for each row and line, and a last line that says it is whole."""

    content_type = "application/x-ndjson"
    between = "\n"

    def __init__(self, names: Sequence[str], *, distinct: Collection[str] = ()) -> None:
        self._columns = [
            Column(
                before=f'{"," if place else "{"}"{name}":',
                texts=_json_texts if name in distinct else Remembered(_json_text).each,
            )
            for place, name in enumerate(names)
        ]

    def head(self, about: Json) -> bytes:
        return b""

    def batch(self, batch: Batch) -> bytes:
        lines = self.objects(batch)
        return lines + b"\n" if lines else b""

    def objects(self, batch: Batch) -> bytes:
        """Return the objects of a batch with `between` between them."""
        if batch.rows is not None:
            return self.between.encode().join(map(_JSON.encode, batch.rows))
        objects = patterns.rows(self._columns, batch.columns, after="}")
        return self.between.join(objects).encode()

    def tail(self) -> bytes:
        return b""

    def summary(self, facts: Json) -> bytes:
        return _JSON.encode({"summary": facts}) + b"\n"


class JsonList(Ndjson):
    """One JSON object: what it is about, and `results`."""

    content_type = "application/json"
    between = ",\n"

    def __init__(self, names: Sequence[str], *, distinct: Collection[str] = ()) -> None:
        super().__init__(names, distinct=distinct)
        self._is_first = True

    def head(self, about: Json) -> bytes:
        return _JSON.encode(about)[:-1] + b',"results":[\n'

    def batch(self, batch: Batch) -> bytes:
        objects = self.objects(batch)
        if not objects or self._is_first:
            self._is_first = self._is_first and not objects
            return objects
        return b",\n" + objects

    def tail(self) -> bytes:
        return b"\n]}\n"

    def summary(self, facts: Json) -> bytes:
        return b""


def _json_text(value: Any) -> str:
    return _JSON.encode(value).decode()


def _json_texts(values: Values) -> Sequence[str]:
    """Return JSON of each value of a column: of texts all are encoded at once.

    Where no text has a quote in it, what is between two texts, quote comma quote, is
    nowhere else.
    """
    if set(map(type, values)) == {str}:
        together = _JSON.encode(values).decode()
        if '\\"' not in together:
            return [f'"{text}"' for text in together[2:-2].split('","')]
    return [_json_text(value) for value in values]
