"""Fills in what came before its place was known, and what outlives its place.

A pod may be seen before its node or its namespace; a Node may be made again under its
name while its pods run on. Open rows are filled in, past ones never. Called inside a
transaction that holds the lease.
"""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

from django.db.models import Q

from ipamweb.addressing import records
from ipamweb.mirror import stored
from ipamweb.mirror.models import Allocation, Block, Namespace, Node, Pod
from ipamweb.sync import bulk
from ipamweb.sync.counters import Counters
from ipamweb.sync.plan_space import NODE_KINDS, owner_key

# By how much the clocks of the API servers of one cluster may differ.
SKEW = timedelta(seconds=2)
# No cluster is older; beyond it there may be no moment two seconds before.
EPOCH = datetime.fromtimestamp(0, UTC)


def take_in_pods_of_namespaces(
    cluster_id: int, arrived: Mapping[str, datetime | None], counters: Counters
) -> None:
    """Fill in the namespace of pods that exist and were seen before it.

    `arrived`: when namespaces were made, by name. A pod that is older than that, or is
    gone, may have been in an earlier namespace of the name; one that is younger was not
    in it, whatever was known when it was seen.
    """
    pods = Pod.objects.filter(
        cluster=cluster_id, namespace_name__in=list(arrived), gone_how=""
    )
    if not arrived or not pods.exists():
        return
    rows = Namespace.objects.filter(
        cluster=cluster_id, name__in=list(arrived), gone_by=None
    )
    for row in {row.name: row for row in rows.order_by("id")}.values():
        theirs = pods.filter(
            _is_of(row, made_at=arrived[row.name]), namespace_name=row.name
        )
        found = theirs.values_list("id", "uid", "namespace_uid")
        _move_pods(cluster_id, list(found), row, counters)


def _is_of(namespace: Namespace, *, made_at: datetime | None) -> Q:
    """Return which pods of its name are of a namespace, and not known to be."""
    if made_at is None:
        return Q(namespace_uid="")
    about_then = max(made_at, EPOCH) - SKEW
    no_older = Q(created_at=None) | Q(created_at__gte=about_then)
    of_earlier = Q(namespace__lt=namespace.pk, created_at__gte=made_at)
    return Q(no_older, namespace_uid="") | of_earlier


def _move_pods(
    cluster_id: int,
    pods: list[tuple[int, str, str]],
    namespace: Namespace,
    counters: Counters,
) -> None:
    """Put pods (id, UID, UID of the namespace before) into a namespace."""
    earlier = {uid: before for _, uid, before in pods}
    held = _open_allocations(cluster_id, list(earlier))
    for before in earlier.values():
        counters.namespace_pods[namespace.uid] += 1
        counters.namespace_pods[before] -= 1
    for _, uid, family in held:
        counter = counters.namespace_v4 if family == 4 else counters.namespace_v6
        counter[namespace.uid] += 1
        counter[earlier[uid]] -= 1
    bulk.update(
        Pod,
        ("namespace_id", "namespace_uid"),
        [(namespace.pk, namespace.uid, pk) for pk, _, _ in pods],
    )
    bulk.update(
        Allocation, ("namespace_uid",), [(namespace.uid, pk) for pk, _, _ in held]
    )


def take_in_by_nodes(
    cluster_id: int, nodes: dict[str, int], counters: Counters
) -> None:
    """Give nodes that are new under their names (name → id) what is theirs.

    That is, what has no node yet, and what an earlier Node of the name has left.
    """
    if not nodes:
        return
    earlier = {
        pk: nodes[name]
        for pk, name in Node.objects.filter(cluster=cluster_id, name__in=list(nodes))
        .exclude(pk__in=nodes.values())
        .values_list("id", "name")
    }
    _take_in_pods(cluster_id, nodes, earlier, counters)
    _take_in_blocks(cluster_id, nodes, earlier, counters)


def _take_in_pods(
    cluster_id: int, nodes: dict[str, int], earlier: dict[int, int], counters: Counters
) -> None:
    pods = Pod.objects.filter(cluster=cluster_id, gone_how="")
    moves = []
    node_of: dict[str, int] = {}
    # Two questions: an OR of them would use no index.
    for found in (
        pods.filter(node=None, node_name__in=list(nodes)),
        pods.filter(node__in=list(earlier)),
    ):
        for pk, uid, node, name, phase in found.values_list(
            "id", "uid", "node_id", "node_name", "phase"
        ):
            to = nodes[name] if node is None else earlier[node]
            _count_move(counters, node, to, phase not in records.TERMINAL_PHASES)
            moves.append((to, pk))
            node_of[uid] = to
    bulk.update(Pod, ("node_id",), moves)
    held = _open_allocations(cluster_id, list(node_of))
    bulk.update(Allocation, ("node_id",), [(node_of[uid], pk) for pk, uid, _ in held])


def _count_move(
    counters: Counters, node: int | None, to: int, takes_slot: bool
) -> None:
    for place, sign in ((node, -1), (to, 1)):
        if place is not None:
            counters.node_pods[place] += sign
            counters.node_slots[place] += sign * takes_slot


def _open_allocations(cluster_id: int, pods: list[str]) -> list[tuple[int, str, int]]:
    """Return (id, UID of the pod, family) of what pods hold. One query."""
    return stored.select(
        Allocation,
        ("id", "owner_key", "family"),
        where="cluster_id = %s AND network = '' AND owner_key IN {among}",
        among=pods,
        values=[cluster_id],
    )


def _take_in_blocks(
    cluster_id: int, nodes: dict[str, int], earlier: dict[int, int], counters: Counters
) -> None:
    """Take in blocks, and the addresses of the objects that state them.

    Blocks that the earlier Node itself stated end with it.
    """
    blocks = Block.objects.filter(cluster=cluster_id, valid_to=None).filter(
        Q(node=None, node_name__in=list(nodes)) | Q(node__in=list(earlier))
    )
    moves = []
    for pk, node, name, uid, node_uid in blocks.values_list(
        "id", "node_id", "node_name", "object_uid", "node__uid"
    ):
        if uid == node_uid:
            continue
        to = nodes[name] if node is None else earlier[node]
        counters.nodes.update({to} if node is None else {to, node})
        moves.append((to, pk))
        take_in_addresses(cluster_id, {uid: to})
    bulk.update(Block, ("node_id",), moves)


def take_in_addresses(cluster_id: int, nodes: dict[str, int]) -> None:
    """Set the node of the addresses that objects (UID → node) state."""
    for uid, node in nodes.items():
        keys = [owner_key(uid, kind) for kind in NODE_KINDS]
        Allocation.objects.filter(
            cluster=cluster_id, network="", owner_key__in=keys
        ).update(node=node)
