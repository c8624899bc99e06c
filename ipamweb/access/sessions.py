"""The sessions of browsers that are over: they are of no use, and go.

Not here: how long one lasts (settings.py, and oidc_… for the provider's door).
"""

from datetime import datetime

from django.contrib.sessions.models import Session

# Deletes go in small batches: anybody can make sessions at the provider's door.
BATCH = 5_000


def forget(*, now: datetime) -> int:
    """Delete the sessions that are over; return how many."""
    count = 0
    over = Session.objects.filter(expire_date__lte=now)
    while keys := list(over.values_list("pk", flat=True)[:BATCH]):
        count += Session.objects.filter(pk__in=keys).delete()[0]
    return count
