"""Rows as CSV that a spreadsheet shows and does not run.

A text that begins like a formula gets an apostrophe before it; numbers stay numbers.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

import msgspec

# What spreadsheets take for the beginning of a formula: OWASP ASVS 1.2.10, CR, LF.
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "\0")
_STARTS = frozenset(FORMULA_STARTS)
# What RFC 4180 puts in quotes.
_QUOTED = frozenset(',"\r\n')


def text_of(rows: Iterable[Mapping[str, Any]], *, columns: Sequence[str]) -> str:
    """Return a header and a line for each row, ended by CR LF (RFC 4180)."""
    lines = [",".join(columns)]
    lines += [",".join(cell(row[name]) for name in columns) for row in rows]
    return "".join(f"{line}\r\n" for line in lines)


def cell(value: Any) -> str:
    """Return the text of a cell, in quotes where it needs them; None is empty."""
    if isinstance(value, str) and value.startswith(FORMULA_STARTS):
        value = f"'{value}"
    return raw_cell(value)


def raw_cell(value: Any) -> str:
    """Return the same for machines: nothing is put before what looks like a formula."""
    text = _text(value)
    if _QUOTED.isdisjoint(text):
        return text
    return '"{}"'.format(text.replace('"', '""'))


def cells(values: Sequence[Any], *, make: Callable[[Any], str]) -> Sequence[str]:
    """Return the cells of a column that `make`, one of the two above, would make.

    A column of texts that need nothing done, which names and addresses are, is known by
    its first letters and by what occurs in it at all.
    """
    kinds = set(map(type, values))
    if kinds == {int}:
        return list(map(str, values))
    if kinds != {str}:
        return [make(value) for value in values]
    together = "".join(values)
    needs_quotes = any(each in together for each in _QUOTED)
    if needs_quotes or not _STARTS.isdisjoint({value[:1] for value in values}):
        return [make(value) for value in values]
    return values


def _text(value: Any) -> str:
    if value is None:
        return ""
    if value is True or value is False:
        return "true" if value else "false"
    if isinstance(value, datetime):
        return msgspec.json.encode(value).decode()[1:-1]
    return str(value)
