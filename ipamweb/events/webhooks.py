"""What admins do to webhooks: make, change, pause, test, rotate, remove.

Each act is one transaction with one audit entry. Raises Refused, with a sentence for a
person. What is secret of a URL stands in no entry. Sending: deliver.py.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any, TypedDict, Unpack

from django.conf import settings
from django.db import transaction

from ipamweb.access import audit, vault
from ipamweb.access.models import Team, User
from ipamweb.access.teams import Refused
from ipamweb.events import destinations, happenings, seals, signing
from ipamweb.events.destinations import NotAllowed
from ipamweb.events.kinds import ACTIVE, KINDS, MAIL, PAUSED, STANDARD, TEMPLATES
from ipamweb.events.models import Delivery, Event, Webhook
from ipamweb.events.notice import new_uid
from ipamweb.events.seals import Sealed

LONGEST_NAME = 100
# So long two secrets sign after a rotation: receivers are changed one after another.
BOTH_SIGN = timedelta(hours=24)
MOST_WEBHOOKS = 200


class Wish(TypedDict, total=False):
    """What a webhook is to be; `team` is a slug, "" everything. It is decided once."""

    name: str
    url: str
    template: str
    team: str
    kinds: Iterable[str]


class Change(TypedDict, total=False):
    """What may change of a webhook: all but what it may see and how it speaks."""

    name: str
    url: str
    kinds: Iterable[str]
    state: str


def create(*, by: User, now: datetime, **wish: Unpack[Wish]) -> tuple[Webhook, str]:
    """Make a webhook; return it with its secret, which nobody can see again. A mail has
    none: ""."""
    template = wish.get("template", STANDARD)
    if template not in TEMPLATES:
        raise Refused(f"A template is one of {', '.join(TEMPLATES)}.")
    url = wish.get("url", "").strip()
    webhook = Webhook(
        name=_name(wish.get("name", "")),
        team=_team(wish.get("team", "")),
        template=template,
        kinds=_kinds(wish.get("kinds", KINDS)),
        destination=_destination(url, template),
        created_at=now,
    )
    secret = "" if template == MAIL else signing.new_secret()
    with transaction.atomic():
        if Webhook.objects.count() >= MOST_WEBHOOKS:
            raise Refused(f"There are {MOST_WEBHOOKS} webhooks; remove one first.")
        webhook.save()
        _seal(webhook, Sealed(url, secret))
        _record("webhook.create", webhook, by=by, after=_facts(webhook))
    return webhook, secret


def change(number: int, *, by: User, **changes: Unpack[Change]) -> Webhook:
    """Change a webhook. With another URL it keeps its secret."""
    with transaction.atomic():
        webhook = _locked(number)
        before = _facts(webhook)
        if "name" in changes:
            webhook.name = _name(changes["name"])
        if "kinds" in changes:
            webhook.kinds = _kinds(changes["kinds"])
        if "url" in changes:
            _lead_to(webhook, changes["url"].strip())
        if "state" in changes:
            _set_state(webhook, changes["state"])
        webhook.save()
        after = _facts(webhook)
        if "url" in changes:
            # That it leads elsewhere shows, though not where exactly.
            after["url"] = "changed"
        if before == after:
            raise Refused(f"{webhook.name} is so already.")
        _record("webhook.change", webhook, by=by, before=before, after=after)
    return webhook


def rotate(number: int, *, by: User, now: datetime) -> tuple[Webhook, str]:
    """Give a webhook another secret; return it. The earlier one signs too for a day."""
    with transaction.atomic():
        webhook = _locked(number)
        if webhook.template == MAIL:
            raise Refused("A mail is not signed: there is no secret.")
        kept, secret = _opened(webhook), signing.new_secret()
        webhook.rotated_until = now + BOTH_SIGN
        webhook.save()
        _seal(webhook, Sealed(kept.url, secret, kept.secret))
        after = {"both_sign_until": webhook.rotated_until.isoformat()}
        _record("webhook.rotate", webhook, by=by, after=after)
    return webhook, secret


def test(number: int, *, by: User, now: datetime) -> Delivery:
    """Send a test to a webhook; the delivery log tells what comes of it."""
    with transaction.atomic():
        webhook = _locked(number)
        if webhook.state != ACTIVE:
            raise Refused(f"{webhook.name} is {webhook.state}; resume it first.")
        uid = new_uid()
        happening = happenings.of_test(webhook.name, uid=uid, now=now)
        event = Event.objects.create(
            uid=uid,
            key=happening.key,
            kind=happening.kind,
            moment=now,
            body=happening.body(),
            made_at=now,
        )
        _record("webhook.test", webhook, by=by, after={"event": uid})
        return Delivery.objects.create(webhook=webhook, event=event, due_at=now)


def remove(number: int, *, by: User) -> None:
    """Remove a webhook with its deliveries; nothing is sent to it any more."""
    with transaction.atomic():
        webhook = _locked(number)
        _record("webhook.remove", webhook, by=by, before=_facts(webhook))
        webhook.delete()


def _locked(number: int) -> Webhook:
    found = Webhook.objects.select_for_update().filter(pk=number).first()
    if found is None:
        raise Refused("There is no such webhook any more.")
    return found


def _lead_to(webhook: Webhook, url: str) -> None:
    webhook.destination = _destination(url, webhook.template)
    kept = _opened(webhook)
    _seal(webhook, Sealed(url, kept.secret, kept.earlier))


def _set_state(webhook: Webhook, state: str) -> None:
    if state not in (ACTIVE, PAUSED):
        raise Refused(f"A state is {ACTIVE} or {PAUSED}.")
    webhook.state = state
    if state == ACTIVE:
        webhook.reason, webhook.failing_since = "", None


def _opened(webhook: Webhook) -> Sealed:
    try:
        return seals.opened(webhook)
    except (vault.NoKey, vault.Unreadable) as error:
        raise Refused(str(error)) from None


def _seal(webhook: Webhook, content: Sealed) -> None:
    try:
        webhook.sealed = seals.sealed(webhook, content)
    except vault.NoKey as error:
        raise Refused(str(error)) from None
    webhook.save(update_fields=["sealed"])


def _name(text: str) -> str:
    name = " ".join(text.split())
    if not name or len(name) > LONGEST_NAME or not name.isprintable():
        raise Refused(f"Give a name of at most {LONGEST_NAME} letters.")
    return name


def _team(slug: str) -> Team | None:
    if not slug:
        return None
    # PostgreSQL does not take NUL.
    found = Team.objects.filter(slug=slug).first() if slug.isprintable() else None
    if found is None:
        raise Refused(f"There is no team {slug[:63]!r}.")
    return found


def _kinds(wanted: Iterable[str]) -> list[str]:
    asked = set(wanted)
    if not asked or asked - set(KINDS):
        raise Refused(f"Give one or more of {', '.join(KINDS)}.")
    return [kind for kind in KINDS if kind in asked]


def _destination(url: str, template: str) -> str:
    """Return what may be shown of a URL that may be sent to."""
    try:
        if template != MAIL:
            return destinations.parsed(url).shown
        if not settings.IPAMWEB_SMTP_URL:
            raise Refused("No mail can be sent: IPAMWEB_SMTP_URL is not set.")
        return destinations.mailbox(url)
    except NotAllowed as error:
        raise Refused(str(error)) from None


def _facts(webhook: Webhook) -> dict[str, Any]:
    return {
        "name": webhook.name,
        "team": webhook.team.slug if webhook.team else "everything",
        "template": webhook.template,
        "destination": webhook.destination,
        "kinds": webhook.kinds,
        "state": webhook.state,
    }


def _record(act: str, webhook: Webhook, *, by: User, **facts: Any) -> None:
    subject = f"webhook {webhook.pk}: {webhook.name}"
    audit.record(act, by=by, subject=subject, **facts)
