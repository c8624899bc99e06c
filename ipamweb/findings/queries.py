"""Questions about findings, for pages and REST.

Findings about a pod are for who may see its namespace; all others are for everybody,
with the names in them kept from who may not see these.
"""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.db.models import Count, IntegerField, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from ipamweb.findings.candidates import CNI_RECORD, SEVERITIES, Rule, Values
from ipamweb.findings.filters import (
    ACKNOWLEDGED,
    EVERY,
    IS_OPEN,
    OPEN,
    FindingFilter,
    aged,
    asked,
    begun,
    stated,
    was_open,
)
from ipamweb.findings.lifecycle import CONFIRMED, SUSPECTED
from ipamweb.findings.models import Acknowledgement, Check, Finding
from ipamweb.findings.rules import RULES
from ipamweb.mirror.queries.paging import FIRST_PAGE, Order, Page, Window, read_page
from ipamweb.mirror.queries.visibility import in_scope, shows_owner
from ipamweb.mirror.scope import Scope

WORST_FIRST = Order("findings.worst", ("severity", "id"))
# What hangs on a namespace, by what a record is.
OF_PODS = frozenset({"pod", "endpoint"})


@dataclass(frozen=True, slots=True)
class EvidenceRow:
    """One side of a finding; where `hidden`, its name and UID are empty."""

    what: str
    name: str
    uid: str
    namespace_uid: str
    read_from: str
    since: datetime | None
    values: Values
    hidden: bool


@dataclass(frozen=True, slots=True)
class FindingRow:
    """A finding; `state` is one of filters.STATES. `missed_at`: not seen by the last
    look. `step` is what a person may do in its cluster's IPAM mode.

    Of an instant of the past `looks` and `last_seen` are None while it lasted: of each
    only the last is kept.
    """

    id: int
    cluster: str
    cluster_id: int
    rule: Rule
    severity: str
    state: str
    subject_kind: str
    subject: str
    subject_uid: str
    namespace_uid: str
    message: str
    evidence: tuple[EvidenceRow, ...]
    command: str
    step: str
    looks: int | None
    first_seen: datetime
    last_seen: datetime | None
    confirmed_at: datetime | None
    missed_at: datetime | None
    resolved_at: datetime | None
    acknowledged_at: datetime | None
    acknowledged_until: datetime | None
    acknowledged_reason: str
    acknowledged_by: str


@dataclass(frozen=True, slots=True)
class RestRow:
    """A time for which a finding was acknowledged: until when, and by whom; ended
    before by whom, or by itself."""

    at: datetime
    until: datetime
    reason: str
    by: str
    ended_at: datetime | None
    ended_by: str


@dataclass(frozen=True, slots=True)
class EarlierRow:
    """The same fault, found and resolved before."""

    id: int
    first_seen: datetime
    resolved_at: datetime


@dataclass(frozen=True, slots=True)
class History:
    """What became of a finding, and of the same fault before. The newest first."""

    rests: tuple[RestRow, ...]
    earlier: tuple[EarlierRow, ...]


@dataclass(frozen=True, slots=True)
class CheckRow:
    """The last look at a cluster; `looked_at` is None before the first. `cut` are
    rules that found more than is kept, `untold` those that could not be asked."""

    cluster: str
    looked_at: datetime | None
    as_of: datetime | None
    rules: int
    addresses: int
    revision: int
    cut: tuple[str, ...]
    untold: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class OpenCount:
    """How many findings of a rule are open in a cluster, by severity."""

    cluster: str
    rule: str
    severity: str
    count: int


@dataclass(frozen=True, slots=True)
class Facets:
    """How many findings each choice would leave, the other choices kept."""

    kinds: dict[str, int]
    severities: dict[str, int]
    states: dict[str, int]
    clusters: dict[str, int]
    ages: dict[str, int]

    def of(self, name: str) -> dict[str, int]:
        """Return the counts by a name of the filter's."""
        return {
            "kind": self.kinds,
            "severity": self.severities,
            "state": self.states,
            "cluster": self.clusters,
            "age": self.ages,
        }[name]


