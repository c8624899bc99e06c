"""Parquet, where the package pyarrow is installed; nothing else needs it."""

import importlib
import importlib.util
import io
from collections.abc import Sequence
from typing import Any

from ipamweb.exports.columns import Column
from ipamweb.exports.encode import Batch, Json

SENTENCE = (
    "Parquet needs the package pyarrow, which is not installed here:"
    " pip install -r requirements-parquet.txt, or ask for csv or ndjson."
)


class NotInstalled(RuntimeError):
    """There is no pyarrow; the message says what to do."""


def is_installed() -> bool:
    """Say whether Parquet can be made here. It is looked for without loading it."""
    return importlib.util.find_spec("pyarrow") is not None


class Parquet:
    """A row group for each batch, and at the end the footer without which no reader
    opens it. Raises NotInstalled."""

    content_type = "application/vnd.apache.parquet"

    def __init__(self, columns: Sequence[Column]) -> None:
        if not is_installed():
            raise NotInstalled(SENTENCE)
        # Sixty megabytes that only who asks for them should load.
        self._arrow: Any = importlib.import_module("pyarrow")
        writer = importlib.import_module("pyarrow.parquet")
        self._schema = self._arrow.schema(
            [(column.name, self._type(column)) for column in columns]
        )
        self._sink = io.BytesIO()
        self._writer = writer.ParquetWriter(_Counted(self._sink), self._schema)

    def _type(self, column: Column) -> Any:
        arrow = self._arrow
        types = {
            "whole": arrow.int64(),
            "truth": arrow.bool_(),
            "moment": arrow.timestamp("us", tz="UTC"),
        }
        return types.get(column.kind, arrow.string())

    def head(self, about: Json) -> bytes:
        return self._taken()

    def batch(self, batch: Batch) -> bytes:
        arrays = [
            self._array(values, field.type)
            for values, field in zip(batch.columns, self._schema, strict=True)
        ]
        table = self._arrow.Table.from_arrays(arrays, schema=self._schema)
        self._writer.write_table(table)
        return self._taken()

    def _array(self, values: Sequence[Any], kind: Any) -> Any:
        if self._arrow.types.is_timestamp(kind) and any(
            isinstance(value, str) for value in values
        ):
            return self._arrow.array(values, self._arrow.string()).cast(kind)
        return self._arrow.array(values, kind)

    def tail(self) -> bytes:
        self._writer.close()
        return self._taken()

    def summary(self, facts: Json) -> bytes:
        return b""

    def _taken(self) -> bytes:
        data = self._sink.getvalue()
        self._sink.seek(0)
        self._sink.truncate()
        return data


class _Counted(io.RawIOBase):
    """A file that only grows: it knows how far it is, though what was written is
    taken away again."""

    def __init__(self, sink: io.BytesIO) -> None:
        self._sink, self._size = sink, 0

    def writable(self) -> bool:
        return True

    def write(self, data: Any) -> int:
        self._size += len(data)
        return self._sink.write(data)

    def tell(self) -> int:
        return self._size
