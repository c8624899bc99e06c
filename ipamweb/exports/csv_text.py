"""Rows as CSV that a spreadsheet shows and does not run.

A text that begins like a formula gets an apostrophe before it; numbers stay numbers.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

import msgspec

from ipamweb.exports.remembered import Remembered

# What spreadsheets take for the beginning of a formula: OWASP ASVS 1.2.10, CR, LF.
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "\0")
# What RFC 4180 puts in quotes.
_QUOTED = frozenset(',"\r\n')
# Both, but for the two that a column is looked through for in another way.
_MARKED = _QUOTED.union(FORMULA_STARTS) - {"-", "\n"}


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
    what occurs in all of it together.
    """
    kinds = set(map(type, values))
    if kinds == {int}:
        return list(map(str, values))
    if kinds == {str} and _are_plain(values):
        return values
    return Remembered(make).each(values)


def _are_plain(texts: Sequence[str]) -> bool:
    """Say whether no text has to be put in quotes or begins like a formula."""
    together = "\n".join(texts)
    # Looked for one by one, which is fast; a dash is in most names, and first in none.
    if together.count("\n") >= len(texts) or any(map(together.__contains__, _MARKED)):
        return False
    return not together.startswith("-") and "\n-" not in together


def _text(value: Any) -> str:
    if value is None:
        return ""
    if value is True or value is False:
        return "true" if value else "false"
    if isinstance(value, datetime):
        return msgspec.json.encode(value).decode()[1:-1]
    return str(value)
