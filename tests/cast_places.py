"""The places of the cast: clusters, namespaces, nodes, pools and blocks.

Counters are written by hand, as sync would have counted what tests/cast.py inserts.
"""

from datetime import datetime

from ipamweb.addressing.ranges import parse_cidr
from ipamweb.mirror.models import (
    Block,
    Cluster,
    ClusterVersion,
    Namespace,
    Node,
    Pool,
    PoolRange,
)

RULE = "cilium-host-scope"


def at(clock: str) -> datetime:
    """Return a time of the day all this happens on: at("14:00:05")."""
    return datetime.fromisoformat(f"2026-11-22T{clock}+00:00")


FIRST_AS_OF = at("12:00:00")
AS_OF = at("14:00:00")


def uid(number: int) -> str:
    """Return a UID that is told by its last digits."""
    return f"00000000-0000-4000-8000-{number:012d}"


def insert_clusters() -> tuple[Cluster, Cluster]:
    prod = Cluster.objects.create(
        id=1,
        slug="prod-eu",
        name="prod-eu",
        identity=uid(1),
        server_version="v1.36.0",
        systems=["cilium"],
        mode="cluster-pool",
        reader="cilium_cluster_pool",
        families=[4, 6],
        generation=7,
        first_as_of=FIRST_AS_OF,
        as_of=AS_OF,
        last_poll_at=AS_OF,
        node_count=3,
        pod_count=21,
        allocation_count=45,
    )
    ClusterVersion.objects.create(
        cluster=prod,
        systems=["cilium"],
        mode="cluster-pool",
        reader="cilium_cluster_pool",
        facts=[
            ["IPAM mode", "cluster-pool", "ConfigMap kube-system/cilium-config ipam"]
        ],
        valid_from=FIRST_AS_OF,
    )
    lab = Cluster.objects.create(
        id=2,
        slug="lab",
        name="lab",
        last_poll_at=AS_OF,
        last_error="lab: could not list nodes: connection refused",
        last_error_kind="unreachable",
        failures_in_row=3,
    )
    return prod, lab


NAMESPACES = {"default": 101, "shop": 102, "batch": 103, "kube-system": 104}


def insert_namespaces(prod: Cluster) -> None:
    counts = {
        "default": (12, 12, 12), "shop": (5, 4, 4), "batch": (3, 2, 0),
        "kube-system": (1, 0, 0),
    }  # fmt: skip
    for number, (name, (pods, v4, v6)) in enumerate(counts.items(), start=1):
        Namespace.objects.create(
            id=number,
            cluster=prod,
            uid=uid(NAMESPACES[name]),
            name=name,
            labels={"kubernetes.io/metadata.name": name},
            first_seen=FIRST_AS_OF,
            pod_count=pods,
            allocated_v4=v4,
            allocated_v6=v6,
        )
    Namespace.objects.create(
        id=9,
        cluster=prod,
        uid=uid(109),
        name="shop",
        first_seen=FIRST_AS_OF,
        gone_at=at("12:20:00"),
        gone_by=at("12:20:05"),
    )


def insert_nodes(prod: Cluster) -> tuple[Node, Node, Node]:
    # name, zone, v4, v6, pods, slots used, free
    facts = [
        ("worker-a", "eu-a", 14, 14, 13, 13, 0),
        ("worker-b", "eu-b", 7, 6, 7, 6, 7),
        ("worker-c", "eu-b", 0, 0, 0, 0, 14),
    ]
    kinds = {
        "worker-a": {"pod": 12, "router": 1, "health": 1},
        "worker-b": {"pod": 5, "router": 1, "health": 1},
        "worker-c": {},
    }
    made = [
        Node(
            id=number,
            cluster=prod,
            uid=uid(200 + number),
            name=name,
            zone=zone,
            node_pool="general",
            instance_type="m5.large",
            max_pods=110,
            ready=name != "worker-c",
            created_at=at("11:00:00"),
            first_seen=FIRST_AS_OF,
            allocated_v4=v4,
            allocated_v6=v6,
            allocated_by_kind={
                "4": kinds[name],
                "6": _less_a_pod(kinds[name], v4 - v6),
            },
            pod_count=pods,
            slots_used=used,
            slots_free=free,
            slots_total=used + free,
        )
        for number, (name, zone, v4, v6, pods, used, free) in enumerate(facts, 1)
    ]
    a, b, c = Node.objects.bulk_create(made)
    return a, b, c


def _less_a_pod(kinds: dict[str, int], count: int) -> dict[str, int]:
    return {**kinds, "pod": kinds["pod"] - count} if kinds else {}


def insert_pools(prod: Cluster) -> None:
    for number, cidr, length, allocated, pods in [
        (1, "10.0.0.0/20", 28, 21, 17),
        (2, "fd00::/116", 124, 20, 16),
    ]:
        bounds = parse_cidr(cidr)
        pool = Pool.objects.create(
            id=number,
            cluster=prod,
            slug=f"cilium-cluster-pool-v{bounds.family}",
            name="cluster-pool",
            system="cilium",
            family=bounds.family,
            capacity_rule=RULE,
            read_from="ConfigMap kube-system/cilium-config",
            first_seen=FIRST_AS_OF,
            allocated=allocated,
            allocated_by_kind={"pod": pods, "router": 2, "health": 2},
            blocks_assigned=3,
        )
        PoolRange.objects.create(
            pool=pool,
            family=bounds.family,
            first=bounds.first,
            last=bounds.last,
            block_prefix_length=length,
            valid_from=FIRST_AS_OF,
        )


BLOCKS = (
    ("10.0.0.16/28", 14), ("10.0.0.32/28", 7), ("10.0.0.48/28", 0),
    ("fd00::10/124", 14), ("fd00::20/124", 6), ("fd00::30/124", 0),
)  # fmt: skip


def insert_blocks(prod: Cluster, nodes: tuple[Node, ...]) -> None:
    for number, (cidr, allocated) in enumerate(BLOCKS):
        node, bounds = nodes[number % 3], parse_cidr(cidr)
        Block.objects.create(
            id=number + 1,
            cluster=prod,
            family=bounds.family,
            first=bounds.first,
            last=bounds.last,
            node=node,
            node_name=node.name,
            pool_id=1 if bounds.family == 4 else 2,
            system="cilium",
            capacity_rule=RULE,
            object_uid=uid(300 + number % 3),
            from_earliest=FIRST_AS_OF,
            valid_from=FIRST_AS_OF,
            allocated=allocated,
            allocated_by_kind=node.allocated_by_kind[str(bounds.family)],
        )
