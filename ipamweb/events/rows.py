"""Webhooks and their deliveries as admins see them; never a secret.

Who may ask is for the caller to say: these are of no namespace, and for admins alone.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, IntegerField, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce

from ipamweb.events.kinds import DEAD, DELIVERED, WAITING
from ipamweb.events.models import Delivery, Webhook
from ipamweb.mirror.queries.paging import Order, Page, Window, read_page

OLDEST_FIRST = Order("webhooks", ("id",))
NEWEST_FIRST = Order("webhooks.deliveries", ("id",), descending=True)


@dataclass(frozen=True, slots=True)
class WebhookRow:
    """`team` "": everything. `waiting` and `dead` are deliveries."""

    id: int
    name: str
    team: str
    template: str
    destination: str
    kinds: tuple[str, ...]
    state: str
    reason: str
    waiting: int
    dead: int
    delivered_at: datetime | None
    failing_since: datetime | None
    rotated_until: datetime | None
    created_at: datetime


@dataclass(frozen=True, slots=True)
class DeliveryRow:
    """An event on its way. `due_at` None: it is not tried again."""

    id: int
    event: str
    kind: str
    summary: str
    moment: datetime
    state: str
    attempts: int
    status: int | None
    error: str
    tried_at: datetime | None
    due_at: datetime | None
    delivered_at: datetime | None
    seconds: float


def listed(*, window: Window) -> Page[WebhookRow]:
    """Return a page of the webhooks, the first made first. One query."""
    return read_page(
        _webhooks(),
        order=OLDEST_FIRST,
        window=window,
        build=lambda found: [_row(webhook) for webhook in found],
    )


def one(number: int) -> WebhookRow | None:
    """Return a webhook; None where there is none. One query."""
    found = _webhooks().filter(pk=number).first()
    return _row(found) if found else None


def deliveries(number: int, *, window: Window, state: str = "") -> Page[DeliveryRow]:
    """Return a page of a webhook's deliveries, of all states or one, newest first. One
    query, along the index of them, or of those in a state."""
    return read_page(
        _deliveries(number, state=state),
        order=NEWEST_FIRST,
        window=window,
        build=lambda found: [_delivery(each) for each in found],
    )


def _deliveries(number: int, *, state: str) -> QuerySet[Delivery, Delivery]:
    query = Delivery.objects.filter(webhook=number).select_related("event")
    return query.filter(state=state) if state else query


def _webhooks() -> QuerySet[Webhook, Webhook]:
    """Return webhooks with what is counted of each by an index: the log is long."""
    mine = Delivery.objects.filter(webhook=OuterRef("pk")).order_by()
    delivered = mine.filter(state=DELIVERED).order_by("-delivered_at")
    return Webhook.objects.select_related("team").annotate(
        waiting_count=_count(mine.filter(state=WAITING)),
        dead_count=_count(mine.filter(state=DEAD)),
        last_delivered_at=Subquery(delivered.values("delivered_at")[:1]),
    )


def _count(deliveries: QuerySet[Delivery, Delivery]) -> Coalesce:
    counted = deliveries.values("webhook").annotate(n=Count("pk")).values("n")
    return Coalesce(Subquery(counted, output_field=IntegerField()), 0)


def _row(webhook: Any) -> WebhookRow:
    return WebhookRow(
        id=webhook.pk,
        name=webhook.name,
        team=webhook.team.slug if webhook.team else "",
        template=webhook.template,
        destination=webhook.destination,
        kinds=tuple(webhook.kinds),
        state=webhook.state,
        reason=webhook.reason,
        waiting=webhook.waiting_count,
        dead=webhook.dead_count,
        delivered_at=webhook.last_delivered_at,
        failing_since=webhook.failing_since,
        rotated_until=webhook.rotated_until,
        created_at=webhook.created_at,
    )


def _delivery(each: Delivery) -> DeliveryRow:
    return DeliveryRow(
        id=each.pk,
        event=each.event.uid,
        kind=each.event.kind,
        summary=each.event.body["data"]["summary"],
        moment=each.event.moment,
        state=each.state,
        attempts=each.attempts,
        status=each.status,
        error=each.error,
        tried_at=each.tried_at,
        due_at=each.due_at if each.state == WAITING else None,
        delivered_at=each.delivered_at,
        seconds=each.seconds,
    )
