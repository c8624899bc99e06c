"""Which allocations, open and ended, meet a window of time and a filter.

Both tables have the same columns, so one condition serves both. Names are looked up
first, those of what is gone too; a filter that names an owner finds owners inside the
scope only.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet

from ipamweb.addressing.ranges import MAPPED_FIRST, MAPPED_LAST
from ipamweb.mirror.models import Allocation, Node, PastAllocation, Pod, Pool
from ipamweb.mirror.queries.allocation_filters import (
    MOST_OWNERS,
    NAMES_AN_OWNER,
    AllocationFilter,
    as_range,
    in_namespace,
    inside,
)
from ipamweb.mirror.queries.allocation_rows import POSSIBLE
from ipamweb.mirror.queries.clusters import ClusterRow
from ipamweb.mirror.queries.visibility import only_shown
from ipamweb.mirror.scope import Scope
from ipamweb.mirror.time_bins import bins_at, bins_between

Queries = tuple[QuerySet[Any, Any], QuerySet[Any, Any]]

# A range of so many addresses is found by them, a wider one by the bins of time.
FEW_ADDRESSES = 4096


@dataclass(frozen=True, slots=True)
class Times:
    """A window of time, ends included; an instant is one that ends where it begins."""

    since: datetime
    until: datetime

    @property
    def is_instant(self) -> bool:
        return self.since == self.until


class NoWindow(ValueError):
    """A window of time that ends before it begins: a sentence that says why. `end` is
    the one to blame, `since` or `until`."""

    def __init__(self, sentence: str, *, end: str) -> None:
        super().__init__(sentence)
        self.end = end


def instant(at: datetime) -> Times:
    return Times(at, at)


def window_of(
    clusters: Sequence[ClusterRow],
    *,
    since: datetime | None,
    until: datetime | None,
    now: datetime,
) -> Times:
    """Return a window of time: without `since` it begins where the first history of
    some clusters does, without `until` it ends now. Raises NoWindow. No query."""
    starts = [each.freshness.history_from for each in clusters]
    first = min((start for start in starts if start), default=None)
    found = Times(since or first or now, until or now)
    if found.since <= found.until:
        return found
    if since and until:
        raise NoWindow("since lies behind until.", end="since")
    if since:
        raise NoWindow(
            "since lies behind now, where a window without until ends.", end="since"
        )
    begins = f"begins at {first:%Y-%m-%dT%H:%M:%SZ}" if first else "has not begun"
    raise NoWindow(
        f"History {begins}, so until lies before all that is known.", end="until"
    )


def open_in(times: Times, *, cluster: ClusterRow) -> Q:
    """Return the condition for open allocations that may have been held in a window,
    as the cluster's generation knows them: a poll that goes on has written more."""
    return Q(from_earliest__lte=times.until) & _opened(cluster)


def ended_in(times: Times, *, by_bins: bool, cluster: ClusterRow) -> Q:
    """Return the same for ended ones; `by_bins`: found by the index of time bins.

    What ended in a later generation was open in this one.
    """
    met = _ended_in(times, by_bins=by_bins)
    last = cluster.freshness.as_of
    if last and times.until > last:
        later = Q(closed_generation__gt=cluster.freshness.generation)
        met |= later & Q(cluster_id=cluster.id, from_earliest__lte=times.until)
    return met & _opened(cluster)


def _opened(cluster: ClusterRow) -> Q:
    return Q(opened_generation__lte=cluster.freshness.generation)


def _ended_in(times: Times, *, by_bins: bool) -> Q:
    met = Q(from_earliest__lte=times.until, to_latest__gt=times.since)
    if not by_bins:
        return met
    if times.is_instant:
        return met & Q(time_bin__in=bins_at(times.since))
    runs = Q()
    for first, last in bins_between(times.since, times.until):
        runs |= Q(time_bin__gte=first, time_bin__lte=last)
    return met & runs


def certain_open(at: datetime) -> Q:
    """Return the condition for open allocations held for certain at an instant that
    does not lie behind the last read (`ClusterRow.seen_at`)."""
    return Q(valid_from__lte=at)


def certain_ended(at: datetime, *, by_bins: bool) -> Q:
    """Return the same for ended ones: those that came and went between two reads have
    no such instant, but for the one at which they were last read."""
    held = Q(valid_from__lte=at, valid_to__gte=at, to_latest__gt=at)
    if not by_bins:
        return held
    # The index of bins holds the outer bounds: it alone tells nearly all of it.
    return held & Q(time_bin__in=bins_at(at), from_earliest__lte=at)


def matching(
    wanted: AllocationFilter, *, times: Times, cluster: ClusterRow, scope: Scope
) -> Queries:
    """Return the queries for the open and for the ended allocations of a cluster that
    meet a window of time and a filter. Names cost up to four queries."""
    condition = Q(cluster_id=cluster.id)
    for each in _conditions(wanted, times=times, cluster_id=cluster.id, scope=scope):
        condition &= each
    held = Allocation.objects.filter(open_in(times, cluster=cluster), condition)
    by_bins = not _is_narrow(wanted)
    ended = PastAllocation.objects.filter(
        ended_in(times, by_bins=by_bins, cluster=cluster), condition
    )
    if wanted.state:
        held, ended = _in_state(wanted.state, (held, ended), times, cluster)
    if any(getattr(wanted, name) for name in NAMES_AN_OWNER):
        return (
            only_shown(held, scope, cluster_id=cluster.id),
            only_shown(ended, scope, cluster_id=cluster.id),
        )
    return held, ended


