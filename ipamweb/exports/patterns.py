"""Rows of text out of columns: what a column says in every row is written once.

In a batch of a cluster a third of the columns say one thing: whose it is, that it is
held, by what it was read.
"""

from collections.abc import Callable, Iterable, Sequence
from typing import Any, NamedTuple


class Column(NamedTuple):
    """What stands before each value of a column, and how values become text."""

    before: str
    texts: Callable[[Sequence[Any]], Sequence[str]]


def rows(
    columns: Sequence[Column], values: Sequence[Sequence[Any]], *, after: str
) -> Iterable[str]:
    """Return the text of each row, in order: before and text of each column, and what
    comes after them.

    Worked example: of a column before "," that says x, y and one before ";" that says z
    in both rows, after "." they are ",x;z." and ",y;z.".
    """
    count = len(values[0])
    if not count:
        return []
    pattern, varying = "", []
    for column, each in zip(columns, values, strict=True):
        if _is_one(each):
            pattern += _escaped(column.before + column.texts(each[:1])[0])
        else:
            pattern += f"{_escaped(column.before)}%s"
            varying.append(column.texts(each))
    pattern += _escaped(after)
    if not varying:
        return [pattern % ()] * count
    return map(pattern.__mod__, zip(*varying, strict=True))


def _is_one(values: Sequence[Any]) -> bool:
    """Say whether all values, one or more, are the same one, in type too."""
    first = values[0]
    if values[-1] != first or values.count(first) != len(values):
        return False
    return type(first) is str or len(set(map(type, values))) == 1


def _escaped(text: str) -> str:
    return text.replace("%", "%%")
