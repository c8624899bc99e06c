"""What a map stands on at an instant: the numbers of blocks and the slots of nodes of
then, counted from the allocations of then. Which blocks: map_ground.py.
"""

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import Q

from ipamweb.addressing import capacity
from ipamweb.addressing.ranges import Range
from ipamweb.mirror.models import Node, NodeVersion
from ipamweb.mirror.queries import past_blocks, past_counts, past_places
from ipamweb.mirror.queries.clusters import ClusterRow
from ipamweb.mirror.queries.past_places import Share, Spot, Tally
from ipamweb.mirror.scope import Scope

# A block as columns by name, as map_ground.py reads it.
Columns = dict[str, Any]
# Of more nodes all of the cluster's are read: their names would fill a statement.
MOST_NODES = 500


@dataclass(slots=True)
class _Then:
    """What was so at the instant: by block's id, by node's name, and by its id."""

    held: dict[int, Tally]
    pods: Counter[str]
    facts: dict[int, tuple[str, str, int | None]]
    free: dict[int, Counter[int]] = field(default_factory=lambda: defaultdict(Counter))


def as_of(
    rows: Sequence[Columns],
    *,
    cluster: ClusterRow,
    at: datetime,
    scope: Scope,
    beside: Sequence[Range] = (),
) -> tuple[list[Columns], list[Share]]:
    """Return blocks with the numbers and nodes of an instant, and what they were
    counted from: what was held in the blocks, and in the ranges `beside`. Six queries.

    A node's slots are those that all its blocks allow, also those that are not here.
    """
    nodes = {row["node_id"] for row in rows if row["node_id"] is not None}
    ids = sorted(nodes) if len(nodes) <= MOST_NODES else None
    spots = _spots(rows, ids, cluster=cluster, at=at)
    ranges = [*beside, *(spot.range for spot in spots)]
    shares = list(
        past_places.shares(ranges, spots=spots, cluster=cluster, at=at, scope=scope)
    )
    then = _Then(
        held=past_places.by_block(shares),
        pods=past_counts.pods_of_nodes(ids, cluster=cluster, at=at, scope=scope),
        facts=_facts(ids, cluster=cluster, at=at),
    )
    sizes: dict[tuple[str, int, int], int] = {}
    for spot in spots:
        if spot.node_id is None:
            continue
        family, tally = spot.range.family, then.held[spot.id]
        like = (spot.capacity_rule, family, spot.range.size)
        if like not in sizes:
            numbers = capacity.block_numbers(spot.range, spot.capacity_rule)
            sizes[like] = numbers.capacity
        free = sizes[like] + tally.reserved - tally.total
        then.free[spot.node_id][family] += max(0, free)
    return [_overlaid(row, then) for row in rows], shares


def without_numbers(rows: Sequence[Columns]) -> list[Columns]:
    """Return the same blocks where nobody asks what was held in them. No query."""
    none = {"allocated": 0, "allocated_reserved": 0, "node__gone_at": None}
    slots = {"node__slots_used": 0, "node__slots_total": 0}
    return [{**row, **none, **slots} for row in rows]


def _spots(
    rows: Sequence[Columns],
    node_ids: list[int] | None,
    *,
    cluster: ClusterRow,
    at: datetime,
) -> list[Spot]:
    """Return the blocks themselves and the others of their nodes; of many nodes all."""
    asked = Q()
    if node_ids is not None:
        asked = Q(node_id__in=node_ids) | Q(pk__in=[row["id"] for row in rows])
    blocks = past_blocks.blocks_at(at).filter(asked, cluster_id=cluster.id, network="")
    return past_places.of_blocks(blocks)


def _facts(
    node_ids: list[int] | None, *, cluster: ClusterRow, at: datetime
) -> dict[int, tuple[str, str, int | None]]:
    """Return (name, zone, max pods) of the nodes that were there."""
    of_nodes = Q(cluster_id=cluster.id)
    of_versions = Q(node__cluster_id=cluster.id)
    if node_ids is not None:
        of_nodes &= Q(pk__in=node_ids)
        of_versions &= Q(node_id__in=node_ids)
    there = Node.objects.there_at(at, of_nodes)
    columns = there.values_list("id", "name", "zone", "max_pods")
    facts = {pk: (name, zone, most) for pk, name, zone, most in columns}
    versions = NodeVersion.objects.valid_at(at, of_versions)
    for pk, zone, most in versions.values_list("node_id", "zone", "max_pods"):
        if pk in facts:
            facts[pk] = (facts[pk][0], zone, most)
    return facts


def _overlaid(row: Columns, then: _Then) -> Columns:
    node_id, tally = row["node_id"], then.held[row["id"]]
    columns = {
        "allocated": tally.total,
        "allocated_reserved": tally.reserved,
    }
    if node_id not in then.facts:
        return {**row, **columns, "node_id": None}
    name, zone, max_pods = then.facts[node_id]
    slots = capacity.slots(
        max_pods,
        slots_used=then.pods[name],
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
