"""Questions about findings, for pages and REST.

Findings about a pod are for who may see its namespace; all others are for everybody,
with the names in them kept from who may not see these.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from django.db.models import (
    Case,
    Count,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
)
from django.db.models.functions import Coalesce

from ipamweb.findings.candidates import SEVERITIES, Rule, Values
from ipamweb.findings.lifecycle import CONFIRMED, RESOLVED, SUSPECTED
from ipamweb.findings.models import Check, Finding
from ipamweb.findings.rules import RULES
from ipamweb.mirror.queries.paging import FIRST_PAGE, Order, Page, Window, read_page
from ipamweb.mirror.queries.visibility import shows_owner
from ipamweb.mirror.scope import Scope

OPEN, ACKNOWLEDGED, ALL = "open", "acknowledged", "all"
# What a reader may ask for: confirmed ones are open, or acknowledged until a time.
STATES = (OPEN, ACKNOWLEDGED, SUSPECTED, RESOLVED)
# The title of each kind, in the order of rules.
TITLES = {rule.kind: rule.title for rule in RULES.values()}
KINDS = tuple(TITLES)
WORST_FIRST = Order("findings.worst", ("severity", "id"))
# What hangs on a namespace, by what a record is.
OF_PODS = frozenset({"pod", "endpoint"})


@dataclass(frozen=True, slots=True)
class FindingFilter:
    """Which findings are wanted; empty means all. `cluster` is a slug; `at`: as they
    were at an instant of the past."""

    kind: str = ""
    severity: str = ""
    state: str = ""
    cluster: str = ""
    at: datetime | None = None


EVERY = FindingFilter()


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
    """A finding; `state` is one of STATES. `missed_at`: not seen by the last look.

    Of an instant of the past `looks` and `last_seen` are None while it lasted: of each
    only the last is kept.
    """

    id: int
    cluster: str
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

    kinds: dict[str, int] = field(default_factory=dict)
    severities: dict[str, int] = field(default_factory=dict)
    states: dict[str, int] = field(default_factory=dict)
    clusters: dict[str, int] = field(default_factory=dict)


def listed(
    *, scope: Scope, wanted: FindingFilter = EVERY, window: Window = FIRST_PAGE
) -> Page[FindingRow]:
    """Return a page of the findings, the worst first. One query."""
    query = _shown(scope).filter(_asked(wanted))
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
    query = _shown(scope).select_related("cluster", "acknowledged_by")
    found = query.filter(_begun(at), pk=number).first()
    return _row(found, scope, at) if found else None


def facets(*, scope: Scope, wanted: FindingFilter) -> Facets:
    """Return how many findings each choice leaves. One query, grouped."""
    groups = (
        _shown(scope)
        .filter(_begun(wanted.at))
        .annotate(stated=_stated(wanted.at))
        .values("rule", "severity", "stated", "cluster__slug")
        .annotate(count=Count("id"))
        .order_by()
    )
    kinds, severities, states, clusters = Counter(), Counter(), Counter(), Counter()  # type: ignore[var-annotated]
    for group in groups:
        kind = RULES[group["rule"]].kind if group["rule"] in RULES else ""
        values = (
            kind,
            SEVERITIES[group["severity"]],
            group["stated"],
            group["cluster__slug"],
        )
        asked = (wanted.kind, wanted.severity, wanted.state, wanted.cluster)
        counters = (kinds, severities, states, clusters)
        misses = [
            place
            for place, (value, want) in enumerate(zip(values, asked, strict=True))
            if want and want != value
        ]
        for place, counter in enumerate(counters):
            if set(misses) <= {place}:
                counter[values[place]] += group["count"]
    return Facets(dict(kinds), dict(severities), dict(states), dict(clusters))


def open_of_cluster(*, scope: Scope) -> tuple[Coalesce, Coalesce]:
    """Return the sub-selects of how many findings of a cluster are open, and of the
    number that every change of its findings raises."""
    query = _shown(scope).filter(_IS_OPEN, cluster=OuterRef("pk")).order_by()
    counted = query.values("cluster").annotate(n=Count("pk")).values("n")
    revision = Check.objects.filter(cluster=OuterRef("pk")).values("revision")
    return (
        Coalesce(Subquery(counted, output_field=IntegerField()), 0),
        Coalesce(Subquery(revision[:1], output_field=IntegerField()), 0),
    )


def open_counts(*, scope: Scope) -> tuple[OpenCount, ...]:
    """Return how many findings are open, by cluster, rule and severity. One query."""
    query = _shown(scope).filter(_IS_OPEN)
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
    return _shown(scope).filter(_open_at(at), cluster=cluster_id).count()


def open_of_nodes(
    names: Iterable[str], *, cluster_id: int, scope: Scope
) -> dict[str, int]:
    """Return how many findings about each node are open, by its name. One query."""
    query = _shown(scope).filter(
        _IS_OPEN, cluster=cluster_id, subject_kind="node", subject__in=list(names)
    )
    return Counter(query.values_list("subject", flat=True))


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


_IS_OPEN = Q(state=CONFIRMED, acknowledged_until=None)


def _stated(at: datetime | None) -> Case:
    """Return the state of a finding, now or at an instant: of then it is not kept
    whether it was acknowledged."""
    if at is None:
        return Case(
            When(_IS_OPEN, then=Value(OPEN)),
            When(state=CONFIRMED, then=Value(ACKNOWLEDGED)),
            default="state",
        )
    return Case(
        When(resolved_at__lte=at, then=Value(RESOLVED)),
        When(confirmed_at__lte=at, then=Value(OPEN)),
        default=Value(SUSPECTED),
    )


def _begun(at: datetime | None) -> Q:
    return Q(first_seen__lte=at) if at else Q()


def _lasts(at: datetime) -> Q:
    return _begun(at) & (Q(resolved_at=None) | Q(resolved_at__gt=at))


def _open_at(at: datetime) -> Q:
    return _lasts(at) & Q(confirmed_at__lte=at)


def _in_state_at(state: str, at: datetime) -> Q:
    if state == OPEN:
        return _open_at(at)
    if state == RESOLVED:
        return Q(resolved_at__lte=at)
    unconfirmed = Q(confirmed_at=None) | Q(confirmed_at__gt=at)
    return _lasts(at) & unconfirmed if state == SUSPECTED else Q(pk__in=())


def _asked(wanted: FindingFilter) -> Q:
    asked = Q()
    if wanted.kind:
        ids = [rule.id for rule in RULES.values() if rule.kind == wanted.kind]
        asked &= Q(rule__in=ids)
    if wanted.severity:
        asked &= Q(severity=SEVERITIES.index(wanted.severity))
    if wanted.cluster:
        asked &= Q(cluster__slug=wanted.cluster)
    if wanted.at:
        asked &= _begun(wanted.at)
        return asked & _in_state_at(wanted.state, wanted.at) if wanted.state else asked
    if wanted.state == OPEN:
        asked &= _IS_OPEN
    elif wanted.state == ACKNOWLEDGED:
        asked &= Q(state=CONFIRMED, acknowledged_until__isnull=False)
    elif wanted.state:
        asked &= Q(state=wanted.state)
    return asked


def _shown(scope: Scope) -> QuerySet[Finding, Finding]:
    """Return the findings that a reader may see at all."""
    query = Finding.objects.filter(rule__in=RULES)
    if scope.everything:
        return query
    mine = Q(namespace_uid__in=scope.namespace_uids - {""})
    return query.filter(~Q(subject_kind="pod") | mine)


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
        rule=RULES[found.rule],
        severity=SEVERITIES[found.severity],
        state=state,
        subject_kind=found.subject_kind,
        subject=found.subject,
        subject_uid=found.subject_uid,
        namespace_uid=found.namespace_uid,
        message=found.message,
        evidence=tuple(_evidence(each, scope) for each in found.evidence),
        command=found.command,
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


def _evidence(stored: dict[str, Any], scope: Scope) -> EvidenceRow:
    kind = "pod" if stored["what"] in OF_PODS else ""
    shown = shows_owner(scope, kind=kind, namespace_uid=stored["namespace_uid"])
    private = stored["private"] if shown else []
    since = stored["since"]
    return EvidenceRow(
        what=stored["what"],
        name=stored["name"] if shown else "",
        uid=stored["uid"] if shown else "",
        namespace_uid=stored["namespace_uid"] if shown else "",
        read_from=stored["read_from"],
        since=datetime.fromisoformat(since) if since else None,
        values=tuple((name, value) for name, value in [*stored["values"], *private]),
        hidden=not shown,
    )
