"""The records that travel from the readers to the mirror. No shapes, no rows; frozen.

What there are hundreds of thousands of is a tuple: it is made five times as fast.

An address is an integer (ranges.py). A time is an aware datetime in UTC. Empty text
means "not known"; None means "there is none" or, where the field says so, "not known".
"""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal, NamedTuple

from ipamweb.addressing.ranges import Range

Kind = Literal[
    "pod", "router", "health", "ingress", "node", "gateway", "tunnel", "service",
    "load-balancer", "unknown",
]  # fmt: skip
KINDS: tuple[Kind, ...] = (
    "pod", "router", "health", "ingress", "node", "gateway", "tunnel", "service",
    "load-balancer", "unknown",
)  # fmt: skip

# What an allocation rests on: the API holds a record of it, or we derive it (from a
# pod's status, a node's addresses).
Confidence = Literal["recorded", "derived"]

TERMINAL_PHASES = frozenset({"Succeeded", "Failed"})


@dataclass(frozen=True, slots=True)
class Namespace:
    uid: str
    name: str
    labels: tuple[tuple[str, str], ...] = ()
    resource_version: str = ""
    created_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Node:
    """A Node object; where `max_pods` or `ready` is None, the object does not say."""

    uid: str
    name: str
    zone: str = ""
    node_pool: str = ""
    instance_type: str = ""
    max_pods: int | None = None
    ready: bool | None = None
    created_at: datetime | None = None
    resource_version: str = ""


class Pod(NamedTuple):
    """A Pod object. `addresses` are all of status.podIPs, in their order, also those of
    hostNetwork and finished pods; whether they are held is for `holds_addresses`."""

    uid: str
    namespace: str
    name: str
    node: str = ""
    phase: str = ""
    host_network: bool = False
    addresses: tuple[int, ...] = ()
    workload_kind: str = ""
    workload_name: str = ""
    terminating_at: datetime | None = None
    created_at: datetime | None = None
    resource_version: str = ""

    @property
    def is_terminal(self) -> bool:
        return self.phase in TERMINAL_PHASES

    @property
    def holds_addresses(self) -> bool:
        """Pods that finished, and pods on the host network, hold no pod address.

        Source: Cilium pkg/k8s/utils/utils.go IsPodRunning; kubelet copies the node's
        addresses into hostNetwork pods (pkg/kubelet/kubelet_pods.go).
        """
        return not self.host_network and self.phase not in TERMINAL_PHASES


class Endpoint(NamedTuple):
    """What the CNI says of a pod (CiliumEndpoint): the second source beside the Pod."""

    uid: str
    namespace: str
    name: str
    pod_uid: str = ""
    node_address: int | None = None
    state: str = ""
    addresses: tuple[int, ...] = ()
    resource_version: str = ""


@dataclass(frozen=True, slots=True)
class PoolRange:
    """A range of a pool; not cut into blocks where `block_prefix_length` is None."""

    range: Range
    block_prefix_length: int | None = None


@dataclass(frozen=True, slots=True)
class Pool:
    """A pool of one family. `read_from` names the place each was read, for a person."""

    slug: str
    name: str
    system: str
    family: int
    ranges: tuple[PoolRange, ...]
    capacity_rule: str = "assumed"
    network: str = ""
    read_from: str = ""


@dataclass(frozen=True, slots=True)
class Block:
    """A range given to a node. `owner_uid` is the API object that says so."""

    range: Range
    node: str
    owner_uid: str
    system: str
    capacity_rule: str = "assumed"
    network: str = ""


@dataclass(frozen=True, slots=True)
class NodeAddress:
    """An address that a node itself holds: router, health, ingress or its own.

    `owner_key` is `node:<uid>:router|health|ingress|node` (data model, section 2);
    `object_uid` is the API object that says so.
    """

    address: int
    kind: Kind
    owner_key: str
    node: str
    object_uid: str
    source: str
    confidence: Confidence = "recorded"
    network: str = ""


@dataclass(frozen=True, slots=True)
class NodeRecord:
    """What the CNI says of a node in an object of its own (CiliumNode).

    `node_uid` is the Node it was written for, `cidrs` and `pools` what it states, blank
    separated; `error` what the CNI's operator could not do. `is_ignored`: the operator
    leaves it alone.
    """

    uid: str
    node: str
    node_uid: str = ""
    cidrs: str = ""
    pools: str = ""
    error: str = ""
    is_ignored: bool = False


@dataclass(frozen=True, slots=True)
class Problem:
    """An object, or one field of it, that could not be understood; the rest is read."""

    kind: str
    object: str
    field: str
    why: str
    object_uid: str = ""


@dataclass(frozen=True, slots=True)
class Reading:
    """What a reader made of some objects; each object contributes on its own."""

    namespaces: list[Namespace] = field(default_factory=list)
    nodes: list[Node] = field(default_factory=list)
    pods: list[Pod] = field(default_factory=list)
    endpoints: list[Endpoint] = field(default_factory=list)
    blocks: list[Block] = field(default_factory=list)
    node_addresses: list[NodeAddress] = field(default_factory=list)
    node_records: list[NodeRecord] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
