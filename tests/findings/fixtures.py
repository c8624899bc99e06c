"""For each rule, one thing that is wrong, and one that looks alike and is not.

Each changes world.py's cluster. What is wrong must be exactly one finding of that rule
and no other; what looks alike none at all.
"""

from collections.abc import Callable
from typing import Any

from ipamweb.findings.rules.mode_mismatch import MIGRATION
from ipamweb.mirror.models import (
    Allocation,
    Block,
    Cluster,
    ClusterVersion,
    Endpoint,
    Node,
    NodeRecord,
    Pod,
    PoolRange,
    Problem,
)
from tests.cast_places import AS_OF, FIRST_AS_OF, at, uid
from tests.findings import world
from tests.findings.world import KUBEADM, MANAGER

Change = Callable[[], object]
EDITED = at("12:30:00")


def lost_node() -> None:
    """Node n3 is gone, with its pods; its CiliumNode and CIDR are still there."""
    Allocation.objects.filter(node_id=3).delete()
    Endpoint.objects.filter(pod_uid__in=[uid(30), uid(31)]).delete()
    Pod.objects.filter(node_id=3).update(gone_at=AS_OF, gone_by=AS_OF)
    Node.objects.filter(id=3).update(gone_at=AS_OF, gone_by=AS_OF)
    Block.objects.filter(node_id=3).update(node=None, allocated_by_kind={})


def unreadable(name: str) -> None:
    Problem.objects.create(
        cluster_id=1, kind="Node", object=name, field="spec.podCIDRs", why="'x'",
        first_seen=AS_OF, last_seen=AS_OF,
    )  # fmt: skip


def lost_node_that_cannot_be_read() -> None:
    lost_node()
    unreadable("n3")


def node_without_cidr_that_cannot_be_read() -> None:
    asking_node()
    unreadable("n4")


def node_that_another_cni_serves() -> None:
    """Cilium's agent asks a CIDR for n4, and pods there have addresses without."""
    asking_node()
    world.pod(90, 4, "198.51.100.7")


def asking_node(**columns: Any) -> None:
    """n4 has no CIDR, and a CiliumNode that is to get one."""
    world.node(4)
    world.says(4, **columns)


def plain_node_without_cidr(*, allocated: str, ready: bool) -> None:
    """n4 has no CIDR in plain Kubernetes."""
    world.plain_kubernetes()
    ClusterVersion.objects.update(facts=[])
    world.configure(("allocate-node-cidrs", allocated, MANAGER))
    world.node(4, ready=ready)


def other_cidrs_in_kubernetes_mode(**columns: Any) -> None:
    """n1's CiliumNode has another CIDR than its Node."""
    world.plain_kubernetes()
    NodeRecord.objects.filter(node_name="n1").update(
        **{"cidrs": "10.0.9.0/24", **columns}
    )


def nodes_with_pools(*settings: tuple[str, str, str]) -> None:
    world.configure(*settings)
    asking_node(pools="default")


def operator_says(error: str, **columns: Any) -> None:
    NodeRecord.objects.filter(node_name="n1").update(error=error, **columns)


ALREADY = "requested CIDR (10.0.1.0/24) is already allocated"


def two_objects_of_one_node() -> None:
    world.block(1, "10.0.1.0/25", object_uid=uid(399))
    PoolRange.objects.update(block_prefix_length=None)


def another_mask_that_is_assumed() -> None:
    world.block(1, "10.0.4.0/23")
    PoolRange.objects.get().pool.__class__.objects.update(
        read_from="x; block length: default of cilium-operator"
    )


def no_pool_holds_the_nodes() -> None:
    PoolRange.objects.update(
        **dict(zip(("first", "last"), _ends("10.128.0.0/16"), strict=True))
    )


def _ends(cidr: str) -> tuple[int, int]:
    bounds = world.parse_cidr(cidr)
    return bounds.first, bounds.last


def cidr_of_a_range_just_appended() -> None:
    """The configuration was read last before n4 was given its CIDR."""
    world.node(4)
    world.block(4, "10.77.0.0/24", valid_from=AS_OF)


