"""Which clusters are to be polled now. One query; nothing is written."""

from datetime import datetime

from django.conf import settings

from ipamweb.access.models import ClusterConnection
from ipamweb.mirror.models import Cluster
from ipamweb.sync.poll import utc_now


def interval_seconds() -> float:
    return float(settings.IPAMWEB_POLL_SECONDS)


def clusters_due(*, now: datetime | None = None) -> list[str]:
    """Return the slugs of connections that are not paused and not told to wait."""
    moment = now or utc_now()
    waiting = set(
        Cluster.objects.filter(retry_at__gt=moment).values_list("slug", flat=True)
    )
    slugs = ClusterConnection.objects.filter(paused=False).values_list(
        "slug", flat=True
    )
    return [slug for slug in slugs if slug not in waiting]
