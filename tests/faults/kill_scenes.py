"""What happens in a small cluster while polls are killed: everything a mirror follows.

A scene is a list of steps: the cluster changes, then it is polled. Polls are killed at
the last step only. The same scene always gives the same objects, UIDs and versions.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from ipamweb.access.models import ClusterConnection
from ipamweb.simulator.server import Simulator
from ipamweb.simulator.store import Store
from tests.sync.world import CILIUM_CONFIG, NOON, cilium_node, node, pod

Change = Callable[[Store], None]
NAMESPACES = ("default", "shop", "batch")


@dataclass(frozen=True, slots=True)
class Step:
    """The cluster changes, and is polled `seconds` after noon."""

    change: Change
    seconds: float

    @property
    def now(self) -> datetime:
        return NOON + timedelta(seconds=self.seconds)


@dataclass(frozen=True, slots=True)
class Scene:
    name: str
    steps: tuple[Step, ...]


@dataclass(frozen=True, slots=True)
class Stage:
    """A running simulated cluster, and any number of connections that mirror it."""

    simulator: Simulator
    folder: Path

    def connect(self, slug: str) -> ClusterConnection:
        file = self.folder / f"{self.simulator.port}.kubeconfig"
        return ClusterConnection.objects.create(
            slug=slug, kubeconfig=str(self.simulator.kubeconfig(file, user="reader"))
        )

    def make(self, step: Step) -> None:
        step.change(self.simulator.store)


@contextmanager
def stage(folder: Path) -> Iterator[Stage]:
    simulator = Simulator(clock=lambda: NOON)
    # A bookmark ends a drain of a kind of which nothing changed: no quiet time.
    simulator.watch_options.bookmark_seconds = 0.01
    with simulator.running():
        yield Stage(simulator, folder)


def first_objects(store: Store) -> None:
    """Two nodes with blocks, router and health; thirteen pods of every sort."""
    store.add("configmaps", CILIUM_CONFIG)
    for name in NAMESPACES[1:]:
        store.add("namespaces", {"metadata": {"name": name}})
    for number in (1, 2):
        store.add("nodes", node(f"w{number}"))
        store.add(
            "ciliumnodes",
            cilium_node(
                f"w{number}",
                f"10.0.{number}.0/24",
                f"10.0.{number}.236",
                f"10.0.{number}.48",
            ),
        )
    for number in range(1, 11):
        held = f"10.0.{1 + number % 2}.{number}"
        _pod(store, f"web-{number}", held, on=f"w{1 + number % 2}")
        _endpoint(store, f"web-{number}", held)
    _pod(store, "proxy", "192.0.2.11", on="w1", host_network=True)
    _pod(store, "waiting", on="w1", phase="Pending")
    _pod(store, "rival", "10.0.1.2", on="w1")


def life(store: Store) -> None:
    """Openings, closings, an address that passes on, an end, a name used again …"""
    _gone(store, "web-1")
    _pod(store, "heir", "10.0.2.1", on="w2")
    _gone(store, "web-2")
    _gone(store, "rival")
    _gone(store, "web-3")
    _pod(store, "web-3", "10.0.2.33", on="w2")
    _give(store, "web-4", "10.0.1.4", phase="Succeeded")
    _give(store, "web-5", "10.0.2.55")
    _give(store, "waiting", "10.0.1.77")
    _pod(store, "short", "10.0.1.88", on="w1")
    _gone(store, "short")
    store.modify(
        "pods", "web-6", namespace="default",
        patch={"metadata": {"deletionTimestamp": "2026-11-22T12:00:36Z"}},
    )  # fmt: skip
    for number in range(1, 5):
        _pod(store, f"job-{number}", f"10.0.3.{number}", on="w3", namespace="batch")
    store.delete("ciliumendpoints", "web-1", namespace="default")
    store.modify("namespaces", "shop", patch={"metadata": {"labels": {"team": "s"}}})
    store.modify("nodes", "w1", patch={"metadata": {"labels": {"agentpool": "big"}}})
    _node_with_another_block(store)


def _node_with_another_block(store: Store) -> None:
    """A new node; and one that goes and comes back under its name, elsewhere."""
    store.add("nodes", node("w3"))
    store.add("ciliumnodes", cilium_node("w3", "10.0.3.0/24", "10.0.3.236"))
    store.delete("nodes", "w2")
    store.delete("ciliumnodes", "w2")
    store.add("nodes", node("w2"))
    store.add("ciliumnodes", cilium_node("w2", "10.0.4.0/24", "10.0.4.236"))


def life_unseen(store: Store) -> None:
    """The same, and nobody remembers how it came: every watch is answered 410."""
    life(store)
    store.compact()


def mass_end(store: Store) -> None:
    """All of w2 is gone, and no watch says so: most of what is held is absent."""
    for number in range(2, 11, 1):
        _gone(store, f"web-{number}")
    store.delete("nodes", "w2")
    store.delete("ciliumnodes", "w2")
    store.delete("namespaces", "batch")
    store.compact()


def nothing(store: Store) -> None:
    pass


def two_objects(store: Store) -> None:
    store.add("configmaps", CILIUM_CONFIG)
    store.add("ciliumnodes", cilium_node("w1", "10.0.1.0/24", "10.0.1.236"))
    store.add("nodes", node("w1"))
    _pod(store, "web", "10.0.1.5", on="w1")


def one_change(store: Store) -> None:
    _give(store, "web", "10.0.1.6")


FIRST = Step(first_objects, 0)
DRAIN = Scene("drain", (FIRST, Step(life, 5)))
SMALL_DRAIN = Scene("small drain", (Step(two_objects, 0), Step(one_change, 5)))
SCENES = (
    Scene("first poll", (FIRST,)),
    DRAIN,
    Scene("list after a 410", (FIRST, Step(life_unseen, 5))),
    # The brake holds the first list; the second, a minute later, agrees.
    Scene("mass of absences", (FIRST, Step(mass_end, 5), Step(nothing, 70))),
)


def _pod(
    store: Store,
    name: str,
    *addresses: str,
    on: str,
    namespace: str = "default",
    phase: str = "Running",
    host_network: bool = False,
) -> None:
    store.add(
        "pods",
        pod(
            name,
            *addresses,
            node=on,
            namespace=namespace,
            phase=phase,
            host_network=host_network,
        ),
    )


def _gone(store: Store, name: str) -> None:
    store.delete("pods", name, namespace="default")


def _give(store: Store, name: str, address: str, *, phase: str = "Running") -> None:
    status = {"phase": phase, "podIPs": [{"ip": address}]}
    store.modify("pods", name, namespace="default", patch={"status": status})


def _endpoint(store: Store, name: str, address: str) -> None:
    status = {"state": "ready", "networking": {"addressing": [{"ipv4": address}]}}
    store.add(
        "ciliumendpoints",
        {"metadata": {"namespace": "default", "name": name}, "status": status},
    )
