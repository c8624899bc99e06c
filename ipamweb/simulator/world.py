"""The simulated cluster's nodes and pods, and what can be done to them one at a time.

A world starts populated and full of ordinary oddities: finished pods that keep the
addresses others hold, pods without an address, terminating ones, pods on the host
network. Not here: when something is done (churn.py), how it looks (pod_objects.py,
node_objects.py).
"""

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from itertools import chain, count
from random import Random
from typing import Any

from ipamweb.addressing.ranges import format_address, parse_address
from ipamweb.simulator.allocators import Allocator, BlockPool
from ipamweb.simulator.configuration import (
    cilium_config,
    controller_manager_flags,
    kubeadm_config,
)
from ipamweb.simulator.facts import NodeFacts, PodFacts, Workload
from ipamweb.simulator.kinds import CILIUM_GROUP
from ipamweb.simulator.node_objects import (
    cilium_endpoint_object,
    cilium_node_object,
    config_map_object,
    namespace_object,
    node_object,
)
from ipamweb.simulator.pod_objects import pod_object
from ipamweb.simulator.scenario import Scenario
from ipamweb.simulator.store import Store, as_timestamp
from ipamweb.simulator.workloads import (
    MONITORING,
    SYSTEM_NAMESPACES,
    agents,
    controller_manager,
    new_uid,
    suffix,
    team_workloads,
)

FIRST_NODE_IPV4 = parse_address("172.18.0.2")
FIRST_NODE_IPV6 = parse_address("fd00:172:18::2")
ZONES = ("zone-a", "zone-b", "zone-c")
POOLS = (
    ("general", "m7i.4xlarge"),
    ("compute", "c7i.4xlarge"),
    ("memory", "r7i.4xlarge"),
)
AGE = timedelta(days=40)


