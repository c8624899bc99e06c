"""Takes the samples: one of every pool, node and namespace in each step of 5 minutes.

Written only where a value changed. Not here: the arithmetic (steps.py), what the
counters say (counts.py), and what becomes of old samples (retention.py).
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import F, OuterRef, Subquery
from django.utils import timezone

from ipamweb.mirror.queries import clusters, gaps
from ipamweb.mirror.queries.clusters import ClusterRow
from ipamweb.mirror.scope import EVERYTHING
from ipamweb.usage import counts, rows, steps
from ipamweb.usage.counts import Changes, Key
from ipamweb.usage.models import Sampling, UsageSample, UsageSeries
from ipamweb.usage.steps import STEP, Point, Values

BATCH = 2_000


@dataclass(frozen=True, slots=True)
class Last:
    """The key of a series, and the last sample of it."""

    series_id: int
    point: Point


def take(*, now: datetime | None = None) -> int:
    """Sample each cluster that was not sampled in this step; return the rows written.

    To be called several times in a step: a call too many costs two queries a cluster.
    """
    moment = now or timezone.now()
    found = clusters.every(scope=EVERYTHING, now=moment)
    return sum(_sample(cluster, now=moment) for cluster in found)


def take_of(slug: str, *, now: datetime) -> int:
    """Sample one cluster, which may live by another clock; return the rows written."""
    cluster = clusters.one(slug, scope=EVERYTHING, now=now)
    return _sample(cluster, now=now) if cluster else 0


def _sample(cluster: ClusterRow, *, now: datetime) -> int:
    step = steps.start_of(now, STEP)
    before, _ = Sampling.objects.get_or_create(cluster_id=cluster.id)
    is_seen = not cluster.freshness.stale
    if (before.at and before.at >= step) or not (before.at or is_seen):
        return 0
    last = _last(cluster.id)
    found = list(_gap(last, cluster=cluster, before=before, step=step))
    generation, ended = before.generation, set[Key]()
    if is_seen:
        present = counts.present(cluster)
        ended = last.keys() - present.keys()
        present |= {key: counts.ended(key[0]) for key in ended}
        found += _news(last, present, changes=_changes(cluster, before), step=step)
        generation = cluster.freshness.generation
    with transaction.atomic():
        claimed = Sampling.objects.filter(pk=before.pk, at=before.at)
        if not claimed.update(at=step, generation=generation):
            return 0
        ids = {key: each.series_id for key, each in last.items()}
        ids |= _begun(cluster.id, [key for key, _ in found if key not in ids])
        gone = UsageSeries.objects.filter(pk__in=[ids[key] for key in ended])
        gone.update(ended_at=step)
        rows.insert([rows.values(ids[key], each, length=STEP) for key, each in found])
    return len(found)


def _last(cluster_id: int) -> dict[Key, Last]:
    """Return the last sample of each series that goes on. One query."""
    newest = UsageSample.objects.filter(series_id=OuterRef("pk")).order_by("-at")
    found = (
        UsageSeries.objects.filter(cluster_id=cluster_id, ended_at=None)
        .annotate(last_at=Subquery(newest.values("at")[:1]))
        .filter(samples__at=F("last_at"))
    )
    columns = [f"samples__{name}" for name in rows.COLUMNS]
    return {
        (scope, subject, family): Last(pk, rows.point(tuple(row)))
        for pk, scope, subject, family, *row in found.values_list(
            "pk", "scope", "subject_id", "family", *columns
        )
    }


def _gap(
    last: dict[Key, Last], *, cluster: ClusterRow, before: Sampling, step: datetime
) -> Iterator[tuple[Key, Point]]:
    """Yield the beginning of a gap for each series that is in none: when the mirror did
    not see the cluster at a step since the last sample, or does not now."""
    if before.at is None:
        return
    blind = gaps.since(before.at, cluster_ids=[cluster.id], scope=EVERYTHING)
    times = [(gap.started_at, gap.ended_at) for gap in blind]
    first = steps.first_unseen(times, after=before.at, before=step)
    if first is None and cluster.freshness.stale:
        first = step
    if first is None:
        return
    for key, each in last.items():
        if each.point.values is not None:
            last[key] = Last(each.series_id, steps.unseen(first))
            yield key, last[key].point


def _changes(cluster: ClusterRow, before: Sampling) -> Changes:
    """Return what came and went since the last sample; nothing before the first."""
    if before.generation is None:
        return Changes(Counter(), Counter())
    return counts.changes(cluster, since=before.generation)


def _news(
    last: dict[Key, Last],
    present: dict[Key, Values],
    *,
    changes: Changes,
    step: datetime,
) -> Iterator[tuple[Key, Point]]:
    for key, values in present.items():
        point = steps.seen(
            step, values, opened=changes.opened[key], closed=changes.closed[key]
        )
        known = last.get(key)
        if steps.is_news(known.point if known else None, point):
            yield key, point


def _begun(cluster_id: int, keys: list[Key]) -> dict[Key, int]:
    """Write series that are new, or begin again; return their keys in the table."""
    series = [
        UsageSeries(
            cluster_id=cluster_id, scope=scope, subject_id=subject, family=family
        )
        for scope, subject, family in keys
    ]
    UsageSeries.objects.bulk_create(
        series,
        batch_size=BATCH,
        update_conflicts=True,
        unique_fields=["cluster_id", "scope", "subject_id", "family"],
        update_fields=["ended_at"],
    )
    return {key: each.pk for key, each in zip(keys, series, strict=True)}
