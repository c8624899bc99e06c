"""No question costs more queries when there is more to answer."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from ipamweb.addressing.ranges import parse_address, parse_cidr
from ipamweb.mirror.queries import (
    addresses,
    allocations,
    blocks,
    clusters,
    gaps,
    live,
    map_blocks,
    map_cells,
    map_children,
    map_mask,
    map_windows,
    namespace_use,
    namespaces,
    nodes,
    plan,
    pod_others,
    pods,
    pools,
    problems,
    reservations,
    runs,
    search,
    snapshots,
)
from ipamweb.mirror.queries.allocation_filters import AllocationFilter
from ipamweb.mirror.queries.clusters import ClusterRow
from ipamweb.mirror.queries.namespaces import NamespaceRow
from ipamweb.mirror.scope import EVERYTHING
from tests import cast
from tests.cast import at, uid

S: dict[str, Any] = {"scope": EVERYTHING}
V4 = parse_cidr("10.0.0.0/20")


def shop(cluster: ClusterRow) -> NamespaceRow:
    found = namespaces.one("shop", cluster=cluster, **S)
    assert found is not None
    return found


QUESTIONS: dict[str, tuple[int, Callable[[ClusterRow], Any]]] = {
    "clusters": (1, lambda c: clusters.every(now=cast.NOW, **S)),
    "a cluster": (1, lambda c: clusters.one("prod-eu", now=cast.NOW, **S)),
    "facts": (1, lambda c: clusters.facts(c, **S)),
    "pools": (2, lambda c: pools.every(c, **S)),
    "a pool": (2, lambda c: pools.one("cilium-cluster-pool-v4", cluster=c, **S)),
    "the ranges of all clusters": (3, lambda c: plan.ranges([c], **S)),
    "nodes": (2, lambda c: nodes.listed(c, **S)),
    "a node": (5, lambda c: nodes.one("worker-b", cluster=c, **S)),
    "blocks": (1, lambda c: blocks.listed(c, **S)),
    "pods": (2, lambda c: pods.listed(c, **S)),
    "a pod": (4, lambda c: pods.one(uid(401), cluster=c, **S)),
    "the others of a pod's workload": (
        5,
        lambda c: pod_others.siblings(
            pods.one(uid(401), cluster=c, **S).pod, cluster=c, most=9, **S
        ),
    ),
    "the other holders of an address": (
        2,
        lambda c: pod_others.other_holders(
            [parse_address("10.0.0.35")], owner_key="", cluster=c, most=9, **S
        ),
    ),
    "namespaces": (1, lambda c: namespaces.listed(c, **S)),
    "a namespace": (1, lambda c: namespaces.one("shop", cluster=c, **S)),
    "a namespace by workload": (
        2,
        lambda c: namespace_use.by_workload(shop(c), cluster=c, most=9, **S),
    ),
    "a namespace by node": (
        2,
        lambda c: namespace_use.by_node(shop(c), cluster=c, **S),
    ),
    "the newest of a namespace": (
        3,
        lambda c: namespace_use.newest(shop(c), cluster=c, most=9, **S),
    ),
    "allocations": (1, lambda c: allocations.listed(c, **S)),
    "of a node": (
        2,
        lambda c: allocations.listed(c, wanted=AllocationFilter(node="worker-b"), **S),
    ),
    "of a namespace": (
        2,
        lambda c: allocations.listed(c, wanted=AllocationFilter(namespace="shop"), **S),
    ),
    "of a text": (
        3,
        lambda c: allocations.listed(c, wanted=AllocationFilter(q="w"), **S),
    ),
    "allocations of a snapshot": (2, lambda c: snapshots.listed(c, **S)),
    "an address": (
        9,
        lambda c: addresses.about(
            parse_address("10.0.0.35"), cluster=c, at=at("12:15:00"), **S
        ),
    ),
    "find a name": (4, lambda c: search.find("w", clusters=[c], **S)),
    "find a CIDR": (2, lambda c: search.find("10.0.0.0/8", clusters=[c], **S)),
    "find an address": (7, lambda c: search.find("10.0.0.35", clusters=[c], **S)),
    "blocks of a pool's map": (
        3,
        lambda c: map_blocks.of_pool("cilium-cluster-pool-v4", cluster=c, **S),
    ),
    "cells": (3, lambda c: map_cells.cells(V4, cluster=c, **S)),
    "children": (3, lambda c: map_children.children(V4, cluster=c, **S)),
    "children that are addresses": (
        5,
        lambda c: map_children.children(parse_cidr("10.0.1.0/24"), cluster=c, **S),
    ),
    "mask": (3, lambda c: map_mask.mask(V4, "ns:shop kind:pod", cluster=c, **S)),
    "mask of a large range": (
        3,
        lambda c: map_mask.mask(parse_cidr("10.0.0.0/8"), "w", cluster=c, **S),
    ),
    "windows": (
        2,
        lambda c: map_windows.windows(parse_cidr("fd00::/64"), cluster=c, **S),
    ),
    "changes since a generation": (5, lambda c: live.since(2, cluster=c, **S)),
    "problems": (1, lambda c: problems.listed(c, **S)),
    "gaps": (1, lambda c: gaps.listed(c, **S)),
    "runs": (1, lambda c: runs.listed(c, **S)),
    "reservations": (1, lambda c: reservations.listed(c, **S)),
}


@pytest.mark.parametrize("name", QUESTIONS)
def test_a_question_costs_the_same_queries_with_3_nodes_and_with_30(
    prod: ClusterRow, name: str
) -> None:
    count, ask = QUESTIONS[name]
    with CaptureQueriesContext(connection) as with_3:
        ask(prod)
    cast.more_nodes(27)
    with CaptureQueriesContext(connection) as with_30:
        ask(prod)

    assert (len(with_3), len(with_30)) == (count, count)
