"""The few fields we read of each kind, as msgspec Structs. What is unnamed is not kept.

Every field has a default: a missing `status`, a null list, an unknown field all decode.
Addresses, CIDRs and times stay text, so that one bad value spoils one field and not its
object. Not here: what fields mean (readers), how pages are asked for (reading).
"""

from typing import Generic, TypeVar

import msgspec

T = TypeVar("T")

# ---- metadata ------------------------------------------------------------------------


class OwnerReference(msgspec.Struct, frozen=True, gc=False):
    kind: str = ""
    name: str = ""
    uid: str = ""
    controller: bool | None = None


class Metadata(msgspec.Struct, frozen=True, gc=False, rename="camel"):
    """`uid` is empty when the server sent none; such an object has no identity."""

    uid: str = ""
    name: str = ""
    namespace: str = ""
    resource_version: str = ""
    creation_timestamp: str | None = None
    deletion_timestamp: str | None = None
    owner_references: list[OwnerReference] | None = None


class LabelledMetadata(Metadata, frozen=True, gc=False, rename="camel"):
    labels: dict[str, str] | None = None


class Object(msgspec.Struct, frozen=True, gc=False):
    """What every object has; it identifies one that does not decode otherwise."""

    metadata: Metadata = Metadata()


# ---- nodes, namespaces ---------------------------------------------------------------


class Namespace(msgspec.Struct, frozen=True, gc=False):
    metadata: LabelledMetadata = LabelledMetadata()


class NodeAnnotations(msgspec.Struct, frozen=True, gc=False):
    """Cilium's annotations of a Node. Source: cilium pkg/annotation/k8s.go.

    The capital I of `Ingress` is upstream's. The older prefix is `io.cilium.network.`.
    """

    ipv4_pod_cidr: str = msgspec.field(
        name="network.cilium.io/ipv4-pod-cidr", default=""
    )
    ipv6_pod_cidr: str = msgspec.field(
        name="network.cilium.io/ipv6-pod-cidr", default=""
    )
    ipv4_router: str = msgspec.field(
        name="network.cilium.io/ipv4-cilium-host", default=""
    )
    ipv6_router: str = msgspec.field(
        name="network.cilium.io/ipv6-cilium-host", default=""
    )
    ipv4_health: str = msgspec.field(
        name="network.cilium.io/ipv4-health-ip", default=""
    )
    ipv6_health: str = msgspec.field(
        name="network.cilium.io/ipv6-health-ip", default=""
    )
    ipv4_ingress: str = msgspec.field(
        name="network.cilium.io/ipv4-Ingress-ip", default=""
    )
    ipv6_ingress: str = msgspec.field(
        name="network.cilium.io/ipv6-Ingress-ip", default=""
    )
    old_ipv4_pod_cidr: str = msgspec.field(
        name="io.cilium.network.ipv4-pod-cidr", default=""
    )
    old_ipv6_pod_cidr: str = msgspec.field(
        name="io.cilium.network.ipv6-pod-cidr", default=""
    )
    old_ipv4_router: str = msgspec.field(
        name="io.cilium.network.ipv4-cilium-host", default=""
    )
    old_ipv6_router: str = msgspec.field(
        name="io.cilium.network.ipv6-cilium-host", default=""
    )
    old_ipv4_health: str = msgspec.field(
        name="io.cilium.network.ipv4-health-ip", default=""
    )
    old_ipv6_health: str = msgspec.field(
        name="io.cilium.network.ipv6-health-ip", default=""
    )
    old_ipv4_ingress: str = msgspec.field(
        name="io.cilium.network.ipv4-Ingress-ip", default=""
    )
    old_ipv6_ingress: str = msgspec.field(
        name="io.cilium.network.ipv6-Ingress-ip", default=""
    )


class NodeMetadata(LabelledMetadata, frozen=True, gc=False, rename="camel"):
    annotations: NodeAnnotations | None = None


class NodeSpec(msgspec.Struct, frozen=True, gc=False):
    pod_cidr: str = msgspec.field(name="podCIDR", default="")
    pod_cidrs: list[str] | None = msgspec.field(name="podCIDRs", default=None)


