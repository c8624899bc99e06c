"""Kinds that are not served any more: missing for a while, or gone with their system.

Nothing is concluded from a missing kind. Only where two audits find another system, and
its whole API group gone, what was read from it is closed (decision 0003).
"""

from collections.abc import Collection
from datetime import datetime, timedelta

from ipamweb.addressing import records
from ipamweb.cluster.detection import Detection
from ipamweb.cluster.errors import NotInstalled
from ipamweb.cluster.ipam_mode import SYSTEM_OF_GROUP
from ipamweb.mirror.models import Cluster, Cursor, Problem
from ipamweb.sync import lease
from ipamweb.sync.changes import Bounds, Gone
from ipamweb.sync.detected import KINDS, OPTIONAL_KINDS
from ipamweb.sync.gather import Gathered
from ipamweb.sync.known import known_uids
from ipamweb.sync.release import SECOND_LOOK_SECONDS

# The problem that remembers the first look.
FIELD = "replaced"


def retired_kinds(
    cluster: Cluster, found: Detection, *, before: Collection[str], held: lease.Held
) -> tuple[str, ...]:
    """Return the kinds that went with their system, as two looks in a row found.

    `before` are the kinds that were read. Raises NotInstalled where some are missing
    and no more than that is known.
    """
    read = {kind.resource for kind in found.kinds}
    lost = sorted(
        kind for kind in {*before} - read if not found.served.has(KINDS[kind])
    )
    needed = [kind for kind in lost if kind not in OPTIONAL_KINDS]
    is_replaced = bool(needed) and _is_replaced(found, lost)
    if is_replaced and _was_seen_before(cluster, found, lost, held=held):
        return tuple(lost)
    if not is_replaced:
        _forget(cluster, held)
    if needed:
        why = "the API does not serve this any more; nothing is concluded from it"
        if is_replaced:
            why = f"{found.systems[0]} was found instead; a second look decides"
        raise NotInstalled(cluster.slug, action=f"list {', '.join(needed)}", why=why)
    return ()


def _is_replaced(found: Detection, lost: list[str]) -> bool:
    """Say whether all that can be asked speaks for another system.

    A configuration that may not be read may still be there.
    """
    groups = {KINDS[kind].group for kind in lost}
    return (
        not groups & {"", *found.served.groups}
        and not {SYSTEM_OF_GROUP[group] for group in groups} & {*found.systems}
        and not any(place.endswith("/cilium-config") for place, _ in found.refused)
    )


def _was_seen_before(
    cluster: Cluster, found: Detection, lost: list[str], *, held: lease.Held
) -> bool:
    """Say whether a look a while ago found the same; the first is noted."""
    now = held.clock()
    first = _memory(cluster)
    if first is not None:
        return now - first.first_seen >= timedelta(seconds=SECOND_LOOK_SECONDS)
    with lease.writing(held):
        Problem.objects.create(
            cluster=cluster,
            kind="Cluster",
            object=cluster.slug,
            field=FIELD,
            why=f"{', '.join(lost)} are not served any more, and {found.systems[0]} was"
            " found instead; where a second look finds the same, what was read from"
            " there is closed",
            first_seen=now,
            last_seen=now,
        )
    return False


def _memory(cluster: Cluster) -> Problem | None:
    noted = Problem.objects.filter(cluster=cluster, kind="Cluster", field=FIELD)
    return noted.filter(resolved_at=None).first()


def _forget(cluster: Cluster, held: lease.Held) -> None:
    """Let the next look that finds a system replaced be a first one."""
    if noted := _memory(cluster):
        with lease.writing(held):
            Problem.objects.filter(pk=noted.pk).update(resolved_at=held.clock())


def notice(
    cluster: Cluster, found: Detection, kinds: tuple[str, ...]
) -> records.Problem:
    """Return what a person should know of a system that was replaced."""
    why = (
        f"{', '.join(kinds)} are not served any more and {found.systems[0]} was found"
        " instead, twice: the blocks and addresses that were read from there were"
        " closed (uninstalled)"
    )
    return records.Problem("Cluster", cluster.slug, FIELD, why)


def gather_retired(
    cluster: Cluster, kind: str, *, cursor: Cursor | None, now: datetime
) -> Gathered:
    """Return that all objects of a kind are gone, as a stream would tell it."""
    previous = cursor.as_of if cursor else None
    moment = max(now, previous) if previous else now
    return Gathered(
        kind,
        KINDS[kind].name,
        Bounds(previous, moment, moment),
        resource_version="",
        listed=False,
        changes=[
            Gone(sequence, uid, "uninstalled")
            for sequence, uid in enumerate(known_uids(cluster, kind, namespaces=()), 1)
        ],
    )
