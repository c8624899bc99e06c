"""What REST shows of each thing: from the answers of queries to what JSON can hold.

The fields and their order are the contract; serializers.py describes them.
"""

from typing import Any

from ipamweb.access.audit_entries import EntryRow
from ipamweb.addressing.ranges import family_of, format_address
from ipamweb.mirror.queries.allocation_rows import AllocationRow
from ipamweb.mirror.queries.blocks import BlockRow
from ipamweb.mirror.queries.clusters import ClusterRow
from ipamweb.mirror.queries.gaps import GapRow
from ipamweb.mirror.queries.namespace_use import WorkloadUse
from ipamweb.mirror.queries.namespaces import NamespaceRow
from ipamweb.mirror.queries.nodes import NodeRow
from ipamweb.mirror.queries.numbers import FamilyNumbers
from ipamweb.mirror.queries.pods import EndpointRow, PodDetail, PodRow
from ipamweb.mirror.queries.pools import PoolRow
from ipamweb.mirror.queries.problems import ProblemRow
from ipamweb.mirror.queries.reservations import ReservationRow
from ipamweb.mirror.queries.runs import RunRow
from ipamweb.usage.queries import SampleRow

Json = dict[str, Any]
# Of a cluster at an instant of the past.
COUNTED = ("nodes", "pods", "pools", "allocations", "findings_open", "gaps")
NOT_KEPT = ("server_version", "namespaces", "paused", "last_poll_at", "last_error")


def cluster(row: ClusterRow, _: ClusterRow | None) -> Json:
    shown = _cluster(row)
    if row.at is None:
        return shown
    start = row.freshness.history_from
    # Before history starts nothing is known: a zero would be a number.
    unknown = COUNTED if start is None or row.at < start else ()
    return {**shown, **dict.fromkeys((*unknown, *NOT_KEPT))}


def _cluster(row: ClusterRow) -> Json:
    fresh, held = row.freshness, row.held_release
    return {
        "slug": row.slug,
        "name": row.name,
        "systems": row.systems,
        "mode": row.mode,
        "server_version": row.server_version,
        "families": row.families,
        "namespaces": row.namespaces,
        "nodes": row.nodes,
        "pods": row.pods,
        "pools": row.pools,
        "allocations": row.allocations,
        "findings_open": row.findings,
        "gaps": row.gaps,
        "gap_since": fresh.gap_since,
        "held_release": {"at": held.at, "count": held.count, "of": held.of}
        if held
        else None,
        "paused": fresh.paused,
        "last_poll_at": fresh.last_poll_at,
        "last_error": fresh.last_error,
        "as_of": fresh.as_of,
        "stale": fresh.stale,
    }


def numbers(row: FamilyNumbers) -> Json:
    return {
        "size": str(row.size),
        "reserved": str(row.reserved),
        "unreachable": str(row.unreachable),
        "capacity": str(row.capacity),
        "allocated": row.allocated,
        "free": str(row.free),
        "allocated_by_kind": dict(row.by_kind),
    }


def pool(row: PoolRow, _: ClusterRow) -> Json:
    return {
        "slug": row.slug,
        "name": row.name,
        "system": row.system,
        "network": row.network,
        "capacity_rule": row.capacity_rule,
        "read_from": row.read_from,
        "ranges": [
            {
                "cidr": str(each.range),
                "family": each.range.family,
                "block_prefix_length": each.block_prefix_length,
            }
            for each in row.ranges
        ],
        "families": {str(row.family): numbers(row.numbers)},
        "blocks_assigned": row.blocks_assigned,
        "blocks_total": None if row.blocks_total is None else str(row.blocks_total),
    }


def node(found: tuple[NodeRow, int | None], _: ClusterRow) -> Json:
    """`found`: a node, and how many findings about it are open."""
    row, findings = found
    return {
        "name": row.name,
        "uid": row.uid,
        "zone": row.zone,
        "node_pool": row.node_pool,
        "instance_type": row.instance_type,
        "ready": row.ready,
        "max_pods": row.max_pods,
        "pods": row.pods,
        "cidrs": [str(block.range) for block in row.blocks],
        "families": {str(each.family): numbers(each) for each in row.families},
        "slots_used": row.slots_used,
        "slots_free": str(row.slots_free),
        "slots_total": str(row.slots_total),
        "findings_open": findings,
        "first_seen": row.first_seen,
        "gone_at": row.gone_at,
    }


def block(row: BlockRow, _: ClusterRow) -> Json:
    return {
        "cidr": str(row.range),
        "family": row.range.family,
        "pool": row.pool,
        "node": row.node,
        "network": row.network,
        "system": row.system,
        "capacity_rule": row.capacity_rule,
        **numbers(row.numbers),
        "valid_from": row.valid_from,
        "valid_to": row.valid_to,
    }


def namespace(
    found: tuple[NamespaceRow, dict[int, int], tuple[WorkloadUse, ...] | None],
    _: ClusterRow,
) -> Json:
    """`found`: a namespace, the most it held in each family, and the workloads that
    hold most; None where they were not counted."""
    row, peaks, workloads = found
    return {
        "namespace": row.name,
        "uid": row.uid,
        "labels": dict(row.labels),
        "pods": row.pods,
        "families": {
            str(family): {"allocated": count} for family, count in row.allocated
        },
        "peak_30d": {str(family): most for family, most in sorted(peaks.items())},
        "workloads": None if workloads is None else [_use(each) for each in workloads],
        "first_seen": row.first_seen,
        "gone_at": row.gone_at,
    }


