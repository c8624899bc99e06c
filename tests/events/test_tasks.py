"""The entry points as the clock runs them: what the list of jobs names, by Celery."""

from datetime import timedelta

import pytest
from django.utils import timezone
from django.utils.module_loading import import_string

from ipamweb.events.models import Delivery, Event, Webhook
from ipamweb.schedule import JOBS
from tests import cast, cast_findings
from tests.events.conftest import make

pytestmark = pytest.mark.django_db


@pytest.fixture
def at(monkeypatch):
    """Let the clock stand so long after the cast."""

    def stand(**span: float) -> None:
        moment = cast.NOW + timedelta(**span)
        monkeypatch.setattr(timezone, "now", lambda: moment)

    return stand


def run(name: str) -> int:
    """Run a job of the schedule here and now, as a worker would."""
    (job,) = (each for each in JOBS if each.name == name)
    return import_string(job.task).apply(throw=True).get()


def test_what_happened_is_noticed_delivered_and_forgotten_by_the_jobs_of_the_clock(
    prod, ada, receiver, at
):
    Webhook.objects.all().delete()
    make(ada, receiver.url)
    cast_findings.of_pod(prod, id=77, confirmed_at=cast.NOW)

    at(seconds=30)
    assert [run("notice"), run("notice")] == [1, 0]
    at(seconds=40)
    assert [run("deliver"), run("deliver")] == [1, 0]
    (got,) = receiver.got
    event = Event.objects.get(key="finding.confirmed:77")
    assert got.headers["webhook-id"] == event.uid
    assert got.headers["webhook-timestamp"] == "1795356045"
    assert event.deliveries.get().state == "delivered"
    at(days=29)
    run("notice")
    run("forget_events")
    assert Event.objects.filter(pk=event.pk).exists()
    at(days=31)
    run("notice")
    assert run("forget_events") > 0
    assert not Event.objects.filter(pk=event.pk).exists()
    assert not Delivery.objects.filter(event=event.pk).exists()
