"""The audit log as auditors read it: filtered, newest first, each change spelt out.

Who may read it is asked of visibility.sees_everything. Writing: audit.py.
"""

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet

from ipamweb.access.audit_entry import AuditEntry, AuditHead
from ipamweb.mirror.queries.paging import Order, Page, Window, read_page

NEWEST_FIRST = Order("audit", ("sequence",), descending=True)


@dataclass(frozen=True, slots=True)
class EntryFilter:
    """`act` also means those below it: "cluster" is every "cluster.…"."""

    actor: str = ""
    act: str = ""
    subject: str = ""
    since: datetime | None = None
    until: datetime | None = None

    @property
    def is_empty(self) -> bool:
        return self == EntryFilter()


@dataclass(frozen=True, slots=True)
class Change:
    """One field of the subject; None where it was not there."""

    name: str
    before: str | None
    after: str | None


@dataclass(frozen=True, slots=True)
class EntryRow:
    """`actor` "" where no signed-in user did it: `origin` says what did."""

    sequence: int
    moment: datetime
    act: str
    actor: str
    actor_id: int | None
    subject: str
    before: dict[str, Any] | None
    after: dict[str, Any] | None
    origin: str
    request_id: str
    hash: str

    @property
    def changes(self) -> tuple[Change, ...]:
        """Return the fields that are not the same before and after, sorted."""
        before, after = self.before or {}, self.after or {}
        return tuple(
            Change(name, _shown(before, name), _shown(after, name))
            for name in sorted({*before, *after})
            if name not in before or name not in after or before[name] != after[name]
        )


def listed(*, wanted: EntryFilter, window: Window) -> Page[EntryRow]:
    """Return one page of the log, newest first. One query. Raises BadCursor."""
    return read_page(
        _filtered(wanted),
        order=NEWEST_FIRST,
        window=window,
        build=lambda entries: [_row(entry) for entry in entries],
    )


def last_number() -> int:
    """Return the number of the last entry; 0 of an empty log. One query."""
    return (
        AuditHead.objects.values_list("sequence", flat=True).order_by("pk").first() or 0
    )


def _filtered(wanted: EntryFilter) -> QuerySet[AuditEntry]:
    query = AuditEntry.objects.all()
    if wanted.actor:
        query = query.filter(actor_name=wanted.actor)
    if wanted.act:
        query = query.filter(Q(act=wanted.act) | Q(act__startswith=f"{wanted.act}."))
    if wanted.subject:
        query = query.filter(subject__icontains=wanted.subject)
    if wanted.since:
        query = query.filter(moment__gte=wanted.since)
    if wanted.until:
        query = query.filter(moment__lt=wanted.until)
    return query


def _row(entry: AuditEntry) -> EntryRow:
    return EntryRow(
        sequence=entry.sequence,
        moment=entry.moment,
        act=entry.act,
        actor=entry.actor_name,
        actor_id=entry.actor_id,
        subject=entry.subject,
        before=entry.before,
        after=entry.after,
        origin=entry.origin,
        request_id=entry.request_id,
        hash=entry.hash,
    )


def _shown(fields: dict[str, Any], name: str) -> str | None:
    """Return a value as a person reads it: text as it is, anything else as JSON."""
    if name not in fields:
        return None
    value = fields[name]
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
