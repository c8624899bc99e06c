"""Two instants side by side: which addresses are gone, new, or changed hands between.

Only what was held for certain is compared. An allocation is the same one by its id, so
that owners who are not shown are told apart too. Not here: who held what when.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from ipamweb.addressing.ranges import format_address
from ipamweb.mirror.queries.allocation_rows import AllocationRow
from ipamweb.web import formatting
from ipamweb.web.paths import path_to
from ipamweb.web.tiles import owner_words

Mark = Literal["+", "−", "~"]
WORDS: dict[Mark, str] = {"+": "new", "−": "gone", "~": "changed hands"}
MOST_LINES = 300


@dataclass(frozen=True, slots=True)
class Change:
    """An address that is not as it was; owners are empty where nobody held it."""

    mark: Mark
    words: str
    address: str
    path: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Comparison:
    """What differs between two instants; `summary` counts it, `is_cut`: not all are
    shown. `vs` is the other instant as it was typed."""

    vs: str
    summary: str
    lines: tuple[Change, ...]
    is_cut: bool


def compared(
    earlier: Sequence[AllocationRow],
    later: Sequence[AllocationRow],
    *,
    between: tuple[datetime, datetime],
    vs: str,
    cluster: str,
) -> Comparison:
    """Return what differs between what was held at two instants, in address order."""
    before, after = _by_address(earlier), _by_address(later)
    changes = [
        _change(mark, address, before, after, cluster)
        for address in sorted(before.keys() | after.keys())
        if (mark := _mark(before.get(address, []), after.get(address, [])))
    ]
    counts = ", ".join(
        f"{sum(each.mark == mark for each in changes)} {words}"
        for mark, words in WORDS.items()
    )
    first, last = (formatting.instant(moment) for moment in between)
    return Comparison(
        vs=vs,
        summary=f"From {first} to {last}: {counts}.",
        lines=tuple(changes[:MOST_LINES]),
        is_cut=len(changes) > MOST_LINES,
    )


def _by_address(rows: Iterable[AllocationRow]) -> dict[int, list[AllocationRow]]:
    found: dict[int, list[AllocationRow]] = defaultdict(list)
    for row in rows:
        if row.in_numbers:
            found[row.address].append(row)
    return dict(found)


def _mark(before: list[AllocationRow], after: list[AllocationRow]) -> Mark | None:
    if not before:
        return "+"
    if not after:
        return "−"
    same = {row.id for row in before} == {row.id for row in after}
    return None if same else "~"


def _change(
    mark: Mark,
    address: int,
    before: dict[int, list[AllocationRow]],
    after: dict[int, list[AllocationRow]],
    cluster: str,
) -> Change:
    text = format_address(address)
    return Change(
        mark=mark,
        words=WORDS[mark],
        address=text,
        path=path_to("address", cluster, text),
        before=_owners(before.get(address, [])),
        after=_owners(after.get(address, [])),
    )


def _owners(rows: list[AllocationRow]) -> str:
    return " and ".join(owner_words(row) for row in rows)
