"""Celery's entry points. Not here: the work itself (check.py)."""

from celery import shared_task

from ipamweb.findings import check


@shared_task  # type: ignore[untyped-decorator]
def look() -> int:
    """Look at every cluster that is seen; return how many findings changed."""
    return check.run()


@shared_task  # type: ignore[untyped-decorator]
def forget() -> int:
    """Delete what was resolved long ago; return how many."""
    return check.forget_resolved()
