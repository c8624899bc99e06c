"""Rows of text out of columns: what a column says in every row is written once.

In a batch of a cluster a third of the columns say one thing: whose it is, that it is
held, by what it was read. The others are laid into one long list, each at its places,
which is joined once: a third of what a pattern filled in for each row costs.
"""

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple


class Cells(NamedTuple):
    """The texts of a column, and the mark that stands before and behind each."""

    texts: Sequence[str]
    mark: str = ""


class Column(NamedTuple):
    """What stands before each value of a column, and how values become text."""

    before: str
    cells: Callable[[Sequence[Any]], Cells]


def text(
    columns: Sequence[Column], values: Sequence[Sequence[Any]], *, after: str
) -> str:
    """Return the text of all rows, in order: before and text of each column, and what
    comes after them.

    Worked example: of a column before "," that says x, y and one before ";" that says z
    in both rows, after "." it is ",x;z.,y;z.".
    """
    count = len(values[0])
    # What is the same in every row, and what varies behind each of it but the last.
    same, varying = [""], []
    for column, each in zip(columns, values, strict=True):
        is_one = count > 0 and _is_one(each)
        cells = column.cells(each[:1] if is_one else each)
        same[-1] += column.before + cells.mark
        if is_one:
            same[-1] += cells.texts[0] + cells.mark
        else:
            varying.append(cells.texts)
            same.append(cells.mark)
    same[-1] += after
    return _woven(same, varying, count)


def _woven(same: Sequence[str], varying: Sequence[Sequence[str]], count: int) -> str:
    row = [""] * (2 * len(same) - 1)
    row[::2] = same
    parts = row * count
    for place, texts in enumerate(varying):
        parts[2 * place + 1 :: len(row)] = texts
    return "".join(parts)


def _is_one(values: Sequence[Any]) -> bool:
    """Say whether all values, one or more, are the same one, in type too."""
    first = values[0]
    if values[-1] != first or values.count(first) != len(values):
        return False
    return type(first) is str or len(set(map(type, values))) == 1
