"""A figure beside its floor and its limit, and the table that shows them."""

from collections.abc import Sequence
from dataclasses import dataclass

HEADINGS = ("what", "database", "figure", "floor", "ratio", "limit", "")


@dataclass(frozen=True, slots=True)
class Figure:
    """What was measured; with a floor the limit is a ratio, else it is in `unit`.

    `floor` None: the figure stands alone. `limit` None: it is said, not promised.
    """

    what: str
    database: str
    value: float
    unit: str
    floor: float | None = None
    limit: float | None = None

    @property
    def ratio(self) -> float | None:
        return self.value / self.floor if self.floor else None

    @property
    def is_over(self) -> bool:
        if self.limit is None:
            return False
        judged = self.value if self.ratio is None else self.ratio
        return judged > self.limit

    def as_cells(self) -> tuple[str, ...]:
        """Return the cells of the table's row, as they are printed."""
        limit = ""
        if self.limit is not None:
            limit = _number(self.limit, "" if self.ratio is not None else self.unit)
            limit = f"≤ {limit}" + ("×" if self.ratio is not None else "")
        return (
            self.what,
            self.database,
            _number(self.value, self.unit),
            "" if self.floor is None else _number(self.floor, self.unit),
            "" if self.ratio is None else f"{self.ratio:.2f}×",
            limit,
            "" if self.limit is None else "over" if self.is_over else "ok",
        )


def table_of(figures: Sequence[Figure]) -> str:
    """Return the figures as a Markdown table with columns of equal width."""
    rows = [HEADINGS, *(figure.as_cells() for figure in figures)]
    widths = [max(len(row[column]) for row in rows) for column in range(len(HEADINGS))]
    lines = [_line(row, widths) for row in rows]
    rule = "|".join("-" * (width + 2) for width in widths)
    return "\n".join([lines[0], f"|{rule}|", *lines[1:]])


def _line(cells: Sequence[str], widths: Sequence[int]) -> str:
    padded = (cell.ljust(width) for cell, width in zip(cells, widths, strict=True))
    return f"| {' | '.join(padded)} |"


def _number(value: float, unit: str) -> str:
    if value == int(value) and abs(value) < 1e9:
        text = f"{int(value):,}"
    else:
        text = f"{value:.3g}" if abs(value) < 100 else f"{value:.0f}"
    return f"{text} {unit}".strip()
