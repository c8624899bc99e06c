"""Celery's entry points. Not here: the work itself (samples.py, retention.py)."""

from celery import shared_task

from ipamweb.usage import retention, samples


@shared_task  # type: ignore[untyped-decorator]
def take_samples() -> int:
    """Take the samples of this step, if nobody did; return the rows written."""
    return samples.take()


@shared_task  # type: ignore[untyped-decorator]
def roll_up() -> dict[str, int]:
    """Put old samples together and delete the oldest."""
    return retention.apply()
