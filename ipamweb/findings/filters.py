"""What findings can be asked for by: kind, rule, severity, state, cluster, age.

Not here: who may see which (queries.py).
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Case, Q, Value, When

from ipamweb.findings.candidates import SEVERITIES
from ipamweb.findings.lifecycle import CONFIRMED, RESOLVED, SUSPECTED
from ipamweb.findings.rules import RULES

OPEN, ACKNOWLEDGED, ALL = "open", "acknowledged", "all"
# What a reader may ask for: confirmed ones are open, or acknowledged until a time.
STATES = (OPEN, ACKNOWLEDGED, SUSPECTED, RESOLVED)
# The title of each kind, in the order of rules.
TITLES = {rule.kind: rule.title for rule in RULES.values()}
KINDS = tuple(TITLES)
RULE_IDS = tuple(RULES)
# How long ago a finding was first seen: less than so long, and not less than the one
# before.
AGES = {
    "hour": timedelta(hours=1),
    "day": timedelta(days=1),
    "week": timedelta(days=7),
    "older": None,
}


@dataclass(frozen=True, slots=True)
class FindingFilter:
    """Which findings are wanted; empty means all. `kind` and `rule` name the same, in
    words and by id; `cluster` is a slug, `age` a word of AGES, `namespace` the name of
    one whose pods they are about; `at`: as they were at an instant of the past."""

    kind: str = ""
    rule: str = ""
    severity: str = ""
    state: str = ""
    cluster: str = ""
    age: str = ""
    namespace: str = ""
    at: datetime | None = None


EVERY = FindingFilter()
IS_OPEN = Q(state=CONFIRMED, acknowledged_until=None)


def stated(at: datetime | None) -> Case:
    """Return the state of a finding, now or at an instant: of then it is not kept
    whether it was acknowledged."""
    if at is None:
        return Case(
            When(IS_OPEN, then=Value(OPEN)),
            When(state=CONFIRMED, then=Value(ACKNOWLEDGED)),
            default="state",
        )
    return Case(
        When(resolved_at__lte=at, then=Value(RESOLVED)),
        When(confirmed_at__lte=at, then=Value(OPEN)),
        default=Value(SUSPECTED),
    )


def begun(at: datetime | None) -> Q:
    """Return what had been seen by an instant; all where it is None."""
    return Q(first_seen__lte=at) if at else Q()


def was_open(at: datetime) -> Q:
    """Return what was open at an instant."""
    return _lasted(at) & Q(confirmed_at__lte=at)


def _lasted(at: datetime) -> Q:
    return begun(at) & (Q(resolved_at=None) | Q(resolved_at__gt=at))


def _in_state_at(state: str, at: datetime) -> Q:
    if state == OPEN:
        return was_open(at)
    if state == RESOLVED:
        return Q(resolved_at__lte=at)
    unconfirmed = Q(confirmed_at=None) | Q(confirmed_at__gt=at)
    return _lasted(at) & unconfirmed if state == SUSPECTED else Q(pk__in=())


def aged(now: datetime) -> Case:
    """Return the word of AGES for each finding at an instant."""
    return Case(
        *(
            When(first_seen__gt=now - limit, then=Value(word))
            for word, limit in AGES.items()
            if limit is not None
        ),
        default=Value("older"),
    )


def asked(wanted: FindingFilter, *, now: datetime) -> Q:
    """Return the condition that a filter stands for. Ages are those of its instant."""
    at = wanted.at
    found = begun(at) & _of_age(wanted.age, at or now)
    if wanted.state:
        found &= _in_state_at(wanted.state, at) if at else _in_state(wanted.state)
    if wanted.kind:
        ids = [rule.id for rule in RULES.values() if rule.kind == wanted.kind]
        found &= Q(rule__in=ids)
    if wanted.rule:
        found &= Q(rule=wanted.rule)
    if wanted.severity:
        found &= Q(severity=SEVERITIES.index(wanted.severity))
    if wanted.cluster:
        found &= Q(cluster__slug=wanted.cluster)
    if wanted.namespace:
        pods = f"{wanted.namespace}/"
        found &= Q(subject_kind="pod", subject__startswith=pods)
    return found


def _in_state(state: str) -> Q:
    if state == OPEN:
        return IS_OPEN
    if state == ACKNOWLEDGED:
        return Q(state=CONFIRMED, acknowledged_until__isnull=False)
    return Q(state=state)


def _of_age(age: str, now: datetime) -> Q:
    if not age:
        return Q()
    words = list(AGES)
    below = AGES[age]
    young = Q() if below is None else Q(first_seen__gt=now - below)
    place = words.index(age)
    least = AGES[words[place - 1]] if place else None
    return young if least is None else young & Q(first_seen__lte=now - least)
