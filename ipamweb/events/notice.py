"""Notices what happened, and makes events and their deliveries of it, once.

Everything follows from committed rows and from what was noticed before: findings by
their number, thresholds by the level that is kept. One transaction moves the time of
the last notice, which only one of several processes can, and writes what it led to.
Who was killed before it ended has told nothing; the next look tells it.
"""

import uuid
from collections.abc import Iterable
from datetime import datetime, timedelta
from itertools import islice

from django.db import transaction
from django.utils import timezone

from ipamweb.events import audience, crossings, happenings
from ipamweb.events.happenings import Happening
from ipamweb.events.kinds import ACTIVE
from ipamweb.events.models import Delivery, Event, Level, Notice, Webhook
from ipamweb.findings import queries as findings
from ipamweb.mirror.queries import clusters
from ipamweb.mirror.scope import EVERYTHING

# A look writes when it began and commits a while later, and clocks of machines differ.
# What was noticed already is told by its key.
LOOK_BACK = timedelta(hours=1)
ROW = 1


def notice(*, now: datetime | None = None) -> int:
    """Make events of what happened since the last time; return how many.

    What was so before the first look is no news. Costs a few queries of counters,
    whatever the size of the clusters, and a row for each event and delivery.
    """
    moment = now or timezone.now()
    before, _ = Notice.objects.get_or_create(pk=ROW)
    known = clusters.every(scope=EVERYTHING, now=moment)
    crossed = crossings.found(known, now=moment)
    since = (before.noticed_at or moment) - LOOK_BACK
    turned = findings.turned(since=since, scope=EVERYTHING)
    happened = [
        *(each for row in turned for each in happenings.of_finding(row, since=since)),
        *happenings.of_crossings(crossed.crossings, now=moment),
    ]
    with transaction.atomic():
        claimed = Notice.objects.filter(pk=ROW, noticed_at=before.noticed_at)
        if not claimed.update(noticed_at=moment):
            return 0
        _keep_levels(crossed)
        new = _new(happened)
        events = [_event(each, moment) for each in new]
        Event.objects.bulk_create(events, batch_size=500)
        if before.noticed_at is not None:
            _send_to_whom_it_concerns(list(zip(new, events, strict=True)), moment)
    return len(events)


def forget(*, before: datetime) -> int:
    """Delete events that were made before a time, with their deliveries; return how
    many. None that the next look could take for news."""
    last = Notice.objects.values_list("noticed_at", flat=True).filter(pk=ROW).first()
    if last is None:
        return 0
    oldest = min(before, last - 2 * LOOK_BACK)
    gone = 0
    while ids := list(
        Event.objects.filter(made_at__lt=oldest).values_list("pk", flat=True)[:1000]
    ):
        Event.objects.filter(pk__in=ids).delete()
        gone += len(ids)
    return gone


def new_uid() -> str:
    """Return what receivers know an event by."""
    return f"evt_{uuid.uuid4().hex}"


def _keep_levels(crossed: crossings.Found) -> None:
    """Write the levels that were reached, delete those that were left. A statement for
    each few hundred: a shorter mask, or a rollout, moves all nodes at once."""
    over = [
        Level(
            cluster_id=each.cluster_id,
            kind=each.kind,
            subject=each.subject,
            measure=each.measure,
            level=each.level,
        )
        for each in crossed.crossings
        if each.level
    ]
    Level.objects.bulk_create(
        over,
        batch_size=500,
        update_conflicts=True,
        unique_fields=["cluster", "kind", "subject", "measure"],
        update_fields=["level"],
    )
    for start in range(0, len(crossed.ended), 500):
        Level.objects.filter(pk__in=crossed.ended[start : start + 500]).delete()


def _new(happened: list[Happening]) -> list[Happening]:
    """Return what was not noticed before."""
    keys = [each.key for each in happened]
    known: set[str] = set()
    for start in range(0, len(keys), 500):
        part = Event.objects.filter(key__in=keys[start : start + 500])
        known |= set(part.values_list("key", flat=True))
    return [each for each in happened if each.key not in known]


def _event(happening: Happening, now: datetime) -> Event:
    return Event(
        uid=new_uid(),
        key=happening.key,
        kind=happening.kind,
        moment=happening.moment,
        body=happening.body(),
        made_at=now,
    )


def _send_to_whom_it_concerns(
    made: Iterable[tuple[Happening, Event]], now: datetime
) -> None:
    """Write a delivery of each event for each webhook that asks for it and may see
    it."""
    made = list(made)
    webhooks = list(Webhook.objects.filter(state=ACTIVE))
    about = [happening.finding.id for happening, _ in made if happening.finding]
    shown = audience.shown_to_teams(webhooks, about)
    deliveries = (
        Delivery(webhook=webhook, event=event, due_at=now)
        for happening, event in made
        for webhook in webhooks
        if happening.kind in webhook.kinds
        and (
            webhook.team_id is None
            or happening.finding is None
            or happening.finding.id in shown[webhook.team_id]
        )
    )
    while part := list(islice(deliveries, 500)):
        Delivery.objects.bulk_create(part)
