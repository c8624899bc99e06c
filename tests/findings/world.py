"""A small cluster in which nothing is wrong, for fixtures to change one thing in.

Cilium in mode cluster-pool, 10.0.0.0/16 in /24: three nodes n1 to n3 with 10.0.1.0/24
to 10.0.3.0/24, a router, a health address, two pods and their endpoints each.
"""

from typing import Any

from ipamweb.addressing.ranges import family_of, parse_address, parse_cidr
from ipamweb.findings import check, reading
from ipamweb.findings.candidates import Candidate
from ipamweb.mirror.models import (
    Allocation,
    Block,
    Cluster,
    ClusterVersion,
    Endpoint,
    Namespace,
    Node,
    NodeRecord,
    Pod,
    Pool,
    PoolRange,
)
from tests.cast_places import AS_OF, FIRST_AS_OF, RULE, at, uid

CILIUM = "ConfigMap kube-system/cilium-config"
KUBEADM = "ConfigMap kube-system/kubeadm-config"
MANAGER = "Pod kube-system/kube-controller-manager-c1"
MADE = at("13:00:00")


def insert() -> Cluster:
    cluster = Cluster.objects.create(
        id=1,
        slug="prod",
        name="prod",
        systems=["cilium"],
        mode="cluster-pool",
        reader="cilium_cluster_pool",
        families=[4],
        kinds=["namespaces", "nodes", "pods", "ciliumnodes", "ciliumendpoints"],
        generation=7,
        first_as_of=FIRST_AS_OF,
        as_of=AS_OF,
        configuration_as_of=AS_OF,
        allocation_count=15,
    )
    ClusterVersion.objects.create(
        cluster=cluster,
        systems=["cilium"],
        mode="cluster-pool",
        facts=[["ipam", "cluster-pool", f"{CILIUM}, ipam"]],
        valid_from=FIRST_AS_OF,
    )
    Namespace.objects.create(
        id=1, cluster=cluster, uid=uid(101), name="shop", first_seen=FIRST_AS_OF
    )
    pool("10.0.0.0/16", 24)
    for number in (1, 2, 3):
        node(number)
        block(number, f"10.0.{number}.0/24", allocated=4)
        says(number, cidrs=f"10.0.{number}.0/24")
        own(number, "node", f"192.0.2.{number}")
        own(number, "router", f"10.0.{number}.10")
        own(number, "health", f"10.0.{number}.11")
        pod(number * 10, number, f"10.0.{number}.20")
        pod(number * 10 + 1, number, f"10.0.{number}.21")
    return cluster


def pool(cidr: str, length: int | None, **columns: Any) -> PoolRange:
    """Add a range to the pool of its family, which is made by its first range."""
    bounds = parse_cidr(cidr)
    slug = columns.pop("slug", f"cilium-cluster-pool-v{bounds.family}")
    made, _ = Pool.objects.get_or_create(
        cluster_id=1,
        slug=slug,
        defaults={
            "name": slug,
            "system": "cilium",
            "family": bounds.family,
            "capacity_rule": RULE,
            "read_from": f"{CILIUM}, cluster-pool-ipv4-cidr; block length: mask-size",
            "first_seen": FIRST_AS_OF,
        },
    )
    return PoolRange.objects.create(
        pool=made,
        family=bounds.family,
        first=bounds.first,
        last=bounds.last,
        block_prefix_length=length,
        **{"valid_from": FIRST_AS_OF, **columns},
    )


def node(number: int, **columns: Any) -> Node:
    return Node.objects.create(
        **{
            "id": number,
            "cluster_id": 1,
            "uid": uid(200 + number),
            "name": f"n{number}",
            "max_pods": 110,
            "ready": True,
            "first_seen": FIRST_AS_OF,
            "pod_count": 2,
            "slots_used": 2,
            **columns,
        }
    )


def block(number: int, cidr: str, **columns: Any) -> Block:
    """Give a node a block; with `node_id` None nobody of the name is there."""
    bounds = parse_cidr(cidr)
    allocated = columns.get("allocated", 0)
    return Block.objects.create(
        **{
            "cluster_id": 1,
            "family": bounds.family,
            "first": bounds.first,
            "last": bounds.last,
            "node_id": number,
            "node_name": f"n{number}",
            "system": "cilium",
            "capacity_rule": RULE,
            "object_uid": uid(300 + number),
            "from_earliest": FIRST_AS_OF,
            "valid_from": FIRST_AS_OF,
            "allocated_by_kind": {"pod": allocated - 2} if allocated else {},
            **columns,
        }
    )