def listed(
    *,
    scope: Scope,
    now: datetime,
    wanted: FindingFilter = EVERY,
    window: Window = FIRST_PAGE,
) -> Page[FindingRow]:
    """Return a page of the findings, the worst first. One query."""
    query = shown(scope=scope).filter(asked(wanted, now=now))
    return read_page(
        query.select_related("cluster", "acknowledged_by"),
        order=WORST_FIRST,
        window=window,
        build=lambda found: [_row(each, scope, wanted.at) for each in found],
    )


def one(number: int, *, scope: Scope, at: datetime | None = None) -> FindingRow | None:
    """Return a finding; None where there is none, or there was none at an instant, or
    it is not for this reader. One query.
    """
    query = shown(scope=scope).select_related("cluster", "acknowledged_by")
    found = query.filter(begun(at), pk=number).first()
    return _row(found, scope, at) if found else None


def history(finding: FindingRow, *, most: int, scope: Scope) -> History:
    """Return the rests of a finding, and of the same fault before it the last `most`.

    Two queries.
    """
    rests = Acknowledgement.objects.filter(finding=finding.id).order_by("-id")
    same = Finding.objects.filter(pk=finding.id).values("cluster", "rule", "key")
    earlier = shown(scope=scope).filter(
        pk__lt=finding.id,
        resolved_at__isnull=False,
        cluster=Subquery(same.values("cluster")),
        rule=Subquery(same.values("rule")),
        key=Subquery(same.values("key")),
    )
    rows = earlier.order_by("-id").values_list("id", "first_seen", "resolved_at")
    return History(
        tuple(_rest(each) for each in rests.select_related("by", "ended_by")),
        tuple(
            EarlierRow(number, first_seen, resolved_at)
            for number, first_seen, resolved_at in rows[:most]
            if resolved_at
        ),
    )


def facets(*, scope: Scope, now: datetime, wanted: FindingFilter) -> Facets:
    """Return how many findings each choice leaves. One query, grouped."""
    kept = FindingFilter(rule=wanted.rule, namespace=wanted.namespace)
    groups = (
        shown(scope=scope)
        .filter(asked(kept, now=now), begun(wanted.at))
        .annotate(stated=stated(wanted.at), aged=aged(wanted.at or now))
        .values("rule", "severity", "stated", "cluster__slug", "aged")
        .annotate(count=Count("id"))
        .order_by()
    )
    counted = Facets({}, {}, {}, {}, {})
    for group in groups:
        values = {
            "kind": RULES[group["rule"]].kind,
            "severity": SEVERITIES[group["severity"]],
            "state": group["stated"],
            "cluster": group["cluster__slug"],
            "age": group["aged"],
        }
        misses = {
            name
            for name, value in values.items()
            if getattr(wanted, name) not in ("", value)
        }
        for name, value in values.items():
            if misses <= {name}:
                counter = counted.of(name)
                counter[value] = counter.get(value, 0) + group["count"]
    return counted


def open_of_cluster(*, scope: Scope) -> tuple[Coalesce, Coalesce]:
    """Return the sub-selects of how many findings of a cluster are open, and of the
    number that every change of its findings raises."""
    query = shown(scope=scope).filter(IS_OPEN, cluster=OuterRef("pk")).order_by()
    counted = query.values("cluster").annotate(n=Count("pk")).values("n")
    revision = Check.objects.filter(cluster=OuterRef("pk")).values("revision")
    return (
        Coalesce(Subquery(counted, output_field=IntegerField()), 0),
        Coalesce(Subquery(revision[:1], output_field=IntegerField()), 0),
    )


def turned(*, since: datetime, scope: Scope) -> tuple[FindingRow, ...]:
    """Return what looks since a time confirmed or resolved, by number. One query."""
    query = shown(scope=scope).filter(turned_at__gte=since)
    query = query.select_related("cluster", "acknowledged_by")
    return tuple(_row_now(each, scope) for each in query.order_by("id"))


def open_counts(*, scope: Scope) -> tuple[OpenCount, ...]:
    """Return how many findings are open, by cluster, rule and severity. One query."""
    query = shown(scope=scope).filter(IS_OPEN)
    groups = query.values_list("cluster__slug", "rule", "severity")
    counted = groups.annotate(count=Count("id")).order_by(
        "cluster__slug", "rule", "severity"
    )
    return tuple(
        OpenCount(cluster, rule, SEVERITIES[severity], count)
        for cluster, rule, severity, count in counted
    )


