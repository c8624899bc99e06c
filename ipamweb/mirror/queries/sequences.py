"""What follows one after another in a cluster, polls and gaps: which of it touches a
window of time, told by when each began, so that an index of that is all that is read.
"""

from datetime import datetime, timedelta
from typing import TypeVar

from django.db.models import DateTimeField, Model, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce

AnyModel = TypeVar("AnyModel", bound=Model)
# What the clocks of two workers may differ by: by so much one may seem to begin before
# the one before it had ended.
SKEW = timedelta(minutes=1)


def begun_for(
    query: QuerySet[AnyModel, AnyModel],
    *,
    since: datetime | None,
    until: datetime | None,
) -> QuerySet[AnyModel, AnyModel]:
    """Return what of the polls, or gaps, of one cluster can touch a window: what began
    in it, and the last that began before it. None: the window has no such end.

    The caller asks of the few before `since` whether they lasted that long.
    """
    found = query
    if until:
        found = found.filter(started_at__lte=until)
    if since:
        sure = since - SKEW
        last = query.filter(started_at__lte=sure).order_by("-started_at", "-id")
        begin = Coalesce(
            Subquery(last.values("started_at")[:1]),
            Value(sure),
            output_field=DateTimeField(),
        )
        found = found.filter(started_at__gte=begin)
    return found
