"""How often a cluster is polled, as far as the settings say it.

Not here: which cluster is due (due.py).
"""

from dataclasses import dataclass
from datetime import timedelta

from django.conf import settings


@dataclass(frozen=True, slots=True)
class Pace:
    """How often a cluster is polled, and how often an audit lists it completely."""

    interval: timedelta
    audit: timedelta


def usual_pace() -> Pace:
    """Return the pace that the settings name."""
    return Pace(
        timedelta(seconds=settings.IPAMWEB_POLL_SECONDS),
        timedelta(seconds=settings.IPAMWEB_AUDIT_SECONDS),
    )
