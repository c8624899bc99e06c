"""Brings deliveries to their webhooks: at least once, later again where it failed.

An attempt is claimed before it is made, by moving `due_at` on: of two processes one
sends, and what a killed one left is sent again by the next, under the same id. Who may
see it is asked again each time: a namespace changes hands while a receiver is down.
"""

import random
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from time import monotonic

from django.db import transaction
from django.db.models import Exists, F, OuterRef, QuerySet

from ipamweb.access import audit, vault
from ipamweb.events import audience, bodies, destinations, mails, sending, signing
from ipamweb.events.kinds import (
    ACTIVE,
    DEAD,
    DELIVERED,
    DISABLED,
    MAIL,
    SLACK,
    WAITING,
)
from ipamweb.events.models import Delivery, Webhook
from ipamweb.events.seals import opened
from ipamweb.events.sending import Answer

# As Standard Webhooks proposes: ten attempts in three days.
PAUSES = tuple(
    timedelta(seconds=seconds)
    for seconds in (5, 300, 1800, 7200, 18_000, 36_000, 50_400, 72_000, 86_400)
)
MOST_ATTEMPTS = len(PAUSES) + 1
# For so long no other process tries what one has claimed: longer than an attempt takes.
CLAIM = timedelta(minutes=2)
# A webhook that only fails for so long is disabled, until a person resumes it.
DISABLED_AFTER = timedelta(days=5)
GONE = 410
OUR_FAULT = Answer(None, "It could not be sent, by a fault of ipamweb's own.")
NOT_THEIRS = "The team may not see this finding any more: it was not sent."
# What one run does at most; the next goes on.
MOST_OF_A_WEBHOOK, MOST_SECONDS = 100, 60.0


@dataclass(frozen=True, slots=True)
class Tried:
    """An attempt that was made. The delivery's `due_at` proves that it is ours."""

    delivery: Delivery
    answer: Answer
    seconds: float


def run(*, clock: Callable[[], datetime]) -> int:
    """Try what is due; return how many attempts were made.

    Webhooks take turns, in another order each run: one that is slow, or has much to
    get, delays others by one attempt. Those that failed before come last, and one that
    fails is left alone until the next run.
    """
    until, count = monotonic() + MOST_SECONDS, 0
    for webhooks in _webhooks_due(clock()):
        turns = deque(iter(_due(each, clock())) for each in webhooks)
        while turns and monotonic() <= until:
            mine = turns.popleft()
            due = next(mine, None)
            if due is None:
                continue
            answer = _try(*due, clock=clock)
            count += answer is not None
            if answer is None or answer.is_final or not answer.error:
                turns.append(mine)
    return count


def _try(
    number: int, due_at: datetime, *, clock: Callable[[], datetime]
) -> Answer | None:
    """Make an attempt and write what came of it; None where another process does."""
    delivery = _claim(number, due_at, clock())
    if delivery is None:
        return None
    started = monotonic()
    try:
        answer = attempt(delivery, clock())
    except Exception:
        # It counts as an attempt, and its webhook comes last in the next run.
        _mark(Tried(delivery, OUR_FAULT, 0.0), now=clock())
        raise
    _mark(Tried(delivery, answer, monotonic() - started), now=clock())
    return answer


def attempt(delivery: Delivery, now: datetime) -> Answer:
    """Send an event to its webhook, once, if it may still be told."""
    webhook, event = delivery.webhook, delivery.event
    if not audience.may_still_see(webhook, event):
        return Answer(None, NOT_THEIRS, is_final=True)
    try:
        sealed = opened(webhook)
        if webhook.template == MAIL:
            address = destinations.mailbox(sealed.url)
            subject, text = bodies.mail(event.body)
            return mails.send(address, subject=subject, text=text, uid=event.uid)
    except (vault.NoKey, vault.Unreadable, destinations.NotAllowed) as error:
        return Answer(None, str(error))
    is_slack = webhook.template == SLACK
    body = bodies.slack(event.body) if is_slack else bodies.standard(event.body)
    keys = [sealed.secret]
    if sealed.earlier and webhook.rotated_until and now < webhook.rotated_until:
        keys.append(sealed.earlier)
    headers = signing.headers(
        body, uid=event.uid, timestamp=int(now.timestamp()), keys=keys
    )
    return sending.post(sealed.url, body, headers=headers)


