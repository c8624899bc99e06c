"""Writes namespaces, nodes and endpoints, with the versions of their slow facts.

Called inside a transaction that holds the lease. Not here: what came before its place
was known, or outlives it (late_facts.py).
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from ipamweb.addressing import ranges, records
from ipamweb.mirror import stored
from ipamweb.mirror.models import (
    Endpoint,
    Namespace,
    NamespaceVersion,
    Node,
    NodeVersion,
)
from ipamweb.sync import bulk, late_facts, staging
from ipamweb.sync.apply import Tally, Writing
from ipamweb.sync.changes import Gone, Seen
from ipamweb.sync.counters import Counters
from ipamweb.sync.staging import StagedEndpoint

_NODE_FACTS = ("zone", "node_pool", "instance_type", "max_pods")


def apply_namespaces(
    writing: Writing, changes: Sequence[Seen[records.Namespace] | Gone]
) -> Tally:
    """Write namespaces; a new one takes in the pods that were seen before it.

    One that was gone and is seen again is there again.
    """
    seen, gone = _last_states(changes)
    known = {
        row.uid: row
        for row in Namespace.objects.filter(
            cluster=writing.cluster_id, uid__in=[*seen, *gone]
        )
    }
    tally = Tally()
    now = writing.bounds.answered_at
    new = [seen[uid] for uid in seen if uid not in known]
    bulk.insert(
        Namespace,
        (
            "cluster_id", "uid", "name", "labels", "resource_version", "first_seen",
            "pod_count", "allocated_v4", "allocated_v6",
        ),
        [
            (writing.cluster_id, each.uid, each.name, dict(each.labels),
             each.resource_version, now, 0, 0, 0)
            for each in new
        ],
    )  # fmt: skip
    _open_namespace_versions(writing, [each.uid for each in new], now)
    arrived = {each.name: each.created_at for each in new}
    for uid, record in seen.items():
        if uid in known and _change_namespace(known[uid], record, now):
            arrived[record.name] = record.created_at
            tally.changed += 1
    _end_places(NamespaceVersion, "namespace", [known[u] for u in gone if u in known],
                writing)  # fmt: skip
    tally.changed += len(new) + len(gone)
    counters = Counters(writing.cluster_id)
    late_facts.take_in_pods_of_namespaces(writing.cluster_id, arrived, counters)
    counters.write()
    return tally


def _open_namespace_versions(writing: Writing, uids: list[str], now: datetime) -> None:
    rows = Namespace.objects.filter(cluster=writing.cluster_id, uid__in=uids)
    bulk.insert(
        NamespaceVersion,
        ("namespace_id", "labels", "valid_from"),
        [(row.pk, row.labels, now) for row in rows],
    )


def _change_namespace(row: Namespace, record: records.Namespace, now: datetime) -> bool:
    """Bring a row up to its record; say whether anything differed."""
    if row.gone_by is None and row.labels == dict(record.labels):
        return False
    row.versions.filter(valid_to=None).update(valid_to=now)
    row.versions.create(labels=dict(record.labels), valid_from=now)
    row.labels = dict(record.labels)
    row.resource_version = record.resource_version
    row.gone_at = row.gone_by = None
    row.save(update_fields=["labels", "resource_version", "gone_at", "gone_by"])
    return True


def apply_nodes(
    writing: Writing, changes: Sequence[Seen[records.Node] | Gone]
) -> Tally:
    """Write nodes; a new one takes in what was seen of it before it."""
    seen, gone = _last_states(changes)
    known = {
        row.uid: row
        for row in Node.objects.filter(
            cluster=writing.cluster_id, uid__in=[*seen, *gone]
        )
    }
    counters = Counters(writing.cluster_id)
    now = writing.bounds.answered_at
    new = [seen[uid] for uid in seen if uid not in known]
    arrived = _insert_nodes(writing, new, counters)
    arrived |= {
        seen[uid].name: row.pk
        for uid, row in known.items()
        if uid in seen and row.gone_by is not None
    }
    changed = [
        known[uid]
        for uid, record in seen.items()
        if uid in known and _change_node(known[uid], record, now, counters)
    ]
    late_facts.take_in_by_nodes(writing.cluster_id, arrived, counters)
    gone_rows = [known[uid] for uid in gone if uid in known]
    counters.cluster_nodes -= sum(1 for row in gone_rows if row.gone_by is None)
    _end_places(NodeVersion, "node", gone_rows, writing)
    counters.write()
    return Tally(changed=len(new) + len(changed) + len(gone_rows))


_NODE = (
    "cluster_id", "uid", "name", "zone", "node_pool", "instance_type", "max_pods",
    "ready", "created_at", "resource_version", "first_seen",
)  # fmt: skip
_NODE_ZEROS = (
    "allocated_v4", "allocated_v6", "allocated_by_kind", "pod_count", "slots_used",
    "slots_free", "slots_total",
)  # fmt: skip


def _insert_nodes(
    writing: Writing, new: list[records.Node], counters: Counters
) -> dict[str, int]:
    """Write new nodes; return their ids by name."""
    now = writing.bounds.answered_at
    ids = list(bulk.reserve_ids(Node, len(new)))
    bulk.insert(
        Node,
        ("id", *_NODE, *_NODE_ZEROS),
        [
            (pk, writing.cluster_id, each.uid, each.name, each.zone, each.node_pool,
             each.instance_type, each.max_pods, each.ready, each.created_at,
             each.resource_version, now, 0, 0, {}, 0, 0, 0, 0)
            for pk, each in zip(ids, new, strict=True)
        ],
    )  # fmt: skip
    bulk.insert(
        NodeVersion,
        ("node_id", *_NODE_FACTS, "valid_from"),
        [
            (pk, each.zone, each.node_pool, each.instance_type, each.max_pods, now)
            for pk, each in zip(ids, new, strict=True)
        ],
    )
    counters.cluster_nodes += len(new)
    counters.nodes.update(ids)
    return {each.name: pk for pk, each in zip(ids, new, strict=True)}


def _change_node(
    row: Node, record: records.Node, now: datetime, counters: Counters
) -> bool:
    """Bring a row up to its record; say whether anything differed."""
    facts = {name: getattr(record, name) for name in _NODE_FACTS}
    slow = any(getattr(row, name) != value for name, value in facts.items())
    back = row.gone_by is not None
    if not slow and not back and row.ready == record.ready:
        return False
    if slow or back:
        row.versions.filter(valid_to=None).update(valid_to=now)
        row.versions.create(valid_from=now, **facts)
        counters.nodes.add(row.pk)
    counters.cluster_nodes += back
    Node.objects.filter(pk=row.pk).update(
        **facts,
        ready=record.ready,
        resource_version=record.resource_version,
        gone_at=None,
        gone_by=None,
    )
    return True


def _end_places(
    versions: type[NodeVersion] | type[NamespaceVersion],
    name: str,
    rows: Sequence[Node | Namespace],
    writing: Writing,
) -> None:
    """Mark rows gone and end their versions; one gone already stays as it is."""
    ended = [row for row in rows if row.gone_by is None]
    gone_at, gone_by = writing.bounds.closing(
        writing.bounds.previous or writing.bounds.asked_at
    )
    ids = [row.pk for row in ended]
    if not ids:
        return
    type(ended[0]).objects.filter(pk__in=ids).update(gone_at=gone_at, gone_by=gone_by)
    versions.objects.filter(**{f"{name}__in": ids}, valid_to=None).update(
        valid_to=gone_by
    )


def apply_listed_endpoints(
    writing: Writing, endpoints: Sequence[StagedEndpoint]
) -> Tally:
    """The same as apply_endpoints, for endpoints of a complete list."""
    return apply_endpoints(writing, [each.as_seen() for each in endpoints])


def apply_endpoints(
    writing: Writing, changes: Sequence[Seen[records.Endpoint] | Gone]
) -> Tally:
    """Write what the CNI says of pods: shown beside, it opens and closes nothing."""
    seen, gone = _last_states(changes)
    known = {
        uid: (pk, digest, gone_by)
        for pk, uid, digest, gone_by in stored.select(
            Endpoint,
            ("id", "uid", "digest", "gone_by"),
            where="cluster_id = %s AND uid IN {among}",
            among=[*seen, *gone],
            values=[writing.cluster_id],
        )
    }
    digests = {
        each.record.uid: each.digest for each in changes if not isinstance(each, Gone)
    }
    new, changed = [], []
    for uid, record in seen.items():
        row = _endpoint_row(record, digests[uid])
        if uid not in known:
            new.append(
                (writing.cluster_id, uid, *row, writing.bounds.answered_at, None, None)
            )
        elif known[uid][1] != row[-1] or known[uid][2]:
            changed.append((*row, None, None, known[uid][0]))
    ended = writing.bounds.closing(writing.bounds.previous or writing.bounds.asked_at)
    left = [(*ended, known[u][0]) for u in gone if u in known and not known[u][2]]
    bulk.insert(
        Endpoint,
        ("cluster_id", "uid", *ENDPOINT, "first_seen", "gone_at", "gone_by"),
        new,
    )
    bulk.update(Endpoint, (*ENDPOINT, "gone_at", "gone_by"), changed)
    bulk.update(Endpoint, ("gone_at", "gone_by"), left)
    return Tally(changed=len(new) + len(changed) + len(left))


ENDPOINT = (
    "namespace_name", "name", "pod_uid", "state", "addresses", "resource_version",
    "digest",
)  # fmt: skip


def _endpoint_row(record: records.Endpoint, digest: int | None) -> tuple[Any, ...]:
    return (
        record.namespace,
        record.name,
        record.pod_uid,
        record.state,
        ranges.format_addresses(record.addresses),
        record.resource_version,
        digest or staging.digest(staging.endpoint_fields(record)),
    )


def _last_states(changes: Sequence[Any]) -> tuple[dict[str, Any], list[str]]:
    """Return the last state of each object that is there, and the UIDs of the gone."""
    states: dict[str, Any] = {}
    for change in changes:
        if isinstance(change, Gone):
            states[change.uid] = None
        else:
            states[change.record.uid] = change.record
    seen = {uid: record for uid, record in states.items() if record is not None}
    return seen, [uid for uid in states if states[uid] is None]
