"""Life in the simulated cluster: pods come and go as controllers and kubelets do it.

A pod is ADDED (pending), MODIFIED when scheduled and when it runs with its addresses,
MODIFIED again when it is to go, and DELETED; freed addresses pass to the next pod. All
of it follows from the seed and the clock handed in. Not here: who applies the changes
(server.py).
"""

import heapq
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from functools import partial
from itertools import count
from random import Random

from ipamweb.simulator.allocators import Exhausted
from ipamweb.simulator.facts import NodeFacts, PodFacts, Workload
from ipamweb.simulator.node_objects import cilium_endpoint_object, cilium_node_object
from ipamweb.simulator.pod_objects import pod_object
from ipamweb.simulator.shelf import ADDED, DELETED, MODIFIED
from ipamweb.simulator.store import TimedChange
from ipamweb.simulator.workloads import next_job
from ipamweb.simulator.world import World

Changes = Iterator[TimedChange]
Step = Callable[[datetime], Changes]
# Added, scheduled, running, terminating, deleted.
CHANGES_PER_POD = 5
# What a turn of churn is, and how often: an update's new pod for an old one, a Job's
# run, a StatefulSet's pod made again under its name.
_TURNS = ("replace", "replace", "replace", "job", "replace", "job", "remake", "replace")


