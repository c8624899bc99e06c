"""Looks at each cluster and writes what its rules find.

A cluster that is stale, has an open gap, or whose mass release is held back, is not
looked at: nothing about it is confirmed or resolved. Not here: how a finding ages
(lifecycle.py), what a rule is (rules).
"""

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from itertools import islice
from time import monotonic
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.utils import timezone

from ipamweb.findings import lifecycle, reading
from ipamweb.findings.candidates import SEVERITIES, Candidate, Rule, digest
from ipamweb.findings.facts import Facts
from ipamweb.findings.lifecycle import RESOLVED, Life, Look
from ipamweb.findings.models import Acknowledgement, Check, Finding
from ipamweb.findings.rules import MODULES, RULES
from ipamweb.mirror.models import Cluster, CoverageGap
from ipamweb.mirror.queries import clusters
from ipamweb.mirror.queries.clusters import ClusterRow
from ipamweb.mirror.scope import EVERYTHING

# Findings of one rule in one cluster: more are one fault that shows everywhere.
MOST_OF_A_RULE = 500
LONGEST_KEY = 400
LIFE = (
    "state", "first_seen", "last_seen", "looks", "confirmed_at", "missed_at",
    "resolved_at",
)  # fmt: skip
SHOWN = (
    "severity", "subject_kind", "subject", "subject_uid", "namespace_uid", "message",
    "evidence", "command",
)  # fmt: skip

ACTS = ("acknowledged_until", "turned_at")

Key = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Found:
    """What one look finds, by rule and key.

    `cut` are rules that find more; `untold` those that could not be asked: what they
    look at was not read lately.
    """

    candidates: dict[Key, Candidate]
    cut: frozenset[str]
    untold: frozenset[str]


def run(*, now: datetime | None = None) -> int:
    """Look at each cluster that is seen; return how many findings changed."""
    moment = now or timezone.now()
    _let_acknowledgements_end(moment)
    found = clusters.every(scope=EVERYTHING, now=moment)
    return sum(look_at(each, now=moment) for each in found if _is_seen(each))


def look_at(row: ClusterRow, *, now: datetime) -> int:
    """Look at a cluster once; return how many findings changed.

    Costs what reading.py says, the pure rules, and a row for each finding that changed.
    Of two who look at once, one writes.
    """
    before, _ = Check.objects.get_or_create(cluster_id=row.id)
    started = monotonic()
    cluster = Cluster.objects.get(pk=row.id)
    look = Look(row.freshness.as_of or now, _last_gap_ended(row.id))
    facts = reading.read(cluster)
    found = apply_rules(facts)
    with transaction.atomic():
        claimed = Check.objects.filter(pk=before.pk, looked_at=before.looked_at)
        if not claimed.update(
            looked_at=now,
            as_of=look.as_of,
            rules=len(MODULES),
            addresses=facts.addresses,
            seconds=round(monotonic() - started, 3),
            cut=sorted(found.cut),
            untold=sorted(found.untold),
        ):
            return 0
        changed = _write(row.id, found, look, now)
        if changed:
            Check.objects.filter(pk=before.pk).update(revision=F("revision") + 1)
    return changed


def apply_rules(facts: Facts) -> Found:
    """Return what the rules find in the facts, so many of each at most. Pure."""
    candidates: dict[Key, Candidate] = {}
    cut, untold = set(facts.cut), {*facts.untold, *_cannot_be_asked(facts)}
    for module in MODULES:
        if module.RULE.id in untold or not _is_asked(module.RULE, facts):
            continue
        found = list(islice(module.find(facts), MOST_OF_A_RULE + 1))
        if len(found) > MOST_OF_A_RULE:
            cut.add(module.RULE.id)
        for each in found[:MOST_OF_A_RULE]:
            candidates[module.RULE.id, _short(each.key)] = each
    return Found(candidates, frozenset(cut), frozenset(untold))


def _is_asked(rule: Rule, facts: Facts) -> bool:
    return rule.anywhere or facts.is_host_scope


def _cannot_be_asked(facts: Facts) -> set[str]:
    """Return the rules of which nothing can be told: what is not known is not gone."""
    is_mode_known = facts.mode not in ("", "unknown")
    return {
        rule.id
        for rule in RULES.values()
        if (not rule.anywhere and not is_mode_known)
        or (
            rule.configuration
            and (_is_asked(rule, facts) and not facts.has_configuration)
        )
    }


def _short(key: str) -> str:
    """Return a key that the column holds: settings may be long."""
    return key if len(key) <= LONGEST_KEY else digest([key])


def forget_resolved(*, now: datetime | None = None) -> int:
    """Delete what was resolved before the retention; return how many."""
    before = (now or timezone.now()) - timedelta(days=settings.IPAMWEB_RETENTION_DAYS)
    return Finding.objects.filter(resolved_at__lt=before).delete()[0]


