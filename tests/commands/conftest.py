"""A simulated cluster, and commands as a person types them."""

from collections.abc import Callable, Iterator
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command

from ipamweb.simulator.server import Simulator
from ipamweb.sync import sessions
from tests.sync.world import CILIUM_CONFIG, cilium_node, node, pod

Run = Callable[..., list[str]]


@pytest.fixture
def run(db: None) -> Run:
    """Run a command and return the lines it printed."""

    def run_it(*words: str) -> list[str]:
        out = StringIO()
        call_command(*words, stdout=out)
        return out.getvalue().splitlines()

    return run_it


@pytest.fixture
def simulator() -> Iterator[Simulator]:
    """The textbook's node of Cilium's cluster scope, and its three pods."""
    sessions.forget_all()
    with Simulator().running() as simulator:
        simulator.store.add("configmaps", CILIUM_CONFIG)
        simulator.store.add("nodes", node("worker-2"))
        simulator.store.add(
            "ciliumnodes",
            cilium_node("worker-2", "10.0.2.0/24", "10.0.2.236", "10.0.2.48"),
        )
        for name, address in (
            ("nginx", "10.0.2.163"),
            ("tshoot-a", "10.0.2.244"),
            ("tshoot-b", "10.0.2.74"),
        ):
            simulator.store.add("pods", pod(name, address, node="worker-2"))
        yield simulator
    sessions.forget_all()


@pytest.fixture
def kubeconfig(simulator: Simulator, tmp_path: Path) -> str:
    return str(simulator.kubeconfig(tmp_path / "kubeconfig", user="reader"))


@pytest.fixture
def added(run: Run, kubeconfig: str) -> str:
    """The name of a cluster that was added."""
    run("add_cluster", "prod", "--kubeconfig", kubeconfig)
    return "prod"
