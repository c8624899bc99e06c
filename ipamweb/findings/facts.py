"""What rules look at: the rows of one cluster, read once for all of them. Pure.

Not here: how they are read (reading.py, reading_owners.py).
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cached_property

from ipamweb.addressing import capacity
from ipamweb.addressing.ranges import Range, parse_cidrs

# Modes in which a pod's address comes out of a block of its node (ipam modes).
HOST_SCOPE = frozenset({"kubernetes", "cluster-pool"})
# It is looked at every minute (sync/configuration.py).
OLDEST_CONFIGURATION = timedelta(minutes=5)
# Facts that tell where services have their addresses.
SERVICE_SETTINGS = ("service-cluster-ip-range", "networking.serviceSubnet")


@dataclass(frozen=True, slots=True)
class Setting:
    """A value of the cluster's configuration, and the place it was read in."""

    name: str
    value: str
    read_from: str

    @property
    def is_flag(self) -> bool:
        """Say whether it is in force: a flag of the running kube-controller-manager."""
        return self.read_from.startswith("Pod ")

    def ranges(self) -> tuple[Range, ...]:
        """Return the CIDRs it holds; none where it holds something else."""
        try:
            return tuple(sorted(parse_cidrs(self.value)))
        except ValueError:
            return ()


@dataclass(frozen=True, slots=True)
class Version:
    """What the cluster was detected to be, for as long as it was so."""

    mode: str
    settings: tuple[Setting, ...]
    valid_from: datetime
    valid_to: datetime | None


@dataclass(frozen=True, slots=True)
class Node:
    id: int
    uid: str
    name: str
    max_pods: int | None
    slots_used: int
    first_seen: datetime
    pods: int = 0
    ready: bool | None = None


@dataclass(frozen=True, slots=True)
class NodeRecord:
    """What the CNI says of a node in an object of its own (a CiliumNode)."""

    uid: str
    node_name: str
    node_uid: str
    cidrs: str
    pools: str
    error: str
    is_ignored: bool
    since: datetime


@dataclass(frozen=True, slots=True)
class Block:
    """A range given to a node; `node` is None where no such Node exists."""

    id: int
    range: Range
    node: int | None
    node_name: str
    system: str
    rule: str
    object_uid: str
    allocated: int
    allocated_reserved: int
    pods: int
    valid_from: datetime

    @property
    def capacity(self) -> int:
        """How many addresses it can hand out, and holds beside these."""
        size = capacity.block_numbers(self.range, self.rule)
        return size.capacity + self.allocated_reserved

    @property
    def read_from(self) -> str:
        if self.system == "cilium":
            return "CiliumNode spec.ipam.podCIDRs"
        return "Node spec.podCIDRs"


@dataclass(frozen=True, slots=True)
class PoolRange:
    """A range of a pool, with the pool it belongs to; ended where `valid_to` is set."""

    pool: str
    system: str
    capacity_rule: str
    read_from: str
    pool_first_seen: datetime
    range: Range
    block_prefix_length: int | None
    valid_from: datetime
    valid_to: datetime | None


@dataclass(frozen=True, slots=True)
class Holder:
    """Who holds an address: a pod, or a node by one of its own (`kind`)."""

    address: int
    kind: str
    node: int | None
    node_name: str
    source: str
    from_earliest: datetime
    valid_from: datetime
    uid: str = ""
    namespace_uid: str = ""
    namespace: str = ""
    name: str = ""
    workload: str = ""
    created_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Endpoint:
    """What Cilium records of a pod, and the pod, where there is one."""

    uid: str
    namespace: str
    name: str
    namespace_uid: str
    pod_uid: str
    state: str
    addresses: str
    first_seen: datetime
    pod_addresses: str = ""
    pod_first_seen: datetime | None = None


