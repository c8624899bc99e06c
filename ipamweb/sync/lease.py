"""Who stops two workers: a lease row with a fencing token, checked inside each write.

A holder cannot see its own lease expire (it may be paused at any instant), so every
transaction begins by renewing the row it holds, and writes nothing where it does not
any more. It survives the loss of Redis, and is the same on both databases.
"""

import os
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from django.db import transaction
from django.db.models import F, Q

from ipamweb.mirror.models import Cluster, Lease

# Longer than a page of a list may take, shorter than a person waits for a dead worker.
LEASE_SECONDS = 60


class LeaseLost(Exception):
    """Another worker, or an operator's act, took the cluster over: write nothing."""


# Until when a lease lasts that is held no more. None is one given back: all is written.
# LEFT: its poll failed, and said so. CUT_OFF: its poll ended, or was stopped by an
# operator, and could not say so.
LEFT = datetime.fromtimestamp(0, UTC)
CUT_OFF = datetime.fromtimestamp(1, UTC)
# A reading that writes nothing for a while renews so often.
RENEW_SECONDS = 15


@dataclass(slots=True)
class Held:
    """A lease, held when it was taken; `fence` proves it to each transaction.

    `found_until`: until when its last holder had it; None where that gave it back.
    """

    cluster_id: int
    fence: int
    clock: Callable[[], datetime]
    renewed_at: datetime
    found_until: datetime | None = None

    @property
    def was_left(self) -> bool:
        """Whether the last holder may have ended between two transactions of what
        belongs together."""
        return self.found_until is not None

    @property
    def cut_off_at(self) -> datetime | None:
        """When the last holder was known to be there, if it ended without a word."""
        if self.found_until in (None, LEFT):
            return None
        if self.found_until == CUT_OFF:
            return self.renewed_at
        assert self.found_until is not None
        alive = self.found_until - timedelta(seconds=LEASE_SECONDS)
        return min(alive, self.renewed_at)


def take(cluster: Cluster, *, clock: Callable[[], datetime]) -> Held | None:
    """Return the lease, or None while somebody else holds it. One short transaction."""
    now = clock()
    with transaction.atomic():
        before, _ = Lease.objects.get_or_create(cluster=cluster)
        taken = (
            Lease.objects.filter(cluster=cluster)
            .filter(Q(until=None) | Q(until__lte=now) | Q(until__gt=_absurd(now)))
            .update(holder=_holder(), fence=F("fence") + 1, until=_until(now))
        )
        if not taken:
            return None
        fence = Lease.objects.values_list("fence", flat=True).get(cluster=cluster)
    return Held(cluster.pk, fence, clock, now, before.until)


@contextmanager
def writing(held: Held) -> Iterator[None]:
    """Run one transaction that holds the lease. Raises LeaseLost before it writes."""
    with transaction.atomic():
        now = held.clock()
        renewed = Lease.objects.filter(
            cluster=held.cluster_id, fence=held.fence, until__gt=now
        ).update(until=_until(now))
        if not renewed:
            raise LeaseLost("the lease of this cluster was lost; nothing was written")
        held.renewed_at = now
        yield


def renew_when_old(held: Held) -> None:
    """Hold the lease for another while, at times; raises LeaseLost where it is lost."""
    if held.clock() - held.renewed_at >= timedelta(seconds=RENEW_SECONDS):
        with writing(held):
            pass


def release(held: Held) -> None:
    """Give the lease back: everything is written. In the last transaction."""
    Lease.objects.filter(cluster=held.cluster_id, fence=held.fence).update(until=None)


def hand_back(held: Held) -> None:
    """Let others find the lease as we did: nothing was done under it."""
    leases = Lease.objects.filter(cluster=held.cluster_id, fence=held.fence)
    leases.update(until=held.found_until)


def leave(held: Held) -> None:
    """Let others take the lease, with the failure that is recorded in the transaction:
    not everything is written."""
    leases = Lease.objects.filter(cluster=held.cluster_id, fence=held.fence)
    leases.update(until=LEFT)


def abandon(held: Held) -> None:
    """Let others take the lease, if it is held still: nothing is recorded."""
    leases = Lease.objects.filter(cluster=held.cluster_id, fence=held.fence)
    leases.filter(until__gt=CUT_OFF).update(until=CUT_OFF)


def revoke(cluster: Cluster) -> None:
    """Take the cluster from whoever holds it: its next write fails."""
    leases = Lease.objects.filter(cluster=cluster)
    leases.update(fence=F("fence") + 1)
    leases.filter(until__gt=CUT_OFF).update(until=CUT_OFF)


def _until(now: datetime) -> datetime:
    return now + timedelta(seconds=LEASE_SECONDS)


def _absurd(now: datetime) -> datetime:
    """Return until when no lease can last: beyond it, a clock has stepped back."""
    return now + timedelta(seconds=3 * LEASE_SECONDS)


def _holder() -> str:
    return f"{socket.gethostname()}:{os.getpid()}:{threading.get_ident()}"
