"""What each export's columns are: flat, for CSV and Parquet, out of the rows of REST.

NDJSON and JSON hold the rows of REST as they are; here is how what is nested in them
lies side by side. The names are public.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import msgspec

from ipamweb.exports import allocation_columns

Json = dict[str, Any]
_NUMBERS = (
    "size", "reserved", "unreachable", "capacity", "allocated", "free",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Column:
    """`kind` is text, whole (a number), truth or moment. Sizes and what is free of them
    are texts: they may not fit any number. `field` is the one of REST it lies in."""

    name: str
    kind: str
    field: str
    pick: Callable[[Json], Any]


def _of(name: str, kind: str = "text") -> Column:
    return Column(name, kind, name, lambda row: row[name])


def _texts(*names: str) -> tuple[Column, ...]:
    return tuple(_of(name) for name in names)


def _inside(outer: str, name: str, kind: str = "text") -> Column:
    return Column(f"{outer}_{name}", kind, outer, lambda row: row[outer][name])


def _listed(name: str) -> Column:
    return Column(name, "text", name, lambda row: " ".join(row[name]))


def _as_json(name: str) -> Column:
    """Return a column that holds what has no fixed shape, as JSON."""
    return Column(name, "text", name, lambda row: _json(row[name]))


def _json(value: Any) -> str:
    return "" if value is None else msgspec.json.encode(value).decode()


def _kinds(counts: Json) -> str:
    return " ".join(f"{kind}={count}" for kind, count in counts.items())


def _family(family: str) -> Iterable[Column]:
    """Yield the numbers of a family of what may have both; empty where it has none."""

    def pick(name: str) -> Callable[[Json], Any]:
        return lambda row: row["families"].get(family, {}).get(name)

    for name in _NUMBERS:
        kind = "whole" if name == "allocated" else "text"
        yield Column(f"{name}_v{family}", kind, "families", pick(name))
    by_kind = pick("allocated_by_kind")
    yield Column(
        f"allocated_by_kind_v{family}",
        "text",
        "families",
        lambda row: _kinds(by_kind(row) or {}),
    )


def _only_family(row: Json) -> tuple[str, Json]:
    """Return the family of a pool, of which it has one, and its numbers."""
    ((family, numbers),) = row["families"].items()
    return family, numbers


def _of_only_family(name: str) -> Column:
    kind = "whole" if name == "allocated" else "text"
    return Column(name, kind, "families", lambda row: _only_family(row)[1][name])


_WHOLE = frozenset({"id", "family"})
ALLOCATIONS = tuple(
    _of(
        name,
        "moment"
        if name in allocation_columns.MOMENTS
        else "whole"
        if name in _WHOLE
        else "truth"
        if name == "owner_hidden"
        else "text",
    )
    for name in allocation_columns.NAMES
)
NODES = (
    *_texts("cluster", "name", "uid", "zone", "node_pool", "instance_type"),
    _of("ready", "truth"),
    _of("max_pods", "whole"),
    _of("pods", "whole"),
    _listed("cidrs"),
    *_family("4"),
    *_family("6"),
    _of("slots_used", "whole"),
    *_texts("slots_free", "slots_total"),
    _of("findings_open", "whole"),
    _of("first_seen", "moment"),
    _of("gone_at", "moment"),
)
POOLS = (
    *_texts("cluster", "slug", "name", "system", "network", "capacity_rule"),
    _of("read_from"),
    Column(
        "ranges",
        "text",
        "ranges",
        lambda row: " ".join(r["cidr"] for r in row["ranges"]),
    ),
    Column(
        "block_prefix_lengths",
        "text",
        "ranges",
        lambda row: " ".join(
            str(r["block_prefix_length"] or "-") for r in row["ranges"]
        ),
    ),
    Column("family", "whole", "families", lambda row: int(_only_family(row)[0])),
    *(_of_only_family(name) for name in _NUMBERS),
    Column(
        "allocated_by_kind",
        "text",
        "families",
        lambda row: _kinds(_only_family(row)[1]["allocated_by_kind"]),
    ),
    _of("blocks_assigned", "whole"),
    _of("blocks_total"),
)
BLOCKS = (
    *_texts("cluster", "cidr"),
    _of("family", "whole"),
    *_texts("pool", "node", "network", "system", "capacity_rule"),
    *(_of(name, "whole" if name == "allocated" else "text") for name in _NUMBERS),
    Column(
        "allocated_by_kind",
        "text",
        "allocated_by_kind",
        lambda row: _kinds(row["allocated_by_kind"]),
    ),
    _of("valid_from", "moment"),
    _of("valid_to", "moment"),
)
FINDINGS = (
    _of("id", "whole"),
    *_texts("cluster", "rule", "kind", "severity", "state"),
    _inside("subject", "kind"),
    _inside("subject", "name"),
    _inside("subject", "uid"),
    *_texts("message", "suggestion"),
    _as_json("evidence"),
    *(
        _of(name, "moment")
        for name in (
            "first_seen", "last_seen", "confirmed_at", "resolved_at",
            "acknowledged_until",
        )
    ),
    *_texts("acknowledged_reason", "acknowledged_by"),
)  # fmt: skip
USAGE = (
    *_texts("cluster", "scope", "scope_id", "name"),
    _of("family", "whole"),
    _of("at", "moment"),
    _of("resolution"),
    _of("gap", "truth"),
    *(_inside("allocated", name, "whole") for name in ("last", "min", "max")),
    _of("capacity"),
    _of("slots_used", "whole"),
    _of("slots_total"),
    _of("opened", "whole"),
    _of("closed", "whole"),
)
AUDIT = (
    _of("sequence", "whole"),
    _of("moment", "moment"),
    _of("actor"),
    _of("actor_id", "whole"),
    *_texts("act", "subject"),
    _as_json("before"),
    _as_json("after"),
    *_texts("origin", "request_id", "hash"),
)
OF: dict[str, Sequence[Column]] = {
    "allocations": ALLOCATIONS,
    "nodes": NODES,
    "pools": POOLS,
    "blocks": BLOCKS,
    "findings": FINDINGS,
    "usage": USAGE,
    "audit": AUDIT,
}
WHATS = tuple(OF)


def names(what: str) -> tuple[str, ...]:
    return tuple(column.name for column in OF[what])


def fields(what: str) -> tuple[str, ...]:
    """Return the fields of REST that the columns lie in."""
    return tuple(dict.fromkeys(column.field for column in OF[what]))


def chosen(what: str, wanted: Sequence[str]) -> list[int]:
    """Return the places of the columns that some fields lie in, field by field."""
    return [
        place
        for name in dict.fromkeys(wanted)
        for place, column in enumerate(OF[what])
        if column.field == name
    ]


def flat(what: str, rows: Sequence[Json]) -> list[list[Any]]:
    """Return rows of REST as columns."""
    return [[column.pick(row) for row in rows] for column in OF[what]]
