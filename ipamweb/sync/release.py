"""The brake on mass releases: a list in which much is missing is not believed at once.

A valid, empty list may come from a broken server. Closing more than a quarter and more
than a hundred of the open allocations waits for a second list, a while later, or for an
operator (`accept_release`).
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

from ipamweb.mirror.models import Cluster, Cursor
from ipamweb.sync import lease
from ipamweb.sync.gather import Gathered
from ipamweb.sync.write import open_allocations_of

# kube-controller-manager slows evictions when 55 % of a zone's nodes look bad; releases
# are rarer, so the brake is firmer (data model, section 5).
BRAKE_SHARE = 0.25
BRAKE_COUNT = 100
# Lists nearer to each other than this are not independent.
SECOND_LOOK_SECONDS = 60


class ReleaseHeld(Exception):
    """A mass release waits for a second list or an operator; nothing was closed."""

    kind = "mass-release"


def check_release(
    cluster: Cluster, gathered: Sequence[Gathered], *, now: datetime, held: lease.Held
) -> None:
    """Raise ReleaseHeld where the absence in the lists ends too much to be believed.

    A second list agrees when what it misses beyond the first would be let through.
    """
    count = open_allocations_of(cluster.pk, gathered)
    if count <= BRAKE_COUNT:
        return
    cluster.refresh_from_db(fields=["allocation_count", "release_accepted"])
    total = cluster.allocation_count
    if not _is_much(count, of=total):
        return
    first = cluster.held_release_at
    agrees = first and not _is_much(count - cluster.held_release_count, of=total)
    if agrees and (cluster.release_accepted or _is_long_ago(first, now)):
        return
    with lease.writing(held):
        if not agrees:
            cluster.held_release_at, cluster.held_release_count = now, count
            cluster.release_accepted = False
        cluster.held_release_of = total
        cluster.save(
            update_fields=[
                "held_release_at", "held_release_count", "held_release_of",
                "release_accepted",
            ]
        )  # fmt: skip
        Cursor.objects.filter(cluster=cluster).update(needs_list=True)
    raise ReleaseHeld(
        f"{cluster.slug}: {count} of {total} allocations are missing from a list that"
        " looks whole; they stay open until a second list agrees or an operator runs"
        f" manage.py accept_release {cluster.slug}"
    )


def _is_much(count: int, *, of: int) -> bool:
    return count > BRAKE_COUNT and count > BRAKE_SHARE * of


def _is_long_ago(first: datetime | None, now: datetime) -> bool:
    return first is not None and now - first >= timedelta(seconds=SECOND_LOOK_SECONDS)


def settle_release(cluster: Cluster) -> None:
    """Forget a held release: it was carried out, or it is no more."""
    cluster.held_release_at = None
    cluster.held_release_count = cluster.held_release_of = 0
    cluster.release_accepted = False
