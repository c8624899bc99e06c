"""Celery's entry points. Not here: the work itself (notice.py, deliver.py)."""

from datetime import timedelta

from celery import shared_task
from django.conf import settings
from django.utils import timezone

from ipamweb.events import deliver as delivering
from ipamweb.events import notice as noticing


@shared_task  # type: ignore[untyped-decorator]
def notice() -> int:
    """Make events of what happened; return how many."""
    return noticing.notice()


@shared_task  # type: ignore[untyped-decorator]
def deliver() -> int:
    """Try what is due; return how many attempts were made."""
    return delivering.run(clock=timezone.now)


@shared_task  # type: ignore[untyped-decorator]
def forget() -> int:
    """Delete events of long ago with their deliveries; return how many."""
    days = timedelta(days=settings.IPAMWEB_EVENT_DAYS)
    return noticing.forget(before=timezone.now() - days)
