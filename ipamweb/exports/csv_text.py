"""Rows as CSV that a spreadsheet shows and does not run.

A text that begins like a formula gets an apostrophe before it; numbers stay numbers.
"""

import csv
from collections.abc import Iterable, Mapping, Sequence
from io import StringIO
from typing import Any

# What spreadsheets take for the beginning of a formula: OWASP ASVS 1.2.10, CR, LF.
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "\0")


def text_of(rows: Iterable[Mapping[str, Any]], *, columns: Sequence[str]) -> str:
    """Return a header and a line for each row, ended by CR LF (RFC 4180)."""
    out = StringIO()
    writer = csv.writer(out)
    writer.writerow(columns)
    for row in rows:
        writer.writerow([cell(row[name]) for name in columns])
    return out.getvalue()


def cell(value: Any) -> Any:
    """Return a value as it stands in CSV; None is empty."""
    if isinstance(value, str) and value.startswith(FORMULA_STARTS):
        return f"'{value}"
    return "" if value is None else value
