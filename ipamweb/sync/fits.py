"""Keeps out of the mirror what no column takes: it would fail every poll, for ever.

A text that is too long, a NUL (PostgreSQL has none), a time or a number that no column
holds. The record is refused as a Problem and the rest goes on.
"""

from collections.abc import Callable
from datetime import datetime
from operator import attrgetter
from typing import Any

from ipamweb.addressing import records

NUL = "\0"
# Kubernetes has existed for less long, and Python's years end at 9999.
FIRST_YEAR, LAST_YEAR = 1970, 9000
# status.podIPs has at most one of each family; the column has room for five.
MOST_ADDRESSES = 4
LARGEST_INTEGER = 2**31 - 1


# The texts of records, and how long the columns of mirror.models let them be.
NAMESPACE_TEXTS = {"uid": 64, "name": 63, "resource_version": 64}
NODE_TEXTS = {
    "uid": 64, "name": 253, "zone": 100, "node_pool": 100, "instance_type": 100,
    "resource_version": 64,
}  # fmt: skip
POD_TEXTS = {
    "uid": 64, "namespace": 63, "name": 253, "node": 253, "phase": 32,
    "workload_kind": 63, "workload_name": 253, "resource_version": 64,
}  # fmt: skip
ENDPOINT_TEXTS = {
    "uid": 64, "namespace": 63, "name": 253, "pod_uid": 64, "state": 32,
    "resource_version": 64,
}  # fmt: skip
BLOCK_TEXTS = {"owner_uid": 64, "node": 253}
NODE_RECORD_TEXTS = {"uid": 64, "node": 253, "node_uid": 64}
ADDRESS_TEXTS = {"object_uid": 64, "node": 253}

# Says of a record what does not fit, its texts aside; "" where all does.
Check = Callable[[Any], str]


def keep_what_fits(read: records.Reading, *, kind: str) -> records.Reading:
    """Return the reading without the records that fit no column, each now a Problem.

    `kind` is that of the objects read, as problems name it: Pod.
    """
    problems = list(read.problems)

    def kept(found: list[Any], limits: dict[str, int], check: Check) -> list[Any]:
        if _texts_fit(found, limits) and not any(map(check, found)):
            return found
        why = [_misfit(record, limits) or check(record) for record in found]
        problems.extend(
            records.Problem(kind, _name(record), "", reason, _uid(record))
            for record, reason in zip(found, why, strict=True)
            if reason
        )
        return [record for record, reason in zip(found, why, strict=True) if not reason]

    return records.Reading(
        kept(read.namespaces, NAMESPACE_TEXTS, _labels),
        kept(read.nodes, NODE_TEXTS, _node),
        kept(read.pods, POD_TEXTS, _pod),
        kept(read.endpoints, ENDPOINT_TEXTS, _addresses),
        kept(read.blocks, BLOCK_TEXTS, _nothing),
        kept(read.node_addresses, ADDRESS_TEXTS, _nothing),
        kept(read.node_records, NODE_RECORD_TEXTS, _nothing),
        problems,
    )


def _texts_fit(found: list[Any], limits: dict[str, int]) -> bool:
    """Say whether all texts do: a column at a time, for this is done for every pod."""
    columns = zip(*map(attrgetter(*limits), found), strict=True)
    return all(
        max(map(len, column)) <= longest and NUL not in "".join(column)
        for column, longest in zip(columns, limits.values(), strict=False)
    )


def _misfit(record: Any, limits: dict[str, int]) -> str:
    for name, limit in limits.items():
        text = getattr(record, name)
        if len(text) > limit:
            return f"{name} is longer than {limit} characters"
        if NUL in text:
            return f"{name} holds a NUL character"
    return ""


def _nothing(_: Any) -> str:
    return ""


def _labels(record: records.Namespace) -> str:
    labels = "".join(name + text for name, text in record.labels)
    return "a label holds a NUL character" if NUL in labels else ""


def _node(record: records.Node) -> str:
    if record.max_pods is not None and record.max_pods > LARGEST_INTEGER:
        return f"{record.max_pods} pods are more than a node can have"
    return _moment(record.created_at)


def _pod(record: records.Pod) -> str:
    created, terminating = record.created_at, record.terminating_at
    if (
        len(record.addresses) <= MOST_ADDRESSES
        and (created is None or FIRST_YEAR <= created.year <= LAST_YEAR)
        and terminating is None
    ):
        return ""
    return _addresses(record) or _moment(created) or _moment(terminating)


def _addresses(record: records.Pod | records.Endpoint) -> str:
    count = len(record.addresses)
    if count <= MOST_ADDRESSES:
        return ""
    return f"{count} addresses are more than a pod can have"


def _moment(moment: datetime | None) -> str:
    if moment is None or FIRST_YEAR <= moment.year <= LAST_YEAR:
        return ""
    return f"the year {moment.year} is not believed"


def _uid(record: Any) -> str:
    for name in ("uid", "owner_uid", "object_uid"):
        if hasattr(record, name):
            return str(getattr(record, name))
    raise TypeError(f"{type(record).__name__} names no object")


def _name(record: Any) -> str:
    name = record.name if hasattr(record, "name") else record.node
    namespace = getattr(record, "namespace", "")
    return f"{namespace}/{name}" if namespace else str(name)


def clean(text: str, limit: int | None = None) -> str:
    """Return a text that a column takes: without NUL, and no longer than `limit`."""
    return text.replace(NUL, "\N{REPLACEMENT CHARACTER}")[:limit]
