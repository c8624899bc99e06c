"""What is known of a cluster at an instant of the past, and when much happened in it.

Not here: who held what (past_allocations.py), the answer for one address
(addresses.py).
"""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q

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
    tell it. Two queries: a run is read, not the allocations that it moved."""
    runs = SyncRun.objects.filter(
        Q(opened__gt=0) | Q(closed__gt=0),
        cluster_id=cluster.id,
        ended_at__gte=since,
        ended_at__lt=until,
    )
    length = (until - since) / parts
    counts = [0] * parts
    for ended_at, opened, closed in runs.values_list("ended_at", "opened", "closed"):
        counts[min((ended_at - since) // length, parts - 1)] += opened + closed
    seen = gaps.since(since, cluster_ids=[cluster.id], scope=scope)
    return Density(
        since,
        until,
        tuple(counts),
        tuple(gap for gap in seen if gap.started_at < until),
    )
