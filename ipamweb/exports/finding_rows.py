"""What REST shows of a finding; finding_serializers.py describes it."""

from typing import Any

from ipamweb.findings.queries import EvidenceRow, FindingRow

Json = dict[str, Any]


def finding(row: FindingRow, _: object = None) -> Json:
    return {
        "id": row.id,
        "cluster": row.cluster,
        "rule": row.rule.id,
        "kind": row.rule.kind,
        "severity": row.severity,
        "subject": {
            "kind": row.subject_kind,
            "name": row.subject,
            "uid": row.subject_uid,
        },
        "message": row.message,
        "evidence": {
            "sides": [_side(each) for each in row.evidence],
            "looks": row.looks,
            "guard": row.rule.guard,
            "command": row.command,
        },
        "suggestion": row.step,
        "state": row.state,
        "first_seen": row.first_seen,
        "last_seen": row.last_seen,
        "confirmed_at": row.confirmed_at,
        "resolved_at": row.resolved_at,
        "acknowledged_until": row.acknowledged_until,
        "acknowledged_reason": row.acknowledged_reason,
        "acknowledged_by": row.acknowledged_by,
    }


def _side(row: EvidenceRow) -> Json:
    return {
        "what": row.what,
        "name": row.name,
        "uid": row.uid,
        "namespace_uid": row.namespace_uid,
        "hidden": row.hidden,
        "read_from": row.read_from,
        "since": row.since,
        "values": [{"name": name, "value": value} for name, value in row.values],
    }
