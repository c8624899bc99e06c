"""The counters of blocks, pools, nodes and namespaces: changed with what they count.

A transaction collects its differences here and writes them once at its end. A node's
numbers are the sum over its open blocks; its slots follow from them (data model,
section 4). verify.py re-counts all of it.
"""

import json
from collections import Counter
from dataclasses import dataclass, field, fields
from typing import Any

from ipamweb.addressing import capacity
from ipamweb.mirror import stored
from ipamweb.mirror.models import Block, Cluster, Namespace, Node, Pool
from ipamweb.sync import bulk
from ipamweb.sync.places import range_of

_SPACE = ("allocated", "allocated_reserved", "allocated_by_kind")


@dataclass(slots=True)
class Difference:
    """What is added to a block's or a pool's counters."""

    allocated: int = 0
    reserved: int = 0
    kinds: Counter[str] = field(default_factory=Counter)

    def count(self, addresses: int, *, kind: str, reserved: bool) -> None:
        self.allocated += addresses
        self.reserved += addresses * reserved
        self.kinds[kind] += addresses


# In (1) or out (-1), address, kind, block, pool.
Counted = tuple[int, int, str, int | None, int | None]


@dataclass(slots=True)
class Counters:
    """The differences of one transaction; `write` applies them."""

    cluster_id: int
    addresses: list[Counted] = field(default_factory=list)
    pool_blocks: Counter[int] = field(default_factory=Counter)
    # By node: pods that exist, pods that take a slot.
    node_pods: Counter[int] = field(default_factory=Counter)
    node_slots: Counter[int] = field(default_factory=Counter)
    # Nodes whose blocks or max pods changed: their sums are made anew.
    nodes: set[int] = field(default_factory=set)
    # By namespace UID.
    namespace_pods: Counter[str] = field(default_factory=Counter)
    namespace_v4: Counter[str] = field(default_factory=Counter)
    namespace_v6: Counter[str] = field(default_factory=Counter)
    cluster_nodes: int = 0
    cluster_pods: int = 0
    allocations: int = 0

    def address(
        self, sign: int, *, address: int, kind: str, block: int | None, pool: int | None
    ) -> None:
        """Count an address in or out of its block and its pool."""
        self.addresses.append((sign, address, kind, block, pool))

    def allocation(self, sign: int, *, family: int, namespace_uid: str) -> None:
        """Count an allocation in or out of its namespace and the cluster."""
        self.allocations += sign
        if namespace_uid:
            counter = self.namespace_v4 if family == 4 else self.namespace_v6
            counter[namespace_uid] += sign

    def pod(
        self, sign: int, *, node: int | None, namespace_uid: str, takes_slot: bool
    ) -> None:
        """Count a pod in or out of its node and its namespace."""
        self.cluster_pods += sign
        if namespace_uid:
            self.namespace_pods[namespace_uid] += sign
        if node is not None:
            self.node_pods[node] += sign
            self.node_slots[node] += sign * takes_slot

    def write(self) -> None:
        """Apply the differences: a fixed number of statements for each kind of row.

        None where nothing differs.
        """
        if not self._differs():
            return
        self._write_space()
        bulk.add(
            Pool,
            ("blocks_assigned",),
            [(count, pk) for pk, count in self.pool_blocks.items() if count],
        )
        self._write_nodes()
        self._write_namespaces()
        bulk.add(
            Cluster,
            ("node_count", "pod_count", "allocation_count"),
            [
                (
                    self.cluster_nodes,
                    self.cluster_pods,
                    self.allocations,
                    self.cluster_id,
                )
            ],
        )

    def _differs(self) -> bool:
        return any(
            getattr(self, each.name)
            for each in fields(self)
            if each.name != "cluster_id"
        )

    def _write_space(self) -> None:
        """Add up addresses by block and by pool; nodes of blocks are summed anew."""
        blocks = stored.select(
            Block,
            ("id", *_SPACE, "node_id", "first", "last", "capacity_rule"),
            where="id IN {among}",
            among=list({each[3] for each in self.addresses if each[3] is not None}),
        )
        self.nodes.update(node for *_, node, _, _, _ in blocks if node is not None)
        set_aside = {
            pk: capacity.reserved_addresses(range_of(first, last), rule)
            for pk, *_, first, last, rule in blocks
        }
        by_block, by_pool = self._differences(set_aside)
        _add_differences(Block, by_block, [row[:4] for row in blocks])
        pools = stored.select(
            Pool, ("id", *_SPACE), where="id IN {among}", among=list(by_pool)
        )
        _add_differences(Pool, by_pool, pools)

    def _differences(
        self, set_aside: dict[int, tuple[int, ...]]
    ) -> tuple[dict[int, Difference], dict[int, Difference]]:
        totals: Counter[tuple[str, int | None, int | None, bool]] = Counter()
        for sign, address, kind, block, pool in self.addresses:
            reserved = block is not None and address in set_aside[block]
            totals[kind, block, pool, reserved] += sign
        by_block: dict[int, Difference] = {}
        by_pool: dict[int, Difference] = {}
        for (kind, block, pool, reserved), count in totals.items():
            for differences, pk in ((by_block, block), (by_pool, pool)):
                if pk is not None:
                    differences.setdefault(pk, Difference()).count(
                        count, kind=kind, reserved=reserved
                    )
        return by_block, by_pool

    def _write_nodes(self) -> None:
        touched = list(self.nodes | set(self.node_pods) | set(self.node_slots))
        nodes = stored.select(
            Node,
            ("id", "max_pods", "pod_count", "slots_used"),
            where="id IN {among}",
            among=touched,
        )
        sums = node_sums(touched, families=enabled_families(self.cluster_id))
        updates = []
        for pk, max_pods, pods, used in nodes:
            total = sums[pk]
            used += self.node_slots[pk]
            slots = total.slots(max_pods, used)
            updates.append(
                (
                    total.allocated[4],
                    total.allocated[6],
                    total.by_kind,
                    pods + self.node_pods[pk],
                    used,
                    slots.free,
                    slots.total,
                    pk,
                )
            )
        bulk.update(Node, NODE_COUNTERS, updates)

    def _write_namespaces(self) -> None:
        uids = {
            uid
            for counter in (self.namespace_pods, self.namespace_v4, self.namespace_v6)
            for uid, count in counter.items()
            if count
        }
        rows = stored.select(
            Namespace,
            ("id", "uid"),
            where="cluster_id = %s AND uid IN {among}",
            among=list(uids),
            values=[self.cluster_id],
        )
        bulk.add(
            Namespace,
            ("pod_count", "allocated_v4", "allocated_v6"),
            [
                (
                    self.namespace_pods[uid],
                    self.namespace_v4[uid],
                    self.namespace_v6[uid],
                    pk,
                )
                for pk, uid in rows
            ],
        )


