"""A state machine: anything may happen in a cluster and on the way to it, in any order.

After every rule the mirror verifies, nothing that was held all the time was released,
and time did not go back. At the end all faults are healed, and the mirror must be equal
to the truth. Not here: how many examples are tried (test_state_machine.py).
"""

import itertools
from collections import Counter
from contextlib import ExitStack
from datetime import datetime
from pathlib import Path
from typing import Any, ClassVar

import pytest
from django.db.models import F
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
)

from ipamweb.addressing.ranges import Range, format_address
from ipamweb.mirror.models import (
    Allocation,
    Block,
    Cursor,
    Namespace,
    Node,
    PastAllocation,
    Pod,
)
from ipamweb.simulator import faults
from ipamweb.simulator.faults import Effect
from ipamweb.simulator.server import Simulator
from ipamweb.sync import acts, sessions
from ipamweb.sync.outcome import PollResult
from tests.faults.truth import Holding, Truth, blocks
from tests.sync.world import KUBEADM_CONFIG, Clock, World, node, pod

NAMESPACES = ("default", "shop")
NODES = ("worker-a", "worker-b")
NAMES = ("one", "two", "three")
CIDRS = ("10.244.1.0/24", "10.244.2.0/24", "10.244.3.0/24")

# What fails a question; nothing may follow from it.
ERRORS: dict[str, Effect] = {
    "unauthorized": faults.unauthorized(),
    "forbidden": faults.forbidden(),
    "not-served": faults.not_served(),
    "unacceptable": faults.unacceptable(),
    "throttled": faults.throttled(2),
    "server-error": faults.server_error(503),
    "not-json": faults.not_json(),
    "wrong-kind": faults.wrong_kind(),
    "cut": faults.cut(),
    "clean-cut": faults.clean_cut(),
    "without-length": faults.without_length(),
    "reset": faults.reset(),
    "expired": faults.expired(),
    "expired-in-stream": faults.expired_in_stream(),
}
# What bends a stream; the next complete list must put it right.
LIES: dict[str, Effect] = {
    "swallowed": faults.without_deleted(),
    "backwards": faults.reordered(),
    "twice": faults.duplicated(),
    "garbage": faults.garbage_line(),
}

names = st.sampled_from(NAMES)
namespaces = st.sampled_from(NAMESPACES)
nodes = st.sampled_from(NODES)
cidrs = st.sampled_from(CIDRS)
FAILED = {"phase": "Failed", "podIPs": []}
# Few addresses, so that they pass from pod to pod, and conflict.
hosts = st.integers(1, 4)
# Which of those there are.
picks = st.integers(0, 11)


def nonsense(body: bytes) -> bytes:
    return body.replace(b'"spec":{', b'"spec":5,"old":{')


def chosen(keys: list[str], pick: int) -> str:
    return keys[pick % len(keys)]


