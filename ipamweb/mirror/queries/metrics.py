"""The counters of all clusters, nodes and polls at once, as a monitoring system asks.

No name of a namespace, pod or address is here: occupancy is for every reader.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from ipamweb.mirror.models import Node, PollCount
from ipamweb.mirror.queries import blocks
from ipamweb.mirror.queries.clusters import ClusterRow
from ipamweb.mirror.scope import Scope


@dataclass(frozen=True, slots=True)
class NodeCount:
    """A node's slots, and (family, addresses held, capacity) of what it has a block
    in."""

    cluster: str
    name: str
    slots_used: int
    slots_total: int
    families: tuple[tuple[int, int, int], ...]


@dataclass(frozen=True, slots=True)
class PollSum:
    """The polls of a cluster that were of one kind and ended in one outcome."""

    cluster: str
    kind: str
    outcome: str
    polls: int
    seconds: float


def nodes(clusters: Iterable[ClusterRow], *, scope: Scope) -> tuple[NodeCount, ...]:
    """Return the present nodes of some clusters, by cluster and name. Two queries.

    Of several of one name the last that came counts: a name is there once.
    """
    slugs = {cluster.id: cluster.slug for cluster in clusters}
    held = blocks.held_by_nodes(slugs, scope=scope)
    query = Node.objects.filter(cluster_id__in=slugs, gone_at=None).order_by("id")
    rows = query.values_list("cluster_id", "name", "id", "slots_used", "slots_total")
    found = {
        (slugs[cluster], name): NodeCount(
            slugs[cluster], name, used, total, _families(held.get(node, {}))
        )
        for cluster, name, node, used, total in rows
    }
    return tuple(found[key] for key in sorted(found))


def polls(clusters: Iterable[ClusterRow], *, scope: Scope) -> tuple[PollSum, ...]:
    """Return how often each cluster was polled, ever. One query."""
    slugs = {cluster.id: cluster.slug for cluster in clusters}
    query = PollCount.objects.filter(cluster_id__in=slugs)
    rows = query.values_list("cluster_id", "kind", "outcome", "polls", "seconds")
    return tuple(
        PollSum(slugs[cluster], kind, outcome, count, seconds)
        for cluster, kind, outcome, count, seconds in rows.order_by("cluster_id", "id")
    )


def _families(
    held: dict[int, tuple[int, int]],
) -> tuple[tuple[int, int, int], ...]:
    return tuple((family, *held[family]) for family in sorted(held))