def says(number: int, **columns: Any) -> NodeRecord:
    """Let Cilium say something of a node, in the CiliumNode that was made for it."""
    return NodeRecord.objects.create(
        **{
            "cluster_id": 1,
            "uid": uid(300 + number),
            "node_name": f"n{number}",
            "node_uid": uid(200 + number),
            "first_seen": FIRST_AS_OF,
            "changed_at": FIRST_AS_OF,
            **columns,
        }
    )


def own(number: int, kind: str, text: str, **columns: Any) -> Allocation:
    """Let a node hold an address of its own."""
    key = columns.pop("key", f"node:{uid(200 + number)}:{kind}")
    return hold(text, node_id=number, owner_key=key, kind=kind, **columns)


def pod(
    number: int, on: int, text: str, *, endpoint: str | None = "", **columns: Any
) -> Pod:
    """Run a pod; `endpoint` are the addresses Cilium records, None for no endpoint."""
    made = Pod.objects.create(
        **{
            "id": number,
            "cluster_id": 1,
            "uid": uid(number),
            "namespace_id": 1,
            "namespace_uid": uid(101),
            "namespace_name": "shop",
            "name": f"pod-{number}",
            "node_id": on,
            "node_name": f"n{on}",
            "phase": "Running",
            "addresses": text,
            "created_at": MADE,
            "seen_earliest": MADE,
            "first_seen": MADE,
            **columns,
        }
    )
    is_held = made.phase == "Running" and not made.host_network
    for each in text.split() if is_held else []:
        leaving = {"terminating_at": made.terminating_at}
        hold(each, node_id=on, pod=made, owner_key=made.uid, kind="pod", **leaving)
    if endpoint is not None and is_held:
        record(made, endpoint or text)
    return made


def record(of: Pod, addresses: str, **columns: Any) -> Endpoint:
    """Let Cilium record a pod."""
    return Endpoint.objects.create(
        **{
            "cluster_id": 1,
            "uid": uid(5000 + of.pk),
            "namespace_name": of.namespace_name,
            "name": of.name,
            "pod_uid": of.uid,
            "state": "ready",
            "addresses": addresses,
            "first_seen": MADE,
            **columns,
        }
    )


def hold(text: str, **columns: Any) -> Allocation:
    address = parse_address(text)
    lies = Block.objects.filter(first__lte=address, last__gte=address).first()
    inside = PoolRange.objects.filter(
        first__lte=address, last__gte=address, valid_to=None
    )
    pool_id = inside.values_list("pool_id", flat=True).first()
    return Allocation.objects.create(
        **{
            "cluster_id": 1,
            "family": family_of(address),
            "address": address,
            "namespace_uid": uid(101) if columns.get("pod") else "",
            "block": lies,
            "pool_id": pool_id,
            "source": "pod.status.podIPs" if columns.get("pod") else "ciliumnode.spec",
            "confidence": "derived",
            "from_earliest": MADE,
            "valid_from": MADE,
            "opened_by": "watch",
            **columns,
        }
    )


def second_family() -> None:
    """Make the cluster dual stack: every node has a /112, every pod an address."""
    Cluster.objects.update(families=[4, 6])
    pool("fd00::/96", 112)
    for number in (1, 2, 3):
        block(number, f"fd00::{number}:0/112", allocated=2)
        for one in Pod.objects.filter(node_id=number):
            extra = f"fd00::{number}:{one.pk}"
            one.addresses += f" {extra}"
            one.save()
            hold(extra, node_id=number, pod=one, owner_key=one.uid, kind="pod")
            Endpoint.objects.filter(pod_uid=one.uid).update(addresses=one.addresses)


def configure(*settings: tuple[str, str, str]) -> None:
    """Add settings, each with the place it is read in, to the present version."""
    version = ClusterVersion.objects.get(valid_to=None)
    version.facts += [
        [name, value, f"{place}, {name}"] for name, value, place in settings
    ]
    version.save()


def plain_kubernetes() -> None:
    """Make it a cluster whose nodes get their CIDRs from kube-controller-manager."""
    Cluster.objects.update(mode="kubernetes", systems=["kubernetes"], kinds=[])
    ClusterVersion.objects.update(mode="kubernetes", facts=[])
    configure(("allocate-node-cidrs", "true", MANAGER))
    for number in (1, 2, 3):
        Block.objects.filter(node_id=number).update(
            object_uid=uid(200 + number), system="kubernetes"
        )


def found() -> list[tuple[str, Candidate]]:
    """Return what one look finds, by the id of the rule."""
    looked = check.apply_rules(reading.read(Cluster.objects.get(pk=1)))
    return [(rule, each) for (rule, _), each in looked.candidates.items()]
