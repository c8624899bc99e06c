"""Celery's entry points. Not here: the work itself (sessions.py)."""

from celery import shared_task
from django.utils import timezone

from ipamweb.access import sessions


@shared_task  # type: ignore[untyped-decorator]
def forget_sessions() -> int:
    """Delete the sessions that are over; return how many."""
    return sessions.forget(now=timezone.now())
