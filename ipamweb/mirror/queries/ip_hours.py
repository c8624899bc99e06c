"""IP-hours: for how long pods of a namespace held addresses in a month, exactly.

The sum over all allocations of their time inside the month: one address for two
hours is as much as two for one. Two owners of one address count both. What is certain
and what is only possible (between two reads) are told apart, and what was not seen.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from django.db.models import (
    DateTimeField,
    DurationField,
    ExpressionWrapper,
    F,
    Q,
    QuerySet,
    Sum,
    Value,
)
from django.db.models.functions import Greatest, Least

from ipamweb.mirror.models import Allocation, CoverageGap, Namespace, PastAllocation
from ipamweb.mirror.queries import past_filters
from ipamweb.mirror.queries.clusters import ClusterRow
from ipamweb.mirror.queries.namespaces import NamespaceRow
from ipamweb.mirror.queries.past_filters import Times
from ipamweb.mirror.queries.visibility import only_shown
from ipamweb.mirror.scope import Scope

ZERO = timedelta(0)


@dataclass(frozen=True, slots=True)
class Month:
    """A calendar month, in UTC."""

    year: int
    number: int

    @classmethod
    def of(cls, moment: datetime) -> "Month":
        return cls(moment.astimezone(UTC).year, moment.astimezone(UTC).month)

    @classmethod
    def parse(cls, text: str) -> "Month":
        """Return the month of a text such as 2026-11. Raises ValueError."""
        parts = text.split("-")
        if [len(part) for part in parts] != [4, 2] or not text.isascii():
            raise ValueError(f"{text!r} is no month, as 2026-11 is one")
        if not "".join(parts).isdigit() or not 1 <= int(parts[1]) <= 12:
            raise ValueError(f"{text!r} is no month, as 2026-11 is one")
        if not 2000 <= int(parts[0]) <= 2999:
            raise ValueError(f"{text!r} is not between 2000-01 and 2999-12")
        return cls(int(parts[0]), int(parts[1]))

    @property
    def start(self) -> datetime:
        return datetime(self.year, self.number, 1, tzinfo=UTC)

    @property
    def end(self) -> datetime:
        """The instant at which it is over."""
        return datetime(
            self.year + self.number // 12, self.number % 12 + 1, 1, tzinfo=UTC
        )

    def __str__(self) -> str:
        return f"{self.year}-{self.number:02}"


@dataclass(frozen=True, slots=True)
class IpHours:
    """What a namespace held in one family; `namespace` "" where it was never seen."""

    cluster: str
    cluster_id: int
    namespace: str
    namespace_uid: str
    family: int
    certain: timedelta
    possible: timedelta


@dataclass(frozen=True, slots=True)
class Unseen:
    """For how much of a month, as far as it has passed, a cluster was not seen: who
    came and went in it may be missing in the sums."""

    cluster: str
    time: timedelta


def of_namespaces(
    clusters: Sequence[ClusterRow],
    *,
    month: Month,
    scope: Scope,
    namespace_uid: str = "",
) -> tuple[IpHours, ...]:
    """Return what namespaces inside the scope held in a month, by cluster, name and
    family; of one namespace where its UID is given. Two queries."""
    sums = _sums(clusters, month=month, scope=scope, namespace_uid=namespace_uid)
    known = Namespace.objects.filter(uid__in={uid for _, uid, _ in sums})
    names = {(pk, uid): n for pk, uid, n in known.values_list("cluster", "uid", "name")}
    return _rows(sums, clusters, names)


def of_namespace(
    namespace: NamespaceRow, *, cluster: ClusterRow, month: Month, scope: Scope
) -> tuple[IpHours, ...]:
    """Return what a namespace held in a month, by family. One query."""
    sums = _sums([cluster], month=month, scope=scope, namespace_uid=namespace.uid)
    return _rows(sums, [cluster], {(cluster.id, namespace.uid): namespace.name})


def unseen(
    clusters: Sequence[ClusterRow], *, month: Month, now: datetime, scope: Scope
) -> tuple[Unseen, ...]:
    """Return how much of a month was not seen of each cluster. One query.

    Before history begins and after the last read nothing is known; of gaps those count
    in which events were lost.
    """
    lost = _lost(clusters, month)
    passed = max(min(month.end, now) - month.start, ZERO)
    rows = []
    for cluster in clusters:
        fresh = cluster.freshness
        known = ZERO
        if fresh.history_from and fresh.as_of:
            since = max(month.start, fresh.history_from)
            until = min(month.end, fresh.as_of)
            known = max(until - since, ZERO)
            for started_at, ended_at in lost.get(cluster.id, ()):
                ended = min(ended_at or until, until)
                known -= max(ended - max(started_at, since), ZERO)
        rows.append(Unseen(cluster.slug, max(passed - known, ZERO)))
    return tuple(rows)


def _lost(
    clusters: Sequence[ClusterRow], month: Month
) -> dict[int, list[tuple[datetime, datetime | None]]]:
    """Return begin and end of the gaps that lost events, by cluster."""
    query = CoverageGap.objects.filter(
        Q(ended_at=None) | Q(ended_at__gt=month.start),
        cluster_id__in=[cluster.id for cluster in clusters],
        started_at__lt=month.end,
    ).exclude(recovered_by="watch")
    found: dict[int, list[tuple[datetime, datetime | None]]] = {}
    for gap in query:
        found.setdefault(gap.cluster_id, []).append((gap.started_at, gap.ended_at))
    return found


_Sums = dict[tuple[int, str, int], tuple[timedelta, timedelta]]


def _rows(
    sums: _Sums, clusters: Sequence[ClusterRow], names: dict[tuple[int, str], str]
) -> tuple[IpHours, ...]:
    slugs = {cluster.id: cluster.slug for cluster in clusters}
    rows = [
        IpHours(slugs[pk], pk, names.get((pk, uid), ""), uid, family, *times)
        for (pk, uid, family), times in sums.items()
        if times != (ZERO, ZERO)
    ]
    rows.sort(key=lambda r: (r.cluster, r.namespace, r.namespace_uid, r.family))
    return tuple(rows)


def _sums(
    clusters: Sequence[ClusterRow], *, month: Month, scope: Scope, namespace_uid: str
) -> _Sums:
    """Return certain and possible time by cluster, namespace and family. One query."""
    parts = [
        _summed(only_shown(query, scope, cluster_id=cluster.id))
        for cluster in clusters
        for query in _times(cluster, month, namespace_uid)
    ]
    sums: _Sums = {}
    if not parts:
        return sums
    for *key, certain, span in parts[0].union(*parts[1:], all=True):
        of = (key[0], key[1], key[2])
        before = sums.get(of, (ZERO, ZERO))
        held = certain or ZERO
        sums[of] = before[0] + held, before[1] + (span or ZERO) - held
    return sums


def _times(
    cluster: ClusterRow, month: Month, namespace_uid: str
) -> tuple[QuerySet[Any, Any], ...]:
    """Return the allocations of pods that meet the month: each with when it may have
    begun and ended (`a`, `d`), and between what it was held for certain (`b`, `c`)."""
    times = Times(month.start, month.end)
    of = Q(cluster_id=cluster.id)
    of &= Q(namespace_uid=namespace_uid) if namespace_uid else ~Q(namespace_uid="")
    past = PastAllocation.objects.filter(
        of,
        past_filters.ended_in(times, by_bins=not namespace_uid, cluster=cluster),
    )
    queries = [_clipped(past, month.start, month.end, ends=("valid_to", "to_latest"))]
    if cluster.freshness.as_of and cluster.freshness.as_of > month.start:
        # Held until it was last read; what is after that nobody knows.
        until = min(month.end, cluster.freshness.as_of)
        held = Allocation.objects.filter(of, from_earliest__lt=until)
        queries.append(_clipped(held, month.start, until))
    return tuple(queries)


def _clipped(
    query: QuerySet[Any, Any],
    start: datetime,
    end: datetime,
    *,
    ends: tuple[str, str] = ("", ""),
) -> QuerySet[Any, Any]:
    first, last = _moment(start), _moment(end)
    certain, latest = (Least(F(each), last) if each else last for each in ends)
    clipped: QuerySet[Any, Any] = query.annotate(
        a=Greatest(F("from_earliest"), first),
        b=Greatest(F("valid_from"), first),
        c=certain,
        d=latest,
    )
    return clipped


def _summed(query: QuerySet[Any, Any]) -> QuerySet[Any, Any]:
    summed: QuerySet[Any, Any] = (
        query.order_by()
        .values("cluster_id", "namespace_uid", "family")
        .annotate(
            certain=Sum(_length("b", "c"), filter=Q(c__gt=F("b"))),
            span=Sum(_length("a", "d"), filter=Q(d__gt=F("a"))),
        )
        .values_list("cluster_id", "namespace_uid", "family", "certain", "span")
    )
    return summed


def _length(first: str, last: str) -> "ExpressionWrapper[Any]":
    return ExpressionWrapper(F(last) - F(first), output_field=DurationField())


def _moment(moment: datetime) -> Value:
    return Value(moment, output_field=DateTimeField())
