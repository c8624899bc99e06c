"""The nodes: a list that 5,000 of them do not slow down, and one with what is on it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import F, QuerySet

from ipamweb.mirror.models import Node
from ipamweb.mirror.queries import allocations, blocks, pods
from ipamweb.mirror.queries.allocation_rows import AllocationRow
from ipamweb.mirror.queries.blocks import BlockRow
from ipamweb.mirror.queries.clusters import ClusterRow
from ipamweb.mirror.queries.numbers import FamilyNumbers, sum_by_family
from ipamweb.mirror.queries.paging import FIRST_PAGE, Order, Page, Window, read_page
from ipamweb.mirror.queries.pods import PodRow
from ipamweb.mirror.scope import Scope

_SORTED_BY = ("name", "slots_free", "slots_used", "allocated_v4", "allocated_v6")
ORDERS = {
    sign + field: Order(f"nodes.{sign}{field}", (field, "id"), sign == "-")
    for field in _SORTED_BY
    for sign in ("", "-")
}


@dataclass(frozen=True, slots=True)
class NodeFilter:
    """Which nodes are wanted; empty means all. `q` is a part of the name; of `ids`,
    None means all."""

    q: str = ""
    zone: str = ""
    node_pool: str = ""
    ids: tuple[int, ...] | None = None


ALL = NodeFilter()


@dataclass(frozen=True, slots=True)
class NodeRow:
    """A node. `families` are the sums over its present blocks; slots: docs, numbers.

    `max_pods` and `ready` are None where the API object does not say.
    """

    id: int
    uid: str
    name: str
    zone: str
    node_pool: str
    instance_type: str
    ready: bool | None
    max_pods: int | None
    pods: int
    blocks: tuple[BlockRow, ...]
    families: tuple[FamilyNumbers, ...]
    slots_used: int
    slots_free: int
    slots_total: int
    created_at: datetime | None
    first_seen: datetime
    gone_at: datetime | None


@dataclass(frozen=True, slots=True)
class NodeDetail:
    """A node with what is on it: all its pods, and the allocations in its blocks or its
    own, in address order (`allocations.MOST_OF_A_NODE` at most)."""

    node: NodeRow
    allocations: tuple[AllocationRow, ...]
    pods: tuple[PodRow, ...]


def listed(
    cluster: ClusterRow,
    *,
    scope: Scope,
    wanted: NodeFilter = ALL,
    order: Order = ORDERS["name"],
    window: Window = FIRST_PAGE,
) -> Page[NodeRow]:
    """Return a page of the present nodes. Two queries."""
    return read_page(
        matching(cluster, scope=scope, wanted=wanted),
        order=order,
        window=window,
        build=lambda found: _rows(found, scope=scope),
    )


def matching(
    cluster: ClusterRow, *, scope: Scope, wanted: NodeFilter
) -> QuerySet[Node, Node]:
    """Return the query of the present nodes that pass a filter."""
    query = _present(cluster)
    if wanted.q:
        query = query.filter(name__contains=wanted.q.lower())
    if wanted.zone:
        query = query.filter(zone=wanted.zone)
    if wanted.node_pool:
        query = query.filter(node_pool=wanted.node_pool)
    if wanted.ids is not None:
        query = query.filter(pk__in=wanted.ids)
    return query


def named(name: str, *, cluster: ClusterRow, scope: Scope) -> NodeRow | None:
    """Return the present node of a name, else the last that had it; None without one.

    Two queries.
    """
    found = (
        Node.objects.filter(cluster_id=cluster.id, name=name)
        .order_by(F("gone_at").desc(nulls_first=True), "-id")
        .first()
    )
    return _rows([found], scope=scope)[0] if found else None


def one(name: str, *, cluster: ClusterRow, scope: Scope) -> NodeDetail | None:
    """Return the same node with what is on it. Five queries."""
    node = named(name, cluster=cluster, scope=scope)
    if node is None:
        return None
    return NodeDetail(
        node=node,
        allocations=allocations.of_node(
            node.id,
            cluster=cluster,
            ranges=[block.range for block in node.blocks],
            scope=scope,
        ),
        pods=pods.of_node(node.id, cluster=cluster, scope=scope),
    )


@dataclass(frozen=True, slots=True)
class Kinds:
    """What nodes can be filtered by, each in order, without ""."""

    zones: tuple[str, ...]
    node_pools: tuple[str, ...]


def kinds(cluster: ClusterRow, *, scope: Scope) -> Kinds:
    """Return the zones and the node pools of the present nodes. One query."""
    pairs = _present(cluster).order_by().values_list("zone", "node_pool").distinct()
    zones, node_pools = zip(*pairs, strict=True) if pairs else ((), ())
    return Kinds(_named(zones), _named(node_pools))


def _named(names: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted({name for name in names if name}))


def _present(cluster: ClusterRow) -> QuerySet[Node, Node]:
    return Node.objects.filter(cluster_id=cluster.id, gone_at=None)


def _rows(found: list[Node], *, scope: Scope) -> list[NodeRow]:
    held = blocks.of_nodes([node.pk for node in found], scope=scope)
    return [_row(node, tuple(held.get(node.pk, ()))) for node in found]


def _row(node: Node, held: tuple[BlockRow, ...]) -> NodeRow:
    return NodeRow(
        id=node.pk,
        uid=node.uid,
        name=node.name,
        zone=node.zone,
        node_pool=node.node_pool,
        instance_type=node.instance_type,
        ready=node.ready,
        max_pods=node.max_pods,
        pods=node.pod_count,
        blocks=held,
        families=sum_by_family(block.numbers for block in held),
        slots_used=node.slots_used,
        slots_free=node.slots_free,
        slots_total=node.slots_total,
        created_at=node.created_at,
        first_seen=node.first_seen,
        gone_at=node.gone_at,
    )
