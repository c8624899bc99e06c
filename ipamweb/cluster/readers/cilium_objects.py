"""What Cilium's objects say alike in every mode: router, health, ingress, endpoints.

Sources: cilium pkg/k8s/apis/cilium.io/v2/types.go, pkg/annotation/k8s.go,
daemon/cmd/ipam_infra_ip_allocation.go. Not here: blocks, which differ by mode.
"""

from collections.abc import Iterator
from functools import partial
from sys import intern

from ipamweb.addressing import records
from ipamweb.cluster import shapes
from ipamweb.cluster.readers.contract import (
    CILIUM_ENDPOINTS,
    CILIUM_NODES,
    NODES,
    Kind,
    Listed,
    read_each,
)
from ipamweb.cluster.readers.places import Problems, read_addresses

NO_PAIR = shapes.AddressPair()
NO_STATUS = shapes.EndpointStatus()
NO_NETWORKING = shapes.EndpointNetworking()

# Which kind of allocation, which field says so, and its texts.
Claim = tuple[records.Kind, str, list[str]]


def read_endpoints(reading: records.Reading, listed: Listed) -> None:
    """Add what CiliumEndpoints say of pods to the reading."""
    read_each(
        listed.ciliumendpoints,
        partial(_read_endpoint, reading),
        kind=CILIUM_ENDPOINTS,
        problems=reading.problems,
    )


def read_cilium_node(reading: records.Reading, node: shapes.CiliumNode) -> None:
    """Add the router, health and ingress addresses of a CiliumNode to the reading.

    Its InternalIP is the Node's, which states it itself.
    """
    spec = node.spec or shapes.CiliumNodeSpec()
    health, ingress = spec.health or NO_PAIR, spec.ingress or NO_PAIR
    routers = [
        each.ip for each in spec.addresses or () if each.type == "CiliumInternalIP"
    ]
    claims: list[Claim] = [
        ("router", "spec.addresses", routers),
        ("health", "spec.health", [health.ipv4, health.ipv6]),
        ("ingress", "spec.ingress", [ingress.ipv4, ingress.ipv6]),
    ]
    reading.node_addresses.extend(
        _claimed(
            node.metadata,
            claims,
            kind=CILIUM_NODES,
            node_uid=_node_uid(node.metadata),
            problems=reading.problems,
        )
    )


def read_annotations(reading: records.Reading, node: shapes.Node) -> None:
    """Add router, health and ingress, as Cilium annotated the Node, to the reading."""
    notes = node.metadata.annotations or shapes.NodeAnnotations()
    claims: list[Claim] = [
        (
            "router",
            "metadata.annotations",
            [
                notes.ipv4_router or notes.old_ipv4_router,
                notes.ipv6_router or notes.old_ipv6_router,
            ],
        ),
        (
            "health",
            "metadata.annotations",
            [
                notes.ipv4_health or notes.old_ipv4_health,
                notes.ipv6_health or notes.old_ipv6_health,
            ],
        ),
        (
            "ingress",
            "metadata.annotations",
            [
                notes.ipv4_ingress or notes.old_ipv4_ingress,
                notes.ipv6_ingress or notes.old_ipv6_ingress,
            ],
        ),
    ]
    reading.node_addresses.extend(
        _claimed(
            node.metadata,
            claims,
            kind=NODES,
            node_uid=node.metadata.uid,
            problems=reading.problems,
        )
    )


def annotated_cidrs(node: shapes.Node) -> list[str]:
    """Return the CIDRs that Cilium annotated a Node with, IPv4 first."""
    notes = node.metadata.annotations or shapes.NodeAnnotations()
    pair = (
        notes.ipv4_pod_cidr or notes.old_ipv4_pod_cidr,
        notes.ipv6_pod_cidr or notes.old_ipv6_pod_cidr,
    )
    return [text for text in pair if text]


def _node_uid(metadata: shapes.Metadata) -> str:
    """Return the UID of the Node that owns a CiliumNode; its own where none does."""
    for owner in metadata.owner_references or ():
        if owner.kind == "Node" and owner.uid:
            return owner.uid
    return metadata.uid


def _claimed(
    metadata: shapes.Metadata,
    claims: list[Claim],
    *,
    kind: Kind,
    node_uid: str,
    problems: Problems,
) -> Iterator[records.NodeAddress]:
    for name, field, texts in claims:
        addresses = read_addresses(
            texts, metadata, kind=kind, field=field, problems=problems
        )
        for address in addresses:
            yield records.NodeAddress(
                address,
                name,
                f"node:{node_uid}:{name}",
                intern(metadata.name),
                metadata.uid,
                intern(f"{kind.name.lower()}.{field}"),
            )


def _read_endpoint(reading: records.Reading, endpoint: shapes.CiliumEndpoint) -> None:
    metadata = endpoint.metadata
    status = endpoint.status or NO_STATUS
    networking = status.networking or NO_NETWORKING
    texts = [
        text for pair in networking.addressing or () for text in (pair.ipv4, pair.ipv6)
    ]
    node = read_addresses(
        [networking.node],
        metadata,
        kind=CILIUM_ENDPOINTS,
        field="status.networking.node",
        problems=reading.problems,
    )
    addresses = read_addresses(
        texts,
        metadata,
        kind=CILIUM_ENDPOINTS,
        field="status.networking.addressing",
        problems=reading.problems,
    )
    reading.endpoints.append(
        records.Endpoint(
            metadata.uid,
            metadata.namespace,
            metadata.name,
            _pod_uid(metadata),
            node[0] if node else None,
            status.state,
            addresses,
            metadata.resource_version,
        )
    )


def _pod_uid(metadata: shapes.Metadata) -> str:
    for owner in metadata.owner_references or ():
        if owner.kind == "Pod":
            return owner.uid
    return ""
