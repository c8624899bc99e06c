"""A small day played through polls: at every instant of it all surfaces tell one story.

Who held what is taken from the answers for single addresses; everything else must fit
them, and at each read what was shown then.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any

import msgspec
import pytest

from ipamweb.addressing.ranges import Range, parse_cidr
from ipamweb.cidrmap import legend
from ipamweb.exports import making
from ipamweb.exports.making import Tally
from ipamweb.exports.wishes import Wish
from ipamweb.mirror.models import Allocation, PastAllocation
from ipamweb.mirror.queries import (
    addresses,
    blocks,
    clusters,
    compared_allocations,
    map_blocks,
    map_cells,
    map_compared,
    namespaces,
    nodes,
    past_allocations,
    past_blocks,
    past_clusters,
    past_namespace_use,
    past_namespaces,
    past_nodes,
    past_pods,
    past_pools,
    pods,
    pools,
)
from ipamweb.mirror.queries.allocation_rows import AllocationRow
from ipamweb.mirror.queries.clusters import ClusterRow
from ipamweb.mirror.queries.paging import Window
from ipamweb.mirror.queries.past_filters import Times
from ipamweb.mirror.scope import EVERYTHING, Scope
from ipamweb.simulator import faults
from tests.sync.world import World, node, pod

pytestmark = pytest.mark.django_db

S: dict[str, Any] = {"scope": EVERYTHING}
ALL = Window(limit=500)
V6 = parse_cidr("fd00:3::/120")
GROUND = [*(parse_cidr(f"10.244.{n}.0/24") for n in range(1, 8)), V6]
Told = tuple[list[AllocationRow], list[AllocationRow]]


def numbers_of_now(cluster: ClusterRow) -> dict[str, Any]:
    """Return what the counters say, as of the read that has just ended."""
    return {
        "allocations": cluster.allocations,
        "nodes": {
            row.name: (_allocated(row), row.max_pods, row.slots_used, row.slots_free)
            for row in nodes.listed(cluster, window=ALL, **S).rows
        },
        "pools": {row.slug: _pool(row) for row in pools.every(cluster, **S)},
        "blocks": {
            (str(row.range), row.node): row.numbers
            for row in blocks.listed(cluster, window=ALL, **S).rows
        },
        "namespaces": {
            (row.uid, row.name): (row.pods, row.allocated)
            for row in namespaces.listed(cluster, window=ALL, **S).rows
        },
        "pods": {
            row.uid: sorted(row.addresses)
            for row in pods.listed(cluster, window=ALL, **S).rows
            if not row.host_network
        },
    }


def numbers_of(cluster: ClusterRow, at: datetime) -> dict[str, Any]:
    """Return the same as it is told of an instant."""
    then: dict[str, Any] = {"cluster": cluster, "at": at, **S}
    return {
        "allocations": past_clusters.as_of(**then).allocations,
        "nodes": {
            row.name: (_allocated(row), row.max_pods, row.slots_used, row.slots_free)
            for row in past_nodes.every(**then)
        },
        "pools": {row.slug: _pool(row) for row in past_pools.every(**then)},
        "blocks": {
            (str(row.range), row.node): row.numbers
            for row in past_blocks.listed(window=ALL, **then).rows
        },
        "namespaces": {
            (row.uid, row.name): (row.pods, row.allocated)
            for row in past_namespaces.listed(window=ALL, **then).rows
        },
        "pods": {
            row.uid: sorted(row.addresses)
            for row in past_pods.listed(window=ALL, **then).rows
            if not row.host_network
        },
    }


def _allocated(row: Any) -> dict[int, tuple[int, Any]]:
    return {each.family: (each.allocated, each.by_kind) for each in row.families}


def _pool(row: Any) -> Any:
    return [str(each.range) for each in row.ranges], row.numbers, row.blocks_assigned


@dataclass
class Day:
    """A day that was played: the numbers that were shown after each read."""

    world: World
    shown: dict[datetime, dict[str, Any]] = field(default_factory=dict)
    told: dict[datetime, Told] = field(default_factory=dict)

    @property
    def cluster(self) -> ClusterRow:
        found = clusters.one("prod", scope=EVERYTHING, now=self.world.clock())
        assert found
        return found

    def read(self, after: float = 5) -> None:
        """Poll, and keep what is shown after it."""
        assert self.world.poll(after=after).outcome == "ok"
        assert self.world.faults_found == []
        as_of = self.cluster.freshness.as_of
        assert as_of
        self.shown[as_of] = numbers_of_now(self.cluster)

    def remove(self, path: str) -> None:
        namespace, name = path.split("/")
        self.world.store.delete("pods", name, namespace=namespace)

    def instants(self) -> Iterator[datetime]:
        """Yield each read, what lies around it, and what lies between two of them."""
        reads = sorted(self.shown)
        tick = timedelta(microseconds=1)
        yield reads[0] - timedelta(minutes=1)
        for read, following in pairwise(reads):
            yield from (read - tick, read, read + tick, read + (following - read) / 2)
        yield from (reads[-1], reads[-1] + tick)


@pytest.fixture
def day(world: World) -> Day:
    """Addresses pass from pod to pod, blocks from node to node, the pool is edited, a
    node and a namespace are made again, a server is away, and two pods have one."""
    played = Day(world)
    shop = {"metadata": {"name": "shop"}}
    world.add(shop, kind="namespaces")
    world.add(node("worker-c", "10.244.3.0/24", "fd00:3::/120"), kind="nodes")
    world.add(
        pod("web-1", "10.244.1.10"),
        pod("web-2", "10.244.1.11"),
        pod("cart-1", "10.244.1.12", namespace="shop"),
        pod("cart-2", "10.244.2.12", namespace="shop", node="worker-b"),
        pod("dual", "10.244.3.5", "fd00:3::5", node="worker-c"),
        pod("host", "192.0.2.9", host_network=True),
    )
    played.read()
    # From pod to pod, between two reads; to the other team's, too.
    played.remove("default/web-1")
    played.remove("shop/cart-1")
    world.add(pod("web-3", "10.244.1.10"), pod("web-4", "10.244.1.12"))
    played.read()
    ending = {"metadata": {"deletionTimestamp": "2026-11-22T12:00:45Z"}}
    world.patch("web-2", ending)
    world.add(pod("twin", "10.244.1.10", namespace="shop"))
    played.read()
    # It comes and goes between two reads.
    world.add(pod("short", "10.244.1.20"))
    played.remove("default/short")
    played.remove("default/web-3")
    world.give("dual", "10.244.3.5", phase="Succeeded")
    world.add(pod("dual-2", "10.244.3.5", "fd00:3::6", node="worker-c"))
    played.read()
    _places_move(played)
    return played


def _places_move(played: Day) -> None:
    """Nodes, blocks, a namespace and a pool change, and the server is away."""
    world = played.world
    # A node is made again under its pods.
    world.remove("worker-c", kind="nodes")
    world.add(node("worker-c", "10.244.3.0/24", "fd00:3::/120"), kind="nodes")
    played.read()
    # A node comes back with another range, its old one goes to a new node.
    for name in ("default/web-2", "shop/cart-2"):
        played.remove(name)
    world.remove("worker-b", kind="nodes")
    world.add(node("worker-b", "10.244.4.0/24", max_pods=20), kind="nodes")
    world.add(node("worker-d", "10.244.2.0/24"), kind="nodes")
    world.add(
        pod("cart-2", "10.244.2.12", namespace="shop", node="worker-d"),
        pod("cart-3", "10.244.4.3", namespace="shop", node="worker-b"),
    )
    played.read()
    # The server is away, and what it did meanwhile is lost.
    world.faults.add(faults.server_error(503), count=20)
    world.poll()
    played.remove("shop/cart-3")
    world.faults.clear()
    world.store.compact()
    played.read(after=600)
    # A namespace is made again under its name; the pool is edited.
    played.remove("shop/cart-2")
    played.remove("shop/twin")
    world.remove("shop", kind="namespaces")
    played.read()
    world.add({"metadata": {"name": "shop"}}, kind="namespaces")
    world.add(pod("cart-2", "10.244.2.12", namespace="shop", node="worker-d"))
    world.store.modify(
        "configmaps", "kubeadm-config", namespace="kube-system", patch={
            "data": {"ClusterConfiguration": "kind: ClusterConfiguration\n"
                     "networking: {podSubnet: 10.244.0.0/17}\n"}
        },
    )  # fmt: skip
    played.read(after=3600)
    world.add(pod("late", "10.244.1.11"))
    world.remove("worker-d", kind="nodes")
    played.read()


def every_address() -> list[int]:
    held = Allocation.objects.values_list("address", flat=True)
    return sorted({*held, *PastAllocation.objects.values_list("address", flat=True)})


def told(day: Day, at: datetime) -> Told:
    """Return who held what for certain, and who may have, address by address."""
    if at in day.told:
        return day.told[at]
    certain: list[AllocationRow] = []
    possible: list[AllocationRow] = []
    for address in every_address():
        answer = addresses.about(address, cluster=day.cluster, at=at, **S).asked
        assert answer
        certain += answer.certain
        possible += answer.possible
    return day.told.setdefault(at, (certain, possible))


def check_at_each_read_the_past_says_what_was_shown_then(day: Day) -> None:
    for read, shown in day.shown.items():
        then = numbers_of(day.cluster, read)
        for what, numbers in shown.items():
            assert (read, what, then[what]) == (read, what, numbers)


def check_the_holders(day: Day) -> None:
    for at in day.instants():
        certain, possible = told(day, at)
        is_so = {row.id: True for row in certain} | {row.id: False for row in possible}

        listed = past_allocations.listed(
            day.cluster, times=Times(at, at), window=ALL, **S
        )
        assert {row.id: row.is_certain for row in listed.rows} == is_so, at
        assert exported(day, at) == {row.id: row.state for row in listed.rows}, at
        there = past_nodes.every(day.cluster, at=at, **S)
        names = {each.name for each in there}
        by_node = {
            row.id: row.is_certain
            for each in there
            for row in _detail(day, each.name, at).allocations
        }
        of_nodes = {row.id: row.is_certain for row in listed.rows if row.node in names}
        # In blocks of a node there may be what belongs to another, or to none.
        assert {pk: is_so[pk] for pk in by_node} == by_node, at
        assert of_nodes.items() <= by_node.items(), at


def _detail(day: Day, name: str, at: datetime) -> Any:
    found = past_nodes.one(name, cluster=day.cluster, at=at, **S)
    assert found
    return found


def exported(day: Day, at: datetime) -> dict[int, str]:
    wish = Wish("allocations", "ndjson", at=at)
    reading = making.read(wish, scope=EVERYTHING, now=day.world.clock())
    lines = b"".join(making.parts(reading, Tally(), about={})).splitlines()
    rows = [msgspec.json.decode(line) for line in lines]
    assert len({row["id"] for row in rows}) == len(rows)
    return {row["id"]: row["state"] for row in rows}


def check_the_numbers(day: Day) -> None:
    for at in day.instants():
        seen = day.cluster.seen_at(at)
        certain, _ = told(day, seen)
        numbers = numbers_of(day.cluster, at)
        spaces = {row.address for row in certain}

        assert numbers["allocations"] == len(certain), at
        by_namespace = Counter(
            (row.namespace_uid, row.family) for row in certain if row.namespace_uid
        )
        for (uid, _), (_, allocated) in numbers["namespaces"].items():
            assert dict(allocated).get(4, 0) == by_namespace[uid, 4], at
            assert dict(allocated).get(6, 0) == by_namespace[uid, 6], at
        for (cidr, _), found in numbers["blocks"].items():
            assert found.allocated == len(inside(parse_cidr(cidr), spaces)), at
        for name, (families, *_) in numbers["nodes"].items():
            mine = [
                parse_cidr(cidr) for cidr, owner in numbers["blocks"] if owner == name
            ]
            held = Counter(each.family for each in mine for _ in inside(each, spaces))
            assert {f: n for f, (n, _) in families.items() if n} == dict(held), at
        for uid, those in numbers["pods"].items():
            mine_too = sorted(row.address for row in certain if row.uid == uid)
            assert those == mine_too, at
        for uid, name in numbers["namespaces"]:
            used(day, uid, name, at)


def used(day: Day, uid: str, name: str, at: datetime) -> None:
    row = past_namespaces.one(name, cluster=day.cluster, at=at, **S)
    assert row
    assert row.uid == uid
    use = past_namespace_use.of_namespace(row, cluster=day.cluster, at=at, **S)
    held = sum(number for _, number in row.allocated)
    assert sum(each.addresses for each in use.workloads) == held


def inside(bounds: Range, found: set[int]) -> set[int]:
    return {each for each in found if bounds.contains(each)}


def check_the_map(day: Day) -> None:
    free = {legend.STATES["free"].value, legend.STATES["reserved"].value}
    for at in day.instants():
        seen = day.cluster.seen_at(at)
        certain, _ = told(day, seen)
        owners = Counter(row.address for row in certain)
        then = day.cluster.looked_at(at)
        for bounds in GROUND:
            cells = map_cells.cells(bounds, cluster=then, **S)
            held = {
                bounds.first + place
                for place, byte in enumerate(cells)
                if byte != legend.OUTSIDE and byte not in free
            }
            assert held == inside(bounds, set(owners)), (at, str(bounds))
            twice = {
                bounds.first + place
                for place, byte in enumerate(cells)
                if byte != legend.OUTSIDE and byte & legend.CONFLICT
            }
            assert twice == {a for a in held if owners[a] > 1}, (at, str(bounds))
        for slug in numbers_of(day.cluster, at)["pools"]:
            columns = map_blocks.of_pool(slug, cluster=then, **S)
            assert columns
            pool = past_pools.one(slug, cluster=day.cluster, at=at, **S)
            assert pool
            assert sum(columns.columns["allocated"]) <= pool.numbers.allocated


def check_two_instants(day: Day) -> None:
    instants = list(day.instants())
    for at, vs in [
        *pairwise(instants),
        *pairwise(instants[::7]),
        *pairwise(instants[::-5]),
    ]:
        times = compared_allocations.between(day.cluster, at=at, vs=vs, **S)
        before, after = (told(day, each)[0] for each in (times.since, times.until))
        page = compared_allocations.listed(day.cluster, times=times, window=ALL, **S)
        apart = {row.id for row in before} ^ {row.id for row in after}
        assert {each.row.id for each in page.rows} == apart, (at, vs)
        for each in page.rows:
            address = each.row.address
            assert _ids(each.before) == _ids(r for r in before if r.address == address)
            assert _ids(each.after) == _ids(r for r in after if r.address == address)
        changes = {each.row.address: each.change for each in page.rows}
        both = day.cluster.looked_at(at, vs)
        for bounds in GROUND:
            marked = {
                address: next(
                    name for name in ("gone", "new", "changed") if getattr(found, name)
                )
                for address, found in map_compared.differences(
                    map_cells.inside(bounds), cluster=both, **S
                )
            }
            inside_it = {a: c for a, c in changes.items() if bounds.contains(a)}
            assert marked == inside_it, (at, vs, str(bounds))


def _ids(rows: Any) -> list[int]:
    return sorted(row.id for row in rows)


def check_no_stranger_is_named(day: Day) -> None:
    shop = [
        uid
        for uid, name in next(iter(day.shown.values()))["namespaces"]
        if name == "shop"
    ]
    scope = Scope(namespaces=frozenset((day.cluster.id, uid) for uid in shop))
    for at in day.instants():
        wish = Wish("allocations", "csv", at=at)
        reading = making.read(wish, scope=scope, now=day.world.clock())
        text = b"".join(making.parts(reading, Tally(), about={})).decode()
        assert not [
            name for name in ("web-", "dual", ",late", "default") if name in text
        ]
        for line in text.splitlines()[1:]:
            assert (",true," in line) == (",cart-" not in line and "twin" not in line)
        certain, _ = told(day, at)
        everything = {row.address for row in certain}
        rows = past_allocations.listed(
            day.cluster, times=Times(at, at), window=ALL, scope=scope
        ).rows
        assert everything == {row.address for row in rows if row.is_certain}


def test_at_every_instant_of_a_day_all_surfaces_tell_one_story(day: Day) -> None:
    assert len(list(day.instants())) == 39
    check_at_each_read_the_past_says_what_was_shown_then(day)
    check_the_holders(day)
    check_the_numbers(day)
    check_the_map(day)
    check_two_instants(day)
    check_no_stranger_is_named(day)