def last_block_just_given() -> None:
    """n4 took the last block after the configuration was read."""
    pool_of("10.0.0.0/22")
    world.node(4)
    world.block(4, "10.0.0.0/24", valid_from=AS_OF)


def cidr_of_a_mask_just_changed() -> None:
    world.node(4)
    world.block(4, "10.0.4.0/25", valid_from=AS_OF)


def moving_machine() -> None:
    machine = {"workload_kind": "VirtualMachineInstance", "workload_name": "vm"}
    Pod.objects.filter(id=20).update(**machine)
    world.pod(90, 2, "10.0.2.20", **machine)


def full_node(slots_used: int) -> None:
    """All 254 addresses of n1 are held; it takes 252 pods."""
    Block.objects.filter(node_id=1).update(
        allocated=254, allocated_by_kind={"pod": 252, "router": 1, "health": 1}
    )
    Node.objects.filter(id=1).update(max_pods=252, slots_used=slots_used)


def busy_node() -> None:
    """n1 holds 242 of 254 addresses, and takes five pods more."""
    Block.objects.filter(node_id=1).update(
        allocated=242, allocated_by_kind={"pod": 240, "router": 1, "health": 1}
    )
    Node.objects.filter(id=1).update(max_pods=250, slots_used=245)


def pool_of(cidr: str) -> None:
    first, last = _ends(cidr)
    PoolRange.objects.update(first=first, last=last)


def edited(cidr: str, *, appended: str) -> None:
    """A range stood in the pool until 12:30; another has stood there since."""
    world.pool(cidr, 24, valid_to=EDITED)
    world.pool(appended, 24, valid_from=EDITED)


def range_taken_out() -> None:
    """10.9.0.0/16 is no range any more, and n3's CIDR is of it."""
    first, last = _ends("10.9.3.0/24")
    Block.objects.filter(node_id=3).update(first=first, last=last)
    for allocation in Allocation.objects.filter(node_id=3).exclude(kind="node"):
        allocation.address += 9 << 16
        allocation.save()
    for pod in Pod.objects.filter(node_id=3):
        pod.addresses = pod.addresses.replace("10.0.", "10.9.")
        pod.save()
        Endpoint.objects.filter(pod_uid=pod.uid).update(addresses=pod.addresses)
    edited("10.9.0.0/16", appended="10.8.0.0/16")


def changed_mode(*, pods_made: str) -> None:
    changed = at("13:30:00")
    ClusterVersion.objects.update(mode="kubernetes", valid_to=changed)
    ClusterVersion.objects.create(
        cluster_id=1,
        mode="cluster-pool",
        facts=[["ipam", "cluster-pool", f"{world.CILIUM}, ipam"]],
        valid_from=changed,
    )
    Pod.objects.update(created_at=at(pods_made))


def flags(*settings: tuple[str, str, str]) -> None:
    world.plain_kubernetes()
    world.configure(*settings)


def gap_of_a_node() -> None:
    world.second_family()
    world.node(4)
    world.block(4, "10.0.4.0/24")


def pod_of_one_family(*, made: str) -> None:
    world.second_family()
    Block.objects.filter(family=6).update(valid_from=at("13:30:00"))
    Pod.objects.exclude(id=10).update(created_at=at("13:40:00"))
    Pod.objects.filter(id=10).update(created_at=at(made), addresses="10.0.1.20")
    Endpoint.objects.filter(pod_uid=uid(10)).update(addresses="10.0.1.20")
    Allocation.objects.filter(pod_id=10, family=6).delete()


def whole_pool_for_one_node() -> None:
    """n1 has all of 10.0.0.0/16; the others have no CIDR and nothing to hold."""
    Block.objects.filter(node_id__in=[2, 3]).delete()
    Node.objects.filter(id__in=[2, 3]).delete()
    Allocation.objects.exclude(node_id=1).delete()
    Endpoint.objects.exclude(pod_uid__in=[uid(10), uid(11)]).delete()
    first, last = _ends("10.0.0.0/16")
    Block.objects.update(first=first, last=last)