def _use(row: WorkloadUse) -> Json:
    return {
        "kind": row.kind,
        "name": row.name,
        "pods": row.pods,
        "addresses": row.addresses,
    }


def allocation(row: AllocationRow, of: ClusterRow) -> Json:
    return {
        "id": row.id,
        "cluster": of.slug,
        "address": format_address(row.address),
        "family": row.family,
        "kind": row.kind,
        "state": row.state,
        "node": row.node,
        "block": str(row.block) if row.block else None,
        "pool": row.pool,
        "network": row.network,
        "owner_hidden": row.owner_hidden,
        "namespace": row.namespace,
        "pod": row.pod,
        "uid": row.uid,
        "workload_kind": row.workload_kind,
        "workload_name": row.workload_name,
        "source": row.source,
        "confidence": row.confidence,
        "from_earliest": row.from_earliest,
        "valid_from": row.valid_from,
        "valid_to": row.valid_to,
        "to_latest": row.to_latest,
        "terminating_at": row.terminating_at,
        "opened_by": row.opened_by,
        "closed_by": row.closed_by,
    }


def pod(row: PodRow, _: ClusterRow) -> Json:
    return {
        "uid": row.uid,
        "namespace": row.namespace,
        "name": row.name,
        "node": row.node,
        "phase": row.phase,
        "host_network": row.host_network,
        "workload_kind": row.workload_kind,
        "workload_name": row.workload_name,
        "terminating": row.terminating_at is not None,
        "addresses": [format_address(each) for each in row.addresses],
        "reported_addresses": [format_address(each) for each in row.reported],
        "first_seen": row.first_seen,
        "gone_at": row.gone_at,
    }


def pod_detail(row: PodDetail, of: ClusterRow) -> Json:
    return {
        **pod(row.pod, of),
        "endpoints": [_endpoint(each) for each in row.endpoints],
        "allocations": [allocation(each, of) for each in row.allocations],
        "history": [allocation(each, of) for each in row.history],
    }


def _endpoint(row: EndpointRow) -> Json:
    return {
        "uid": row.uid,
        "state": row.state,
        "addresses": [format_address(each) for each in row.addresses],
        "first_seen": row.first_seen,
        "gone_at": row.gone_at,
    }


def gap(row: GapRow, _: ClusterRow) -> Json:
    return {
        "id": row.id,
        "started_at": row.started_at,
        "ended_at": row.ended_at,
        "reason": row.reason,
        "message": row.message,
        "lost_events": row.lost_events,
    }


def problem(row: ProblemRow, _: ClusterRow) -> Json:
    return {
        "id": row.id,
        "kind": row.kind,
        "object": row.object,
        "field": row.field,
        "why": row.why,
        "object_hidden": row.object_hidden,
        "first_seen": row.first_seen,
        "last_seen": row.last_seen,
        "resolved_at": row.resolved_at,
    }


def run(row: RunRow, _: ClusterRow) -> Json:
    return {
        "id": row.id,
        "kind": row.kind,
        "outcome": row.outcome,
        "started_at": row.started_at,
        "ended_at": row.ended_at,
        "seconds": row.seconds,
        "polls": row.polls,
        "opened": row.opened,
        "changed": row.changed,
        "closed": row.closed,
        "unchanged": row.unchanged,
        "problems": row.problems,
        "gaps": row.gaps,
        "error": row.error,
    }


def reservation(row: ReservationRow, _: ClusterRow) -> Json:
    return {
        "id": row.id,
        "range": str(row.range),
        "family": family_of(row.range.first),
        "pool": row.pool,
        "network": row.network,
        "why": row.why,
        "valid_from": row.valid_from,
    }


def usage(row: SampleRow, _: ClusterRow | None) -> Json:
    point, values = row.point, row.point.values
    return {
        "cluster": row.cluster,
        "scope": row.scope,
        "scope_id": row.scope_id,
        "name": row.name,
        "family": row.family,
        "at": point.at,
        "resolution": row.resolution,
        "gap": point.gap,
        "allocated": {
            "last": values.allocated if values else None,
            "min": point.least,
            "max": point.most,
        },
        "capacity": _text(values.capacity) if values else None,
        "slots_used": values.slots_used if values else None,
        "slots_total": _text(values.slots_total) if values else None,
        "opened": point.opened,
        "closed": point.closed,
    }


def audit_entry(row: EntryRow, _: ClusterRow | None) -> Json:
    return {
        "sequence": row.sequence,
        "moment": row.moment,
        "actor": row.actor,
        "actor_id": row.actor_id,
        "act": row.act,
        "subject": row.subject,
        "before": row.before,
        "after": row.after,
        "origin": row.origin,
        "request_id": row.request_id,
        "hash": row.hash,
    }


def _text(number: int | None) -> str | None:
    return None if number is None else str(number)
