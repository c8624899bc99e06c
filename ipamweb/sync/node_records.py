"""Writes what the CNI says of nodes in objects of its own.

Called inside a transaction that holds the lease, with what the same objects state of
blocks and addresses (apply_space.py).
"""

from collections.abc import Sequence

from ipamweb.addressing import records
from ipamweb.mirror.models import NodeRecord
from ipamweb.sync import bulk
from ipamweb.sync.apply import Writing
from ipamweb.sync.changes import Gone
from ipamweb.sync.fits import clean
from ipamweb.sync.plan_space import SpaceObject

# Errors say it in a sentence; who writes more is cut.
LONGEST = 500
FACTS = ("node_name", "node_uid", "cidrs", "pools", "error", "is_ignored")
NEW = ("cluster_id", "uid", "first_seen", "changed_at", *FACTS)


def write(writing: Writing, seen: Sequence[SpaceObject], gone: Sequence[Gone]) -> int:
    """Write what was seen, the last state of each; return how many rows changed.

    No query where no object says anything, and none is gone.
    """
    states = {each.uid: each.record for each in seen if each.record}
    uids = {*states, *(each.uid for each in gone)}
    if not uids:
        return 0
    now = writing.bounds.answered_at
    rows = NodeRecord.objects.filter(cluster=writing.cluster_id, uid__in=uids)
    known = {row.uid: row for row in rows}
    new = [
        (writing.cluster_id, uid, now, now, *_facts(record).values())
        for uid, record in states.items()
        if uid not in known
    ]
    bulk.insert(NodeRecord, NEW, new)
    changed = [
        row
        for uid, row in known.items()
        if uid in states and _take_on(row, _facts(states[uid]))
    ]
    for row in changed:
        row.changed_at = now
    NodeRecord.objects.bulk_update(
        changed, [*FACTS, "changed_at", "gone_at", "gone_by"], batch_size=200
    )
    ended = [known[each.uid] for each in gone if each.uid in known]
    return len(new) + len(changed) + _end(writing, ended)


def _facts(record: records.NodeRecord) -> dict[str, object]:
    return {
        "node_name": record.node,
        "node_uid": record.node_uid,
        "cidrs": clean(record.cidrs, LONGEST),
        "pools": clean(record.pools, LONGEST),
        "error": clean(record.error, LONGEST),
        "is_ignored": record.is_ignored,
    }


def _take_on(row: NodeRecord, facts: dict[str, object]) -> bool:
    """Bring a row up to its object; say whether anything differed."""
    same = all(getattr(row, name) == value for name, value in facts.items())
    if same and row.gone_by is None:
        return False
    for name, value in facts.items():
        setattr(row, name, value)
    row.gone_at = row.gone_by = None
    return True


def _end(writing: Writing, rows: Sequence[NodeRecord]) -> int:
    over = [row for row in rows if row.gone_by is None]
    for row in over:
        row.gone_at, row.gone_by = writing.bounds.closing(row.changed_at)
    NodeRecord.objects.bulk_update(over, ["gone_at", "gone_by"], batch_size=500)
    return len(over)
