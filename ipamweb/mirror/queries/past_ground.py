"""What a map stands on at an instant: the numbers of blocks and the slots of nodes of
then, counted from the allocations of then. Which blocks: map_ground.py.
"""

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import Count

from ipamweb.addressing import capacity
from ipamweb.addressing.ranges import Range
from ipamweb.mirror.models import Node, NodeVersion, Pod
from ipamweb.mirror.queries import past_counts
from ipamweb.mirror.queries.allocation_filters import inside
from ipamweb.mirror.queries.past_counts import Where
from ipamweb.mirror.queries.past_filters import FEW_ADDRESSES
from ipamweb.mirror.scope import Scope

# A block as columns by name, as map_ground.py reads it.
Columns = dict[str, Any]


@dataclass(slots=True)
class _Then:
    """What was so at the instant: by block's id, and by node's."""

    held: Counter[int] = field(default_factory=Counter)
    pods: Counter[int] = field(default_factory=Counter)
    facts: dict[int, tuple[str, int | None]] = field(default_factory=dict)
    free: dict[int, Counter[int]] = field(default_factory=lambda: defaultdict(Counter))


def as_of(
    rows: Sequence[Columns], *, cluster_id: int, at: datetime, scope: Scope
) -> list[Columns]:
    """Return blocks with the numbers and nodes of an instant. Five queries.

    A node's slots are those that the families of these blocks allow.
    """
    if not rows:
        return []
    then = _Then()
    _count(then, rows, cluster_id=cluster_id, at=at)
    _read_nodes(then, cluster_id=cluster_id, at=at)
    for row in rows:
        bounds = Range(row["first"], row["last"])
        size = capacity.block_numbers(bounds, row["capacity_rule"]).capacity
        free = max(0, size - then.held[row["id"]])
        if row["node_id"] is not None:
            then.free[row["node_id"]][bounds.family] += free
    return [_overlaid(row, then) for row in rows]


def _count(
    then: _Then, rows: Sequence[Columns], *, cluster_id: int, at: datetime
) -> None:
    for run in _runs(rows):
        where = Where(inside(run), is_narrow=run.size <= FEW_ADDRESSES)
        for query in past_counts.held(where, cluster_id=cluster_id, at=at):
            grouped = query.values("block_id", "node_id", "kind").annotate(
                addresses=Count("address", distinct=True),
                owners=Count("owner_key", distinct=True),
            )
            for row in grouped:
                then.held[row["block_id"]] += row["addresses"]
                if row["kind"] == "pod":
                    then.pods[row["node_id"]] += row["owners"]


def _runs(rows: Sequence[Columns]) -> list[Range]:
    """Return the run of addresses that the blocks lie in, one for each family."""
    runs: dict[int, Range] = {}
    for row in rows:
        bounds = Range(row["first"], row["last"])
        run = runs.get(bounds.family, bounds)
        runs[bounds.family] = Range(
            min(run.first, bounds.first), max(run.last, bounds.last)
        )
    return list(runs.values())


def _read_nodes(then: _Then, *, cluster_id: int, at: datetime) -> None:
    there = Node.objects.there_at(at, cluster_id=cluster_id)
    for pk, zone, max_pods in there.values_list("id", "zone", "max_pods"):
        then.facts[pk] = (zone, max_pods)
    versions = NodeVersion.objects.valid_at(at, node__cluster_id=cluster_id)
    for pk, zone, max_pods in versions.values_list("node_id", "zone", "max_pods"):
        if pk in then.facts:
            then.facts[pk] = (zone, max_pods)
    on_host = Pod.objects.there_at(at, cluster_id=cluster_id, host_network=True)
    grouped = on_host.order_by().values("node_id").annotate(n=Count("pk"))
    then.pods.update(dict(grouped.values_list("node_id", "n")))


def _overlaid(row: Columns, then: _Then) -> Columns:
    node_id = row["node_id"]
    columns = {"allocated": then.held[row["id"]], "allocated_reserved": 0}
    if node_id not in then.facts:
        return {**row, **columns, "node_id": None}
    zone, max_pods = then.facts[node_id]
    slots = capacity.slots(
        max_pods,
        slots_used=then.pods[node_id],
        free_by_family=list(then.free[node_id].values()),
    )
    return {
        **row,
        **columns,
        "node__gone_at": None,
        "node__zone": zone,
        "node__ready": None,
        "node__max_pods": max_pods,
        "node__slots_used": slots.used,
        "node__slots_total": slots.total,
    }
