"""The pod slots of all nodes: by pool, and how they are spread.

From the counters of the nodes. One query, however they are looked at.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.db.models import FilteredRelation, Q

from ipamweb.mirror.models import Node
from ipamweb.mirror.queries.clusters import ClusterRow
from ipamweb.mirror.queries.nodes import NodeRow
from ipamweb.mirror.scope import Scope

SPREAD = 10


@dataclass(frozen=True, slots=True)
class Slots:
    """The slots of the nodes that have a block of a pool, and how many nodes those
    are."""

    used: int = 0
    total: int = 0
    nodes: int = 0


@dataclass(frozen=True, slots=True)
class NodeSlots:
    """`of_nodes` are (used, total, how many nodes), by the share used.

    A node in several pools counts in each of them, and once in `of_nodes`.
    """

    by_pool: dict[int, Slots]
    of_nodes: tuple[tuple[int, int, int], ...]

    def spread(self) -> tuple[int, ...]:
        """Return how many nodes use below 10 % of their slots, 10 to 20 %, … and 90 %
        or more: SPREAD numbers."""
        counts = [0] * SPREAD
        for used, total, nodes in self.of_nodes:
            tenth = used * SPREAD // total if total else 0
            counts[min(tenth, SPREAD - 1)] += nodes
        return tuple(counts)

    def at_share(self, share: float) -> tuple[int, int]:
        """Return the (used, total) that this share of the nodes does not pass; the
        middle node for 0.5. There must be a node."""
        place = int(share * sum(nodes for *_, nodes in self.of_nodes))
        for used, total, nodes in self.of_nodes:
            place -= nodes
            if place < 0:
                return used, total
        used, total, _ = self.of_nodes[-1]
        return used, total


def of_cluster(
    cluster: ClusterRow, *, scope: Scope, pool_id: int | None = None
) -> NodeSlots:
    """Return the slots of the present nodes, or of those with a block of one pool.

    One query.
    """
    blocks = FilteredRelation("blocks", condition=Q(blocks__valid_to=None))
    query = Node.objects.annotate(held=blocks).filter(
        cluster_id=cluster.id, gone_at=None
    )
    if pool_id is not None:
        query = query.filter(held__pool_id=pool_id)
    rows = set(query.values_list("held__pool_id", "id", "slots_used", "slots_total"))
    nodes = Counter({node: (used, total) for _, node, used, total in rows}.values())
    return NodeSlots(
        by_pool=_by_pool(Counter((pool, *slots) for pool, _, *slots in rows)),
        of_nodes=tuple(
            (used, total, nodes[used, total])
            for used, total in sorted(nodes, key=_share)
        ),
    )


def spread_of(nodes: Iterable[NodeRow], *, pool_ids: Mapping[str, int]) -> NodeSlots:
    """Return the slots of nodes that are read already, as those of an instant are;
    `pool_ids` are the pools' ids by slug."""
    by_pool: Counter[tuple[int | None, int, int]] = Counter()
    of_nodes: Counter[tuple[int, int]] = Counter()
    for node in nodes:
        of_nodes[node.slots_used, node.slots_total] += 1
        for slug in {block.pool for block in node.blocks}:
            by_pool[pool_ids.get(slug), node.slots_used, node.slots_total] += 1
    return NodeSlots(
        by_pool=_by_pool(by_pool),
        of_nodes=tuple(
            (used, total, of_nodes[used, total])
            for used, total in sorted(of_nodes, key=_share)
        ),
    )


def _by_pool(counts: Counter[tuple[int | None, int, int]]) -> dict[int, Slots]:
    """Return the sums of (pool, used, total), each with how many nodes it is of."""
    sums: dict[int, Slots] = {}
    for (pool, used, total), nodes in counts.items():
        if pool is not None:
            so_far = sums.get(pool, Slots())
            sums[pool] = Slots(
                so_far.used + used * nodes,
                so_far.total + total * nodes,
                so_far.nodes + nodes,
            )
    return sums


def _share(slots: tuple[int, int]) -> tuple[float, int]:
    used, total = slots
    return (used / total if total else 0.0, used)
