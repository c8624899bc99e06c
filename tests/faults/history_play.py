"""Plays hundreds of polls of a cluster under churn, and chronicles what was so.

Always the same churn for a seed. The clock is ours; it also goes on while a poll is
under way, and so do the pods. Not here: what must hold of it (history_checker.py).
"""

import random
from collections.abc import Callable, Sequence

from ipamweb.simulator import faults
from ipamweb.simulator.faults import Effect
from ipamweb.simulator.shelf import Change
from ipamweb.sync import sessions
from tests.faults.history_checker import Chronicle
from tests.faults.truth import Truth
from tests.sync.world import World, pod

NODES = {"worker-a": "10.244.1", "worker-b": "10.244.2"}
# Few names and addresses: pods follow one another under both.
NAMES = tuple(f"pod-{number}" for number in range(8))
HOSTS = (5, 6, 7, 8)
# An empty status proves nothing of a family: it has one always, or never.
DUAL = NAMES[:3]
LOST = (faults.reset(), faults.server_error(503), faults.cut())


class Play:
    """One cluster, changed and polled step by step."""

    def __init__(self, world: World, seed: int) -> None:
        self.world = world
        self.store = world.store
        self.chance = random.Random(seed)
        self.is_changed_meanwhile = False
        clock = world.clock
        self.chronicle = Chronicle(Truth(self.store), lambda: clock.now)
        self.acts: list[Callable[[], None]] = [
            self.create, self.create, self.give, self.finish, self.delete, self.delete,
            self.make_again, self.come_and_go,
        ]  # fmt: skip

    def step(self) -> None:
        """Let a few things happen, and sometimes something to us; then poll."""
        for _ in range(self.chance.randrange(5)):
            self.wait()
            self.chance.choice(self.acts)()
        mishap = self.chance.random()
        complete = False
        if mishap < 0.08:
            effect, verb = (
                self.chance.choice(LOST),
                self.chance.choice(["list", "watch"]),
            )
            self.world.faults.add(effect, kind="pods", verb=verb)
        elif mishap < 0.13:
            self.store.compact()
        elif mishap < 0.17:
            self.world.clock.advance(self.chance.uniform(31, 300))
        elif mishap < 0.25:
            sessions.forget_all()
        elif mishap < 0.30:
            complete = True
        elif mishap < 0.50:
            self.is_changed_meanwhile = False
            self.world.faults.add(
                Effect(events=self.meanwhile), kind="pods", verb="watch", count=1
            )
        self.wait()
        self.poll(complete=complete)

    def poll(self, *, complete: bool = False) -> None:
        result = self.world.poll(after=0, complete=complete)
        self.world.faults.clear()
        now = self.world.clock.now
        went_well = result.outcome == "ok"
        moment = result.as_of if went_well and result.as_of else now
        self.chronicle.polls.append((moment, went_well))

    def wait(self) -> None:
        self.world.clock.advance(self.chance.uniform(0.1, 2.5))

    def meanwhile(self, changes: Sequence[Change]) -> list[Change]:
        """Change a pod while a watch is being answered: the next drain tells it."""
        if not self.is_changed_meanwhile:
            # Once: how often a watch writes is chance.
            self.is_changed_meanwhile = True
            self.world.clock.advance(0.01)
            self.chance.choice(self.acts)()
        return list(changes)

    # What happens

    def create(self) -> None:
        name = self.chance.choice(NAMES)
        if name not in self.names():
            self.add(name)

    def give(self) -> None:
        """Let a pod that has not finished get an address, or another one."""
        running = self.names(("Pending", "Running"))
        if running:
            name = self.chance.choice(running)
            node = self.store.get("pods", name, namespace="default")["spec"]["nodeName"]
            self.world.give(name, *self.addresses(name, node))
            self.chronicle.note()

    def finish(self) -> None:
        running = self.names(("Running",))
        if running:
            name = self.chance.choice(running)
            status = self.store.get("pods", name, namespace="default")["status"]
            kept = [each["ip"] for each in status["podIPs"]]
            phase = self.chance.choice(["Succeeded", "Failed"])
            self.world.give(name, *kept, phase=phase)
            self.chronicle.note()

    def delete(self) -> None:
        if self.names():
            self.world.remove(self.chance.choice(self.names()))
            self.chronicle.note()

    def make_again(self) -> None:
        if self.names():
            name = self.chance.choice(self.names())
            self.world.remove(name)
            self.chronicle.note()
            self.add(name)

    def come_and_go(self) -> None:
        self.add("short")
        self.wait()
        self.world.remove("short")
        self.chronicle.note()

    def add(self, name: str) -> None:
        node = self.chance.choice(list(NODES))
        phase = self.chance.choice(["Pending", "Running", "Running"])
        addresses = self.addresses(name, node) if phase == "Running" else []
        self.world.add(pod(name, *addresses, node=node, phase=phase))
        self.chronicle.note()

    def addresses(self, name: str, node: str) -> list[str]:
        host = self.chance.choice(HOSTS)
        second = [f"fd00::{host}"] if name in DUAL else []
        return [f"{NODES[node]}.{host}", *second]

    def names(self, phases: tuple[str, ...] = ()) -> list[str]:
        found = []
        for stored in self.store.all("pods"):
            pod_ = self.store.get("pods", stored.name, namespace="default")
            if not phases or pod_["status"]["phase"] in phases:
                found.append(stored.name)
        return found
