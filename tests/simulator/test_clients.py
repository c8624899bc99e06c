"""Other people's clients can use it: kubectl and the official Python client."""

import json
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from kubernetes import client, config
from kubernetes import watch as kubernetes_watch

from ipamweb.simulator.rights import ANONYMOUS, EVERYTHING
from ipamweb.simulator.scenario import Scenario
from ipamweb.simulator.server import Simulator
from tests.simulator.asking import pod

needs_kubectl = pytest.mark.skipif(
    shutil.which("kubectl") is None, reason="kubectl is not installed"
)


@pytest.fixture
def simulator() -> Iterator[Simulator]:
    """Three nodes of eight pods; kubectl sends no token over plain HTTP."""
    simulator = Simulator(Scenario(nodes=3, pods_per_node=8, dual_stack=True))
    simulator.users.set(ANONYMOUS, EVERYTHING)
    with simulator.running():
        yield simulator


def kubectl(
    simulator: Simulator, *words: str, folder: Path
) -> subprocess.CompletedProcess[str]:
    kubeconfig = simulator.kubeconfig(folder / "kubeconfig")
    return subprocess.run(
        ["kubectl", f"--kubeconfig={kubeconfig}", *words],
        capture_output=True,
        text=True,
        timeout=60,
        env={"HOME": str(folder), "PATH": "/usr/local/bin:/usr/bin:/bin"},
    )


@needs_kubectl
def test_kubectl_prints_nodes(simulator: Simulator, tmp_path: Path) -> None:
    done = kubectl(simulator, "get", "nodes", folder=tmp_path)
    lines = [line.split() for line in done.stdout.splitlines()]
    assert done.stderr == ""
    assert lines[0] == ["NAME", "STATUS", "ROLES", "AGE", "VERSION"]
    assert [line[:2] for line in lines[1:]] == [
        [f"worker-{number}", "Ready"] for number in (1, 2, 3)
    ]


@needs_kubectl
def test_kubectl_pages_and_prints_pods_of_all_namespaces(
    simulator: Simulator, tmp_path: Path
) -> None:
    done = kubectl(
        simulator, "get", "pods", "-A", "-o", "wide", "--chunk-size=5", folder=tmp_path
    )
    header, *rows = [line.split() for line in done.stdout.splitlines()]
    assert header[:4] == ["NAMESPACE", "NAME", "READY", "STATUS"]
    assert len(rows) == 24
    assert {row[3] for row in rows} >= {"Running", "Completed", "Pending"}


@needs_kubectl
def test_kubectl_watches_pods(simulator: Simulator, tmp_path: Path) -> None:
    kubeconfig = simulator.kubeconfig(tmp_path / "kubeconfig")
    watching = subprocess.Popen(
        ["kubectl", f"--kubeconfig={kubeconfig}", "get", "pods", "-A", "-w"],
        stdout=subprocess.PIPE,
        text=True,
        env={"HOME": str(tmp_path), "PATH": "/usr/local/bin:/usr/bin:/bin"},
    )
    assert watching.stdout is not None
    listed = [watching.stdout.readline() for _ in range(25)]
    simulator.store.add("pods", pod("newcomer"))
    told = watching.stdout.readline().split()
    watching.terminate()
    watching.communicate(timeout=20)
    assert listed[0].split()[:2] == ["NAMESPACE", "NAME"]
    assert told[:4] == ["default", "newcomer", "0/1", "Running"]


@needs_kubectl
def test_kubectl_finds_custom_resources_by_short_name(
    simulator: Simulator, tmp_path: Path
) -> None:
    done = kubectl(simulator, "get", "cn", "worker-1", "-o", "json", folder=tmp_path)
    spec = json.loads(done.stdout)["spec"]
    assert spec["ipam"]["podCIDRs"] == ["10.0.0.0/24", "fd00:10::/120"]


@needs_kubectl
def test_kubectl_sends_its_token_over_tls(secure: Simulator, tmp_path: Path) -> None:
    allowed = kubectl(secure, "get", "namespaces", folder=tmp_path)
    assert "kube-system" in allowed.stdout
    secure.users.set("admin")
    refused = kubectl(secure, "get", "namespaces", folder=tmp_path)
    assert 'User "admin" cannot list resource "namespaces"' in refused.stderr


@pytest.fixture
def core(simulator: Simulator, tmp_path: Path) -> Iterator[client.CoreV1Api]:
    kubeconfig = simulator.kubeconfig(tmp_path / "kubeconfig", user="reader")
    with config.new_client_from_config(str(kubeconfig)) as api:
        yield client.CoreV1Api(api)


def test_the_python_client_lists_pods_and_nodes(core: client.CoreV1Api) -> None:
    first = core.list_pod_for_all_namespaces(limit=20)
    rest = core.list_pod_for_all_namespaces(_continue=first.metadata._continue)
    assert (len(first.items), len(rest.items)) == (20, 4)
    assert [node.metadata.name for node in core.list_node().items] == [
        "worker-1", "worker-2", "worker-3"
    ]  # fmt: skip


def test_the_python_client_watches_pods(
    simulator: Simulator, core: client.CoreV1Api
) -> None:
    version = core.list_pod_for_all_namespaces().metadata.resource_version
    simulator.store.add("pods", pod("newcomer"))
    simulator.store.delete("pods", "newcomer", namespace="default")
    stream = kubernetes_watch.Watch().stream(
        core.list_pod_for_all_namespaces, resource_version=version, timeout_seconds=1
    )
    seen = [(event["type"], event["object"].metadata.name) for event in stream]
    assert seen == [("ADDED", "newcomer"), ("DELETED", "newcomer")]


def test_the_python_client_is_told_what_it_may_not(core: client.CoreV1Api) -> None:
    with pytest.raises(client.ApiException, match="configmaps is forbidden") as caught:
        core.list_config_map_for_all_namespaces()
    assert caught.value.status == 403
