"""What Cilium's objects say alike in every mode: router, health, ingress, endpoints.

Sources: cilium pkg/k8s/apis/cilium.io/v2/types.go, pkg/annotation/k8s.go,
daemon/cmd/ipam_infra_ip_allocation.go. Not here: blocks, which differ by mode.
"""

from collections.abc import Iterator
from functools import partial
from sys import intern

from ipamweb.addressing import records
from ipamweb.addressing.ranges import parse_wide_cidr
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
    """Add the router, health and ingress addresses of a CiliumNode to the reading, and
    what it says of the allocation of its CIDRs.

    Its InternalIP is the Node's, which states it itself.
    """
    spec = node.spec or shapes.CiliumNodeSpec()
    reading.node_records.append(_node_record(node, spec))
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


def _node_record(
    node: shapes.CiliumNode, spec: shapes.CiliumNodeSpec
) -> records.NodeRecord:
    """Return what a CiliumNode says of its CIDRs; one that is no CIDR is said as it
    stands there. Source: cilium pkg/ipam/types/types.go."""
    metadata = node.metadata
    ipam = spec.ipam or shapes.CiliumIPAM()
    pools = ipam.pools or shapes.CiliumPools()
    said = (
        node.status.ipam.operator_status if node.status and node.status.ipam else None
    )
    notes = metadata.annotations or shapes.CiliumNodeAnnotations()
    return records.NodeRecord(
        uid=metadata.uid,
        node=intern(metadata.name),
        node_uid=_owner_uid(metadata, "Node"),
        cidrs=" ".join(sorted(map(_canonical, ipam.pod_cidrs or ()))),
        pools=" ".join(sorted({each.pool for each in pools.allocated or ()})),
        error=said.error if said else "",
        is_ignored=bool(notes.ignore) and notes.ignore.lower() != "false",
    )


def _canonical(text: str) -> str:
    try:
        return str(parse_wide_cidr(text))
    except ValueError:
        return text


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
    return _owner_uid(metadata, "Node") or metadata.uid


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
            _owner_uid(metadata, "Pod"),
            node[0] if node else None,
            status.state,
            addresses,
            metadata.resource_version,
        )
    )


def _owner_uid(metadata: shapes.Metadata, kind: str) -> str:
    """Return the UID of the first owner of a kind; "" where there is none."""
    for owner in metadata.owner_references or ():
        if owner.kind == kind and owner.uid:
            return owner.uid
    return ""
