"""Which of several namespaces of one name a pod is of, when one was made again.

A namespace goes when all of its pods are gone, and is made anew only then: a pod is of
the youngest one that is not younger than the pod itself.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple

from ipamweb.addressing import records
from ipamweb.mirror import stored
from ipamweb.mirror.models import Namespace
from ipamweb.sync.changes import Gone, Seen


class Namesake(NamedTuple):
    """A namespace; `created_at` is None where its object was not seen in this poll.

    `id` is None and `uid` empty of one that is noted as gone already.
    """

    created_at: datetime | None
    id: int | None
    uid: str


# By name, the oldest first; only names that several had.
Namesakes = dict[str, list[Namesake]]


def namesakes(
    cluster_id: int, changes: Iterable[Seen[records.Namespace] | Gone]
) -> Namesakes:
    """Return the namespaces that shared a name in one poll, by that name.

    Asked when those that were seen are written, and those that went are not yet noted
    as gone. One query, none where no namespace was seen.
    """
    seen = {
        change.record.uid: change.record
        for change in changes
        if isinstance(change, Seen)
    }
    found: Namesakes = {}
    rows = stored.select(
        Namespace,
        ("id", "uid", "name"),
        where="cluster_id = %s AND gone_by IS NULL AND name IN {among}",
        among=list({record.name for record in seen.values()}),
        values=[cluster_id],
    )
    for pk, uid, name in rows:
        record = seen.pop(uid, None)
        created_at = record.created_at if record else None
        found.setdefault(name, []).append(Namesake(created_at, pk, uid))
    for record in seen.values():
        found.setdefault(record.name, []).append(Namesake(record.created_at, None, ""))
    return {
        name: sorted(each, key=_age) for name, each in found.items() if len(each) > 1
    }


def namespace_of(
    created_at: datetime | None, namesakes: Iterable[Namesake]
) -> tuple[int | None, str]:
    """Return (id, UID) of the namespace of a pod; (None, "") where it has no row."""
    found: tuple[int | None, str] = (None, "")
    for each in namesakes:
        is_younger = created_at and each.created_at and each.created_at > created_at
        if not is_younger:
            found = each.id, each.uid
    return found


def _age(namesake: Namesake) -> tuple[bool, float]:
    """Sort what was not seen to be made before all that was."""
    created_at = namesake.created_at
    return created_at is not None, created_at.timestamp() if created_at else 0.0
