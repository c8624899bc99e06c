import json
from collections import Counter
from typing import Any

import pytest

from ipamweb.simulator.scenario import BadScenario, Scenario
from ipamweb.simulator.server import Simulator


def objects(simulator: Simulator, kind: str) -> list[Any]:
    return [json.loads(stored.body) for stored in simulator.store.all(kind)]


def config(simulator: Simulator, name: str) -> Any:
    return simulator.store.get("configmaps", name, namespace="kube-system")["data"]


@pytest.fixture(scope="module")
def cluster() -> Simulator:
    return Simulator(Scenario(nodes=3, pods_per_node=30, dual_stack=True, ingress=True))


def test_every_node_has_its_pods(cluster: Simulator) -> None:
    pods = objects(cluster, "pods")
    assert Counter(pod["spec"]["nodeName"] for pod in pods) == {
        "worker-1": 30, "worker-2": 30, "worker-3": 30
    }  # fmt: skip


def test_a_pod_is_as_large_as_a_real_one(cluster: Simulator) -> None:
    assert min(len(stored.body) for stored in cluster.store.all("pods")) >= 6000


def test_the_ordinary_oddities_are_there(cluster: Simulator) -> None:
    pods = objects(cluster, "pods")
    assert Counter(pod["status"]["phase"] for pod in pods) == {
        "Running": 79, "Succeeded": 8, "Failed": 1, "Pending": 2
    }  # fmt: skip
    assert sum("hostNetwork" in pod["spec"] for pod in pods) == 7
    assert sum("deletionTimestamp" in pod["metadata"] for pod in pods) == 2
    pending = [pod for pod in pods if pod["status"]["phase"] == "Pending"]
    assert not any("podIP" in pod["status"] for pod in pending)


def test_a_finished_pod_keeps_an_address_that_another_holds(
    cluster: Simulator,
) -> None:
    held: dict[str, list[str]] = {}
    for pod in objects(cluster, "pods"):
        if "hostNetwork" not in pod["spec"]:
            for each in pod["status"].get("podIPs", []):
                held.setdefault(each["ip"], []).append(pod["status"]["phase"])
    shared = [sorted(phases) for phases in held.values() if len(phases) > 1]
    assert ["Running", "Succeeded"] in shared
    assert all(phases.count("Running") <= 1 for phases in held.values())


def test_endpoints_stand_beside_the_running_pods_of_the_pod_network(
    cluster: Simulator,
) -> None:
    assert cluster.store.count("ciliumendpoints") == 79 - 7
    endpoint = objects(cluster, "ciliumendpoints")[0]
    name, namespace = endpoint["metadata"]["name"], endpoint["metadata"]["namespace"]
    pod = cluster.store.get("pods", name, namespace=namespace)
    assert endpoint["metadata"]["ownerReferences"][0]["uid"] == pod["metadata"]["uid"]
    (pair,) = endpoint["status"]["networking"]["addressing"]
    assert [pair["ipv4"], pair["ipv6"]] == [ip["ip"] for ip in pod["status"]["podIPs"]]


def test_cluster_scope_keeps_its_ranges_in_cilium(cluster: Simulator) -> None:
    data = config(cluster, "cilium-config")
    assert data["ipam"] == "cluster-pool"
    assert data["cluster-pool-ipv4-cidr"] == "10.0.0.0/16"
    assert data["cluster-pool-ipv6-cidr"] == "fd00:10::/104"
    assert data["cluster-pool-ipv6-mask-size"] == "120"
    node = cluster.store.get("nodes", "worker-2")
    assert "podCIDRs" not in node["spec"]
    spec = cluster.store.get("ciliumnodes", "worker-2")["spec"]
    assert spec["ipam"]["podCIDRs"] == ["10.0.1.0/24", "fd00:10::100/120"]
    assert set(spec["health"]) == set(spec["ingress"]) == {"ipv4", "ipv6"}


def test_host_scope_keeps_its_ranges_in_kubernetes() -> None:
    cluster = Simulator(Scenario(system="cilium-kubernetes", dual_stack=True))
    assert config(cluster, "cilium-config")["ipam"] == "kubernetes"
    text = config(cluster, "kubeadm-config")["ClusterConfiguration"]
    assert "  podSubnet: 10.244.0.0/16,fd00:10:244::/56\n" in text
    assert 'name: node-cidr-mask-size-ipv6\n    value: "64"' in text
    spec = cluster.store.get("nodes", "worker-3")["spec"]
    assert spec["podCIDRs"] == ["10.244.2.0/24", "fd00:10:244:2::/64"]
    manager = cluster.store.get(
        "pods", "kube-controller-manager-worker-1", namespace="kube-system"
    )
    flags = manager["spec"]["containers"][0]["command"]
    assert "--cluster-cidr=10.244.0.0/16,fd00:10:244::/56" in flags


def test_plain_kubernetes_has_nothing_of_cilium() -> None:
    cluster = Simulator(Scenario(system="kubernetes"))
    assert cluster.store.count("ciliumnodes") == 0
    assert "cilium.io" not in cluster.store.groups
    with pytest.raises(KeyError):
        config(cluster, "cilium-config")


def test_weights_make_hot_and_cold_nodes() -> None:
    cluster = Simulator(Scenario(nodes=3, pods_per_node=20, weights=(1, 2.5, 0.2)))
    pods = objects(cluster, "pods")
    assert Counter(pod["spec"]["nodeName"] for pod in pods) == {
        "worker-1": 20, "worker-2": 50, "worker-3": 4
    }  # fmt: skip


def test_the_same_seed_makes_the_same_cluster() -> None:
    def names(seed: int) -> list[str]:
        cluster = Simulator(Scenario(seed=seed))
        return [stored.uid + stored.name for stored in cluster.store.all("pods")]

    assert names(5) == names(5)
    assert names(5) != names(6)


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        pytest.param({"system": "calico"}, "calico is not built yet", id="planned"),
        pytest.param({"system": "flannel"}, "'flannel' is no system", id="unknown"),
        pytest.param({"nodes": 0}, "at least 1 node, not 0", id="no nodes"),
        pytest.param({"pods_per_node": 111}, "0 to 110 pods, not 111", id="pods"),
    ],
)
def test_a_scenario_that_cannot_be_says_why(
    wrong: dict[str, Any], message: str
) -> None:
    with pytest.raises(BadScenario, match=message):
        Scenario(**wrong)
