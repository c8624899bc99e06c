"""What is asked of a cluster to find out what it is, and what was seen so far.

What may not be read becomes a missing right, what is not there is None; every other
error is raised, because it says nothing about the cluster. Not here: conclusions.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TypeVar

from ipamweb.addressing.records import Problem
from ipamweb.cluster import cluster_ranges, shapes
from ipamweb.cluster.cluster_ranges import Found, Source
from ipamweb.cluster.discovery import Served
from ipamweb.cluster.errors import NotAllowed, NotFound, NotInstalled
from ipamweb.cluster.objects import Asks, read_object
from ipamweb.cluster.readers.contract import NODES, PODS

T = TypeVar("T")

CILIUM_KEYS = (
    "ipam",
    "enable-ipv4",
    "enable-ipv6",
    "cluster-pool-ipv4-cidr",
    "cluster-pool-ipv4-mask-size",
    "cluster-pool-ipv6-cidr",
    "cluster-pool-ipv6-mask-size",
    "routing-mode",
    "ipv4-native-routing-cidr",
    "ipv6-native-routing-cidr",
    "enable-health-checking",
    "enable-endpoint-health-checking",
    "enable-envoy-config",
    "local-router-ipv4",
    "local-router-ipv6",
    "enable-cilium-endpoint-slice",
    "disable-endpoint-crd",
    "enable-cluster-pool-to-multi-pool-migration",
)
# So many of each kind are looked at where no configuration says what is so.
SAMPLE = "10"


@dataclass(slots=True)
class Sight:
    """What was seen of a cluster so far."""

    session: Asks
    served: Served
    found: Found = field(default_factory=Found)
    missing_rights: list[str] = field(default_factory=list)
    # Configurations that may not be read, as facts name them, with the right.
    refused: dict[str, str] = field(default_factory=dict)

    def read_if_there(
        self,
        path: str,
        shape: type[T],
        *,
        right: str,
        query: Mapping[str, str] | None = None,
    ) -> T | None:
        """Return what is there; None where nothing is, or where `right` is missing."""
        try:
            return read_object(self.session, path, shape, query=query)
        except (NotFound, NotInstalled):
            return None
        except NotAllowed:
            if right not in self.missing_rights:
                self.missing_rights.append(right)
            return None

    def read_config(self, namespace: str, name: str) -> Mapping[str, str] | None:
        """Return the data of a ConfigMap; None where there is none to be read."""
        right = f"get configmaps {name} in {namespace}"
        path = f"/api/v1/namespaces/{namespace}/configmaps/{name}"
        config = self.read_if_there(path, shapes.ConfigMap, right=right)
        if right in self.missing_rights:
            self.refused[f"ConfigMap {namespace}/{name}"] = right
        return None if config is None else config.data or {}

    def problem(self, subject: str, why: str) -> None:
        """Note what could not be understood of the cluster as a whole."""
        self.found.problems.append(Problem("Cluster", self.session.name, subject, why))


def cilium_source(sight: Sight, namespace: str) -> Source | None:
    """Return what cilium-config says, also as facts; None where it is not there."""
    data = sight.read_config(namespace, "cilium-config")
    if data is None:
        return None
    values = {name: data[name] for name in CILIUM_KEYS if name in data}
    source = Source("ConfigMap", f"{namespace}/cilium-config", values)
    cluster_ranges.add_facts([source], sight.found)
    return source


def kubernetes_sources(sight: Sight) -> list[Source]:
    """Return the flags in force, then what kubeadm was told, as far as there are."""
    sources: list[Source | None] = []
    pods = sight.read_if_there(
        PODS.path_in("kube-system"),
        shapes.ObjectList[shapes.CommandPod],
        right="list pods in kube-system",
        query={"labelSelector": "component=kube-controller-manager", "limit": SAMPLE},
    )
    sources.append(
        cluster_ranges.controller_manager_source((pods.items if pods else None) or [])
    )
    data = sight.read_config("kube-system", "kubeadm-config") or {}
    if text := data.get("ClusterConfiguration"):
        name = "kube-system/kubeadm-config"
        sources.append(cluster_ranges.kubeadm_source(text, sight.found, name=name))
    return [source for source in sources if source]


def sampled_pod_cidrs(sight: Sight) -> set[str]:
    """Return the podCIDRs of a few Nodes, as they are written."""
    sample = sight.read_if_there(
        NODES.path,
        shapes.ObjectList[shapes.Node],
        right="list nodes",
        query={"limit": SAMPLE},
    )
    return {
        cidr
        for node in (sample.items if sample else None) or ()
        if node.spec
        for cidr in node.spec.pod_cidrs or ()
    }
