"""The findings of the cast: one of each state that a page tells apart."""

from typing import Any

from ipamweb.findings.models import Check, Finding
from ipamweb.mirror.models import Cluster
from tests.cast_places import AS_OF, FIRST_AS_OF, at, uid


def insert(prod: Cluster) -> None:
    """Insert a doubled address that is open, and the look that found it."""
    Check.objects.create(
        id=1,
        cluster=prod,
        looked_at=AS_OF,
        as_of=AS_OF,
        revision=3,
        rules=19,
        addresses=45,
    )
    doubled(prod, id=1)


def doubled(prod: Cluster, **columns: Any) -> Finding:
    """Insert the finding that batch/job-1 and batch/job-2 hold 10.0.0.39."""
    return Finding.objects.create(
        **{
            "cluster": prod,
            "rule": "F07",
            "key": "10.0.0.39",
            "severity": 0,
            "state": "confirmed",
            "subject_kind": "address",
            "subject": "10.0.0.39",
            "message": "10.0.0.39 is held by 2 pods.",
            "evidence": [_side(431, "job-1"), _side(432, "job-2")],
            "command": "kubectl get pod -A -o wide --field-selector"
            " status.podIP=10.0.0.39",
            "first_seen": at("12:31:00"),
            "last_seen": AS_OF,
            "looks": 80,
            "confirmed_at": at("12:33:00"),
            "turned_at": columns.get("confirmed_at", at("12:33:05")),
            **columns,
        }
    )


def of_pod(prod: Cluster, **columns: Any) -> Finding:
    """Insert a finding about default/web-01, which only its namespace may see."""
    return doubled(
        prod,
        **{
            "rule": "F06",
            "key": f"{uid(401)} 10.0.0.19",
            "severity": 1,
            "subject_kind": "pod",
            "subject": "default/web-01",
            "subject_uid": uid(401),
            "namespace_uid": uid(101),
            "message": "10.0.0.19 is in no CIDR of worker-a.",
            "evidence": [_side(401, "web-01", "default", 101)],
            **columns,
        },
    )


def of_operator(prod: Cluster, **columns: Any) -> Finding:
    """Insert the finding that Cilium's operator says something of worker-b."""
    record = {
        "what": "CiliumNode",
        "name": "worker-b",
        "uid": uid(302),
        "namespace_uid": "",
        "read_from": "CiliumNode status.ipam.operator-status",
        "since": FIRST_AS_OF.isoformat(),
        "values": [["CIDRs", "none"]],
        "private": [["error", "shop is odd"]],
    }
    return doubled(
        prod,
        **{
            "rule": "F14",
            "key": "worker-b",
            "severity": 1,
            "subject_kind": "node",
            "subject": "worker-b",
            "message": "Cilium's operator cannot give worker-b its CIDRs: see error.",
            "evidence": [record],
            **columns,
        },
    )


def _side(
    number: int, name: str, namespace: str = "batch", namespace_uid: int = 103
) -> dict[str, Any]:
    return {
        "what": "pod",
        "name": f"{namespace}/{name}",
        "uid": uid(number),
        "namespace_uid": uid(namespace_uid),
        "read_from": "pod.status.podIPs",
        "since": FIRST_AS_OF.isoformat(),
        "values": [["address", "10.0.0.39"], ["node", "worker-b"]],
        "private": [["workload", "Job nightly"]],
    }
