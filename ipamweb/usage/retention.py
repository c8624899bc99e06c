"""Makes old samples fewer: hours after two days, days after ninety, then none.

Each batch is one transaction that takes rows away and puts their sum in their place:
after a kill at any instant nothing is lost, and the next run goes on.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import groupby

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, F, Min, OuterRef, Q, QuerySet, Subquery
from django.utils import timezone

from ipamweb.usage import rows, steps
from ipamweb.usage.models import Sampling, UsageSample, UsageSeries
from ipamweb.usage.steps import DAY, HOUR, STEP, Point

MINUTE = timedelta(minutes=1)
# From the finer to the coarser, and the age at which that happens (data model, 7).
ROLLED = ((STEP, HOUR, timedelta(days=2)), (HOUR, DAY, timedelta(days=90)))
# Series in one transaction: at most a day of samples of each.
BATCH = 200


def apply(*, now: datetime | None = None) -> dict[str, int]:
    """Put samples together and delete what is too old; return the rows that went."""
    moment = now or timezone.now()
    oldest = moment - timedelta(days=settings.IPAMWEB_USAGE_DAYS)
    gone = {"samples_put_together": 0, "samples": 0}
    for sampling in Sampling.objects.exclude(at=None):
        for fine, coarse, age in ROLLED:
            until = steps.start_of(moment - age, coarse)
            since = _since(sampling, age=age, coarse=coarse)
            gone["samples_put_together"] += _roll_up(
                sampling.cluster_id, fine, coarse, since=since, until=until
            )
        gone["samples"] += _delete(sampling.cluster_id, before=oldest)
        Sampling.objects.filter(pk=sampling.pk).update(rolled_at=moment)
    return gone


def forget(cluster_id: int) -> None:
    """Delete all samples of a cluster, in batches: it is about to be removed."""
    for series in _batches(cluster_id):
        with transaction.atomic():
            found = UsageSample.objects.filter(series_id__in=series)
            found._raw_delete(found.db)


def _since(sampling: Sampling, *, age: timedelta, coarse: timedelta) -> datetime | None:
    """Return up to where an earlier run came; before it nothing finer is left."""
    if sampling.rolled_at:
        return steps.start_of(sampling.rolled_at - age, coarse)
    samples = UsageSample.objects.filter(series__cluster_id=sampling.cluster_id)
    found: datetime | None = samples.aggregate(first=Min("at"))["first"]
    return found


def _roll_up(
    cluster_id: int,
    fine: timedelta,
    into: timedelta,
    *,
    since: datetime | None,
    until: datetime,
) -> int:
    """Return how many rows went. Day by day: a long backlog needs no more memory."""
    gone = 0
    while since is not None and since < until:
        end = min(steps.start_of(since, DAY) + DAY, until)
        for series in _batches(cluster_id, since=since):
            old = UsageSample.objects.filter(
                series_id__in=series,
                resolution=fine // MINUTE,
                at__gte=since,
                at__lt=end,
            )
            gone += _put_together(old, series, since=since, length=into)
        since = end
    return gone


def _batches(cluster_id: int, *, since: datetime | None = None) -> Iterator[list[int]]:
    """Yield the ids of series, those that ended before `since` left out."""
    query = UsageSeries.objects.filter(cluster_id=cluster_id)
    if since:
        query = query.filter(Q(ended_at=None) | Q(ended_at__gte=since))
    ids = list(query.order_by("pk").values_list("pk", flat=True))
    for start in range(0, len(ids), BATCH):
        yield ids[start : start + BATCH]


def _put_together(
    old: QuerySet[UsageSample],
    series: list[int],
    *,
    since: datetime,
    length: timedelta,
) -> int:
    """Put one row in the place of several; return how many rows fewer there are."""
    with transaction.atomic():
        ordered = old.order_by("series_id", "at")
        found = list(ordered.values_list("series_id", *rows.COLUMNS))
        if not found:
            return 0
        before = _before(series, first=since)
        rolled = [
            rows.values(pk, point, length=length)
            for pk, group in groupby(found, key=lambda row: row[0])
            for point in steps.roll_up(
                [rows.point(row[1:]) for row in group],
                before=before.get(pk),
                length=length,
            )
        ]
        old._raw_delete(old.db)
        rows.insert(rolled)
    return len(found) - len(rolled)


def _before(series: list[int], *, first: datetime) -> dict[int, Point]:
    """Return the last sample of each series ahead of a moment. One query."""
    ahead = UsageSample.objects.filter(series_id=OuterRef("pk"), at__lt=first)
    found = (
        UsageSeries.objects.filter(pk__in=series)
        .annotate(before=Subquery(ahead.order_by("-at").values("at")[:1]))
        .filter(samples__at=F("before"))
    )
    columns = [f"samples__{name}" for name in rows.COLUMNS]
    return {
        pk: rows.point(tuple(row)) for pk, *row in found.values_list("pk", *columns)
    }


def _delete(cluster_id: int, *, before: datetime) -> int:
    """Delete samples older than a moment; return how many went.

    The last one before it stays while its thing is there: it still holds.
    """
    gone = 0
    newer = UsageSample.objects.filter(
        series_id=OuterRef("series_id"), at__gt=OuterRef("at"), at__lte=before
    )
    for series in _batches(cluster_id):
        old = UsageSample.objects.filter(series_id__in=series, at__lt=before)
        with transaction.atomic():
            gone += old.filter(Exists(newer))._raw_delete(old.db)
    ended = UsageSeries.objects.filter(cluster_id=cluster_id, ended_at__lt=before)
    return gone + ended.delete()[0]
