"""The audit log: who did what, kept in the transaction of the act, chained by hashes.

An entry can be added and nothing else. Not here: reading it for pages and REST
(audit_entries.py). Nothing secret is ever given to it: no password, no token.
"""

import hashlib
import json
from collections.abc import Iterable
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import UTC
from typing import Any, TypedDict, Unpack

from django.db import models, transaction
from django.utils import timezone

from ipamweb.access.audit_entry import AuditEntry, AuditHead
from ipamweb.access.models import User
from ipamweb.logs import cleaned, request_id

# Set for each request: the address of who asked.
request_origin: ContextVar[str] = ContextVar("request_origin", default="")
HEAD = 1


class Facts(TypedDict, total=False):
    """What an entry may say besides; `origin` only where no request asked."""

    before: dict[str, Any] | None
    after: dict[str, Any] | None
    origin: str


def record(
    act: str, *, by: User | None, subject: str, **facts: Unpack[Facts]
) -> AuditEntry:
    """Write an entry in the transaction of the act. Raises RuntimeError without one.

    `by` None: no signed-in user did it. Other writers of the log wait until this
    transaction ends: what takes long goes before.
    """
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError(f"{act} is recorded in the transaction of the act, or not")
    head = _locked_head()
    entry = AuditEntry(
        sequence=head.sequence,
        moment=timezone.now(),
        act=act,
        actor_id=by.pk if by else None,
        actor_name=_text(by.get_username(), "actor_name") if by else "",
        subject=_text(subject, "subject"),
        before_text=_json(facts.get("before")),
        after_text=_json(facts.get("after")),
        origin=_text(facts.get("origin") or request_origin.get(), "origin"),
        request_id=_text(request_id.get().strip("-"), "request_id"),
    )
    entry.hash = _hash(head.hash, entry)
    entry.save(force_insert=True)
    AuditHead.objects.filter(pk=HEAD).update(hash=entry.hash)
    return entry


def _locked_head() -> AuditHead:
    """Return the head with the number of the next entry and the hash of the last.

    The UPDATE locks the row until the transaction ends, whatever the database; only
    the first entry of all finds no row.
    """
    step = {"sequence": models.F("sequence") + 1}
    if not AuditHead.objects.filter(pk=HEAD).update(**step):
        AuditHead.objects.bulk_create([AuditHead(pk=HEAD)], ignore_conflicts=True)
        AuditHead.objects.filter(pk=HEAD).update(**step)
    return AuditHead.objects.get(pk=HEAD)


def _text(text: str, column: str) -> str:
    """Return text as any database keeps it, cut to what the column holds."""
    plain = cleaned(text.encode("utf-8", "backslashreplace").decode())
    field = AuditEntry._meta.get_field(column)
    return plain[: getattr(field, "max_length", None)]


def _json(value: dict[str, Any] | None) -> str:
    """Return one text for one meaning: keys sorted, no blanks, ASCII."""
    if value is None:
        return ""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), default=str)


def _hash(previous: str, entry: AuditEntry) -> str:
    columns = {
        "sequence": entry.sequence,
        "moment": entry.moment.astimezone(UTC).isoformat(timespec="microseconds"),
        "act": entry.act,
        "actor_id": entry.actor_id,
        "actor_name": entry.actor_name,
        "subject": entry.subject,
        "before": entry.before_text,
        "after": entry.after_text,
        "origin": entry.origin,
        "request_id": entry.request_id,
    }
    return hashlib.sha256(f"{previous}{_json(columns)}".encode("ascii")).hexdigest()


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a walk along the chain found; `broken` is empty where it is whole."""

    count: int
    last_hash: str
    broken: str = ""


def verify() -> Verdict:
    """Return whether every entry is the one that was written. Memory is constant.

    Entries cannot be changed, removed or put in between without being found; that the
    whole chain was made anew shows only against a hash that was kept elsewhere.
    """
    head = AuditHead.objects.filter(pk=HEAD).first() or AuditHead()
    entries = AuditEntry.objects.order_by("sequence").iterator(chunk_size=500)
    return _walked(entries, head)


def _walked(entries: Iterable[AuditEntry], head: AuditHead) -> Verdict:
    """Walk along the chain; entries written meanwhile, past the head, are no fault."""
    count, last = 0, ""
    for entry in entries:
        number = count + 1
        if entry.sequence != number:
            return Verdict(count, last, f"entry {number} is missing")
        last = _hash(last, entry)
        if entry.hash != last:
            return Verdict(count, last, f"entry {number} is not as it was written")
        if number == head.sequence and head.hash != last:
            return Verdict(count, last, f"entry {number} is not the one the head names")
        count = number
    if count < head.sequence:
        return Verdict(count, last, f"entry {count + 1} is missing")
    return Verdict(count, last)
