"""Reads a cluster's facts for the rules: configuration, nodes, blocks and pools.

Some twenty queries whatever the cluster's size. At 5,000 nodes and 150,000 pods in both
families it takes 2.4 s on SQLite and 15,000 small rows come into Python; everything per
pod is grouped by the database (reading_owners.py).
"""

from datetime import datetime
from typing import Any

from ipamweb.addressing.ranges import Range
from ipamweb.findings import facts, reading_owners
from ipamweb.findings.facts import Facts
from ipamweb.mirror.models import (
    Block,
    Cluster,
    ClusterVersion,
    Node,
    NodeRecord,
    PoolRange,
    Problem,
)


def read(cluster: Cluster) -> Facts:
    """Return the facts of a cluster that was read at least once."""
    assert cluster.first_as_of is not None
    nodes = _nodes(cluster.pk)
    versions = _versions(cluster.pk)
    ranges = [_pool_range(row) for row in _pool_ranges(cluster.pk)]
    return Facts(
        slug=cluster.slug,
        mode=cluster.mode,
        families=tuple(cluster.families),
        kinds=tuple(cluster.kinds),
        is_confined=bool(cluster.namespaces),
        first_as_of=cluster.first_as_of,
        as_of=cluster.as_of or cluster.first_as_of,
        configured_as_of=cluster.configuration_as_of,
        addresses=cluster.allocation_count,
        versions=versions,
        unreadable=_unreadable(cluster.pk),
        nodes=nodes,
        blocks=_blocks(cluster.pk),
        ranges=tuple(each for each in ranges if each.valid_to is None),
        records=_records(cluster.pk),
        past_ranges=tuple(each for each in ranges if each.valid_to is not None),
        pods_of_before=reading_owners.pods_older_than(
            cluster.pk, _last_change_of_mode(versions)
        ),
        **reading_owners.read(cluster, is_host_scope=cluster.mode in facts.HOST_SCOPE),
    )


def _versions(cluster_id: int) -> tuple[facts.Version, ...]:
    rows = ClusterVersion.objects.filter(cluster=cluster_id).order_by("valid_from")
    return tuple(
        facts.Version(
            row.mode,
            tuple(facts.Setting(*fact) for fact in row.facts),
            row.valid_from,
            row.valid_to,
        )
        for row in rows
    )


def _last_change_of_mode(versions: tuple[facts.Version, ...]) -> list[datetime]:
    """Return when the mode was changed last; nothing where it never was."""
    pairs = zip(versions, versions[1:], strict=False)
    changes = [after.valid_from for before, after in pairs if before.mode != after.mode]
    return changes[-1:]


def _unreadable(cluster_id: int) -> frozenset[str]:
    problems = Problem.objects.filter(cluster=cluster_id, resolved_at=None)
    return frozenset(problems.values_list("object", flat=True))


def _nodes(cluster_id: int) -> tuple[facts.Node, ...]:
    rows = Node.objects.filter(cluster=cluster_id, gone_at=None).order_by("id")
    return tuple(
        facts.Node(
            id=pk,
            uid=uid,
            name=name,
            max_pods=max_pods,
            slots_used=slots_used,
            first_seen=first_seen,
            pods=pods,
            ready=ready,
        )
        for pk, uid, name, max_pods, slots_used, first_seen, pods, ready in (
            rows.values_list(
                "id", "uid", "name", "max_pods", "slots_used", "first_seen",
                "pod_count", "ready",
            )
        )
    )  # fmt: skip


def _records(cluster_id: int) -> tuple[facts.NodeRecord, ...]:
    rows = NodeRecord.objects.filter(cluster=cluster_id, gone_at=None).order_by("id")
    return tuple(
        facts.NodeRecord(
            uid=row.uid,
            node_name=row.node_name,
            node_uid=row.node_uid,
            cidrs=row.cidrs,
            pools=row.pools,
            error=row.error,
            is_ignored=row.is_ignored,
            since=row.changed_at,
        )
        for row in rows
    )


def _blocks(cluster_id: int) -> tuple[facts.Block, ...]:
    rows = Block.objects.filter(cluster=cluster_id, network="", valid_to=None)
    return tuple(
        facts.Block(
            id=row["id"],
            range=Range(row["first"], row["last"]),
            node=row["node_id"],
            node_name=row["node_name"],
            system=row["system"],
            rule=row["capacity_rule"],
            object_uid=row["object_uid"],
            allocated=row["allocated"],
            allocated_reserved=row["allocated_reserved"],
            pods=row["allocated_by_kind"].get("pod", 0),
            valid_from=row["valid_from"],
        )
        for row in rows.order_by("first", "id").values(
            "id", "first", "last", "node_id", "node_name", "system", "capacity_rule",
            "object_uid", "allocated", "allocated_reserved", "allocated_by_kind",
            "valid_from",
        )
    )  # fmt: skip


def _pool_ranges(cluster_id: int) -> Any:
    return (
        PoolRange.objects.filter(pool__cluster=cluster_id, pool__network="")
        .filter(pool__gone_at=None)
        .select_related("pool")
        .order_by("first", "id")
    )


def _pool_range(row: Any) -> facts.PoolRange:
    return facts.PoolRange(
        pool=row.pool.slug,
        system=row.pool.system,
        capacity_rule=row.pool.capacity_rule,
        read_from=row.pool.read_from,
        pool_first_seen=row.pool.first_seen,
        range=Range(row.first, row.last),
        block_prefix_length=row.block_prefix_length,
        valid_from=row.valid_from,
        valid_to=row.valid_to,
    )
