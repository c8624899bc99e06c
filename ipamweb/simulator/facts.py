"""What the simulator knows of a node, a workload and a pod; objects are made from it.

Small on purpose: 150,000 pods are kept as these, not as trees of dicts.
"""

from dataclasses import dataclass, field
from datetime import datetime

from ipamweb.simulator.allocators import Allocator


@dataclass(frozen=True, slots=True)
class Workload:
    """What pods belong to; `kind` is that of the pods' controller.

    `stem` is what names of its pods begin with: web-5d59d67564, ledger-db, agent.
    """

    namespace: str
    kind: str
    name: str
    stem: str
    owner_uid: str
    app: str
    host_network: bool = False
    command: tuple[str, ...] = ()


@dataclass(slots=True)
class NodeFacts:
    """One node; `routers` and the like are by family: (IPv4, IPv6) or (IPv4,)."""

    name: str
    uid: str
    cilium_uid: str
    created: datetime
    zone: str
    pool: str
    instance_type: str
    addresses: tuple[str, ...]
    allocators: list[Allocator]
    routers: tuple[str, ...] = ()
    healths: tuple[str, ...] = ()
    ingresses: tuple[str, ...] = ()
    max_pods: int = 110
    weight: float = 1.0
    ready: bool = True
    pods: dict[str, "PodFacts"] = field(default_factory=dict)

    @property
    def cidrs(self) -> list[str]:
        return [str(allocator.block) for allocator in self.allocators]


@dataclass(slots=True)
class PodFacts:
    """One pod; without a node it is not scheduled, without addresses not started."""

    uid: str
    name: str
    workload: Workload
    created: datetime
    node: NodeFacts | None = None
    phase: str = "Pending"
    addresses: tuple[str, ...] = ()
    started: datetime | None = None
    deleted: datetime | None = None
    endpoint_uid: str = ""
    restarts: int = 0

    @property
    def namespace(self) -> str:
        return self.workload.namespace

    @property
    def key(self) -> str:
        return f"{self.workload.namespace}/{self.name}"

    @property
    def is_finished(self) -> bool:
        return self.phase in ("Succeeded", "Failed")