def ended_since(
    wanted: AllocationFilter,
    generation: int,
    *,
    read_until: datetime,
    cluster_id: int,
    scope: Scope,
) -> QuerySet[Any, Any]:
    """Return the query for the allocations of a cluster that were open at a generation,
    have ended since, and meet a filter. Names cost up to four queries."""
    closed = closed_since(generation, cluster_id=cluster_id)
    # The cluster is not named beside it: the index of addresses would then be read
    # through for the order of the list, millions of rows for the few that ended.
    condition = Q(pk__in=closed.values("pk"), opened_generation__lte=generation)
    times = instant(read_until)
    for each in _conditions(wanted, times=times, cluster_id=cluster_id, scope=scope):
        condition &= each
    if wanted.state:
        condition &= so_at(wanted.state, read_until)
    ended = PastAllocation.objects.filter(condition)
    if any(getattr(wanted, name) for name in NAMES_AN_OWNER):
        return only_shown(ended, scope, cluster_id=cluster_id)
    return ended


def closed_since(generation: int, *, cluster_id: int) -> QuerySet[Any, Any]:
    """Return the query for all that ended after a generation."""
    return PastAllocation.objects.filter(
        cluster_id=cluster_id, closed_generation__gt=generation
    )


def _is_narrow(wanted: AllocationFilter) -> bool:
    """Say whether a filter finds few rows by an index of its own."""
    bounds = wanted.within or (as_range(wanted.q) if wanted.q else None)
    if bounds:
        return bounds.size <= FEW_ADDRESSES
    return wanted.address is not None or bool(wanted.uid or wanted.pod)


def _conditions(
    wanted: AllocationFilter, *, times: Times, cluster_id: int, scope: Scope
) -> Iterator[Q]:
    yield from _plain(wanted)
    if wanted.node:
        nodes = Node.objects.filter(cluster_id=cluster_id, name=wanted.node)
        yield Q(node_id__in=list(nodes.values_list("id", flat=True)))
    if wanted.namespace:
        yield in_namespace(wanted.namespace, cluster_id)
    if wanted.pool:
        pools = Pool.objects.filter(cluster_id=cluster_id, slug=wanted.pool)
        yield Q(pool_id__in=list(pools.values_list("id", flat=True)))
    if wanted.pod or wanted.workload_kind or wanted.workload_name:
        yield _of_pods(wanted.pods_named, cluster_id=cluster_id, times=times)
    if text := wanted.q.strip().lower():
        yield _free_text(text, cluster_id=cluster_id, times=times, scope=scope)


def _in_state(
    state: str, queries: Queries, times: Times, cluster: ClusterRow
) -> Queries:
    """Return what of the queries of an instant was in a state then."""
    held, ended = queries
    at, last = times.until, cluster.freshness.as_of
    if last is None or at > last:
        return queries if state == POSSIBLE else (held.none(), ended.none())
    is_certain = certain_open(at), certain_ended(at, by_bins=False)
    if state == POSSIBLE:
        return held.exclude(is_certain[0]), ended.exclude(is_certain[1])
    so = so_at(state, at)
    return held.filter(is_certain[0], so), ended.filter(is_certain[1], so)


def so_at(state: str, at: datetime) -> Q:
    """Return the condition for allocations that are certain at an instant."""
    released = Q(released_at__lte=at)
    terminating = Q(terminating_at__lte=at)
    if state == "cooling-down":
        return released
    not_released = Q(released_at=None) | Q(released_at__gt=at)
    if state == "terminating":
        return terminating & not_released
    return not_released & (Q(terminating_at=None) | Q(terminating_at__gt=at))


def _plain(wanted: AllocationFilter) -> Iterator[Q]:
    """Yield the conditions on the row itself."""
    same = {
        "kind": wanted.kind,
        "family": wanted.family,
        "namespace_uid": wanted.namespace_uid,
        "owner_key": wanted.uid,
    }
    yield Q(**{column: value for column, value in same.items() if value})
    if wanted.network is not None:
        yield Q(network=wanted.network)
    if wanted.held_before:
        yield Q(valid_from__lte=wanted.held_before)
    if wanted.address is not None:
        yield Q(address=wanted.address)
    if wanted.within:
        yield inside(wanted.within)
    if wanted.family == 4:
        yield Q(address__gte=MAPPED_FIRST, address__lte=MAPPED_LAST)


def _of_pods(asked: Q, *, cluster_id: int, times: Times) -> Q:
    """Return the condition for allocations of pods that were not gone before a window:
    by their UIDs where these are few."""
    was_there = Q(gone_by=None) | Q(gone_by__gt=times.since)
    pods = Pod.objects.filter(asked, was_there, cluster_id=cluster_id)
    uids = list(pods.values_list("uid", flat=True)[: MOST_OWNERS + 1])
    if len(uids) <= MOST_OWNERS:
        return Q(owner_key__in=uids)
    return Q(pod__in=pods)


def _free_text(text: str, *, cluster_id: int, times: Times, scope: Scope) -> Q:
    if asked := as_range(text):
        return inside(asked)
    namespace, slash, name = text.partition("/")
    pod = Q(name__contains=text)
    if slash:
        pod = Q(namespace_name=namespace, name__contains=name)
    owner = _of_pods(pod, cluster_id=cluster_id, times=times)
    if not scope.everything:
        owner &= Q(namespace_uid__in=scope.uids_in(cluster_id))
    if slash:
        return owner
    nodes = Node.objects.filter(cluster_id=cluster_id, name__contains=text)
    return owner | Q(node__in=nodes)
