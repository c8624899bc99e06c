"""Nodes, namespaces, configuration and Cilium's objects as the API serves them.

Shapes follow the recordings (Kubernetes 1.36, Cilium 1.19). Not here: pods.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from ipamweb.simulator.facts import NodeFacts, PodFacts
from ipamweb.simulator.store import as_timestamp

ZONE_LABEL = "topology.kubernetes.io/zone"
INSTANCE_TYPE_LABEL = "node.kubernetes.io/instance-type"
POOL_LABEL = "cloud.google.com/gke-nodepool"


def namespace_object(name: str, *, uid: str, created: str) -> dict[str, Any]:
    return {
        "metadata": {
            "name": name,
            "uid": uid,
            "creationTimestamp": created,
            "labels": {"kubernetes.io/metadata.name": name} | _team(name),
            "managedFields": [_entry("kube-apiserver", created)],
        },
        "spec": {"finalizers": ["kubernetes"]},
        "status": {"phase": "Active"},
    }


def node_object(node: NodeFacts, *, with_cidrs: bool) -> dict[str, Any]:
    """Return a Node; `with_cidrs` where kube-controller-manager gives out blocks."""
    spec: dict[str, Any] = {"providerID": f"simulated://{node.zone}/{node.name}"}
    if with_cidrs:
        spec = {"podCIDR": node.cidrs[0], "podCIDRs": node.cidrs} | spec
    return {
        "metadata": {
            "name": node.name,
            "uid": node.uid,
            "creationTimestamp": as_timestamp(node.created),
            "labels": {
                "kubernetes.io/hostname": node.name,
                "kubernetes.io/os": "linux",
                "kubernetes.io/arch": "amd64",
                ZONE_LABEL: node.zone,
                INSTANCE_TYPE_LABEL: node.instance_type,
                POOL_LABEL: node.pool,
            },
            "annotations": {"node.alpha.kubernetes.io/ttl": "0"},
            "managedFields": [_entry("kubelet", as_timestamp(node.created))],
        },
        "spec": spec,
        "status": _node_status(node),
    }


def _node_status(node: NodeFacts) -> dict[str, Any]:
    resources = {
        "cpu": "16",
        "memory": "65806412Ki",
        "ephemeral-storage": "101430960Ki",
        "pods": str(node.max_pods),
    }
    addresses = [{"type": "InternalIP", "address": ip} for ip in node.addresses]
    return {
        "capacity": resources,
        "allocatable": resources,
        "conditions": [_ready_condition(node)],
        "addresses": [*addresses, {"type": "Hostname", "address": node.name}],
        "daemonEndpoints": {"kubeletEndpoint": {"Port": 10250}},
        "nodeInfo": {
            "machineID": node.uid.replace("-", ""),
            "systemUUID": node.uid,
            "bootID": node.uid,
            "kernelVersion": "6.12.48",
            "osImage": "Debian GNU/Linux 13 (trixie)",
            "containerRuntimeVersion": "containerd://2.1.4",
            "kubeletVersion": "v1.36.2",
            "kubeProxyVersion": "",
            "operatingSystem": "linux",
            "architecture": "amd64",
        },
    }


def _ready_condition(node: NodeFacts) -> dict[str, Any]:
    since = as_timestamp(node.created)
    return {
        "type": "Ready",
        "status": "True" if node.ready else "Unknown",
        "lastHeartbeatTime": since,
        "lastTransitionTime": since,
        "reason": "KubeletReady" if node.ready else "NodeStatusUnknown",
        "message": "kubelet is posting ready status" if node.ready else "",
    }


def cilium_node_object(node: NodeFacts) -> dict[str, Any]:
    internal = [{"ip": ip, "type": "InternalIP"} for ip in node.addresses]
    routers = [{"ip": ip, "type": "CiliumInternalIP"} for ip in node.routers]
    return {
        "metadata": {
            "name": node.name,
            "uid": node.cilium_uid,
            "creationTimestamp": as_timestamp(node.created),
            "generation": 1,
            "labels": {"kubernetes.io/hostname": node.name},
            "ownerReferences": [
                {"apiVersion": "v1", "kind": "Node", "name": node.name, "uid": node.uid}
            ],
            "managedFields": [_entry("cilium-agent", as_timestamp(node.created))],
        },
        "spec": {
            "addresses": [*internal, *routers],
            "health": _by_family(node.healths),
            "ingress": _by_family(node.ingresses),
            "ipam": {"podCIDRs": node.cidrs, "pools": {}},
        },
        "status": {"ipam": {"operator-status": {}}},
    }


def cilium_endpoint_object(pod: PodFacts) -> dict[str, Any]:
    """Return the CiliumEndpoint of a pod that has its addresses."""
    node = pod.node
    created = as_timestamp(pod.started or pod.created)
    return {
        "metadata": {
            "name": pod.name,
            "namespace": pod.namespace,
            "uid": pod.endpoint_uid,
            "creationTimestamp": created,
            "generation": 1,
            "labels": {"app.kubernetes.io/name": pod.workload.app},
            "ownerReferences": [
                {"apiVersion": "v1", "kind": "Pod", "name": pod.name, "uid": pod.uid}
            ],
            "managedFields": [_entry("cilium-agent", created)],
        },
        "status": {
            "external-identifiers": {
                "k8s-namespace": pod.namespace,
                "k8s-pod-name": pod.name,
            },
            "id": 17,
            "identity": {
                "id": 4711,
                "labels": [f"k8s:app.kubernetes.io/name={pod.workload.app}"],
            },
            "networking": {
                "addressing": [_by_family(pod.addresses)],
                "node": node.addresses[0] if node else "",
            },
            "state": "ready",
        },
    }


def config_map_object(
    name: str, data: Mapping[str, str], *, uid: str, created: str
) -> dict[str, Any]:
    """Return a ConfigMap of kube-system."""
    return {
        "metadata": {
            "name": name,
            "namespace": "kube-system",
            "uid": uid,
            "creationTimestamp": created,
            "managedFields": [_entry("helm", created)],
        },
        "data": dict(data),
    }


def _by_family(addresses: Sequence[str]) -> dict[str, str]:
    return {"ipv6" if ":" in ip else "ipv4": ip for ip in addresses}


def _entry(manager: str, time: str) -> dict[str, Any]:
    return {
        "manager": manager,
        "operation": "Update",
        "apiVersion": "v1",
        "time": time,
        "fieldsType": "FieldsV1",
        "fieldsV1": {"f:metadata": {"f:labels": {".": {}}}},
    }


def _team(namespace: str) -> dict[str, str]:
    prefix, found, team = namespace.partition("team-")
    return {"team": team} if found and not prefix else {}
