"""Which cluster to simulate, as parameters; the same parameters give the same cluster.

    Scenario(nodes=3, pods_per_node=8)                        # Cilium cluster scope
    Scenario(system="kubernetes", dual_stack=True, seed=7)

Not here: the cluster itself (world.py), its changes (churn.py), the demo (demo.py).
"""

from dataclasses import dataclass

from ipamweb.addressing.ranges import Range, parse_cidr

BUILT_SYSTEMS = ("kubernetes", "cilium-kubernetes", "cilium-cluster-pool")
PLANNED_SYSTEMS = (
    "cilium-multi-pool", "cilium-crd", "cilium-eni", "cilium-azure",
    "cilium-alibabacloud", "cilium-delegated-plugin", "calico", "whereabouts",
    "spiderpool", "kube-ovn", "ovn-kubernetes", "antrea", "aws-vpc-cni",
)  # fmt: skip
DEFAULT_SYSTEM = "cilium-cluster-pool"
# kubelet's default, and what most clusters have.
MAX_PODS = 110
SERVICE_CIDRS = ("10.96.0.0/16", "fd00:10:96::/112")
SMALL_CLUSTER = 256


class BadScenario(ValueError):
    """Parameters that make no cluster; the text says why."""


@dataclass(frozen=True, slots=True)
class Scenario:
    """`weights` makes nodes hot (above 1) and cold (below), in turn; empty: all alike.

    No CIDRs means the system's usual ones, large enough for the nodes. `pods_per_node`
    counts all pods of a node, those on the host network too.
    """

    nodes: int = 3
    pods_per_node: int = 8
    system: str = DEFAULT_SYSTEM
    dual_stack: bool = False
    seed: int = 1
    ipv4_cidrs: tuple[str, ...] = ()
    ipv6_cidrs: tuple[str, ...] = ()
    ipv4_mask: int = 24
    ipv6_mask: int = 0
    weights: tuple[float, ...] = ()
    ingress: bool = False
    endpoints: bool = True
    # Pod changes a second, and the script (play.py) that plans what else happens.
    churn: float = 0.0
    script: str = ""

    def __post_init__(self) -> None:
        if self.system in PLANNED_SYSTEMS:
            built = ", ".join(BUILT_SYSTEMS)
            raise BadScenario(f"{self.system} is not built yet; there are: {built}")
        if self.system not in BUILT_SYSTEMS:
            known = ", ".join(BUILT_SYSTEMS + PLANNED_SYSTEMS)
            raise BadScenario(f"{self.system!r} is no system; there are: {known}")
        if self.nodes < 1:
            raise BadScenario(f"a cluster has at least 1 node, not {self.nodes}")
        if not 0 <= self.pods_per_node <= MAX_PODS:
            raise BadScenario(
                f"a node takes 0 to {MAX_PODS} pods, not {self.pods_per_node}"
            )

    @property
    def has_cilium(self) -> bool:
        return self.system != "kubernetes"

    @property
    def node_has_cidrs(self) -> bool:
        """Whether kube-controller-manager gives out the blocks, in Node.spec."""
        return self.system != "cilium-cluster-pool"

    @property
    def families(self) -> tuple[int, ...]:
        return (4, 6) if self.dual_stack else (4,)

    def cidrs(self, family: int) -> list[Range]:
        """Return the ranges that blocks come from; IPv4 and IPv6 apart."""
        given = self.ipv4_cidrs if family == 4 else self.ipv6_cidrs
        return [parse_cidr(text) for text in given or self._usual_cidrs(family)]

    def mask(self, family: int) -> int:
        """Return the prefix length of a node's block."""
        if family == 4:
            return self.ipv4_mask
        return self.ipv6_mask or (64 if self.node_has_cidrs else 120)

    def pod_count(self, number: int) -> int:
        """Return how many pods the node with this number (from 0) has."""
        return min(MAX_PODS, round(self.pods_per_node * self.weight(number)))

    def weight(self, number: int) -> float:
        return self.weights[number % len(self.weights)] if self.weights else 1.0

    def _usual_cidrs(self, family: int) -> tuple[str, ...]:
        small = self.nodes <= SMALL_CLUSTER
        if family == 6:
            if not self.node_has_cidrs:
                return ("fd00:10::/104",)
            return ("fd00:10:244::/56",) if small else ("fd00:10:244::/48",)
        if not small:
            return ("10.128.0.0/9",)
        return ("10.244.0.0/16",) if self.node_has_cidrs else ("10.0.0.0/16",)
