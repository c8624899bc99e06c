"""The webhook of the cast, which has delivered one event."""

from ipamweb.events import seals
from ipamweb.events.models import Delivery, Event, Webhook
from ipamweb.events.seals import Sealed
from tests.cast_places import FIRST_AS_OF, at

SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"


def insert() -> Webhook:
    """Insert a webhook that is told of everything."""
    webhook = Webhook(
        id=1,
        name="on call",
        template="standard",
        kinds=["finding.confirmed", "cluster.stale"],
        destination="https://hooks.example.org/…",
        created_at=FIRST_AS_OF,
    )
    webhook.sealed = seals.sealed(
        webhook, Sealed("https://hooks.example.org/in/s3cret", SECRET)
    )
    webhook.save(force_insert=True)
    event = Event.objects.create(
        id=1,
        uid="evt_00000000000000000000000000000001",
        key="finding.confirmed:1",
        kind="finding.confirmed",
        moment=at("12:33:00"),
        body={
            "type": "finding.confirmed",
            "timestamp": "2026-11-22T12:33:00Z",
            "data": {
                "summary": "prod-eu: An address is held twice (critical), confirmed:"
                " 10.0.0.39 is held by 2 pods."
            },
        },
        made_at=at("12:33:20"),
    )
    Delivery.objects.create(
        id=1,
        webhook=webhook,
        event=event,
        state="delivered",
        attempts=2,
        due_at=at("12:35:30"),
        tried_at=at("12:33:30"),
        delivered_at=at("12:33:30"),
        status=204,
        seconds=0.25,
    )
    return webhook