class World:
    """Nodes by name and pods by namespace/name."""

    def __init__(self, scenario: Scenario, *, at: datetime) -> None:
        self.scenario = scenario
        self.at = at
        self.random = Random(scenario.seed)
        self.nodes: dict[str, NodeFacts] = {}
        self.pods: dict[str, PodFacts] = {}
        total = scenario.nodes * scenario.pods_per_node
        self.workloads = team_workloads(total, self.random)
        self.agents = agents(scenario.system, self.random)
        # CiliumEndpoints whose pods are gone: addresses that nobody gives back.
        self.leaked: list[PodFacts] = []
        self._ordinals: dict[str, Iterator[int]] = {}
        self._numbers = count(1)
        self._uids = {name: new_uid(self.random) for name in self.namespaces}
        self._block_pools = {
            family: BlockPool(
                scenario.cidrs(family), prefix_length=scenario.mask(family)
            )
            for family in scenario.families
        }
        self._populate()

    # What there is

    @property
    def namespaces(self) -> list[str]:
        teams = {workload.namespace for workload in self.workloads}
        return sorted({*SYSTEM_NAMESPACES, MONITORING, *teams})

    def objects(self, kind: str) -> Iterator[Mapping[str, Any]]:
        """Yield all objects of a kind, made one at a time."""
        created = as_timestamp(self.at - AGE)
        if kind == "namespaces":
            for name in self.namespaces:
                yield namespace_object(name, uid=self._uids[name], created=created)
        elif kind == "nodes":
            yield from map(self.node_object, self.nodes.values())
        elif kind == "pods":
            yield from map(pod_object, self.pods.values())
        elif kind == "configmaps":
            yield from self._config_maps(created)
        elif self.scenario.has_cilium and kind == "ciliumnodes":
            yield from map(cilium_node_object, self.nodes.values())
        elif self.scenario.has_cilium and kind == "ciliumendpoints":
            there = filter(self.has_endpoint, self.pods.values())
            yield from map(cilium_endpoint_object, chain(there, self.leaked))

    def load(self, store: Store) -> None:
        """Put everything into a store, as what was there before anybody looked."""
        if not self.scenario.has_cilium:
            store.groups.discard(CILIUM_GROUP)
        for kind in sorted(store.kinds):
            store.load(kind, self.objects(kind))

    def node_object(self, node: NodeFacts) -> dict[str, Any]:
        return node_object(node, with_cidrs=self.scenario.node_has_cidrs)

    def has_endpoint(self, pod: PodFacts) -> bool:
        """Cilium has endpoints of its own pods while they run."""
        return bool(
            self.scenario.has_cilium
            and self.scenario.endpoints
            and pod.addresses
            and not pod.workload.host_network
            and not pod.is_finished
        )

    # What can be done

    def add_node(self, created: datetime, *, name: str = "") -> NodeFacts:
        """Add a node with a block of each family; Exhausted when there is none left."""
        number = next(self._numbers)
        zone = ZONES[number % len(ZONES)]
        pool, instance_type = POOLS[number % len(POOLS)]
        families = self.scenario.families
        first = {4: FIRST_NODE_IPV4, 6: FIRST_NODE_IPV6}
        node = NodeFacts(
            name=name or f"worker-{number:0{len(str(self.scenario.nodes))}d}",
            uid=new_uid(self.random),
            cilium_uid=new_uid(self.random),
            created=created,
            zone=zone,
            pool=pool,
            instance_type=instance_type,
            addresses=tuple(format_address(first[f] + number - 1) for f in families),
            allocators=[self._new_allocator(family) for family in families],
            weight=self.scenario.weight(number - 1),
        )
        self._take_infrastructure(node)
        self.nodes[node.name] = node
        return node

    def remove_node(self, node: NodeFacts) -> None:
        """Remove a node that has no pods; its blocks are free again."""
        del self.nodes[node.name]
        for allocator in node.allocators:
            self._block_pools[allocator.block.family].give_back(allocator.block)

    def add_pod(self, workload: Workload, *, at: datetime, name: str = "") -> PodFacts:
        """Add a pod that is neither scheduled nor has an address."""
        pod = PodFacts(
            uid=new_uid(self.random),
            name=name or self._pod_name(workload),
            workload=workload,
            created=at,
            endpoint_uid=new_uid(self.random),
        )
        self.pods[pod.key] = pod
        return pod

    def schedule_pod(self, pod: PodFacts, node: NodeFacts) -> None:
        pod.node = node
        node.pods[pod.key] = pod

    def start_pod(self, pod: PodFacts, *, at: datetime) -> None:
        """Let it run with addresses of its node; Exhausted when that has none."""
        assert pod.node is not None
        if pod.workload.host_network:
            pod.addresses = pod.node.addresses
        else:
            pod.addresses = tuple(each.take() for each in pod.node.allocators)
        pod.phase, pod.started = "Running", at

    def finish_pod(self, pod: PodFacts, *, phase: str) -> None:
        """Let it end; its addresses are free for others, and stay in its status."""
        self._release(pod)
        pod.phase = phase

    def remove_pod(self, pod: PodFacts) -> None:
        if not pod.is_finished:
            self._release(pod)
        if pod.node:
            del pod.node.pods[pod.key]
        del self.pods[pod.key]

    def leak_pod(self, pod: PodFacts) -> None:
        """Remove a pod and nothing else of it: its endpoint and addresses stay."""
        self.leaked.append(pod)
        if pod.node:
            del pod.node.pods[pod.key]
        del self.pods[pod.key]

    def duplicate_addresses(self, pod: PodFacts, *, of: PodFacts) -> None:
        """Give a pod the addresses of another; its own are free."""
        self._release(pod)
        pod.addresses = of.addresses

    # Inside

    def _populate(self) -> None:
        numbers = count()
        for index in range(self.scenario.nodes):
            created = self.at - AGE + timedelta(minutes=self.random.randrange(60))
            node = self.add_node(created)
            wanted = self.scenario.pod_count(index)
            own = self.agents if index else [*self.agents, *self._control_plane(node)]
            for workload in own[:wanted]:
                pod = self.add_pod(workload, at=created)
                self.schedule_pod(pod, node)
                self.start_pod(pod, at=created)
            for _ in range(wanted - len(own)):
                self._populate_pod(node, number=next(numbers))

    def _populate_pod(self, node: NodeFacts, *, number: int) -> None:
        workload = self.workloads[number % len(self.workloads)]
        minutes = self.random.randrange(20 * 24 * 60)
        created = self.at - timedelta(minutes=5 + minutes)
        pod = self.add_pod(workload, at=created)
        self.schedule_pod(pod, node)
        if number % 40 == 6:
            return
        self.start_pod(pod, at=created + timedelta(seconds=4))
        if workload.kind == "Job":
            phases = ("Succeeded", "Running", "Succeeded", "Failed")
            phase = phases[number // len(self.workloads) % len(phases)]
            if phase != "Running":
                self.finish_pod(pod, phase=phase)
        elif number % 40 == 14:
            pod.deleted = self.at - timedelta(seconds=5)

    def _control_plane(self, node: NodeFacts) -> list[Workload]:
        flags = controller_manager_flags(self.scenario)
        return [controller_manager(flags, node=node.name, uid=node.uid)]

    def _new_allocator(self, family: int) -> Allocator:
        block = self._block_pools[family].take()
        return Allocator(block, in_turn=self.scenario.system == "kubernetes")

    def _take_infrastructure(self, node: NodeFacts) -> None:
        """Let the CNI take what it needs: a gateway, or router, health and ingress."""
        if not self.scenario.has_cilium:
            for allocator in node.allocators:
                allocator.claim(1)
            return
        taken = [
            [a.claim(at) for at in self.random.sample(range(1, a.capacity + 1), k=3)]
            for a in node.allocators
        ]
        node.routers = tuple(router for router, _, _ in taken)
        node.healths = tuple(health for _, health, _ in taken)
        if self.scenario.ingress:
            node.ingresses = tuple(ingress for _, _, ingress in taken)
            return
        for allocator, (_, _, unused) in zip(node.allocators, taken, strict=True):
            allocator.give_back(parse_address(unused))

    def _pod_name(self, workload: Workload) -> str:
        if workload.kind == "Node":
            return workload.stem
        if workload.kind != "StatefulSet":
            names = (f"{workload.stem}-{suffix(self.random)}" for _ in count())
            prefix = f"{workload.namespace}/"
            return next(name for name in names if prefix + name not in self.pods)
        ordinals = self._ordinals.setdefault(workload.owner_uid, count())
        return f"{workload.stem}-{next(ordinals)}"

    def _release(self, pod: PodFacts) -> None:
        if pod.node and pod.addresses and not pod.workload.host_network:
            for allocator, text in zip(pod.node.allocators, pod.addresses, strict=True):
                allocator.give_back(parse_address(text))

    def _config_maps(self, created: str) -> Iterator[dict[str, Any]]:
        maps = {"kubeadm-config": kubeadm_config(self.scenario)}
        if self.scenario.has_cilium:
            maps["cilium-config"] = cilium_config(self.scenario)
        for name, data in maps.items():
            uid = new_uid(Random(name))
            yield config_map_object(name, data, uid=uid, created=created)