class Churn:
    """The changes of a world from an instant on; `rate` counts pod changes a second."""

    def __init__(self, world: World, *, rate: float, start: datetime) -> None:
        self.world = world
        # Pods, by key, that turns leave alone.
        self.kept: set[str] = set()
        self._rate = 0.0
        self._chain = 0
        self._random = Random(world.scenario.seed + 1)
        self._order = count()
        self._steps: list[tuple[datetime, int, Step]] = []
        self._clean_up(start)
        self.set_rate(rate, start)

    def set_rate(self, rate: float, moment: datetime) -> None:
        """Let turns come at this rate from an instant on; 0 stops them."""
        self._rate = rate
        self._chain += 1
        if rate > 0:
            self._plan_turn(moment, chain=self._chain)

    def at(self, moment: datetime, step: Step) -> None:
        """Plan a step; steps of one instant are made in the order they were planned."""
        heapq.heappush(self._steps, (moment, next(self._order), step))

    def changes(self, until: datetime) -> Changes:
        """Yield what happens up to an instant, in order; call again to go on."""
        while self._steps and self._steps[0][0] <= until:
            moment, _, step = heapq.heappop(self._steps)
            yield from step(moment)

    # What pods do

    def create_pod(
        self, moment: datetime, *, workload: Workload, name: str = ""
    ) -> Changes:
        """Add a pod and plan its start on the node with the most room."""
        pod = self.world.add_pod(workload, at=moment, name=name)
        yield self._change(moment, ADDED, pod)
        self.at(moment + self._seconds(0.1, 1), partial(self._schedule, pod=pod))

    def end_pod(self, moment: datetime, *, pod: PodFacts) -> Changes:
        """Mark a pod for deletion and plan its end within the grace period."""
        if pod.deleted or self.world.pods.get(pod.key) is not pod:
            return
        pod.deleted = moment
        yield self._change(moment, MODIFIED, pod)
        self.at(moment + self._seconds(1, 30), partial(self._delete, pod=pod))

    def finish_pod(self, moment: datetime, *, pod: PodFacts) -> Changes:
        """Let a Job's pod end; it stays, with addresses that others may get."""
        if pod.phase != "Running" or pod.deleted:
            return
        had_endpoint = self.world.has_endpoint(pod)
        phase = "Failed" if self._random.random() < 0.1 else "Succeeded"
        self.world.finish_pod(pod, phase=phase)
        yield self._change(moment, MODIFIED, pod)
        if had_endpoint:
            yield self._endpoint_change(moment, DELETED, pod)

    def _schedule(self, moment: datetime, pod: PodFacts) -> Changes:
        node = self._roomiest_node()
        if node is None or self.world.pods.get(pod.key) is not pod:
            return
        self.world.schedule_pod(pod, node)
        yield self._change(moment, MODIFIED, pod)
        self.at(moment + self._seconds(1, 6), partial(self._start, pod=pod))

    def _start(self, moment: datetime, pod: PodFacts) -> Changes:
        if self.world.pods.get(pod.key) is not pod or pod.deleted:
            return
        try:
            self.world.start_pod(pod, at=moment)
        except Exhausted:
            # It stays without an address and is tried again, as the kubelet does.
            again = moment + self._seconds(60, 300)
            self.at(again, partial(self._start, pod=pod))
            return
        yield self._change(moment, MODIFIED, pod)
        if self.world.has_endpoint(pod):
            yield self._endpoint_change(moment, ADDED, pod)

    def _delete(self, moment: datetime, pod: PodFacts) -> Changes:
        if self.world.pods.get(pod.key) is not pod:
            return
        had_endpoint = self.world.has_endpoint(pod)
        last = self._change(moment, DELETED, pod)
        self.world.remove_pod(pod)
        yield last
        if had_endpoint:
            yield self._endpoint_change(moment, DELETED, pod)

    # Turns

    def _plan_turn(self, moment: datetime, *, chain: int) -> None:
        pause = self._random.expovariate(self._rate / CHANGES_PER_POD)
        then = moment + timedelta(seconds=pause)
        self.at(then, partial(self._turn, chain=chain))

    def _turn(self, moment: datetime, *, chain: int) -> Changes:
        if chain != self._chain:
            return
        self._plan_turn(moment, chain=chain)
        turn = self._random.choice(_TURNS)
        if turn == "job":
            yield from self._run_job(moment)
        elif turn == "remake":
            yield from self._remake(moment)
        else:
            yield from self._replace(moment)

    def _replace(self, moment: datetime) -> Changes:
        """A rolling update: first the new pod, then the old one goes."""
        pod = self._any_pod("ReplicaSet")
        if pod is not None:
            yield from self.create_pod(moment, workload=pod.workload)
            later = moment + self._seconds(5, 20)
            self.at(later, partial(self.end_pod, pod=pod))

    def _remake(self, moment: datetime) -> Changes:
        """A StatefulSet's pod goes, and comes again under the same name."""
        pod = self._any_pod("StatefulSet")
        if pod is not None:
            yield from self.end_pod(moment, pod=pod)
            # Longer than the grace period: the name must be free.
            self.at(
                moment + self._seconds(32, 40),
                partial(self.create_pod, workload=pod.workload, name=pod.name),
            )

    def _run_job(self, moment: datetime) -> Changes:
        """A CronJob's run; its pod stays a while after it is done."""
        jobs = [each for each in self.world.workloads if each.kind == "Job"]
        workload = next_job(
            self._random.choice(jobs),
            minute=int(moment.timestamp()) // 60,
            random=self._random,
        )
        known = set(self.world.pods)
        yield from self.create_pod(moment, workload=workload)
        (key,) = self.world.pods.keys() - known
        pod = self.world.pods[key]
        done = moment + self._seconds(30, 900)
        self.at(done, partial(self.finish_pod, pod=pod))
        gone = done + self._seconds(600, 7200)
        self.at(gone, partial(self.end_pod, pod=pod))

    # Nodes

    def remove_node(self, moment: datetime, *, node: NodeFacts) -> Changes:
        """Take a node away with all its pods, as after a drain."""
        for pod in list(node.pods.values()):
            yield from self._delete(moment, pod)
            yield from self._make_again(moment, pod)
        self.world.remove_node(node)
        yield TimedChange(moment, DELETED, "nodes", self.world.node_object(node))
        if self.world.scenario.has_cilium:
            gone = cilium_node_object(node)
            yield TimedChange(moment, DELETED, "ciliumnodes", gone)

    def add_node(self, moment: datetime, *, name: str = "") -> Changes:
        """Add a node, empty; a name that was there before gets another block."""
        node = self.world.add_node(moment, name=name)
        yield TimedChange(moment, ADDED, "nodes", self.world.node_object(node))
        if self.world.scenario.has_cilium:
            yield TimedChange(moment, ADDED, "ciliumnodes", cilium_node_object(node))

        for workload in self.world.agents:
            pod = self.world.add_pod(workload, at=moment)
            self.world.schedule_pod(pod, node)
            yield self._change(moment, ADDED, pod)
            self.at(moment + self._seconds(1, 6), partial(self._start, pod=pod))

    # Inside

    def _make_again(self, moment: datetime, pod: PodFacts) -> Changes:
        """Do what a controller does when a pod is lost with its node."""
        kind = pod.workload.kind
        if kind in ("ReplicaSet", "StatefulSet"):
            name = pod.name if kind == "StatefulSet" else ""
            yield from self.create_pod(moment, workload=pod.workload, name=name)

    def _clean_up(self, start: datetime) -> None:
        """Plan the end of the pods that are terminating already."""
        for pod in self.world.pods.values():
            if pod.deleted:
                self._plan_end(start, pod)

    def _plan_end(self, start: datetime, pod: PodFacts) -> None:
        self.at(start + self._seconds(1, 30), partial(self._delete, pod=pod))

    def _any_pod(self, kind: str) -> PodFacts | None:
        """Return a running pod of such a controller, or None when luck finds none."""
        keys = list(self.world.pods)
        for _ in range(40 if keys else 0):
            pod = self.world.pods[self._random.choice(keys)]
            running = pod.phase == "Running" and not pod.deleted
            ours = pod.workload.kind == kind and pod.key not in self.kept
            if running and ours:
                return pod
        return None

    def _roomiest_node(self) -> NodeFacts | None:
        """Return that of a few nodes which is emptiest for its size."""
        nodes = list(self.world.nodes.values())
        few = self._random.sample(nodes, k=min(5, len(nodes)))
        return min(few, key=lambda node: len(node.pods) / node.weight, default=None)

    def _seconds(self, least: float, most: float) -> timedelta:
        return timedelta(seconds=self._random.uniform(least, most))

    def _change(self, moment: datetime, type_: str, pod: PodFacts) -> TimedChange:
        return TimedChange(moment, type_, "pods", pod_object(pod))

    def _endpoint_change(
        self, moment: datetime, type_: str, pod: PodFacts
    ) -> TimedChange:
        made = cilium_endpoint_object(pod)
        return TimedChange(moment, type_, "ciliumendpoints", made)
