"""Read plain Kubernetes, and Cilium's mode `kubernetes`: blocks are Node.spec.podCIDRs.

Cilium in this mode hands out of the same blocks; its CiliumNodes add router, health and
ingress. Not here: which cluster-wide range a block comes from (detection, sync).
"""

from functools import partial

from ipamweb.addressing import records
from ipamweb.cluster import shapes
from ipamweb.cluster.readers import cilium_objects, places
from ipamweb.cluster.readers.contract import (
    CILIUM_ENDPOINTS,
    CILIUM_NODES,
    DEFAULT_SETTINGS,
    NAMESPACES,
    NODES,
    PODS,
    Kind,
    Listed,
    ReaderSettings,
    read_each,
)

SYSTEM = "kubernetes"
KINDS: tuple[Kind, ...] = (NAMESPACES, NODES, PODS, CILIUM_NODES, CILIUM_ENDPOINTS)


def read(
    listed: Listed, settings: ReaderSettings = DEFAULT_SETTINGS
) -> records.Reading:
    """Return the records of what is listed; each object yields its own.

    An object that cannot be understood becomes a Problem; the others are still read.
    """
    reading = records.Reading()
    places.read_namespaces_and_pods(reading, listed)
    read_each(
        listed.nodes,
        partial(_read_node, reading, settings),
        kind=NODES,
        problems=reading.problems,
    )
    read_each(
        listed.ciliumnodes,
        partial(cilium_objects.read_cilium_node, reading),
        kind=CILIUM_NODES,
        problems=reading.problems,
    )
    cilium_objects.read_endpoints(reading, listed)
    return reading


def _read_node(
    reading: records.Reading, settings: ReaderSettings, node: shapes.Node
) -> None:
    places.read_node(reading, node, settings=settings)
    reading.blocks.extend(_blocks(node, settings, reading.problems))
    if settings.node_annotations:
        cilium_objects.read_annotations(reading, node)


def _blocks(
    node: shapes.Node, settings: ReaderSettings, problems: places.Problems
) -> list[records.Block]:
    """Return the blocks of a Node, in the order of its podCIDRs.

    Source: Node spec.podCIDRs; spec.podCIDR where a server sends no list; Cilium's
    annotations where neither is there. Cilium pkg/annotation/k8s.go.
    """
    spec = node.spec or shapes.NodeSpec()
    texts, field = spec.pod_cidrs or [], "spec.podCIDRs"
    if not texts and spec.pod_cidr:
        texts, field = [spec.pod_cidr], "spec.podCIDR"
    if not texts and settings.cilium:
        texts, field = cilium_objects.annotated_cidrs(node), "metadata.annotations"
    found = places.read_blocks(
        texts, node.metadata, kind=NODES, field=field, problems=problems
    )
    return [
        records.Block(
            block,
            node.metadata.name,
            node.metadata.uid,
            SYSTEM,
            settings.capacity_rule,
        )
        for block in found
    ]
