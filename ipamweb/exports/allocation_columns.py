"""Allocations as columns of values, straight from what the database says.

A hundred thousand rows a second leave no time for an object of each: a batch is turned
column by column, and what repeats (nodes, blocks, times) is made once. The values are
those of rows.allocation, in its order; a test holds the two together.
"""

from collections.abc import Sequence
from datetime import datetime
from socket import inet_ntoa
from typing import Any

import msgspec

from ipamweb.addressing.ranges import MAPPED_PREFIX, Range, format_address
from ipamweb.exports import rows
from ipamweb.exports.remembered import Remembered
from ipamweb.mirror.queries.allocation_rows import AllocationRow
from ipamweb.mirror.queries.allocation_stream import Batch, Raw
from ipamweb.mirror.queries.clusters import ClusterRow
from ipamweb.mirror.queries.visibility import shows_owner
from ipamweb.mirror.scope import Scope

NAMES = (
    "id", "cluster", "address", "family", "kind", "state", "node", "block", "pool",
    "network", "owner_hidden", "namespace", "pod", "uid", "workload_kind",
    "workload_name", "source", "confidence", "from_earliest", "valid_from", "valid_to",
    "to_latest", "terminating_at", "opened_by", "closed_by",
)  # fmt: skip
# Columns of which nearly every value is another one.
DISTINCT = frozenset({"id", "address", "pod", "uid", "from_earliest", "valid_from"})
MOMENTS = frozenset(
    {"from_earliest", "valid_from", "valid_to", "to_latest", "terminating_at"}
)

# Of RFC 3339 without a fraction, and with all six digits of one.
WHOLE = {len("2026-11-22T12:30:00Z"), len("2026-11-22T12:30:00.500000Z")}


def moment(text: str | None) -> str | None:
    """Return RFC 3339 of a time as a database writes it: "2026-11-22 12:30:00.5+00" is
    "2026-11-22T12:30:00.500000Z". Both databases keep UTC."""
    if text is None:
        return None
    clock, dot, fraction = text[11:].partition("+")[0].partition(".")
    return f"{text[:10]}T{clock}{dot}{fraction.ljust(6, '0') if dot else ''}Z"


def moments(texts: Sequence[str]) -> Sequence[str | None]:
    """Return the same of many, of which nearly every one is another: all at once, but
    for those of which the database leaves zeros out."""
    if not texts[0].endswith("+00"):
        return [moment(text) for text in texts]
    made = "\n".join(texts).replace(" ", "T").replace("+00", "Z").split("\n")
    if {len(text) for text in made} <= WHOLE:
        return made
    return [
        text if len(text) in WHOLE else moment(was)
        for text, was in zip(made, texts, strict=True)
    ]


def block(bounds: tuple[bytes | None, bytes | None]) -> str | None:
    """Return the text of a block; None of none."""
    first, last = bounds
    if first is None or last is None:
        return None
    return str(Range(int.from_bytes(first, "big"), int.from_bytes(last, "big")))


def addresses(found: Sequence[bytes]) -> list[str]:
    """Return the texts of addresses of 16 bytes each, in their order."""
    # Between the first and the last there is no other prefix than theirs.
    if found[0][:12] == found[-1][:12] == MAPPED_PREFIX:
        return [inet_ntoa(each[12:]) for each in found]
    return [
        inet_ntoa(each[12:])
        if each[:12] == MAPPED_PREFIX
        else format_address(int.from_bytes(each, "big"))
        for each in found
    ]


class Table:
    """Turns batches of one cluster into columns, as a scope may see them."""

    def __init__(self, cluster: ClusterRow, scope: Scope) -> None:
        self._cluster, self._scope = cluster, scope
        self._moments, self._blocks = Remembered(moment), Remembered(block)

    def columns(self, batch: Batch) -> list[Sequence[Any]]:
        """Return the columns of a batch, in the order of NAMES and of addresses."""
        columns = self._of_raw(batch.raw) if batch.raw else [[] for _ in NAMES]
        if not batch.ended:
            return columns
        keys = [(row[1], row[0]) for row in batch.raw]
        keys += [(row.address.to_bytes(16, "big"), row.id) for row in batch.ended]
        rows_since = (values(row, self._cluster) for row in batch.ended)
        others = list(zip(*rows_since, strict=True))
        order = sorted(range(len(keys)), key=keys.__getitem__)
        return [
            [joined[place] for place in order]
            for joined in map(_joined, columns, others)
        ]

    def _of_raw(self, raw: list[tuple[Any, ...]]) -> list[Sequence[Any]]:
        found: Any = Raw._make(zip(*raw, strict=True))
        count = len(raw)
        marked = self._marked(found)
        return [
            found.id,
            [self._cluster.slug] * count,
            addresses(found.address),
            found.family,
            found.kind,
            _states(found.released_at, marked),
            _or_empty(found.node),
            self._blocks.each(zip(found.first, found.last, strict=True)),
            _or_empty(found.pool),
            found.network,
            *self._owner(found),
            found.source,
            found.confidence,
            moments(found.from_earliest),
            moments(found.valid_from),
            [None] * count,
            [None] * count,
            self._moments.each(marked),
            found.opened_by,
            [""] * count,
        ]

    def _marked(self, found: Any) -> list[str | None]:
        """Return since when each is terminating, as far as it was known then."""
        if not any(found.terminating_at):
            return [None] * len(found.terminating_at)
        generation = self._cluster.freshness.generation
        return [
            at if changed <= generation else None
            for at, changed in zip(
                found.terminating_at, found.changed_generation, strict=True
            )
        ]

    def _owner(self, found: Any) -> list[Sequence[Any]]:
        """Return owner_hidden and the five columns that name an owner."""
        named = (
            found.namespace, found.pod, found.owner_key, found.workload_kind,
            found.workload_name,
        )  # fmt: skip
        kinds = found.kind
        if self._scope.everything:
            shown: Sequence[bool] = [True] * len(kinds)
            columns = [_or_empty(each) for each in named]
        else:
            shown = [
                shows_owner(
                    self._scope,
                    kind=kind,
                    namespace_uid=uid,
                    cluster_id=self._cluster.id,
                )
                for kind, uid in zip(kinds, found.namespace_uid, strict=True)
            ]
            columns = [
                [(name or "") if show else "" for name, show in pairs]
                for pairs in (zip(each, shown, strict=True) for each in named)
            ]
        # An owner that is no pod has no UID.
        if set(kinds) != {"pod"}:
            columns[2] = [
                uid if kind == "pod" else ""
                for uid, kind in zip(columns[2], kinds, strict=True)
            ]
        return [[not show for show in shown], *columns]


def values(row: AllocationRow, cluster: ClusterRow) -> list[Any]:
    """Return the values of one row, the slow way."""
    return [
        msgspec.json.encode(value).decode()[1:-1]
        if isinstance(value, datetime)
        else value
        for value in rows.allocation(row, cluster).values()
    ]


def _states(
    released: Sequence[str | None], marked: Sequence[str | None]
) -> Sequence[str]:
    if not any(released) and not any(marked):
        return ["held"] * len(marked)
    return [
        "cooling-down" if is_released else "terminating" if is_marked else "held"
        for is_released, is_marked in zip(released, marked, strict=True)
    ]


def _or_empty(found: Sequence[Any]) -> Sequence[str]:
    return found if None not in found else [each or "" for each in found]


def _joined(ours: Sequence[Any], others: Sequence[Any]) -> list[Any]:
    return [*ours, *others]
