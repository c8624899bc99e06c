"""Questions about the nodes of a cluster."""

from collections.abc import Sequence
from typing import Any

from ipamweb.api import (
    compared_rows,
    instants,
    parameters,
    serializers,
)
from ipamweb.api.question import Asked, ListQuestion, Question
from ipamweb.exports import rows
from ipamweb.findings import about
from ipamweb.mirror.queries import compared_places, nodes, past_nodes
from ipamweb.mirror.queries.clusters import ClusterRow
from ipamweb.mirror.queries.compared_places import Compared
from ipamweb.mirror.queries.nodes import NodeFilter, NodeRow
from ipamweb.mirror.queries.paging import Page


def _row(found: Any, of: ClusterRow) -> dict[str, Any]:
    if not isinstance(found, Compared):
        return rows.node(found, of)
    shown = rows.node((found.shown(is_later=True), None), of)
    return {**shown, "compared": compared_rows.of_nodes(found)}


class Nodes(ListQuestion):
    """The nodes of a cluster that are there, or were there at an instant, or at any of
    two side by side."""

    serializer_class = serializers.Node
    has_past = True
    table = "nodes"
    row = staticmethod(_row)
    parameters = (
        instants.VS,
        parameters.text("q", "A part of the name."),
        parameters.text("zone", "Nodes of this zone."),
        parameters.text("node_pool", "Nodes of this node pool."),
        parameters.choice(
            "ordering", "The order; - turns it.", accepted=nodes.ORDERS, absent="name"
        ),
    )

    def page(self, asked: Asked) -> Page[Any]:
        values = asked.values
        question: dict[str, Any] = {
            "scope": asked.scope,
            "wanted": NodeFilter(
                q=values["q"], zone=values["zone"], node_pool=values["node_pool"]
            ),
            "window": asked.window,
        }
        beside = instants.beside(values, cluster=asked.cluster, scope=asked.scope)
        if beside:
            instants.only_by_name(values)
            return compared_places.nodes(asked.cluster, times=beside, **question)
        if asked.at:
            instants.only_by_name(values)
            found = past_nodes.listed(asked.cluster, at=asked.at, **question)
        else:
            order = nodes.ORDERS[values["ordering"]]
            found = nodes.listed(asked.cluster, order=order, **question)
        with_findings = _with_findings(asked, found.rows)
        return Page(with_findings, next=found.next, previous=found.previous)


class Node(Question):
    """A node; where none has the name now, the last that had it."""

    serializer_class = serializers.Node
    has_past = True

    def found(self, asked: Asked) -> dict[str, Any] | None:
        cluster = asked.cluster
        question: dict[str, Any] = {"cluster": cluster, "scope": asked.scope}
        if asked.at:
            node = past_nodes.named(asked.path["node"], at=asked.at, **question)
        else:
            node = nodes.named(asked.path["node"], **question)
        if node is None:
            return None
        return rows.node(_with_findings(asked, [node])[0], cluster)


def _with_findings(
    asked: Asked, found: Sequence[NodeRow]
) -> tuple[tuple[NodeRow, int | None], ...]:
    """Return nodes, each with how many findings about it are open; None in the past."""
    if asked.at:
        return tuple((each, None) for each in found)
    names = [each.name for each in found]
    counts = about.open_of_nodes(names, cluster_id=asked.cluster.id, scope=asked.scope)
    return tuple((each, counts.get(each.name, 0)) for each in found)