def _is_seen(cluster: ClusterRow) -> bool:
    fresh = cluster.freshness
    return not (
        fresh.stale
        or fresh.paused
        or fresh.gap_since
        or cluster.held_release
        or fresh.first_as_of is None
    )


def _last_gap_ended(cluster_id: int) -> datetime | None:
    gaps = CoverageGap.objects.filter(cluster=cluster_id, ended_at__isnull=False)
    return gaps.order_by("-ended_at").values_list("ended_at", flat=True).first()


def _let_acknowledgements_end(now: datetime) -> None:
    over = Finding.objects.filter(acknowledged_until__lte=now)
    with transaction.atomic():
        rests = Acknowledgement.objects.filter(ended_at=None, until__lte=now)
        rests.update(ended_at=F("until"))
        ids = list(over.values_list("cluster_id", flat=True).distinct())
        Check.objects.filter(cluster__in=ids).update(revision=F("revision") + 1)
        over.update(acknowledged_until=None)


def _write(cluster_id: int, found: Found, look: Look, now: datetime) -> int:
    """Write what the look makes of the findings; return how many changed."""
    open_ones = Finding.objects.filter(cluster=cluster_id, resolved_at=None)
    known = {(row.rule, row.key): row for row in open_ones}
    new = [
        _made(cluster_id, key, each, lifecycle.begun(look))
        for key, each in found.candidates.items()
        if key not in known
    ]
    Finding.objects.bulk_create(new, batch_size=500)
    changed, forgotten, quiet = [], [], []
    for key, row in known.items():
        life = _life_after(row, key, found, look)
        if life is None:
            forgotten.append(row.pk)
        elif _take_on(row, life, found.candidates.get(key), now):
            changed.append(row)
        else:
            quiet.append(row)
    Finding.objects.bulk_update(changed, [*LIFE, *SHOWN, *ACTS], batch_size=200)
    Finding.objects.filter(pk__in=forgotten).delete()
    _end_rests(changed)
    _note_seen(quiet)
    return len(new) + len(changed) + len(forgotten)


def _end_rests(changed: Iterable[Finding]) -> None:
    """End the acknowledgements of what is resolved, with it."""
    over = {row.pk: row.resolved_at for row in changed if row.resolved_at}
    rests = Acknowledgement.objects.filter(ended_at=None, finding__in=over)
    for rest in rests:
        rest.ended_at = over[rest.finding_id]
        rest.save(update_fields=["ended_at"])


def _life_after(row: Finding, key: Key, found: Found, look: Look) -> Life | None:
    life = Life(**{name: getattr(row, name) for name in LIFE})
    if key in found.candidates:
        return lifecycle.seen(life, look, grace=RULES[row.rule].grace)
    if row.rule in found.cut | found.untold:
        return life
    return lifecycle.missed(life, look)


def _take_on(
    row: Finding, life: Life, candidate: Candidate | None, now: datetime
) -> bool:
    """Set what is new in a row; say whether that is more than having looked again."""
    shown = _shown(candidate) if candidate else {}
    is_news = (
        row.state != life.state
        or row.missed_at != life.missed_at
        or any(getattr(row, name) != value for name, value in shown.items())
    )
    if row.state != life.state:
        row.turned_at = now
    for name, value in {**asdict(life), **shown}.items():
        setattr(row, name, value)
    if life.state == RESOLVED:
        row.acknowledged_until = None
    return is_news


def _note_seen(rows: Iterable[Finding]) -> None:
    """Write that findings were seen again. One update for those seen alike."""
    alike: dict[datetime, list[int]] = {}
    for row in rows:
        alike.setdefault(row.last_seen, []).append(row.pk)
    for last_seen, ids in alike.items():
        stale = Finding.objects.filter(pk__in=ids, last_seen__lt=last_seen)
        stale.update(last_seen=last_seen, looks=F("looks") + 1)


def _made(cluster_id: int, key: Key, candidate: Candidate, life: Life) -> Finding:
    rule, name = key
    return Finding(
        cluster_id=cluster_id, rule=rule, key=name, **asdict(life), **_shown(candidate)
    )


def _shown(candidate: Candidate) -> dict[str, Any]:
    subject = candidate.subject
    return {
        "severity": SEVERITIES.index(candidate.severity),
        "subject_kind": subject.kind,
        "subject": subject.name,
        "subject_uid": subject.uid,
        "namespace_uid": subject.namespace_uid,
        "message": candidate.message,
        "evidence": [_as_json(each) for each in candidate.records],
        "command": candidate.command,
    }


def _as_json(record: Any) -> dict[str, Any]:
    row = asdict(record)
    since = row["since"]
    row["since"] = since.isoformat() if since else None
    row["values"] = [list(each) for each in row["values"]]
    row["private"] = [list(each) for each in row["private"]]
    return row