def _webhooks_due(now: datetime) -> tuple[list[int], list[int]]:
    """Return the webhooks that something is due for, in any order: those that are
    well, and those that fail."""
    due = Delivery.objects.filter(
        webhook=OuterRef("pk"), state=WAITING, due_at__lte=now
    )
    query = Webhook.objects.filter(Exists(due), state=ACTIVE)
    found = list(query.order_by("id").values_list("pk", "failing_since"))
    random.shuffle(found)
    return (
        [number for number, failing in found if not failing],
        [number for number, failing in found if failing],
    )


def _due(webhook_id: int, now: datetime) -> list[tuple[int, datetime]]:
    """Return what is due for a webhook, and since when."""
    return list(due_of(webhook_id, now).values_list("pk", "due_at"))


def due_of(webhook_id: int, now: datetime) -> QuerySet[Delivery, Delivery]:
    """Ask for what is due for a webhook, the oldest first, so much at most."""
    waiting = Delivery.objects.filter(
        webhook=webhook_id, state=WAITING, due_at__lte=now
    )
    return waiting.order_by("due_at", "id")[:MOST_OF_A_WEBHOOK]


def _claim(number: int, due_at: datetime, now: datetime) -> Delivery | None:
    """Return a delivery whose next attempt is ours; None where another process has it.

    It is read with its webhook as this is now: a run takes a minute, and its URL, its
    secret and its team's namespaces may have changed meanwhile.
    """
    claimed = Delivery.objects.filter(
        pk=number,
        state=WAITING,
        due_at=due_at,
        webhook__in=Webhook.objects.filter(state=ACTIVE),
    ).update(due_at=now + CLAIM, attempts=F("attempts") + 1, tried_at=now)
    if not claimed:
        return None
    return Delivery.objects.select_related("webhook", "event").filter(pk=number).first()


def _mark(tried: Tried, *, now: datetime) -> None:
    """Write what came of an attempt, and what it says of its webhook."""
    delivery, answer = tried.delivery, tried.answer
    facts = {"status": answer.status, "error": answer.error, "seconds": tried.seconds}
    with transaction.atomic():
        mine = Delivery.objects.filter(
            pk=delivery.pk, due_at=delivery.due_at, state=WAITING
        )
        webhooks = Webhook.objects.filter(pk=delivery.webhook_id)
        if not answer.error:
            mine.update(**facts, state=DELIVERED, delivered_at=now)
            webhooks.filter(failing_since__isnull=False).update(failing_since=None)
            return
        if answer.is_final:
            # It says nothing of the receiver, which was not asked.
            mine.update(**facts, state=DEAD)
            return
        if delivery.attempts >= MOST_ATTEMPTS:
            mine.update(**facts, state=DEAD)
        else:
            asked = timedelta(seconds=answer.pause_seconds)
            pause = max(PAUSES[delivery.attempts - 1], asked)
            mine.update(**facts, due_at=now + pause)
        webhooks.filter(failing_since=None).update(failing_since=now)
        if webhook := webhooks.first():
            _disable_where_hopeless(webhook, answer, now=now)


def _disable_where_hopeless(webhook: Webhook, answer: Answer, *, now: datetime) -> None:
    since = webhook.failing_since or now
    if answer.status == GONE:
        reason = "It answered 410: the receiver is gone for good."
    elif now - since >= DISABLED_AFTER:
        days = DISABLED_AFTER.days
        reason = f"Nothing could be delivered for {days} days. {answer.error}"
    else:
        return
    if Webhook.objects.filter(pk=webhook.pk, state=ACTIVE).update(
        state=DISABLED, reason=reason
    ):
        audit.record(
            "webhook.disable",
            by=None,
            subject=f"webhook {webhook.pk}: {webhook.name}",
            before={"state": ACTIVE},
            after={"state": DISABLED, "reason": reason},
            origin="delivery of events",
        )