class ClusterMachine(RuleBasedStateMachine):
    """One cluster, its truth and its mirror."""

    folder: ClassVar[Path]
    patch: ClassVar[pytest.MonkeyPatch]
    numbers: ClassVar[Any] = itertools.count(1)

    @initialize()
    def begin(self) -> None:
        sessions.forget_all()
        self.stack = ExitStack()
        clock = Clock()
        simulator = Simulator(clock=clock)
        simulator.store.groups.discard("cilium.io")
        self.stack.enter_context(simulator.running())
        self.world = World(
            simulator,
            clock,
            folder=self.folder,
            patch=self.patch,
            slug=f"machine-{next(self.numbers)}",
        )
        self.store = self.world.store
        self.truth = Truth(self.store)
        self.world.add(KUBEADM_CONFIG, kind="configmaps")
        self.world.add({"metadata": {"name": "shop"}}, kind="namespaces")
        self.world.add(node("worker-a", CIDRS[0]), kind="nodes")
        for host, name in enumerate(NAMES, start=1):
            self.world.add(pod(name, f"10.244.1.{host}"))
        self.floor = self.store.version
        # How many complete lists the mirror needs to be the truth again. Of two the
        # first one also reads the stream that was false.
        self.lists_needed = 0
        self.was_polled = False
        self.as_of: datetime | None = None
        self.poll_and_compare(complete=True)

    # Pods

    @rule(name=names, namespace=namespaces, on=nodes, cidr=cidrs, host=hosts)
    def create(
        self, name: str, namespace: str, *, on: str, cidr: str, host: int
    ) -> None:
        """Make a pod; where there is one of its name, delete that first, at once."""
        if f"{namespace}/{name}" in self.pods():
            self.take_away(f"{namespace}/{name}")
        address = cidr.replace("0/24", str(host))
        self.world.add(pod(name, address, namespace=namespace, node=on))

    @rule(name=names, on=nodes, host=st.booleans())
    def create_pending(self, name: str, on: str, host: bool) -> None:
        if f"default/{name}" not in self.pods():
            self.world.add(pod(name, node=on, phase="Pending", host_network=host))

    @precondition(lambda self: self.running())
    @rule(pick=picks, cidr=cidrs, host=hosts, dual=st.booleans())
    def give(self, pick: int, cidr: str, *, host: int, dual: bool) -> None:
        """Write an address, or another one, into a pod's status."""
        addresses = [cidr.replace("0/24", str(host))]
        addresses += [f"fd00::{host}"] if dual else []
        self.write_status(chosen(self.running(), pick), "Running", addresses)

    @precondition(lambda self: self.readable())
    @rule(
        pick=picks,
        phase=st.sampled_from(["Succeeded", "Failed"]),
        keeps=st.booleans(),
    )
    def finish(self, pick: int, phase: str, keeps: bool) -> None:
        """End a pod; its address stays in the status, or vanishes, or comes back."""
        key = chosen(self.readable(), pick)
        found = [each["ip"] for each in self.status(key)["podIPs"]] or ["10.244.1.1"]
        self.write_status(key, phase, found if keeps else [])

    @precondition(lambda self: self.readable())
    @rule(pick=picks)
    def begin_deletion(self, pick: int) -> None:
        patch = {"metadata": {"deletionTimestamp": "2026-11-22T12:30:00Z"}}
        namespace, name = chosen(self.readable(), pick).split("/")
        self.store.modify("pods", name, namespace=namespace, patch=patch)

    @precondition(lambda self: self.pods())
    @rule(pick=picks, announced=st.booleans())
    def delete(self, pick: int, announced: bool) -> None:
        """Delete a pod; where it is not announced, no watch ever tells."""
        self.take_away(chosen(self.pods(), pick), announced=announced)

    @rule(namespace=namespaces, cidr=cidrs, host=hosts)
    def come_and_go(self, namespace: str, cidr: str, host: int) -> None:
        address = cidr.replace("0/24", str(host))
        if f"{namespace}/short" in self.pods():  # A restore may have brought it back.
            self.take_away(f"{namespace}/short")
        self.world.add(pod("short", address, namespace=namespace))
        self.take_away(f"{namespace}/short")

    # Places

    @rule(name=nodes, cidr=cidrs)
    def add_node(self, name: str, cidr: str) -> None:
        taken = {found for _, found in blocks(self.store)}
        if name not in self.names_of("nodes") and cidr not in taken:
            self.world.add(node(name, cidr), kind="nodes")

    @rule(name=nodes)
    def remove_node(self, name: str) -> None:
        if name in self.names_of("nodes"):
            self.world.remove(name, kind="nodes")

    @rule(name=nodes, cidr=cidrs)
    def give_node_another_cidr(self, name: str, cidr: str) -> None:
        taken = {found for _, found in blocks(self.store)}
        if name in self.names_of("nodes") and cidr not in taken:
            self.world.patch(name, {"spec": {"podCIDRs": [cidr]}}, kind="nodes")

    @rule()
    def make_namespace_again(self) -> None:
        for key in self.pods():
            if key.startswith("shop/"):
                self.take_away(key)
        if "shop" in self.names_of("namespaces"):  # A restore may stand in between.
            self.world.remove("shop", kind="namespaces")
        self.world.add({"metadata": {"name": "shop"}}, kind="namespaces")

    # The way to it

    @rule()
    def restart(self) -> None:
        sessions.forget_all()

    @rule()
    def compact(self) -> None:
        self.store.compact()

    @rule(back=st.integers(1, 8), writes=st.sampled_from([0, 1, 40]))
    def restore(self, back: int, writes: int) -> None:
        """Restore a backup; with enough writes after it versions do not tell."""
        oldest = max(self.store.oldest(kind) for kind in self.store.kinds)
        version = max(self.store.version - back, oldest, self.floor)
        self.truth.look()
        self.store.rewind(version)
        self.store.skip_versions(writes)
        self.lists_needed = 2

    @precondition(lambda self: self.readable())
    @rule(pick=picks)
    def spoil(self, pick: int) -> None:
        """Make a pod unreadable."""
        namespace, name = chosen(self.readable(), pick).split("/")
        stored = self.store.stored("pods", name, namespace=namespace)
        self.truth.look()
        self.truth.spoiled.add(stored.uid)
        self.world.spoil(stored, nonsense)

    @rule(seconds=st.sampled_from([-40, -1, 1, 40]))
    def step_clock(self, seconds: int) -> None:
        self.world.clock.advance(seconds)

    @rule(chosen=st.sampled_from([[], ["default"]]))
    def change_scope(self, chosen: list[str]) -> None:
        if chosen != self.world.connection.namespaces:
            self.world.edit(namespaces=chosen)
            acts.edited(self.world.cluster)

    # Polls

    @rule()
    def poll_a_drain(self) -> None:
        self.poll_and_compare(complete=False)

    @rule(complete=st.booleans())
    def poll_and_compare(self, complete: bool) -> None:
        """Poll without a fault: where all was told, the mirror is the truth."""
        result = self.poll(complete=complete)
        assert result.outcome == "ok", result.error
        self.settle(result)
        if not self.lists_needed:
            self.compare()

    @rule(
        effect=st.sampled_from(sorted(ERRORS)),
        kind=st.sampled_from(["pods", "nodes", "namespaces"]),
        page=st.integers(1, 3),
        watch=st.booleans(),
        complete=st.booleans(),
    )
    def poll_with_an_error(
        self, effect: str, *, kind: str, page: int, watch: bool, complete: bool
    ) -> None:
        self.world.faults.add(
            ERRORS[effect],
            kind=kind,
            verb="watch" if watch else "list",
            page=0 if watch else page,
        )
        before = self.rows()
        result = self.poll(complete=complete)
        self.world.faults.clear()
        if result.outcome != "ok":
            assert self.rows() == before
        else:
            self.settle(result)

    @rule(effect=st.sampled_from(sorted(LIES)))
    def poll_with_a_lie(self, effect: str) -> None:
        self.world.faults.add(LIES[effect], verb="watch")
        self.lists_needed = 2
        result = self.poll()
        self.world.faults.clear()
        assert result.outcome == "ok", result.error
        self.settle(result)

    @rule(complete=st.booleans())
    def poll_another_cluster(self, complete: bool) -> None:
        """Another cluster answers at the address."""
        other = b'{"kind":"Namespace","metadata":{"name":"kube-system","uid":"other"}}'
        self.world.faults.add(faults.body(other), kind="namespaces", verb="get")
        before = self.rows()
        result = self.poll(complete=complete)
        self.world.faults.clear()

        assert result.outcome == "failed"
        assert self.rows() == before

    @rule()
    def poll_again_from_the_same_cursors(self) -> None:
        """As after a kill just before the end: applying twice is applying once."""
        cursors = Cursor.objects.filter(cluster=self.world.cluster)
        before = list(cursors.values("id", "resource_version", "as_of", "needs_list"))
        self.poll_and_compare(complete=False)
        once = self.rows()
        for row in before:
            cursors.filter(pk=row.pop("id")).update(**row)
        self.poll(after=0)

        assert self.rows() == once

    # What must be so

    @invariant()
    def the_mirror_holds(self) -> None:
        """It verifies, nothing held was released, time did not go back."""
        if self.was_polled:  # It changes in polls only.
            assert self.world.faults_found == []
            self.check_history()
            as_of = self.world.cluster.as_of
            assert self.as_of is None or as_of >= self.as_of
            self.as_of = as_of
        self.was_polled = False

    def check_history(self) -> None:
        """Each interval that ended, ended in truth; each that began, began."""
        cluster = self.world.cluster
        past = self.holdings(PastAllocation.objects.filter(cluster=cluster))
        open_ = self.holdings(Allocation.objects.filter(cluster=cluster))
        ended = Counter(past)
        assert ended - self.truth.ended == Counter()
        assert (ended + Counter(open_)) - self.truth.begun == Counter()

    def teardown(self) -> None:
        """Heal everything: the mirror must become the truth, and stay it."""
        if not hasattr(self, "world"):
            return
        try:
            self.heal()
            for _ in range(3):
                self.poll_and_compare(complete=True)
            assert self.lists_needed == 0
            once = self.rows()
            self.poll_and_compare(complete=True)
            assert self.rows() == once
            assert [gap for gap in self.world.gaps if gap.ended_at is None] == []
        finally:
            acts.remove(self.world.cluster)
            sessions.forget_all()
            self.stack.close()

    # Inside

    def poll(self, **how: Any) -> PollResult:
        self.truth.look()
        self.was_polled = True
        return self.world.poll(**how)

    def heal(self) -> None:
        for stored in self.store.all("pods"):
            if stored.uid in self.truth.spoiled:
                whole = pod(stored.name, namespace=stored.namespace, node=stored.node)
                self.store.replace("pods", whole | {"status": FAILED})
        self.truth.spoiled.clear()
        if self.world.connection.namespaces:
            self.change_scope([])

    def settle(self, result: PollResult) -> None:
        """Note what a poll that went well leaves unknown."""
        cursors = Cursor.objects.filter(cluster=self.world.cluster)
        is_listed = not cursors.exclude(listed_at=F("as_of")).exists()
        if self.lists_needed == 2 or is_listed:
            self.lists_needed = max(0, self.lists_needed - 1)
        assert result.as_of == self.world.cluster.as_of

    def compare(self) -> None:
        """The mirror is the truth, inside what is listed, as far as it is readable."""
        scope = self.truth.inside(self.world.connection.namespaces)
        sure = scope - self.truth.spoiled - (self.truth.vague() - self.finished())
        sure -= self.truth.revived()
        cluster = self.world.cluster
        rows = Allocation.objects.filter(cluster=cluster)
        mirrored = self.holdings(rows)
        known = set(self.names_by_uid()) | self.truth.spoiled
        if not self.world.connection.namespaces:
            assert {uid for uid, _ in mirrored} <= known
        assert {each for each in mirrored if each[0] in sure} == {
            each for each in self.truth.held if each[0] in sure
        }
        self.compare_places(sure)

    def compare_places(self, pods: set[str]) -> None:
        cluster = self.world.cluster
        open_blocks = Block.objects.filter(cluster=cluster, valid_to=None)
        assert {
            (block.object_uid, str(Range(block.first, block.last)))
            for block in open_blocks
        } == blocks(self.store)
        for model, kind in ((Node, "nodes"), (Namespace, "namespaces")):
            there = model.objects.filter(cluster=cluster, gone_by=None)
            assert set(there.values_list("uid", flat=True)) == {
                stored.uid for stored in self.store.all(kind)
            }
        self.compare_nodes_of_pods(pods)
        for row in Allocation.objects.filter(cluster=cluster).select_related("block"):
            holding = [
                block.pk
                for block in open_blocks
                if Range(block.first, block.last).contains(row.address)
            ]
            assert [row.block_id] == (holding or [None])

    def compare_nodes_of_pods(self, pods: set[str]) -> None:
        uids = {stored.name: stored.uid for stored in self.store.all("nodes")}
        rows = Pod.objects.filter(cluster=self.world.cluster, uid__in=pods)
        for row in rows.filter(gone_how="").select_related("node"):
            if row.node_name in uids:
                assert row.node is not None
                assert row.node.uid == uids[row.node_name]

    def rows(self) -> list[dict[str, Any]]:
        cluster = self.world.cluster
        return [
            *Allocation.objects.filter(cluster=cluster).order_by("id").values(),
            *PastAllocation.objects.filter(cluster=cluster).order_by("id").values(),
        ]

    def holdings(self, rows: Any) -> list[Holding]:
        pairs = rows.filter(kind="pod").values_list("owner_key", "address")
        return [(uid, format_address(address)) for uid, address in pairs]

    def take_away(self, key: str, *, announced: bool = True) -> None:
        namespace, name = key.split("/")
        self.truth.look()
        self.store.delete("pods", name, namespace=namespace, announced=announced)
        if not announced:
            self.lists_needed = 2
        self.truth.look()

    def write_status(self, key: str, phase: str, addresses: list[str]) -> None:
        namespace, name = key.split("/")
        self.truth.look()
        ips = [{"ip": each} for each in addresses]
        patch = {"status": {"phase": phase, "podIPs": ips}}
        self.store.modify("pods", name, namespace=namespace, patch=patch)
        self.truth.look()

    def pods(self) -> list[str]:
        return [stored.key for stored in self.store.all("pods")]

    def readable(self) -> list[str]:
        spoiled = self.truth.spoiled
        pods = self.store.all("pods")
        return [stored.key for stored in pods if stored.uid not in spoiled]

    def running(self) -> list[str]:
        """Return the pods that have not finished, and can be read."""
        return [
            key
            for key in self.readable()
            if self.status(key)["phase"] in ("Pending", "Running")
        ]

    def finished(self) -> set[str]:
        """Return the UIDs of pods that hold nothing any more, whatever they show."""
        over = set(self.readable()) - set(self.running())
        return {each.uid for each in self.store.all("pods") if each.key in over}

    def status(self, key: str) -> dict[str, Any]:
        namespace, name = key.split("/")
        found: dict[str, Any] = self.store.get("pods", name, namespace=namespace)
        return dict(found["status"])

    def names_of(self, kind: str) -> set[str]:
        return {stored.name for stored in self.store.all(kind)}

    def names_by_uid(self) -> dict[str, str]:
        return {stored.uid: stored.name for stored in self.store.all("pods")}
