"""The nodes of an instant: their slow facts of then, their blocks, what was on them.

Readiness is not kept. What took a slot then: past_counts.py.
"""

from collections.abc import Iterable
from datetime import datetime

from django.db.models import Exists, OuterRef, Q, QuerySet

from ipamweb.mirror.models import Node, NodeVersion
from ipamweb.mirror.queries import past_allocations, past_blocks, past_counts, past_pods
from ipamweb.mirror.queries.blocks import BlockRow
from ipamweb.mirror.queries.clusters import ClusterRow
from ipamweb.mirror.queries.nodes import ALL, NodeDetail, NodeFilter, NodeRow
from ipamweb.mirror.queries.numbers import sum_by_family
from ipamweb.mirror.queries.paging import FIRST_PAGE, Order, Page, Window, read_page
from ipamweb.mirror.scope import Scope

# Counters know the present only: there is nothing else to sort by.
BY_NAME = Order("nodes.name", ("name", "id"))


def listed(
    cluster: ClusterRow,
    *,
    at: datetime,
    scope: Scope,
    wanted: NodeFilter = ALL,
    window: Window = FIRST_PAGE,
) -> Page[NodeRow]:
    """Return a page of the nodes of an instant by name. Eight queries."""
    at = cluster.seen_at(at)
    return read_page(
        matching(cluster, at=at, wanted=wanted, scope=scope),
        order=BY_NAME,
        window=window,
        build=lambda found: _rows(found, cluster=cluster, at=at, scope=scope),
    )


def every(cluster: ClusterRow, *, at: datetime, scope: Scope) -> tuple[NodeRow, ...]:
    """Return all nodes of an instant by name. Eight queries."""
    at = cluster.seen_at(at)
    found = list(_nodes_at(cluster, at).order_by(*BY_NAME.fields))
    return tuple(_rows(found, cluster=cluster, at=at, scope=scope))


def named(
    name: str, *, cluster: ClusterRow, at: datetime, scope: Scope
) -> NodeRow | None:
    """Return the node that had a name at an instant. Eight queries."""
    at = cluster.seen_at(at)
    node = _nodes_at(cluster, at).filter(name=name).order_by("-id").first()
    if node is None:
        return None
    return _rows([node], cluster=cluster, at=at, scope=scope)[0]


def one(
    name: str, *, cluster: ClusterRow, at: datetime, scope: Scope
) -> NodeDetail | None:
    """Return the same node with what was on it. Twelve queries."""
    seen = cluster.seen_at(at)
    node = _nodes_at(cluster, seen).filter(name=name).order_by("-id").first()
    if node is None:
        return None
    blocks = past_blocks.of_nodes([node.pk], cluster=cluster, at=seen, scope=scope)
    mine = blocks.get(node.pk, [])
    held = past_allocations.of_node(
        node.pk,
        cluster=cluster,
        ranges=[block.range for block in mine],
        at=at,
        scope=scope,
    )
    pods = past_pods.of_node(node.pk, cluster=cluster, at=seen, held=held, scope=scope)
    used = past_counts.pods_of_nodes([node.pk], cluster=cluster, at=seen, scope=scope)
    row = _row(
        node,
        _versions([node.pk], seen).get(node.pk),
        blocks=mine,
        used=used[node.name],
    )
    return NodeDetail(node=row, allocations=held, pods=pods)


def _nodes_at(cluster: ClusterRow, at: datetime) -> QuerySet[Node, Node]:
    return Node.objects.there_at(at, cluster_id=cluster.id)


def with_ids(
    ids: Iterable[int], *, cluster: ClusterRow, at: datetime, scope: Scope
) -> dict[int, NodeRow]:
    """Return those of some nodes that were there at an instant. Eight queries."""
    found = list(_nodes_at(cluster, at).filter(pk__in=list(ids)))
    rows = _rows(found, cluster=cluster, at=at, scope=scope)
    return {row.id: row for row in rows}


def matching(
    cluster: ClusterRow, *, at: datetime, wanted: NodeFilter, scope: Scope
) -> QuerySet[Node, Node]:
    """Return the query of the nodes of an instant that pass a filter."""
    query = _nodes_at(cluster, at)
    if wanted.q:
        query = query.filter(name__contains=wanted.q.lower())
    if wanted.ids is not None:
        query = query.filter(pk__in=wanted.ids)
    facts = {"zone": wanted.zone, "node_pool": wanted.node_pool}
    asked = {name: value for name, value in facts.items() if value}
    if asked:
        versions = NodeVersion.objects.valid_at(at, **asked)
        none = ~Exists(NodeVersion.objects.filter(node=OuterRef("pk")))
        query = query.filter(
            Q(pk__in=versions.values("node_id")) | (Q(none) & Q(**asked))
        )
    return query


def _versions(node_ids: Iterable[int], at: datetime) -> dict[int, NodeVersion]:
    found = NodeVersion.objects.valid_at(at, node_id__in=list(node_ids))
    return {each.node_id: each for each in found.order_by("valid_from")}


def _rows(
    found: list[Node], *, cluster: ClusterRow, at: datetime, scope: Scope
) -> list[NodeRow]:
    ids = [node.pk for node in found]
    versions = _versions(ids, at)
    blocks = past_blocks.of_nodes(ids, cluster=cluster, at=at, scope=scope)
    used = past_counts.pods_of_nodes(ids, cluster=cluster, at=at, scope=scope)
    return [
        _row(
            node,
            versions.get(node.pk),
            blocks=blocks.get(node.pk, []),
            used=used[node.name],
        )
        for node in found
    ]


def _row(
    node: Node,
    version: NodeVersion | None,
    *,
    blocks: list[BlockRow],
    used: int,
) -> NodeRow:
    facts = version or node
    families = sum_by_family(block.numbers for block in blocks)
    slots = past_counts.slots_of(families, used=used, max_pods=facts.max_pods)
    return NodeRow(
        id=node.pk,
        uid=node.uid,
        name=node.name,
        zone=facts.zone,
        node_pool=facts.node_pool,
        instance_type=facts.instance_type,
        ready=None,
        max_pods=facts.max_pods,
        pods=used,
        blocks=tuple(blocks),
        families=families,
        slots_used=slots.used,
        slots_free=slots.free,
        slots_total=slots.total,
        created_at=node.created_at,
        first_seen=node.first_seen,
        gone_at=None,
    )
