"""Notices what happened, and makes events and their deliveries of it, once.

Everything follows from committed rows and from what was noticed before: findings by
their number, thresholds by the level that is kept. One transaction moves the time of
the last notice, which only one of several processes can, and writes what it led to.
Who was killed before it ended has told nothing; the next look tells it.
"""

import uuid
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from ipamweb.access import visibility
from ipamweb.events import crossings, happenings
from ipamweb.events.happenings import Happening
from ipamweb.events.kinds import ACTIVE
from ipamweb.events.models import Delivery, Event, Level, Notice, Webhook
from ipamweb.findings import queries as findings
from ipamweb.findings.queries import FindingRow
from ipamweb.mirror.queries import clusters
from ipamweb.mirror.scope import EVERYTHING, Scope

# A finding's time is that of the mirror, which may be older than its row: three polls
# of an hour at most. What was noticed already is told by its key.
LOOK_BACK = timedelta(days=1)
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
        *(happenings.of_crossing(each, now=moment) for each in crossed.crossings),
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
    Level.objects.filter(pk__in=crossed.ended).delete()
    for each in crossed.crossings:
        key: dict[str, Any] = {
            "cluster_id": each.cluster_id,
            "kind": each.kind,
            "subject": each.subject,
            "measure": each.measure,
        }
        if each.level:
            Level.objects.update_or_create(**key, defaults={"level": each.level})
        else:
            Level.objects.filter(**key).delete()


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
    webhooks = list(Webhook.objects.filter(state=ACTIVE))
    scopes = {
        each.team_id: visibility.scope_of_team(each.team_id)
        for each in webhooks
        if each.team_id is not None
    }
    deliveries = [
        Delivery(webhook=webhook, event=event, due_at=now)
        for happening, event in made
        for webhook in webhooks
        if happening.kind in webhook.kinds
        and _may_see(webhook, scopes, happening.finding)
    ]
    Delivery.objects.bulk_create(deliveries, batch_size=500)


def _may_see(
    webhook: Webhook, scopes: dict[int, Scope], finding: FindingRow | None
) -> bool:
    """Say whether a webhook may be told. How full things are is for everybody; a
    finding for whom the findings page shows it."""
    if webhook.team_id is None or finding is None:
        return True
    return findings.one(finding.id, scope=scopes[webhook.team_id]) is not None
