"""The cast, an admin, and a receiver that webhooks may lead to."""

from collections.abc import Iterator
from ipaddress import ip_network

import pytest

from ipamweb.access.models import User
from ipamweb.events import notice, webhooks
from ipamweb.events.models import Delivery, Webhook
from ipamweb.mirror.models import Cluster
from tests import cast
from tests.events.receiver import Receiver, receiving

URL = "https://hooks.example.org/in/s3cret"


@pytest.fixture
def prod(db: None) -> Cluster:
    """The cast, of which everything so far is noticed already."""
    found = cast.insert().prod
    notice.notice(now=cast.NOW)
    return found


@pytest.fixture
def ada(db: None) -> User:
    return cast.user()


@pytest.fixture
def receiver(settings) -> Iterator[Receiver]:
    settings.IPAMWEB_WEBHOOK_NETWORKS = [ip_network("127.0.0.0/8")]
    with receiving() as found:
        yield found


def make(by: User, url: str = URL, **wish) -> tuple[Webhook, str]:
    return webhooks.create(by=by, now=cast.NOW, **{"name": "pager", "url": url, **wish})


def told(webhook: Webhook) -> list[str]:
    """Return the summaries of what is on its way to a webhook, in their order."""
    return [
        each.event.body["data"]["summary"]
        for each in Delivery.objects.filter(webhook=webhook)
        .select_related("event")
        .order_by("id")
    ]
