"""The named cast: clusters as sync would have left them, inserted row by row.

prod-eu, dual stack, a pool of /28 and one of /124: worker-a is full (14 of 14),
worker-b half full (7 of 14), worker-c empty. lab has never been reached. Ids are given,
so that answers can be written out.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.core.management.color import no_style
from django.db import connection

from ipamweb.access.models import User
from ipamweb.addressing.ranges import family_of, parse_address, parse_cidr
from ipamweb.mirror.models import (
    Allocation,
    Block,
    Cluster,
    CoverageGap,
    Endpoint,
    Node,
    PastAllocation,
    Pod,
    PollCount,
    Problem,
    Reservation,
    SyncRun,
)
from ipamweb.mirror.time_bins import time_bin
from tests import cast_again, cast_events, cast_findings
from tests.cast_people import insert_team
from tests.cast_places import (
    AS_OF,
    BLOCKS,
    FIRST_AS_OF,
    NAMESPACES,
    RULE,
    at,
    insert_blocks,
    insert_clusters,
    insert_namespaces,
    insert_nodes,
    insert_pools,
    uid,
)

__all__ = ["AS_OF", "FIRST_AS_OF", "NOW", "at", "insert", "more_nodes", "pod", "uid"]

NOW = at("14:00:05")


@dataclass(frozen=True, slots=True)
class Cast:
    """The rows that tests name."""

    prod: Cluster
    lab: Cluster
    worker_a: Node
    worker_b: Node
    worker_c: Node


def insert() -> Cast:
    """Insert everybody."""
    cast_again.insert(_insert_each)
    _continue_ids()
    prod, lab = Cluster.objects.get(pk=1), Cluster.objects.get(pk=2)
    worker_a, worker_b, worker_c = Node.objects.filter(pk__in=(1, 2, 3)).order_by("pk")
    return Cast(prod, lab, worker_a, worker_b, worker_c)


def _insert_each() -> None:
    prod, _ = insert_clusters()
    insert_namespaces(prod)
    nodes = insert_nodes(prod)
    insert_pools(prod)
    insert_blocks(prod, nodes)
    _node_addresses(prod, nodes)
    _pods_of_worker_a(prod, nodes[0])
    _pods_of_worker_b(prod, nodes[1])
    _pods_without_address(prod, nodes)
    _past(prod, nodes[1])
    _mirroring(prod)
    cast_findings.insert(prod)
    insert_team()
    cast_events.insert()


def _continue_ids() -> None:
    """Let ids that PostgreSQL gives begin behind those that are given here."""
    with connection.cursor() as cursor:
        for statement in connection.ops.sequence_reset_sql(
            no_style(), cast_again.models()
        ):
            cursor.execute(statement)


def user(name: str = "ada") -> User:
    """Insert an admin: whoever sees every name. Others: tests/cast_people.py."""
    return User.objects.create_superuser(name, password="difference-engine-1843")


def allocation(number: int, text: str, **columns: Any) -> Allocation:
    """Return an open allocation, not yet saved, in the block that holds its address."""
    address = parse_address(text)
    place = _place(address)
    return Allocation(
        **{
            "id": number,
            "cluster_id": 1,
            "family": family_of(address),
            "address": address,
            "kind": "pod",
            **place,
            "source": "pod-status",
            "confidence": "derived",
            "from_earliest": at("12:29:55"),
            "valid_from": at("12:30:00"),
            "opened_by": "watch",
            "opened_generation": 3,
            **columns,
        }
    )


def _place(address: int) -> dict[str, int | None]:
    for number, (cidr, _) in enumerate(BLOCKS):
        if parse_cidr(cidr).contains(address):
            pool = 1 if number < 3 else 2
            return {"block_id": number + 1, "pool_id": pool, "node_id": number % 3 + 1}
    return {}


def _node_addresses(prod: Cluster, nodes: tuple[Node, ...]) -> None:
    rows = []
    for number, (node, kind, text) in enumerate(
        [
            (nodes[0], "router", "10.0.0.17"), (nodes[0], "health", "10.0.0.18"),
            (nodes[1], "router", "10.0.0.33"), (nodes[1], "health", "10.0.0.34"),
            (nodes[0], "router", "fd00::11"), (nodes[0], "health", "fd00::12"),
            (nodes[1], "router", "fd00::21"), (nodes[1], "health", "fd00::22"),
            (nodes[0], "node", "192.0.2.11"), (nodes[1], "node", "192.0.2.12"),
            (nodes[2], "node", "192.0.2.13"),
        ],
        start=1,
    ):  # fmt: skip
        rows.append(
            allocation(
                number,
                text,
                kind=kind,
                node_id=node.pk,
                owner_key=f"node:{node.uid}:{kind}",
                source="ciliumnode.spec" if kind != "node" else "node.status.addresses",
                confidence="recorded",
                from_earliest=FIRST_AS_OF,
                valid_from=FIRST_AS_OF,
                opened_by="list",
                opened_generation=1,
            )
        )
    Allocation.objects.bulk_create(rows)


def pod(number: int, path: str, *, node: Node | None = None, **columns: Any) -> Pod:
    """Insert a pod: pod(401, "default/web-01", addresses="10.0.0.19")."""
    namespace, _, name = path.partition("/")
    return Pod.objects.create(
        **{
            "id": number,
            "cluster_id": 1,
            "uid": uid(number),
            "namespace_id": NAMESPACES[namespace] - 100,
            "namespace_uid": uid(NAMESPACES[namespace]),
            "namespace_name": namespace,
            "name": name,
            "node": node,
            "node_name": node.name if node else "",
            "phase": "Running",
            "created_at": at("12:29:56"),
            "seen_earliest": at("12:29:56"),
            "first_seen": at("12:30:00"),
            **columns,
        }
    )


def hold(owner: Pod, first_id: int, **columns: Any) -> None:
    """Open an allocation for each address that a pod reports."""
    for number, text in enumerate(owner.addresses.split(), start=first_id):
        allocation(
            number,
            text,
            pod=owner,
            owner_key=owner.uid,
            namespace_uid=owner.namespace_uid,
            **columns,
        ).save()


def _pods_of_worker_a(prod: Cluster, node: Node) -> None:
    for number in range(1, 13):
        hold(
            pod(
                400 + number,
                f"default/web-{number:02}",
                node=node,
                workload_kind="Deployment",
                workload_name="web",
                addresses=f"10.0.0.{18 + number} fd00::{0x12 + number:x}",
            ),
            10 + 2 * number,
        )
    first = Pod.objects.get(pk=401)
    Endpoint.objects.create(
        cluster=prod,
        uid=uid(501),
        namespace_name="default",
        name=first.name,
        pod_uid=first.uid,
        state="ready",
        addresses=first.addresses,
        first_seen=at("12:30:00"),
    )


def _pods_of_worker_b(prod: Cluster, node: Node) -> None:
    for number, name in enumerate(["cart-0", "cart-1", "pay-1", "cart-2"]):
        addresses = f"10.0.0.{35 + number} fd00::2{3 + number}"
        leaving = {"terminating_at": at("13:59:30")} if name == "cart-2" else {}
        owner = pod(
            421 + number, f"shop/{name}", node=node, addresses=addresses, **leaving
        )
        hold(owner, 41 + 2 * number, **leaving)
    # One address, two owners: the first that came counts.
    hold(pod(431, "batch/job-1", node=node, addresses="10.0.0.39"), 51)
    hold(pod(432, "batch/job-2", node=node, addresses="10.0.0.39"), 52, counted=False)


def _pods_without_address(prod: Cluster, nodes: tuple[Node, ...]) -> None:
    pod(
        441,
        "kube-system/proxy-a",
        node=nodes[0],
        host_network=True,
        addresses="192.0.2.11",
        workload_kind="DaemonSet",
        workload_name="proxy",
    )
    pod(442, "shop/wait-0", phase="Pending")
    pod(443, "batch/done-1", node=nodes[1], phase="Succeeded", addresses="10.0.0.40")


def past(
    number: int, text: str, bounds: Iterable[str], *, owner: Pod, **columns: Any
) -> None:
    """Insert an ended allocation; bounds are from_earliest, valid_from, valid_to and
    to_latest as times of the day."""
    earliest, first, last, latest = (at(each) for each in bounds)
    columns = {
        "pod_id": owner.pk,
        "owner_key": owner.uid,
        "namespace_uid": owner.namespace_uid,
        "closed_by": "watch",
        "closed_generation": 5,
        "from_earliest": earliest,
        "valid_from": first,
        **columns,
    }
    row = allocation(number, text)
    shared = {
        field.attname: getattr(row, field.attname)
        for field in Allocation._meta.concrete_fields
        if field.attname not in ("counted", "changed_generation")
    }
    PastAllocation.objects.create(
        **{**shared, **columns},
        valid_to=last,
        to_latest=latest,
        time_bin=time_bin(earliest, latest),
    )


def _past(prod: Cluster, node: Node) -> None:
    old = pod(
        451,
        "batch/old-1",
        node=node,
        addresses="10.0.0.35",
        first_seen=at("12:10:00"),
        gone_at=at("12:25:00"),
        gone_by=at("12:25:05"),
        gone_how="watch",
    )
    past(61, "10.0.0.35", ["12:09:55", "12:10:00", "12:25:00", "12:25:05"], owner=old)
    past(
        62,
        "10.0.0.40",
        ["12:29:55", "12:30:00", "12:59:55", "13:10:00"],
        owner=Pod.objects.get(pk=443),
        closed_by="terminal",
    )


def _mirroring(prod: Cluster) -> None:
    CoverageGap.objects.create(
        id=1,
        cluster=prod,
        started_at=at("12:59:55"),
        ended_at=at("13:10:00"),
        reason="unreachable",
        message="prod-eu: could not watch pods: timed out",
        recovered_by="list",
    )
    Problem.objects.create(
        id=1,
        cluster=prod,
        kind="pods",
        object="shop/odd-0",
        object_uid=uid(461),
        field="status.podIPs[0].ip",
        why="'10.0.0.999' is not an IP address",
        first_seen=at("13:30:00"),
        last_seen=AS_OF,
    )
    SyncRun.objects.create(
        id=1,
        cluster=prod,
        kind="complete",
        outcome="ok",
        started_at=at("11:59:58"),
        ended_at=FIRST_AS_OF,
        seconds=2.5,
        opened=11,
        generation=1,
    )
    for kind, outcome, polls, seconds in [
        ("complete", "ok", 3, 7.5), ("changes", "ok", 1440, 300.25),
        ("changes", "failed", 2, 20.0),
    ]:  # fmt: skip
        PollCount.objects.create(
            cluster=prod, kind=kind, outcome=outcome, polls=polls, seconds=seconds
        )
    reserved = parse_cidr("10.0.0.60/31")
    Reservation.objects.create(
        id=1,
        cluster=prod,
        pool_id=1,
        family=4,
        first=reserved.first,
        last=reserved.last,
        why="kept for the load balancer",
        valid_from=FIRST_AS_OF,
    )


def more_nodes(count: int) -> None:
    """Insert further nodes, each with a block, a router and a pod: count ≤ 90."""
    for number in range(count):
        node = Node.objects.create(
            id=100 + number,
            cluster_id=1,
            uid=uid(2000 + number),
            name=f"worker-x{number:02}",
            first_seen=FIRST_AS_OF,
            slots_free=14,
            slots_total=14,
        )
        bounds = parse_cidr(f"10.0.{1 + number // 16}.{number % 16 * 16}/28")
        block = Block.objects.create(
            id=100 + number,
            cluster_id=1,
            family=4,
            first=bounds.first,
            last=bounds.last,
            node=node,
            node_name=node.name,
            pool_id=1,
            system="cilium",
            capacity_rule=RULE,
            object_uid=uid(3000 + number),
            from_earliest=FIRST_AS_OF,
            valid_from=FIRST_AS_OF,
        )
        owner = pod(1000 + number, f"default/extra-{number:02}", node=node)
        Allocation.objects.create(
            id=1000 + number,
            cluster_id=1,
            family=4,
            address=block.first + 1,
            owner_key=owner.uid,
            kind="pod",
            pod=owner,
            namespace_uid=owner.namespace_uid,
            node=node,
            block=block,
            pool_id=1,
            source="pod-status",
            confidence="derived",
            from_earliest=FIRST_AS_OF,
            valid_from=FIRST_AS_OF,
            opened_by="list",
        )