def open_at(at: datetime, *, cluster_id: int, scope: Scope) -> int:
    """Return how many findings of a cluster were open at an instant. One query."""
    return shown(scope=scope).filter(was_open(at), cluster=cluster_id).count()


def checks(*, scope: Scope, cluster: str = "") -> tuple[CheckRow, ...]:
    """Return the last look at each cluster that was looked at, by slug. One query."""
    query = Check.objects.select_related("cluster").order_by("cluster__slug")
    if cluster:
        query = query.filter(cluster__slug=cluster)
    return tuple(
        CheckRow(
            cluster=each.cluster.slug,
            looked_at=each.looked_at,
            as_of=each.as_of,
            rules=each.rules,
            addresses=each.addresses,
            revision=each.revision,
            cut=tuple(each.cut),
            untold=tuple(each.untold),
        )
        for each in query
    )


def _rest(found: Acknowledgement) -> RestRow:
    return RestRow(
        at=found.at,
        until=found.until,
        reason=found.reason,
        by=found.by.get_username() if found.by else "",
        ended_at=found.ended_at,
        ended_by=found.ended_by.get_username() if found.ended_by else "",
    )


def shown(*, scope: Scope) -> QuerySet[Finding, Finding]:
    """Return the findings that a reader may see at all."""
    query = Finding.objects.filter(rule__in=RULES)
    if scope.everything:
        return query
    return query.filter(~Q(subject_kind="pod") | in_scope(scope))


def _row(found: Any, scope: Scope, at: datetime | None) -> FindingRow:
    row = _row_now(found, scope)
    return _as_of(row, at) if at else row


def _as_of(row: FindingRow, at: datetime) -> FindingRow:
    """Return a finding as it was; what is kept of its last look only is left out."""
    if row.resolved_at and row.resolved_at <= at:
        return row
    is_confirmed = row.confirmed_at is not None and row.confirmed_at <= at
    return replace(
        row,
        state=OPEN if is_confirmed else SUSPECTED,
        looks=None,
        last_seen=None,
        confirmed_at=row.confirmed_at if is_confirmed else None,
        missed_at=None,
        resolved_at=None,
        acknowledged_at=None,
        acknowledged_until=None,
        acknowledged_reason="",
        acknowledged_by="",
    )


def _row_now(found: Any, scope: Scope) -> FindingRow:
    state = found.state
    if state == CONFIRMED:
        state = ACKNOWLEDGED if found.acknowledged_until else OPEN
    by = found.acknowledged_by
    return FindingRow(
        id=found.pk,
        cluster=found.cluster.slug,
        cluster_id=found.cluster_id,
        rule=RULES[found.rule],
        severity=SEVERITIES[found.severity],
        state=state,
        subject_kind=found.subject_kind,
        subject=found.subject,
        subject_uid=found.subject_uid,
        namespace_uid=found.namespace_uid,
        message=found.message,
        evidence=tuple(
            _evidence(each, scope, cluster_id=found.cluster_id)
            for each in found.evidence
        ),
        command=found.command,
        step=RULES[found.rule].step_in(found.cluster.mode),
        looks=found.looks,
        first_seen=found.first_seen,
        last_seen=found.last_seen,
        confirmed_at=found.confirmed_at,
        missed_at=found.missed_at,
        resolved_at=found.resolved_at,
        acknowledged_at=found.acknowledged_at,
        acknowledged_until=found.acknowledged_until,
        acknowledged_reason=found.acknowledged_reason,
        acknowledged_by=by.get_username() if by else "",
    )


def _evidence(stored: dict[str, Any], scope: Scope, *, cluster_id: int) -> EvidenceRow:
    kind = "pod" if stored["what"] in OF_PODS else ""
    of = stored["namespace_uid"]
    shown = shows_owner(scope, kind=kind, namespace_uid=of, cluster_id=cluster_id)
    reads_words = scope.everything or stored["what"] != CNI_RECORD
    private = stored["private"] if shown and reads_words else []
    since = stored["since"]
    return EvidenceRow(
        what=stored["what"],
        name=stored["name"] if shown else "",
        uid=stored["uid"] if shown else "",
        namespace_uid=of if shown else "",
        read_from=stored["read_from"],
        since=datetime.fromisoformat(since) if since else None,
        values=tuple((name, value) for name, value in [*stored["values"], *private]),
        hidden=not shown,
    )
