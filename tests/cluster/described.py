"""Clusters as the answers of their API servers; each test changes one of them."""

from typing import Any

from ipamweb.addressing.records import Pool
from ipamweb.cluster.detection import Detection, detect
from ipamweb.cluster.readers.contract import (
    CILIUM_ENDPOINTS,
    CILIUM_NODES,
    NAMESPACES,
    NODES,
    PODS,
)
from tests.cluster.recorded import RecordedSession, answer, recorded

KUBE_SYSTEM = "/api/v1/namespaces/kube-system"
CILIUM_CONFIG = f"{KUBE_SYSTEM}/configmaps/cilium-config"
KUBEADM_CONFIG = f"{KUBE_SYSTEM}/configmaps/kubeadm-config"
CONTROL_PLANE = f"{KUBE_SYSTEM}/pods"
CORE = (NAMESPACES, NODES, PODS)
OF_CILIUM = (CILIUM_NODES, CILIUM_ENDPOINTS)
TEXTBOOK = recorded("cilium_cluster_pool/textbook_node.json")


def groups(*served: str, **resources: list[str]) -> dict[str, Any]:
    """An aggregated answer: groups without resources, then those with (v2)."""
    with_resources = {name.replace("_", "."): r for name, r in resources.items()}
    return {
        "kind": "APIGroupDiscoveryList",
        "items": [
            {
                "metadata": {"name": name},
                "versions": [
                    {
                        "version": "v2",
                        "resources": [
                            {"resource": r} for r in with_resources.get(name, ())
                        ],
                    }
                ],
            }
            for name in (*served, *with_resources)
        ],
    }


CILIUM_GROUP = groups(cilium_io=["ciliumnodes", "ciliumendpoints"])


def plain(**answers: Any) -> dict[str, Any]:
    """The answers of a cluster without any system of its own, changed by path."""
    return {
        "/apis": groups("apps"),
        "/version": {"gitVersion": "v1.36.2"},
        KUBE_SYSTEM: {"metadata": {"name": "kube-system", "uid": "k1"}},
        "/api/v1/nodes": {"kind": "NodeList", "items": []},
    } | answers


def detected(answers: dict[str, Any]) -> Detection:
    return detect(RecordedSession(answers))


def config(**data: str) -> dict[str, Any]:
    return {"data": {key.replace("_", "-"): value for key, value in data.items()}}


def kubeadm(text: str) -> dict[str, Any]:
    return {"data": {"ClusterConfiguration": text}}


def controller_manager(*command: str) -> dict[str, Any]:
    metadata = {"namespace": "kube-system", "name": "kube-controller-manager-cp1"}
    containers = [{"name": "kube-controller-manager", "command": list(command)}]
    return {"items": [{"metadata": metadata, "spec": {"containers": containers}}]}


def ranges_of(pool: Pool) -> list[tuple[str, int | None]]:
    return [(str(each.range), each.block_prefix_length) for each in pool.ranges]


def pools_of(detection: Detection) -> dict[str, list[tuple[str, int | None]]]:
    return {pool.slug: ranges_of(pool) for pool in detection.pools}


def recorded_cluster() -> dict[str, Any]:
    return {
        "/apis": answer("discovery-apis"),
        "/version": answer("version"),
        KUBE_SYSTEM: answer("namespace-kube-system"),
        CILIUM_CONFIG: answer("configmap-cilium-config"),
        KUBEADM_CONFIG: answer("configmap-kubeadm-config"),
        CONTROL_PLANE: {"items": []},
    }