class NodeAddress(msgspec.Struct, frozen=True, gc=False):
    type: str = ""
    address: str = ""


class Condition(msgspec.Struct, frozen=True, gc=False):
    type: str = ""
    status: str = ""


class Allocatable(msgspec.Struct, frozen=True, gc=False):
    pods: str | int | None = None


class NodeStatus(msgspec.Struct, frozen=True, gc=False):
    addresses: list[NodeAddress] | None = None
    allocatable: Allocatable | None = None
    conditions: list[Condition] | None = None


class Node(msgspec.Struct, frozen=True, gc=False):
    metadata: NodeMetadata = NodeMetadata()
    spec: NodeSpec | None = None
    status: NodeStatus | None = None


# ---- pods ----------------------------------------------------------------------------


class PodLabels(msgspec.Struct, frozen=True, gc=False):
    """The two labels that name a pod's workload; no other label of a pod is kept."""

    pod_template_hash: str = msgspec.field(name="pod-template-hash", default="")
    deploymentconfig: str = ""


class PodMetadata(Metadata, frozen=True, gc=False, rename="camel"):
    generate_name: str = ""
    labels: PodLabels | None = None


class PodSpec(msgspec.Struct, frozen=True, gc=False, rename="camel"):
    node_name: str = ""
    host_network: bool | None = None


class PodIP(msgspec.Struct, frozen=True, gc=False):
    ip: str = ""


class PodStatus(msgspec.Struct, frozen=True, gc=False):
    phase: str = ""
    pod_ip: str = msgspec.field(name="podIP", default="")
    pod_ips: list[PodIP] | None = msgspec.field(name="podIPs", default=None)


class Pod(msgspec.Struct, frozen=True, gc=False):
    metadata: PodMetadata = PodMetadata()
    spec: PodSpec | None = None
    status: PodStatus | None = None


class Container(msgspec.Struct, frozen=True, gc=False):
    name: str = ""
    command: list[str] | None = None
    args: list[str] | None = None


class CommandSpec(msgspec.Struct, frozen=True, gc=False):
    containers: list[Container] | None = None


class CommandPod(msgspec.Struct, frozen=True, gc=False):
    """A pod of the control plane, for the flags of its command only."""

    metadata: Metadata = Metadata()
    spec: CommandSpec | None = None


# ---- Cilium --------------------------------------------------------------------------
# Source: cilium v1.19 pkg/k8s/apis/cilium.io/v2/types.go, pkg/ipam/types/types.go.


class CiliumAddress(msgspec.Struct, frozen=True, gc=False):
    type: str = ""
    ip: str = ""


class AddressPair(msgspec.Struct, frozen=True, gc=False):
    ipv4: str = ""
    ipv6: str = ""


class CiliumAllocated(msgspec.Struct, frozen=True, gc=False):
    pool: str = ""


class CiliumPools(msgspec.Struct, frozen=True, gc=False):
    allocated: list[CiliumAllocated] | None = None


class CiliumIPAM(msgspec.Struct, frozen=True, gc=False):
    pod_cidrs: list[str] | None = msgspec.field(name="podCIDRs", default=None)
    pools: CiliumPools | None = None


class CiliumNodeSpec(msgspec.Struct, frozen=True, gc=False):
    addresses: list[CiliumAddress] | None = None
    health: AddressPair | None = None
    ingress: AddressPair | None = None
    ipam: CiliumIPAM | None = None


class CiliumOperatorStatus(msgspec.Struct, frozen=True, gc=False):
    error: str = ""


class CiliumIPAMStatus(msgspec.Struct, frozen=True, gc=False):
    operator_status: CiliumOperatorStatus | None = msgspec.field(
        name="operator-status", default=None
    )


class CiliumNodeStatus(msgspec.Struct, frozen=True, gc=False):
    ipam: CiliumIPAMStatus | None = None


