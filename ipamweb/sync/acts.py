"""What an operator does to a mirrored cluster.

Not here: how it is reached (access.acts).
"""

from django.db import transaction

from ipamweb.mirror.models import (
    Allocation,
    Block,
    Cluster,
    Cursor,
    Endpoint,
    NodeRecord,
    PastAllocation,
    Pod,
    Reservation,
)
from ipamweb.sync import lease

# Deletes go in small batches, so that nobody waits for a million rows.
BATCH = 5_000


def accept_release(cluster: Cluster) -> int:
    """Confirm the mass release that is held back; return how many allocations it ends.

    It is carried out by the next poll, if its list still says the same. Raises
    ValueError where none is held.
    """
    if cluster.held_release_at is None:
        raise ValueError(f"no release of {cluster.slug} is held back")
    Cluster.objects.filter(pk=cluster.pk).update(release_accepted=True, retry_at=None)
    return cluster.held_release_count


def edited(cluster: Cluster) -> None:
    """Stop what runs under the old connection; the next poll makes a complete list."""
    with transaction.atomic():
        lease.revoke(cluster)
        Cursor.objects.filter(cluster=cluster).update(needs_list=True)
        Cluster.objects.filter(pk=cluster.pk).update(retry_at=None)


def set_paused(cluster: Cluster, paused: bool) -> None:
    """Note that a cluster is paused or not; a poll that runs is stopped."""
    with transaction.atomic():
        lease.revoke(cluster)
        Cluster.objects.filter(pk=cluster.pk).update(paused=paused, retry_at=None)


def remove(cluster: Cluster) -> None:
    """Delete a cluster's mirror with all of its history."""
    lease.revoke(cluster)
    for model in (
        Allocation,
        PastAllocation,
        Endpoint,
        NodeRecord,
        Pod,
        Block,
        Reservation,
    ):
        while ids := list(
            model.objects.filter(cluster=cluster).values_list("pk", flat=True)[:BATCH]
        ):
            with transaction.atomic():
                query = model.objects.filter(pk__in=ids)
                query._raw_delete(query.db)
    cluster.delete()
