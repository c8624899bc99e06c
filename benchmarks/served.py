"""The simulated cluster, in a process of its own, so that its work is nobody's figure.

`serve` starts it; the `Served` it yields is how a benchmark, or a process of one, tells
it what to do: render its pages beforehand, or change a number of pods.
"""

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing.connection import Client, Connection, Listener
from pathlib import Path

from benchmarks.pod_changes import PodChanges
from ipamweb.cluster.pages import PAGE_LIMIT
from ipamweb.simulator.scenario import Scenario
from ipamweb.simulator.server import Simulator

PODS_PER_NODE = 30
# A /24 for each of 5,000 nodes, and some left.
POOL = "10.128.0.0/11"


@dataclass(frozen=True, slots=True)
class Served:
    """A running cluster: its kubeconfig, its size, and where it takes orders."""

    kubeconfig: str
    orders: str
    nodes: int
    pods: int
    bytes_per_pod: int

    def render_pages(self) -> None:
        """Make and compress all pages of lists; they serve until anything changes."""
        self._order("render", 0)

    def change_pods(self, count: int) -> None:
        """Make so many changes of pods, and what follows of them in their endpoints."""
        self._order("change", count)

    def _order(self, what: str, count: int) -> None:
        with Client(self.orders) as connection:
            connection.send((what, count))
            connection.recv()


@contextmanager
def serve(nodes: int, *, folder: Path) -> Iterator[Served]:
    """Yield a cluster of so many nodes with 30 pods each; stop it afterwards."""
    command = [sys.executable, "-m", "benchmarks.served", str(nodes), str(folder)]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        try:
            yield Served(**json.loads(process.stdout.readline()))
        finally:
            process.terminate()


def main(nodes: int, folder: Path) -> None:
    """Serve until the process is ended."""
    scenario = Scenario(nodes=nodes, pods_per_node=PODS_PER_NODE, ipv4_cidrs=(POOL,))
    simulator = Simulator(scenario)
    pods = simulator.store.all("pods")
    address = str(folder / f"orders-{nodes}")
    with simulator.running(), Listener(address, family="AF_UNIX") as listener:
        served = Served(
            kubeconfig=str(simulator.kubeconfig(folder / f"kubeconfig-{nodes}")),
            orders=address,
            nodes=nodes,
            pods=len(pods),
            bytes_per_pod=sum(len(pod.body) for pod in pods) // len(pods),
        )
        fields = {name: getattr(served, name) for name in Served.__slots__}
        print(json.dumps(fields), flush=True)
        del pods
        changes = PodChanges(simulator.store)
        while True:
            _obey(listener.accept(), simulator, changes)


def _obey(connection: Connection, simulator: Simulator, changes: PodChanges) -> None:
    what, count = connection.recv()
    if what == "change":
        changes.make(count)
    elif what == "render":
        for kind in simulator.store.kinds:
            simulator.prerender(kind, PAGE_LIMIT)
    connection.send("done")
    connection.close()


if __name__ == "__main__":
    main(int(sys.argv[1]), Path(sys.argv[2]))
