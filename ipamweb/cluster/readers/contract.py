"""What readers have in common: kinds, what is handed in, how a bad object is borne.

A reader is a module with SYSTEM, KINDS and `read(listed, settings) -> Reading`. It is a
homomorphism: read(a + b) holds the records of read(a) and of read(b), so that pages and
objects of a watch go through one function. What needs two objects at once is for sync.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Protocol, TypeVar

import msgspec

from ipamweb.addressing import records
from ipamweb.cluster import shapes


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind as the API serves it: Kind("", "v1", "pods", "Pod", shapes.Pod, True)."""

    group: str
    version: str
    resource: str
    name: str
    shape: type[msgspec.Struct]
    namespaced: bool

    @property
    def prefix(self) -> str:
        """The path of group and version: /api/v1 or /apis/cilium.io/v2."""
        if self.group:
            return f"/apis/{self.group}/{self.version}"
        return f"/api/{self.version}"

    @property
    def path(self) -> str:
        """The path of the list over the whole cluster."""
        return f"{self.prefix}/{self.resource}"

    @property
    def list_name(self) -> str:
        """The `kind` that a whole list of it carries: PodList."""
        return f"{self.name}List"

    def path_in(self, namespace: str) -> str:
        """Return the path of the list in one namespace."""
        return f"{self.prefix}/namespaces/{namespace}/{self.resource}"


NAMESPACES = Kind("", "v1", "namespaces", "Namespace", shapes.Namespace, False)
NODES = Kind("", "v1", "nodes", "Node", shapes.Node, False)
PODS = Kind("", "v1", "pods", "Pod", shapes.Pod, True)
CILIUM_NODES = Kind(
    "cilium.io", "v2", "ciliumnodes", "CiliumNode", shapes.CiliumNode, False
)
CILIUM_ENDPOINTS = Kind(
    "cilium.io", "v2", "ciliumendpoints", "CiliumEndpoint", shapes.CiliumEndpoint, True
)
ALL_KINDS = (NAMESPACES, NODES, PODS, CILIUM_NODES, CILIUM_ENDPOINTS)


@dataclass(frozen=True, slots=True)
class Listed:
    """Objects to be read: a page, or what a drain brought. Any list may be empty.

    Each field is named after its kind's `resource`.
    """

    namespaces: Sequence[shapes.Namespace] = ()
    nodes: Sequence[shapes.Node] = ()
    pods: Sequence[shapes.Pod] = ()
    ciliumnodes: Sequence[shapes.CiliumNode] = ()
    ciliumendpoints: Sequence[shapes.CiliumEndpoint] = ()


def listed_of(kind: Kind, objects: Iterable[msgspec.Struct]) -> Listed:
    """Return a Listed that holds objects of one kind."""
    fields: dict[str, Any] = {kind.resource: list(objects)}
    return Listed(**fields)


# Where clouds and autoscalers write the name of a node's pool; the first there wins.
NODE_POOL_LABELS = (
    "cloud.google.com/gke-nodepool",
    "eks.amazonaws.com/nodegroup",
    "alpha.eksctl.io/nodegroup-name",
    "kubernetes.azure.com/agentpool",
    "agentpool",
    "karpenter.sh/nodepool",
    "karpenter.sh/provisioner-name",
    "doks.digitalocean.com/node-pool",
    "node.cluster.x-k8s.io/nodepool",
    "worker.gardener.cloud/pool",
    "oci.oraclecloud.com/node-pool",
    "k8s.scaleway.com/pool-name",
)


@dataclass(frozen=True, slots=True)
class ReaderSettings:
    """What a reader must know that stands in no object it reads; detection fills it in.

    `capacity_rule` is a name of addressing/capacity.py, for the reader's blocks.
    `cilium`: Cilium hands out of these blocks. `node_annotations`: its CiliumNodes are
    not served, so that router, health and ingress are read from its annotations of the
    Nodes; never from both, for that would be two claims to one address.
    """

    capacity_rule: str = "assumed"
    cilium: bool = False
    node_annotations: bool = False
    node_pool_labels: tuple[str, ...] = NODE_POOL_LABELS


DEFAULT_SETTINGS = ReaderSettings()


class Reader(Protocol):
    """What a reader module offers."""

    SYSTEM: str
    KINDS: tuple[Kind, ...]

    def read(self, listed: Listed, settings: ReaderSettings) -> records.Reading: ...


class HasMetadata(Protocol):
    @property
    def metadata(self) -> shapes.Metadata: ...


ObjectT = TypeVar("ObjectT", bound=HasMetadata)


def object_name(metadata: shapes.Metadata) -> str:
    """Return `namespace/name`, or the name alone of what has no namespace."""
    if metadata.namespace:
        return f"{metadata.namespace}/{metadata.name}"
    return metadata.name


def problem_of(
    kind: Kind, metadata: shapes.Metadata, *, field: str, why: object
) -> records.Problem:
    """Return the Problem of one object, or of the one field of it that is named."""
    return records.Problem(
        kind.name, object_name(metadata), field, str(why), metadata.uid
    )


def read_each(
    objects: Iterable[ObjectT],
    read_one: Callable[[ObjectT], None],
    *,
    kind: Kind,
    problems: list[records.Problem],
) -> None:
    """Call `read_one` with each object; one that it cannot understand is a Problem.

    An object without a UID is one too: identity is the UID, and nothing else.
    """
    for one in objects:
        try:
            if not one.metadata.uid:
                raise ValueError("it has no UID")
            read_one(one)
        except (KeyError, TypeError, ValueError) as error:
            problems.append(problem_of(kind, one.metadata, field="", why=error))
