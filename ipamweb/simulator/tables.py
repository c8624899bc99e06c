"""Objects as rows of a Table, which is what kubectl asks for and prints.

The columns of pods, nodes and namespaces are those of the real server
(pkg/printers/internalversion/printers.go); other kinds have a name and an age.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

import msgspec

from ipamweb.simulator.kinds import Kind
from ipamweb.simulator.shelf import Stored

Decoded = Mapping[str, Any]
Column = tuple[str, str, str, int]
NONE = "<none>"

_NAME: Column = ("Name", "string", "name", 0)
_AGE: Column = ("Age", "string", "", 0)
_COLUMNS: dict[str, tuple[Column, ...]] = {
    "pods": (
        _NAME,
        ("Ready", "string", "", 0),
        ("Status", "string", "", 0),
        ("Restarts", "string", "", 0),
        _AGE,
        ("IP", "string", "", 1),
        ("Node", "string", "", 1),
        ("Nominated Node", "string", "", 1),
        ("Readiness Gates", "string", "", 1),
    ),
    "nodes": (
        _NAME,
        ("Status", "string", "", 0),
        ("Roles", "string", "", 0),
        _AGE,
        ("Version", "string", "", 0),
        ("Internal-IP", "string", "", 1),
        ("External-IP", "string", "", 1),
        ("OS-Image", "string", "", 1),
        ("Kernel-Version", "string", "", 1),
        ("Container-Runtime", "string", "", 1),
    ),
    "namespaces": (_NAME, ("Status", "string", "", 0), _AGE),
    "configmaps": (_NAME, ("Data", "string", "", 0), _AGE),
}


def wants_table(accept: str) -> bool:
    """Say whether the first acceptable form is a Table."""
    return "as=Table" in accept.split(",")[0]


def encode_table(
    kind: Kind,
    objects: Sequence[Stored],
    *,
    metadata: Mapping[str, Any],
    now: datetime,
) -> bytes:
    """Return a list as a Table; ages are counted to `now`."""
    table = {
        "kind": "Table",
        "apiVersion": "meta.k8s.io/v1",
        "metadata": dict(metadata),
        "columnDefinitions": _definitions(kind),
        "rows": [_row(kind, stored, now=now) for stored in objects],
    }
    return msgspec.json.encode(table)


class TableLines:
    """The lines of one watch as Tables; only the first names the columns."""

    def __init__(self, kind: Kind, *, clock: Callable[[], datetime]) -> None:
        self._definitions: list[dict[str, Any]] | None = _definitions(kind)
        self._clock = clock

    def line(self, type_: str, *, stored: Stored, kind: Kind) -> bytes:
        table = {
            "kind": "Table",
            "apiVersion": "meta.k8s.io/v1",
            "metadata": {"resourceVersion": str(stored.version)},
            "columnDefinitions": self._definitions,
            "rows": [_row(kind, stored, now=self._clock())],
        }
        self._definitions = None
        return msgspec.json.encode({"type": type_, "object": table}) + b"\n"


def _definitions(kind: Kind) -> list[dict[str, Any]]:
    columns = _COLUMNS.get(kind.resource, (_NAME, _AGE))
    return [
        {
            "name": name,
            "type": type_,
            "format": format_,
            "description": f"{name} of the {kind.singular}",
            "priority": priority,
        }
        for name, type_, format_, priority in columns
    ]


def _row(kind: Kind, stored: Stored, *, now: datetime) -> dict[str, Any]:
    decoded: Decoded = msgspec.json.decode(stored.body)
    cells = _CELLS.get(kind.resource, _other_cells)
    partial = {
        "kind": "PartialObjectMetadata",
        "apiVersion": "meta.k8s.io/v1",
        "metadata": decoded["metadata"],
    }
    return {"cells": cells(decoded, now), "object": partial}


def _age(decoded: Decoded, now: datetime) -> str:
    """Return how long ago it was created, in kubectl's short form (5m, 3h, 2d)."""
    created = datetime.fromisoformat(decoded["metadata"]["creationTimestamp"])
    seconds = max(0, int((now - created).total_seconds()))
    for unit, length in (("d", 86400), ("h", 3600), ("m", 60)):
        if seconds >= 2 * length:
            return f"{seconds // length}{unit}"
    return f"{seconds}s"


def _pod_cells(pod: Decoded, now: datetime) -> list[Any]:
    spec, status = pod.get("spec") or {}, pod.get("status") or {}
    statuses = status.get("containerStatuses") or []
    ready = sum(1 for each in statuses if each.get("ready"))
    restarts = sum(each.get("restartCount", 0) for each in statuses)
    return [
        pod["metadata"]["name"],
        f"{ready}/{len(spec.get('containers') or [])}",
        _pod_status(pod),
        str(restarts),
        _age(pod, now),
        status.get("podIP") or NONE,
        spec.get("nodeName") or NONE,
        NONE,
        NONE,
    ]


def _pod_status(pod: Decoded) -> str:
    if pod["metadata"].get("deletionTimestamp"):
        return "Terminating"
    phase: str = (pod.get("status") or {}).get("phase", "Unknown")
    return {"Succeeded": "Completed", "Failed": "Error"}.get(phase, phase)


def _node_cells(node: Decoded, now: datetime) -> list[Any]:
    status = node.get("status") or {}
    conditions = status.get("conditions") or []
    ready = any(c["type"] == "Ready" and c["status"] == "True" for c in conditions)
    addresses = {a["type"]: a["address"] for a in status.get("addresses") or []}
    info = status.get("nodeInfo") or {}
    return [
        node["metadata"]["name"],
        "Ready" if ready else "NotReady",
        _roles(node),
        _age(node, now),
        info.get("kubeletVersion", ""),
        addresses.get("InternalIP", NONE),
        addresses.get("ExternalIP", NONE),
        info.get("osImage", ""),
        info.get("kernelVersion", ""),
        info.get("containerRuntimeVersion", ""),
    ]


def _roles(node: Decoded) -> str:
    prefix = "node-role.kubernetes.io/"
    labels = node["metadata"].get("labels") or {}
    roles = sorted(name.removeprefix(prefix) for name in labels if prefix in name)
    return ",".join(roles) or NONE


def _namespace_cells(namespace: Decoded, now: datetime) -> list[Any]:
    phase = (namespace.get("status") or {}).get("phase", "Active")
    return [namespace["metadata"]["name"], phase, _age(namespace, now)]


def _config_map_cells(config_map: Decoded, now: datetime) -> list[Any]:
    count = len(config_map.get("data") or {})
    return [config_map["metadata"]["name"], str(count), _age(config_map, now)]


def _other_cells(decoded: Decoded, now: datetime) -> list[Any]:
    return [decoded["metadata"]["name"], _age(decoded, now)]


_CELLS: dict[str, Callable[[Decoded, datetime], list[Any]]] = {
    "pods": _pod_cells,
    "nodes": _node_cells,
    "namespaces": _namespace_cells,
    "configmaps": _config_map_cells,
}
