"""What people do to findings: acknowledge one until a time, or take that back.

Each leaves one row in the audit log, in the same transaction. An admin may do it to
every finding, a team's admin to those about the team's pods.
"""

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F

from ipamweb.access import audit, visibility
from ipamweb.access.models import User
from ipamweb.findings.lifecycle import CONFIRMED
from ipamweb.findings.models import Check, Finding

LONGEST = timedelta(days=366)
MOST_TEXT = 1000


class NotAllowed(Exception):
    """This user may see the finding and may not acknowledge it."""


def may_act(
    user: User, *, subject_kind: str, namespace_uid: str, cluster_id: int
) -> bool:
    """Say whether a user may acknowledge a finding about this. One query at most."""
    if not user.is_active:
        return False
    if user.is_superuser:
        return True
    if subject_kind != "pod" or not namespace_uid:
        return False
    return visibility.administered(user).shows(namespace_uid, cluster_id=cluster_id)


def acknowledge(
    number: int, *, by: User, reason: str, until: datetime, now: datetime
) -> None:
    """Let a finding rest until a time. The reader may see it: views look that up.

    Raises ValueError, with a sentence, for what cannot be done, and NotAllowed.
    """
    words = reason.strip()
    if not words or len(words) > MOST_TEXT or "\0" in words:
        raise ValueError(f"reason: 1 to {MOST_TEXT} characters of text are accepted.")
    if not now < until <= now + LONGEST:
        raise ValueError(
            f"until: accepted is a time from now on, in {LONGEST.days} days at most."
        )
    with transaction.atomic():
        finding = _locked(number, by)
        if finding.state != CONFIRMED:
            raise ValueError(
                f"A finding that is {finding.state} cannot be acknowledged."
            )
        before = _said(finding)
        finding.acknowledged_at, finding.acknowledged_until = now, until
        finding.acknowledged_reason, finding.acknowledged_by = words, by
        _end_rest(finding, at=now, by=by)
        finding.acknowledgements.create(at=now, until=until, reason=words, by=by)
        _save(finding, act="finding.acknowledge", by=by, before=before)


def withdraw(number: int, *, by: User, now: datetime) -> None:
    """Take an acknowledgement back. Raises ValueError where there is none."""
    with transaction.atomic():
        finding = _locked(number, by)
        if finding.acknowledged_until is None:
            raise ValueError("This finding is not acknowledged.")
        before = _said(finding)
        finding.acknowledged_until = None
        _end_rest(finding, at=now, by=by)
        _save(finding, act="finding.withdraw", by=by, before=before)


def _locked(number: int, by: User) -> Finding:
    """Return a finding that nobody else changes now. The check of its cluster is taken
    first, as who looks does: two who take them in turn would wait for each other."""
    cluster = Finding.objects.values_list("cluster_id", flat=True).get(pk=number)
    Check.objects.filter(cluster=cluster).update(revision=F("revision") + 1)
    query = Finding.objects.select_for_update(of=("self",)).select_related("cluster")
    finding = query.get(pk=number)
    if not may_act(
        by,
        subject_kind=finding.subject_kind,
        namespace_uid=finding.namespace_uid,
        cluster_id=finding.cluster_id,
    ):
        raise NotAllowed
    return finding


def _end_rest(finding: Finding, *, at: datetime, by: User) -> None:
    finding.acknowledgements.filter(ended_at=None).update(ended_at=at, ended_by=by)


def _said(finding: Finding) -> dict[str, str | None]:
    until = finding.acknowledged_until
    return {
        "acknowledged_until": until.isoformat() if until else None,
        "reason": finding.acknowledged_reason if until else "",
    }


def _save(
    finding: Finding, *, act: str, by: User, before: dict[str, str | None]
) -> None:
    finding.save(
        update_fields=[
            "acknowledged_at", "acknowledged_until", "acknowledged_reason",
            "acknowledged_by",
        ]
    )  # fmt: skip
    audit.record(
        act,
        by=by,
        subject=f"{finding.cluster.slug} finding {finding.pk}: {finding}",
        before=before,
        after=_said(finding),
    )
