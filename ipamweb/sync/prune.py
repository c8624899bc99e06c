"""Applies retention: past allocations, and what only they needed, go in batches.

Before past allocations go, their cluster is marked with how far: of the time before,
nobody is told any more that an address was free.
"""

from datetime import datetime, timedelta

from django.conf import settings
from django.db import connection, transaction
from django.db.models import Exists, Max, OuterRef, Q, QuerySet

from ipamweb.mirror.models import (
    Allocation,
    Cluster,
    CoverageGap,
    Endpoint,
    NodeRecord,
    PastAllocation,
    Pod,
    Problem,
    SyncRun,
)
from ipamweb.sync.acts import BATCH
from ipamweb.sync.poll import utc_now


def prune(*, now: datetime | None = None) -> dict[str, int]:
    """Delete what is older than retention; return how many rows went, by table."""
    moment = now or utc_now()
    oldest = moment - timedelta(days=settings.IPAMWEB_RETENTION_DAYS)
    _mark(Cluster.objects.all(), oldest)
    return {
        "past_allocations": _delete(PastAllocation.objects.filter(to_latest__lt=oldest))
        + _delete_surplus(),
        "pods": _delete(_forgotten_pods(oldest)),
        "endpoints": _delete(Endpoint.objects.filter(gone_by__lt=oldest)),
        "node_records": _delete(NodeRecord.objects.filter(gone_by__lt=oldest)),
        "runs": _delete(SyncRun.objects.filter(ended_at__lt=oldest)),
        "gaps": _delete(CoverageGap.objects.filter(ended_at__lt=oldest)),
        "problems": _delete(Problem.objects.filter(resolved_at__lt=oldest)),
    }


def _forgotten_pods(oldest: datetime) -> QuerySet[Pod]:
    """Return pods gone for so long that no allocation, open or past, names them."""
    return Pod.objects.filter(gone_by__lt=oldest).exclude(
        Exists(PastAllocation.objects.filter(owner_key=OuterRef("uid")))
        | Exists(Allocation.objects.filter(owner_key=OuterRef("uid")))
    )


def _delete_surplus() -> int:
    """Delete the past allocations that ended first, beyond the row limit."""
    limit = settings.IPAMWEB_RETENTION_ROWS
    surplus = PastAllocation.objects.count() - limit if limit else 0
    gone = 0
    while surplus > gone:
        batch = min(BATCH, surplus - gone)
        # Ids tell which began first: one held for long may have ended just now.
        ended = PastAllocation.objects.order_by("to_latest", "id")
        ids = list(ended.values_list("pk", flat=True)[:batch])
        rows = PastAllocation.objects.filter(pk__in=ids)
        for cluster_id, until in _last_ends(rows):
            _mark(Cluster.objects.filter(pk=cluster_id), until)
        gone += _delete_ids(rows)
    return gone


def _last_ends(
    rows: QuerySet[PastAllocation],
) -> list[tuple[int, datetime]]:
    """Return (cluster, when the last of the rows ended)."""
    ends = rows.order_by().values("cluster").annotate(last=Max("to_latest"))
    return list(ends.values_list("cluster", "last"))


def _mark(clusters: QuerySet[Cluster], until: datetime) -> None:
    """Note that the past before an instant may be gone; a mark never goes back."""
    is_news = Q(pruned_to=None) | Q(pruned_to__lt=until)
    clusters.filter(is_news, first_as_of__lt=until).update(pruned_to=until)


def _delete(rows: QuerySet) -> int:  # type: ignore[type-arg]
    gone = 0
    while ids := list(rows.values_list("pk", flat=True)[:BATCH]):
        gone += _delete_ids(rows.model.objects.filter(pk__in=ids))
    return gone


def _delete_ids(rows: QuerySet) -> int:  # type: ignore[type-arg]
    with transaction.atomic():
        return int(rows._raw_delete(rows.db))


def size_in_bytes() -> int:
    """Return what the database takes on disk. One query."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SELECT pg_database_size(current_database())")
            return int(cursor.fetchone()[0])
        cursor.execute("PRAGMA page_count")
        pages = cursor.fetchone()[0]
        cursor.execute("PRAGMA page_size")
        return int(pages * cursor.fetchone()[0])
