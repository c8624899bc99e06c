"""Taking a cluster for one poll: its lease, and how it is reached at that instant.

Whoever asks for a poll may have read the connection long before: since then the cluster
may have been edited, paused or removed. Nothing is written of one that was removed, nor
is its row made again.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from django.db import IntegrityError, transaction

from ipamweb.access.models import REMOVED, ClusterConnection
from ipamweb.mirror.models import Cluster
from ipamweb.sync import lease

REASONS = {
    "busy": "another worker is polling this cluster",
    "paused": "this cluster was paused; nothing was written",
    "removed": "this cluster was removed; nothing was written",
}


@dataclass(frozen=True, slots=True)
class Turn:
    """A lease, with what was so when it was held: an edit from then on revokes it."""

    connection: ClusterConnection
    cluster: Cluster
    held: lease.Held


class NoTurn(Exception):
    """The cluster is not polled now; `outcome` is one of REASONS."""

    def __init__(self, outcome: str) -> None:
        super().__init__(REASONS[outcome])
        self.outcome = outcome


def take(connection: ClusterConnection, *, clock: Callable[[], datetime]) -> Turn:
    """Return the turn of a connection that was read a while ago. Raises NoTurn."""
    cluster = _cluster_of(connection)
    try:
        held = lease.take(cluster, clock=clock)
    except IntegrityError as error:
        # The row went between the two statements: a lease needs one.
        raise NoTurn("removed") from error
    if held is None:
        raise NoTurn("busy")
    try:
        return Turn(_as_it_is(connection), _reread(cluster), held)
    except NoTurn:
        lease.hand_back(held)
        raise


def _cluster_of(connection: ClusterConnection) -> Cluster:
    """Return the mirror's row of a connection, made where there is none.

    It is made at the first poll, so that a cluster that never answered can be shown
    with its error. The connection is locked meanwhile: its removal waits for the row.
    """
    known = Cluster.objects.filter(slug=connection.slug).first()
    if known is not None:
        return known
    with transaction.atomic():
        same = ClusterConnection.objects.filter(pk=connection.pk)
        same = same.exclude(asked=REMOVED)
        if same.select_for_update().first() is None:
            raise NoTurn("removed")
        cluster, _ = Cluster.objects.get_or_create(
            slug=connection.slug, defaults={"name": connection.slug}
        )
    return cluster


def _as_it_is(connection: ClusterConnection) -> ClusterConnection:
    """Return the connection as it is now.

    One that was paused when it was read may be polled all the same: a person asked.
    """
    current = ClusterConnection.objects.filter(pk=connection.pk).first()
    if current is None or current.asked == REMOVED:
        raise NoTurn("removed")
    if current.paused and not connection.paused:
        raise NoTurn("paused")
    return current


def _reread(cluster: Cluster) -> Cluster:
    """Return the row as the last holder of the lease left it."""
    current = Cluster.objects.filter(pk=cluster.pk).first()
    if current is None:
        raise NoTurn("removed")
    return current