NODE_COUNTERS = (
    "allocated_v4", "allocated_v6", "allocated_by_kind", "pod_count", "slots_used",
    "slots_free", "slots_total",
)  # fmt: skip
# What fits the column: an IPv6 block of an allocator without a bound has more.
LARGEST_COUNT = 2**62


@dataclass(slots=True)
class NodeSum:
    """What the open blocks of a node hold, by family."""

    allocated: Counter[int] = field(default_factory=Counter)
    by_kind: dict[str, dict[str, int]] = field(default_factory=dict)
    free: Counter[int] = field(default_factory=Counter)

    def slots(self, max_pods: int | None, used: int) -> capacity.Slots:
        """Return the node's slots, within what the column holds."""
        slots = capacity.slots(
            max_pods, slots_used=used, free_by_family=list(self.free.values())
        )
        free = min(slots.free, LARGEST_COUNT)
        return capacity.Slots(slots.used, free, slots.used + free)


def _add_differences(
    model: type[Block] | type[Pool],
    differences: dict[int, Difference],
    rows: list[tuple[Any, ...]],
) -> None:
    updates = []
    for pk, allocated, reserved, by_kind in rows:
        difference = differences[pk]
        updates.append(
            (
                allocated + difference.allocated,
                reserved + difference.reserved,
                _added(json_value(by_kind), difference.kinds),
                pk,
            )
        )
    bulk.update(model, _SPACE, updates)


def enabled_families(cluster_id: int) -> list[int]:
    """Return the families in which every pod gets an address; empty: not known."""
    rows = stored.select(
        Cluster, ("families",), where="id IN {among}", among=[cluster_id]
    )
    return list(json_value(rows[0][0]))


def node_sums(nodes: list[int], *, families: list[int]) -> dict[int, NodeSum]:
    """Return the sums over the open blocks of each node. One query.

    A node without a block of an enabled family has nothing free in it.
    """
    rows = stored.select(
        Block,
        (
            "node_id", "family", "first", "last", "capacity_rule", "allocated",
            "allocated_reserved", "allocated_by_kind",
        ),
        where="valid_to IS NULL AND node_id IN {among}",
        among=nodes,
    )  # fmt: skip
    nothing = dict.fromkeys(families, 0)
    sums = {node: NodeSum(free=Counter(nothing)) for node in nodes}
    for node, family, first, last, rule, allocated, reserved, by_kind in rows:
        total = sums[node]
        numbers = capacity.block_numbers(range_of(first, last), rule)
        total.allocated[family] += allocated
        total.free[family] += max(0, numbers.capacity - (allocated - reserved))
        total.by_kind[str(family)] = _added(
            total.by_kind.get(str(family), {}), json_value(by_kind)
        )
    return sums


def json_value(value: Any) -> Any:
    """Return a JSON column as raw SQL gives it: text on SQLite and in our psycopg."""
    return json.loads(value) if isinstance(value, str | bytes) else value


def _added(counts: dict[str, int], difference: dict[str, int]) -> dict[str, int]:
    """Return counts by kind with the difference added; kinds at zero are left out."""
    total = dict(counts)
    for kind, count in difference.items():
        total[kind] = total.get(kind, 0) + count
    return {kind: total[kind] for kind in sorted(total) if total[kind]}