# What is wrong, by the id of the rule.
WRONG: dict[str, list[Change]] = {
    "F01": [
        asking_node,
        lambda: plain_node_without_cidr(allocated="true", ready=True),
        lambda: plain_node_without_cidr(allocated="false", ready=False),
    ],
    "F02": [lambda: (world.node(4), world.block(4, "10.0.1.0/24"))],
    "F03": [lost_node],
    "F04": [lambda: (world.node(4), world.block(4, "10.77.0.0/24"))],
    "F05": [lambda: (world.node(4), world.block(4, "10.0.4.0/25"))],
    "F06": [lambda: world.pod(90, 1, "10.0.2.99")],
    "F07": [lambda: world.pod(90, 2, "10.0.2.20")],
    "F08": [lambda: world.pod(90, 2, "10.0.2.10")],
    "F12": [lambda: full_node(200)],
    "F13": [
        lambda: (pool_of("10.0.0.0/22"), world.node(4), world.block(4, "10.0.0.0/24"))
    ],
    "F14": [
        lambda: operator_says(ALREADY),
        lambda: asking_node(error="allocator full"),
    ],
    "F18": [
        lambda: world.pool("10.0.128.0/17", 24, slug="other"),
        lambda: world.configure(("networking.serviceSubnet", "10.0.96.0/20", KUBEADM)),
        lambda: world.own(1, "node", "10.0.200.1", key="node:x:node"),
    ],
    "F19": [
        lambda: changed_mode(pods_made="13:00:00"),
        lambda: flags(
            ("cluster-cidr", "10.0.0.0/16", MANAGER),
            ("networking.podSubnet", "10.1.0.0/16", KUBEADM),
        ),
        nodes_with_pools,
        other_cidrs_in_kubernetes_mode,
    ],
    "F20": [
        range_taken_out,
        lambda: world.pool("10.0.0.0/17", 24, valid_to=EDITED),
    ],
    "F25": [
        lambda: world.pod(90, 1, "10.0.1.90", endpoint="10.0.1.91"),
        lambda: (
            Allocation.objects.filter(pod_id=10).delete()
            and Pod.objects.filter(id=10).update(gone_at=AS_OF)
        ),
        lambda: world.pod(90, 1, "10.0.1.90", endpoint=None),
    ],
    "F29": [gap_of_a_node, lambda: pod_of_one_family(made="13:45:00")],
    "F30": [lambda: Node.objects.filter(id=1).update(max_pods=300)],
    "C01": [whole_pool_for_one_node],
    "C02": [
        lambda: world.pool("10.40.0.0/16", 31),
        lambda: world.pool("fd00::/48", 80),
    ],
    "C03": [
        lambda: flags(
            ("cluster-cidr", "10.0.0.0/16,fd00::/48", MANAGER),
            ("node-cidr-mask-size", "24", MANAGER),
        )
    ],
}

