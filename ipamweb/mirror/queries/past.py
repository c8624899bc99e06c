"""What is known of a cluster at an instant of the past, and when much happened in it.

Not here: who held what (past_allocations.py), the answer for one address
(addresses.py).
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import F, FloatField, Func, Q, Sum
from django.db.models.functions import Floor

from ipamweb.mirror.holders import Blind, Coverage
from ipamweb.mirror.models import SyncRun
from ipamweb.mirror.queries import gaps
from ipamweb.mirror.queries.clusters import ClusterRow
from ipamweb.mirror.queries.gaps import GapRow
from ipamweb.mirror.scope import Scope


@dataclass(frozen=True, slots=True)
class Known:
    """How exactly an instant is known: `blind` says why it was not seen, empty when it
    was; `gap` is the one it lies in, also one in which nothing was missed."""

    at: datetime
    blind: Blind
    gap: GapRow | None


def known(cluster: ClusterRow, *, at: datetime, scope: Scope) -> Known:
    """Return how exactly a cluster's state at an instant is known. One query."""
    found = gaps.at(at, cluster_ids=[cluster.id], scope=scope)
    lost = tuple((gap.started_at, gap.ended_at) for gap in found if gap.lost_events)
    fresh = cluster.freshness
    coverage = Coverage(fresh.history_from, fresh.as_of, lost)
    return Known(at, coverage.blindness(at), found[0] if found else None)


class Seconds(Func):
    """The whole seconds of a moment since 1970."""

    function = "EXTRACT"
    template = "EXTRACT(EPOCH FROM %(expressions)s)"
    output_field = FloatField()

    def as_sqlite(self, compiler: Any, connection: Any, **context: Any) -> Any:
        seconds = "CAST(strftime('%%%%s', %(expressions)s) AS REAL)"
        return self.as_sql(compiler, connection, template=seconds, **context)


@dataclass(frozen=True, slots=True)
class Density:
    """How many allocations began or ended in each of equal parts of a window."""

    since: datetime
    until: datetime
    counts: tuple[int, ...]
    gaps: tuple[GapRow, ...]


def density(
    cluster: ClusterRow, *, since: datetime, until: datetime, parts: int, scope: Scope
) -> Density:
    """Return when much happened in a window of time, as polls that changed something
    tell it. Two queries: runs are summed, not the allocations that they moved.

    A run goes on while polls change nothing: what it counts happened when it began.
    """
    runs = SyncRun.objects.filter(
        Q(opened__gt=0) | Q(closed__gt=0),
        cluster_id=cluster.id,
        started_at__gte=since,
        started_at__lt=until,
    )
    length = (until - since).total_seconds() / parts
    summed = (
        runs.order_by()
        .annotate(part=Floor((Seconds("started_at") - since.timestamp()) / length))
        .values("part")
        .annotate(moved=Sum(F("opened") + F("closed")))
    )
    counts = [0] * parts
    for part, moved in summed.values_list("part", "moved"):
        counts[min(max(int(part), 0), parts - 1)] += moved
    seen = gaps.since(since, cluster_ids=[cluster.id], scope=scope)
    return Density(
        since,
        until,
        tuple(counts),
        tuple(gap for gap in seen if gap.started_at < until),
    )
