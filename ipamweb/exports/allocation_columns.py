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
from ipamweb.mirror.queries.allocation_stream import Batch
from ipamweb.mirror.queries.clusters import ClusterRow
from ipamweb.mirror.queries.stored_columns import Stored
from ipamweb.mirror.queries.visibility import shows_owner
from ipamweb.mirror.scope import Scope

NAMES = (
    "id", "cluster", "address", "family", "kind", "state", "node", "block", "pool",
    "network", "owner_hidden", "namespace", "pod", "uid", "workload_kind",
    "workload_name", "source", "confidence", "from_earliest", "valid_from", "valid_to",
    "to_latest", "terminating_at", "opened_by", "closed_by",
)  # fmt: skip
MOMENTS = frozenset(
    {"from_earliest", "valid_from", "valid_to", "to_latest", "terminating_at"}
)

MAPPED = MAPPED_PREFIX.hex()
# Of RFC 3339 without a fraction, and with all six digits of one.
WHOLE = {len("2026-11-22T12:30:00Z"), len("2026-11-22T12:30:00.500000Z")}


def moment(text: str) -> str | None:
    """Return RFC 3339 of a time as a database writes it: "2026-11-22 12:30:00.5+00" is
    "2026-11-22T12:30:00.500000Z". Both databases keep UTC. Of no text it is None."""
    if not text:
        return None
    clock, dot, fraction = text[11:].partition("+")[0].partition(".")
    return f"{text[:10]}T{clock}{dot}{fraction.ljust(6, '0') if dot else ''}Z"


def moments(texts: Sequence[str]) -> Sequence[str | None]:
    """Return the same of many, of which nearly every one is another: all at once, but
    for those of which the database leaves zeros out."""
    together = "\n".join(texts).replace(" ", "T")
    if texts[0].endswith("+00"):
        made = together.replace("+00", "Z").split("\n")
    else:
        made = f"{together}Z".replace("\n", "Z\n").split("\n")
    if set(map(len, made)) <= WHOLE:
        return made
    return [
        text if len(text) in WHOLE else moment(was)
        for text, was in zip(made, texts, strict=True)
    ]


def block(bounds: tuple[bytes, bytes] | None) -> str | None:
    """Return the text of a block; None of none."""
    if bounds is None:
        return None
    first, last = bounds
    return str(Range(int.from_bytes(first, "big"), int.from_bytes(last, "big")))


def addresses(found: Sequence[str]) -> list[str]:
    """Return the texts of addresses of 32 hexadecimal digits each, in their order."""
    # Between the first and the last there is no other prefix than theirs.
    if found[0].startswith(MAPPED) and found[-1].startswith(MAPPED):
        packed = bytes.fromhex("".join(found))
        return [inet_ntoa(packed[at : at + 4]) for at in range(12, len(packed), 16)]
    return [format_address(int(each, 16)) for each in found]


class Table:
    """Turns batches of one cluster into columns, as a scope may see them."""

    def __init__(self, cluster: ClusterRow, scope: Scope) -> None:
        self._cluster, self._scope = cluster, scope
        self._moments, self._blocks = Remembered(moment), Remembered(block)

    def columns(self, batch: Batch) -> list[Sequence[Any]]:
        """Return the columns of a batch, in the order of NAMES and of addresses."""
        columns = self._of_open(batch.open) if batch.open else [[] for _ in NAMES]
        if not batch.ended:
            return columns
        keys = [(f"{row.address:032x}", row.id) for row in batch.ended]
        if found := batch.open:
            keys = [*zip(found.address, map(int, found.id), strict=True), *keys]
        rows_since = (values(row, self._cluster) for row in batch.ended)
        others = list(zip(*rows_since, strict=True))
        order = sorted(range(len(keys)), key=keys.__getitem__)
        return [
            [joined[place] for place in order]
            for joined in map(_joined, columns, others)
        ]

    def _of_open(self, found: Stored) -> list[Sequence[Any]]:
        count = len(found.id)
        marked = self._marked(found)
        return [
            list(map(int, found.id)),
            [self._cluster.slug] * count,
            addresses(found.address),
            list(map(int, found.family)),
            found.kind,
            _states(found.released_at, marked),
            found.node,
            self._blocks.each(found.bounds),
            found.pool,
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

    def _marked(self, found: Stored) -> Sequence[str]:
        """Return since when each is terminating, as far as it was known then."""
        if not any(found.terminating_at):
            return found.terminating_at
        generation = self._cluster.freshness.generation
        return [
            at if at and int(changed) <= generation else ""
            for at, changed in zip(
                found.terminating_at, found.changed_generation, strict=True
            )
        ]

    def _owner(self, found: Stored) -> list[Sequence[Any]]:
        """Return owner_hidden and the five columns that name an owner."""
        named = (
            found.namespace, found.pod, found.owner_key, found.workload_kind,
            found.workload_name,
        )  # fmt: skip
        kinds = found.kind
        if self._scope.everything:
            shown: Sequence[bool] = [True] * len(kinds)
            columns = list(named)
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
                [name if show else "" for name, show in pairs]
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


def _states(released: Sequence[str], marked: Sequence[str]) -> Sequence[str]:
    if not any(released) and not any(marked):
        return ["held"] * len(marked)
    return [
        "cooling-down" if is_released else "terminating" if is_marked else "held"
        for is_released, is_marked in zip(released, marked, strict=True)
    ]


def _joined(ours: Sequence[Any], others: Sequence[Any]) -> list[Any]:
    return [*ours, *others]
