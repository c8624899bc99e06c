"""Read Cilium's default mode `cluster-pool`: blocks are CiliumNode spec.ipam.podCIDRs.

The operator writes a node's blocks once; what is allocated inside them stands in no
object of the API and is derived from pods, router, health and ingress.
Not here: the pools, which stand in cilium-config only (detection).
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

SYSTEM = "cilium"
KINDS: tuple[Kind, ...] = (NAMESPACES, NODES, PODS, CILIUM_NODES, CILIUM_ENDPOINTS)


def read(
    listed: Listed, settings: ReaderSettings = DEFAULT_SETTINGS
) -> records.Reading:
    """Return the records of what is listed; each object yields its own.

    Node.spec.podCIDRs are not read: Cilium does not hand out of them in this mode. An
    object that cannot be understood becomes a Problem; the others are still read.
    """
    reading = records.Reading()
    places.read_namespaces_and_pods(reading, listed)
    read_each(
        listed.nodes,
        partial(places.read_node, reading, settings=settings),
        kind=NODES,
        problems=reading.problems,
    )
    read_each(
        listed.ciliumnodes,
        partial(_read_cilium_node, reading),
        kind=CILIUM_NODES,
        problems=reading.problems,
    )
    cilium_objects.read_endpoints(reading, listed)
    return reading


def _read_cilium_node(reading: records.Reading, node: shapes.CiliumNode) -> None:
    cilium_objects.read_cilium_node(reading, node)
    ipam = node.spec.ipam if node.spec else None
    found = places.read_blocks(
        (ipam.pod_cidrs if ipam else None) or (),
        node.metadata,
        kind=CILIUM_NODES,
        field="spec.ipam.podCIDRs",
        problems=reading.problems,
    )
    reading.blocks.extend(
        records.Block(
            block, node.metadata.name, node.metadata.uid, SYSTEM, "cilium-host-scope"
        )
        for block in found
    )