# What looks alike and is not wrong.
ALIKE: dict[str, list[Change]] = {
    "F01": [
        node_without_cidr_that_cannot_be_read,
        lambda: Block.objects.all().delete(),
        # A virtual node: no agent asks a CIDR for it.
        lambda: world.node(4),
        lambda: asking_node(is_ignored=True),
        lambda: asking_node(gone_at=AS_OF, gone_by=AS_OF),
        node_that_another_cni_serves,
        lambda: plain_node_without_cidr(allocated="false", ready=True),
    ],
    "F02": [two_objects_of_one_node],
    "F03": [lost_node_that_cannot_be_read],
    "F04": [no_pool_holds_the_nodes, cidr_of_a_range_just_appended],
    "F05": [another_mask_that_is_assumed, cidr_of_a_mask_just_changed],
    "F06": [
        lambda: world.pod(90, 1, "192.0.2.1", host_network=True),
        lambda: world.pod(90, 1, "10.0.2.99", phase="Succeeded"),
        lambda: world.pod(90, 1, "10.0.2.99", terminating_at=AS_OF),
        lambda: (
            world.pod(90, 1, "10.0.2.99"),
            Block.objects.filter(node_id=1).update(valid_from=at("13:30:00")),
        ),
    ],
    "F07": [
        lambda: world.pod(90, 2, "10.0.2.20", phase="Succeeded"),
        lambda: world.pod(90, 2, "10.0.2.20", terminating_at=AS_OF),
        moving_machine,
    ],
    "F08": [
        lambda: world.pod(90, 2, "192.0.2.2", host_network=True),
        lambda: world.own(2, "router", "10.0.3.10"),
    ],
    "F12": [lambda: full_node(252), busy_node],
    "F13": [lambda: pool_of("10.0.0.0/22"), last_block_just_given],
    "F14": [
        lambda: operator_says(""),
        lambda: operator_says(ALREADY, is_ignored=True),
        lambda: operator_says(ALREADY, node_uid=uid(999)),
        lambda: operator_says(ALREADY, gone_at=AS_OF, gone_by=AS_OF),
    ],
    "F18": [
        lambda: world.pool("10.1.0.0/16", 24),
        lambda: world.configure(("networking.serviceSubnet", "10.96.0.0/12", KUBEADM)),
        lambda: world.own(1, "node", "198.51.100.1", key="node:x:node"),
    ],
    "F19": [
        lambda: changed_mode(pods_made="13:40:00"),
        lambda: flags(
            ("cluster-cidr", "10.0.0.0/16,fd00::/48", MANAGER),
            ("networking.podSubnet", "fd00::/48, 10.0.0.0/16", KUBEADM),
        ),
        lambda: world.configure(
            ("cluster-cidr", "10.7.0.0/16", MANAGER),
            ("networking.podSubnet", "10.8.0.0/16", KUBEADM),
        ),
        lambda: nodes_with_pools((MIGRATION, "true", world.CILIUM)),
        lambda: other_cidrs_in_kubernetes_mode(node_uid=uid(999)),
        lambda: other_cidrs_in_kubernetes_mode(cidrs="10.0.1.0/24 fd00::/64"),
        lambda: other_cidrs_in_kubernetes_mode(cidrs=""),
    ],
    "F20": [
        lambda: edited("10.9.0.0/16", appended="10.8.0.0/16"),
        lambda: world.pool("10.1.0.0/16", 24, valid_from=EDITED),
    ],
    "F25": [
        lambda: world.pod(90, 1, "10.0.1.90", endpoint=None, phase="Succeeded"),
        lambda: world.pod(90, 1, "192.0.2.1", endpoint=None, host_network=True),
        lambda: (
            Endpoint.objects.filter(pod_uid=uid(10)).update(state="disconnecting")
            and Pod.objects.filter(id=10).update(gone_at=AS_OF)
            and Allocation.objects.filter(pod_id=10).delete()
        ),
        lambda: (
            world.pod(90, 1, "10.0.1.90", endpoint=None)
            and Allocation.objects.filter(pod_id=90).update(
                from_earliest=at("11:59:00")
            )
        ),
        lambda: (
            Endpoint.objects.filter(pod_uid=uid(10)).delete()
            and Cluster.objects.update(kinds=["nodes", "pods", "ciliumnodes"])
        ),
    ],
    "F29": [world.second_family, lambda: pod_of_one_family(made="13:20:00")],
    "F30": [
        lambda: (
            Node.objects.filter(id=1).update(max_pods=300, slots_used=60)
            and Block.objects.filter(node_id=1).update(allocated_by_kind={"pod": 2})
        ),
    ],
    "C01": [lambda: world.pool("10.50.0.0/24", 24)],
    "C02": [lambda: world.pool("10.40.0.0/16", 28)],
    "C03": [
        lambda: flags(
            ("cluster-cidr", "10.0.0.0/16", MANAGER),
            ("node-cidr-mask-size", "24", MANAGER),
        ),
        lambda: flags(
            ("cluster-cidr", "10.0.0.0/16,fd00::/48", MANAGER),
            ("node-cidr-mask-size-ipv4", "24", MANAGER),
        ),
    ],
}
__all__ = ["ALIKE", "FIRST_AS_OF", "WRONG"]
