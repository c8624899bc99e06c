"""Celery's entry points. Not here: the work itself (poll.py, prune.py)."""

from celery import shared_task

from ipamweb.access.models import ClusterConnection
from ipamweb.sync import asked, due
from ipamweb.sync import prune as pruning
from ipamweb.sync.poll import poll


@shared_task  # type: ignore[untyped-decorator]
def poll_due() -> int:
    """Ask for a poll of each cluster whose time has come; return how many."""
    slugs = due.clusters_due()
    for slug in slugs:
        poll_cluster.apply_async(
            args=[slug], expires=due.interval_seconds(), queue="sync-control"
        )
    return len(slugs)


@shared_task  # type: ignore[untyped-decorator]
def poll_cluster(slug: str) -> dict[str, object]:
    """Poll one cluster, if it is still there."""
    connection = ClusterConnection.objects.filter(slug=slug, paused=False).first()
    return poll(connection).as_json() if connection else {}


@shared_task  # type: ignore[untyped-decorator]
def carry_out() -> int:
    """Carry out what REST asked of clusters; return of how many."""
    return asked.carry_out()


@shared_task  # type: ignore[untyped-decorator]
def prune() -> dict[str, int]:
    """Apply retention."""
    return pruning.prune()