class CiliumNodeAnnotations(msgspec.Struct, frozen=True, gc=False):
    """Source: cilium pkg/annotation/k8s.go."""

    ignore: str = msgspec.field(name="ipam.cilium.io/ignore", default="")


class CiliumNodeMetadata(Metadata, frozen=True, gc=False, rename="camel"):
    annotations: CiliumNodeAnnotations | None = None


class CiliumNode(msgspec.Struct, frozen=True, gc=False):
    metadata: CiliumNodeMetadata = CiliumNodeMetadata()
    spec: CiliumNodeSpec | None = None
    status: CiliumNodeStatus | None = None


class EndpointNetworking(msgspec.Struct, frozen=True, gc=False):
    node: str = ""
    addressing: list[AddressPair] | None = None


class EndpointStatus(msgspec.Struct, frozen=True, gc=False):
    state: str = ""
    networking: EndpointNetworking | None = None


class CiliumEndpoint(msgspec.Struct, frozen=True, gc=False):
    metadata: Metadata = Metadata()
    status: EndpointStatus | None = None


# ---- configuration, version, discovery -----------------------------------------------


class ConfigMap(msgspec.Struct, frozen=True, gc=False):
    metadata: Metadata = Metadata()
    data: dict[str, str] | None = None


class Version(msgspec.Struct, frozen=True, gc=False, rename="camel"):
    git_version: str = ""
    major: str = ""
    minor: str = ""


class DiscoveredResource(msgspec.Struct, frozen=True, gc=False):
    """A served resource: `resource` in the aggregated form, `name` in the plain one."""

    resource: str = ""
    name: str = ""
    verbs: list[str] | None = None


class DiscoveredVersion(msgspec.Struct, frozen=True, gc=False):
    version: str = ""
    resources: list[DiscoveredResource] | None = None


class DiscoveredGroup(msgspec.Struct, frozen=True, gc=False):
    """A group: `metadata.name` in the aggregated form, `name` in the plain one."""

    metadata: Metadata = Metadata()
    name: str = ""
    versions: list[DiscoveredVersion] | None = None


class Discovery(msgspec.Struct, frozen=True, gc=False):
    """The answer of /apis: `items` (aggregated) or `groups` (APIGroupList)."""

    kind: str = ""
    items: list[DiscoveredGroup] | None = None
    groups: list[DiscoveredGroup] | None = None


class ResourceList(msgspec.Struct, frozen=True, gc=False):
    """The plain answer of /apis/<group>/<version>."""

    kind: str = ""
    resources: list[DiscoveredResource] | None = None


# ---- envelopes -----------------------------------------------------------------------


class ListMetadata(msgspec.Struct, frozen=True, gc=False, rename="camel"):
    resource_version: str = ""
    continue_: str = msgspec.field(name="continue", default="")
    remaining_item_count: int | None = None


class ObjectList(msgspec.Struct, Generic[T], frozen=True, kw_only=True, rename="camel"):
    """A list or a page of one; decode with `ObjectList[Pod]`.

    `items` may be null, but an answer without it is no list: it would look like none.
    """

    kind: str = ""
    api_version: str = ""
    metadata: ListMetadata = ListMetadata()
    items: list[T] | None


class RawList(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """The same with undecoded objects, for a page in which one does not decode."""

    kind: str = ""
    api_version: str = ""
    metadata: ListMetadata = ListMetadata()
    items: list[msgspec.Raw] | None


class WatchEvent(msgspec.Struct, frozen=True):
    """A line of a watch; `object` is decoded by its type (ERROR carries a Status)."""

    type: str = ""
    object: msgspec.Raw = msgspec.Raw()


class StatusDetails(msgspec.Struct, frozen=True, gc=False, rename="camel"):
    group: str = ""
    kind: str = ""
    name: str = ""
    retry_after_seconds: float | None = None


class Status(msgspec.Struct, frozen=True, gc=False):
    """A failure in the server's words. Its `metadata.continue` is never used (R3)."""

    kind: str = ""
    status: str = ""
    message: str = ""
    reason: str = ""
    code: int = 0
    details: StatusDetails | None = None
