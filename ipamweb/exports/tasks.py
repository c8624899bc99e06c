"""Celery's entry points. Not here: the work itself (files.py)."""

from datetime import timedelta

from celery import shared_task
from django.conf import settings
from django.utils import timezone

from ipamweb.exports import files


@shared_task  # type: ignore[untyped-decorator]
def make_files() -> int:
    """Make the files that wait; return how many."""
    return files.make_waiting()


@shared_task  # type: ignore[untyped-decorator]
def forget() -> dict[str, int]:
    """Remove old files, and records that are older than retention."""
    now = timezone.now()
    oldest = now - timedelta(days=settings.IPAMWEB_RETENTION_DAYS)
    return files.forget(now=now, records_until=oldest)