@dataclass(frozen=True)
class Facts:
    """A cluster as the mirror has it at one look.

    Nodes are those that exist, blocks the open ones. `unreadable` are the names of
    objects that could not be read whole: nothing is concluded from what they lack.
    `served` are nodes without a block on which pods have addresses all the same.
    `configured_as_of` is when what is known of the configuration was read. `cut` are
    the ids of rules whose rows were more than are read, `untold` of those whose rows
    were not read lately.
    """

    slug: str
    mode: str
    families: tuple[int, ...]
    kinds: tuple[str, ...]
    is_confined: bool
    first_as_of: datetime
    as_of: datetime
    configured_as_of: datetime | None = None
    addresses: int = 0
    versions: tuple[Version, ...] = ()
    unreadable: frozenset[str] = frozenset()
    nodes: tuple[Node, ...] = ()
    blocks: tuple[Block, ...] = ()
    ranges: tuple[PoolRange, ...] = ()
    past_ranges: tuple[PoolRange, ...] = ()
    records: tuple[NodeRecord, ...] = ()
    served: frozenset[int] = frozenset()
    shared: tuple[tuple[Holder, ...], ...] = ()
    strays: tuple[Holder, ...] = ()
    of_one_family: tuple[Holder, ...] = ()
    nodes_in_pools: tuple[Holder, ...] = ()
    pods_of_before: dict[datetime, int] = field(default_factory=dict)
    torn_endpoints: tuple[Endpoint, ...] = ()
    orphan_endpoints: tuple[Endpoint, ...] = ()
    without_endpoint: tuple[Holder, ...] = ()
    cut: frozenset[str] = frozenset()
    untold: frozenset[str] = frozenset()

    @property
    def has_configuration(self) -> bool:
        """Say whether the configuration was read about when the rest was."""
        read = self.configured_as_of
        return read is not None and self.as_of - read <= OLDEST_CONFIGURATION

    def was_configured_after(self, moment: datetime) -> bool:
        """Say whether the configuration was read after an instant.

        A block may be of a range that was appended a moment before it was given.
        """
        return self.configured_as_of is not None and moment < self.configured_as_of

    @property
    def is_host_scope(self) -> bool:
        """Say whether pods have their addresses out of the blocks of their nodes."""
        return self.mode in HOST_SCOPE

    @cached_property
    def settings(self) -> tuple[Setting, ...]:
        """What the configuration says now."""
        return self.versions[-1].settings if self.versions else ()

    def settings_named(self, *names: str) -> list[Setting]:
        return [each for each in self.settings if each.name in names]

    def is_set(self, name: str, value: str) -> bool:
        return any(each.value.lower() == value for each in self.settings_named(name))

    @cached_property
    def node_of(self) -> dict[int, Node]:
        return {node.id: node for node in self.nodes}

    @cached_property
    def owned(self) -> tuple[Block, ...]:
        """The blocks of nodes that exist."""
        return tuple(block for block in self.blocks if block.node in self.node_of)

    @cached_property
    def orphans(self) -> tuple[Block, ...]:
        """The blocks of no node that exists."""
        return tuple(block for block in self.blocks if block.node not in self.node_of)

    @cached_property
    def blocks_of(self) -> dict[int, list[Block]]:
        """The blocks of each node by its id."""
        found: dict[int, list[Block]] = {}
        for block in self.owned:
            if block.node is not None:
                found.setdefault(block.node, []).append(block)
        return found

    @cached_property
    def record_of(self) -> dict[str, NodeRecord]:
        """What the CNI says of each node, by the node's name."""
        return {record.node_name: record for record in self.records}

    @cached_property
    def is_allocated_by_kubernetes(self) -> bool:
        """Say whether kube-controller-manager is known to give every Node a CIDR.

        kubeadm tells it to where it knows the range. Source: kubernetes
        cmd/kubeadm/app/phases/controlplane/manifests.go.
        """
        if any(each.is_flag for each in self.settings):
            return self.is_set("allocate-node-cidrs", "true")
        told = self.settings_named("allocate-node-cidrs", "networking.podSubnet")
        return bool(told) and not self.is_set("allocate-node-cidrs", "false")

    def expects_cidr(self, node: Node) -> bool:
        """Say whether a node is to get a CIDR of its own.

        Another CNI may serve it, or none: a virtual node. In mode cluster-pool Cilium's
        agent asks for one by a CiliumNode; in mode kubernetes every Node gets one where
        kube-controller-manager gives them, else one is missed by who is not ready.
        """
        if node.id in self.served or node.name in self.unreadable:
            return False
        record = self.record_of.get(node.name)
        if self.mode == "cluster-pool":
            return record is not None and not (record.is_ignored or record.pools)
        return self.is_allocated_by_kubernetes or node.ready is False

    def pool_of(self, wanted: Range) -> PoolRange | None:
        """Return the narrowest range of a pool that covers another."""
        covering = [each for each in self.ranges if each.range.covers(wanted)]
        return min(covering, key=lambda each: each.range.size, default=None)


def blocks_by_name(blocks: Iterable[Block]) -> dict[str, list[Block]]:
    """Return blocks by the name of the node they are for."""
    found: dict[str, list[Block]] = defaultdict(list)
    for block in blocks:
        found[block.node_name].append(block)
    return found
