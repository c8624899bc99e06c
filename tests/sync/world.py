"""A simulated cluster, its mirror and a clock in one hand, for tests of polls.

Real server, real client, real database; only the clock is ours. Nothing here knows what
is right: tests say it.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from ipamweb.access.models import ClusterConnection
from ipamweb.addressing.ranges import format_address, parse_address
from ipamweb.mirror.models import (
    Allocation,
    Block,
    Cluster,
    CoverageGap,
    Node,
    PastAllocation,
    Pod,
)
from ipamweb.simulator.faults import Asked, Effect, Fault
from ipamweb.simulator.kinds import KINDS
from ipamweb.simulator.server import Simulator
from ipamweb.simulator.shelf import Stored
from ipamweb.simulator.statuses import Response
from ipamweb.sync import poll as polling
from ipamweb.sync import sessions
from ipamweb.sync.outcome import PollResult
from ipamweb.sync.verify import faults

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
Object = dict[str, Any]


def at(text: str) -> datetime:
    """Return an instant of the day the tests live in: at("12:00:05")."""
    return datetime.fromisoformat(f"2026-11-22T{text}+00:00")


class Clock:
    """Stands still but for `advance`."""

    def __init__(self) -> None:
        self.now = NOON

    def __call__(self) -> datetime:
        return self.now

    def advance(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)


def pod(
    name: str,
    *addresses: str,
    namespace: str = "default",
    node: str = "worker-a",
    phase: str = "Running",
    host_network: bool = False,
    **metadata: Any,
) -> Object:
    return {
        "metadata": {"namespace": namespace, "name": name, **metadata},
        "spec": {"nodeName": node} | ({"hostNetwork": True} if host_network else {}),
        "status": {"phase": phase, "podIPs": [{"ip": each} for each in addresses]},
    }


def node(name: str, *cidrs: str, max_pods: int = 110, **metadata: Any) -> Object:
    return {
        "metadata": {"name": name, **metadata},
        "spec": {"podCIDR": cidrs[0], "podCIDRs": list(cidrs)} if cidrs else {},
        "status": {"allocatable": {"pods": str(max_pods)}},
    }


def cilium_node(name: str, cidr: str, router: str, health: str = "") -> Object:
    spec: Object = {
        "addresses": [{"type": "CiliumInternalIP", "ip": router}],
        "ipam": {"podCIDRs": [cidr]},
    }
    if health:
        spec["health"] = {"ipv4": health}
    return {"metadata": {"name": name}, "spec": spec}


CILIUM_CONFIG: Object = {
    "metadata": {"namespace": "kube-system", "name": "cilium-config"},
    "data": {
        "ipam": "cluster-pool",
        "cluster-pool-ipv4-cidr": "10.0.0.0/8",
        "cluster-pool-ipv4-mask-size": "24",
        "enable-ipv4": "true",
        "enable-ipv6": "false",
    },
}


KUBEADM_CONFIG: Object = {
    "metadata": {"namespace": "kube-system", "name": "kubeadm-config"},
    "data": {
        "ClusterConfiguration": "kind: ClusterConfiguration\n"
        "networking: {podSubnet: 10.244.0.0/16}\n"
    },
}


class World:
    """One cluster behind a simulator, and its mirror."""

    def __init__(
        self,
        simulator: Simulator,
        clock: Clock,
        *,
        folder: Path,
        patch: pytest.MonkeyPatch,
        slug: str = "prod",
    ) -> None:
        self.simulator = simulator
        self.store = simulator.store
        self.faults = simulator.faults
        self.clock = clock
        # A bookmark ends a drain of a kind of which nothing changed: no quiet time.
        simulator.watch_options.bookmark_seconds = 0.01
        self._patch = patch
        kubeconfig = simulator.kubeconfig(folder / f"{slug}.kubeconfig", user="reader")
        self.connection = ClusterConnection.objects.create(
            slug=slug, kubeconfig=str(kubeconfig)
        )

    # The cluster

    def add(self, *objects: Object, kind: str = "pods") -> None:
        for each in objects:
            self.store.add(kind, each)

    def remove(self, name: str, *, kind: str = "pods", announced: bool = True) -> None:
        namespace = "default" if kind == "pods" else ""
        self.store.delete(kind, name, namespace=namespace, announced=announced)

    def patch(self, name: str, patch: Object, *, kind: str = "pods") -> None:
        namespace = "default" if kind == "pods" else ""
        self.store.modify(kind, name, namespace=namespace, patch=patch)

    def give(self, name: str, *addresses: str, phase: str = "Running") -> None:
        """Write a pod's status as the kubelet does."""
        ips = [{"ip": each} for each in addresses]
        self.patch(name, {"status": {"phase": phase, "podIPs": ips}})

    def spoil(self, stored: Stored, change: Callable[[bytes], bytes]) -> None:
        """Write an object as no API server would; `change` is done to its JSON."""
        body = change(stored.body)
        assert body != stored.body
        version = b'"resourceVersion":"%d"'
        body = body.replace(
            version % stored.version, version % (self.store.version + 1)
        )
        kind = "pods" if stored.namespace else "nodes"
        self.store.put_raw(kind, replace(stored, content=body, dictionary=b""))

    def uid(self, name: str, *, kind: str = "pods") -> str:
        namespace = "default" if kind == "pods" else ""
        return self.store.stored(kind, name, namespace=namespace).uid

    def lie(self, kind: str) -> Fault:
        """Let lists of a kind be empty, and valid, from now on."""

        def respond(_: Asked) -> Response:
            found = KINDS[kind]
            text = (
                f'{{"kind":"{found.name}List","apiVersion":"{found.api_version}",'
                f'"metadata":{{"resourceVersion":"{self.store.version}"}},"items":[]}}'
            )
            return Response(200, text.encode())

        return self.faults.add(Effect(respond), kind=kind, verb="list")

    # Reading it

    def poll(self, *, after: float = 5, complete: bool = False) -> PollResult:
        """Let time pass, then poll."""
        self.clock.advance(after)
        return polling.poll(self.connection, complete=complete, clock=self.clock)

    def edit(self, **fields: Any) -> None:
        """Change the connection as access.acts does."""
        self.connection.revision += 1
        for name, value in fields.items():
            setattr(self.connection, name, value)
        self.connection.save()

    def reach(self, **limits: Any) -> None:
        """Reach the cluster with other limits: page_size, timeout_seconds …"""
        access_of = sessions.access_of
        self._patch.setattr(
            sessions, "access_of", lambda connection: replace(
                access_of(connection), **limits
            ),
        )  # fmt: skip
        sessions.forget_all()

    # The mirror

    @property
    def cluster(self) -> Cluster:
        return Cluster.objects.get(slug=self.connection.slug)

    @property
    def faults_found(self) -> list[str]:
        return faults(self.cluster)

    @property
    def held(self) -> dict[str, str]:
        """The open allocations of pods: address → name of the pod."""
        rows = Allocation.objects.filter(cluster=self.cluster, kind="pod")
        return {
            format_address(address): name
            for address, name in rows.order_by("id").values_list("address", "pod__name")
        }

    @property
    def gaps(self) -> list[CoverageGap]:
        return list(CoverageGap.objects.filter(cluster=self.cluster).order_by("id"))

    def allocation(self, address: str) -> Allocation:
        return Allocation.objects.get(
            cluster=self.cluster, address=parse_address(address)
        )

    def past(self, address: str = "") -> list[PastAllocation]:
        rows = PastAllocation.objects.filter(cluster=self.cluster).order_by("id")
        return list(rows.filter(address=parse_address(address)) if address else rows)

    def pod(self, name: str) -> Pod:
        """Return the youngest pod of that name."""
        return Pod.objects.filter(cluster=self.cluster, name=name).latest("id")

    def node(self, name: str) -> Node:
        return Node.objects.filter(cluster=self.cluster, name=name).latest("id")

    def block(self, node_name: str) -> Block:
        return Block.objects.get(
            cluster=self.cluster, node_name=node_name, valid_to=None
        )
