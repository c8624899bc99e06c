"""Processes that are killed while they notice and deliver: nothing is lost, and what
comes twice has one id."""

import os
import signal
import subprocess
import sys
import time
from base64 import b64encode
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

import pytest
from django.conf import settings
from django.utils import timezone

from ipamweb.events import deliver, notice, webhooks
from ipamweb.events.models import Delivery, Event, Notice, Webhook
from ipamweb.mirror.models import Cluster
from tests import cast, cast_findings
from tests.events.conftest import make
from tests.events.receiver import Receiver
from tests.faults.prepared_child import database_url
from tests.source import ROOT

pytestmark = pytest.mark.django_db(transaction=True)
PATIENCE_SECONDS = 60.0
PROGRAM = """
import os, signal, sys, django
django.setup()
from django.db import connection
from ipamweb.events import tasks
task, last_words = sys.argv[1:]
def killed_after(execute, sql, *rest):
    result = execute(sql, *rest)
    if last_words and sql.startswith(last_words):
        os.kill(os.getpid(), signal.SIGKILL)
    return result
connection.execute_wrappers.append(killed_after)
getattr(tasks, task)()
"""


@contextmanager
def another_process(
    task: str, *, last_words: str = ""
) -> Iterator["subprocess.Popen[bytes]"]:
    """Run a task elsewhere. It kills itself after a statement that begins so."""
    keys = settings.IPAMWEB_ENCRYPTION_KEYS.items()
    with subprocess.Popen(
        [sys.executable, "-c", PROGRAM, task, last_words],
        cwd=ROOT,
        env={
            **os.environ,
            "DATABASE_URL": database_url(),
            "DJANGO_SETTINGS_MODULE": "ipamweb.settings",
            "IPAMWEB_WEBHOOK_NETWORKS": "127.0.0.0/8",
            "IPAMWEB_ENCRYPTION_KEYS": ",".join(
                f"{name}:{b64encode(key).decode()}" for name, key in keys
            ),
        },
    ) as process:
        try:
            yield process
        finally:
            process.kill()


def wait_until(is_so: Callable[[], bool]) -> None:
    until = time.monotonic() + PATIENCE_SECONDS
    while not is_so():
        assert time.monotonic() < until, "it did not come to be so"
        time.sleep(0.02)


def test_what_was_killed_between_sending_and_marking_is_sent_again(
    ada, receiver: Receiver
):
    """The receiver has the message, and holds its answer until the sender is dead."""
    webhook, _ = make(ada, receiver.url)
    delivery = webhooks.test(webhook.pk, by=ada, now=timezone.now())
    receiver.silence = 5.0
    with another_process("deliver") as process:
        wait_until(lambda: bool(receiver.got))
        os.kill(process.pid, signal.SIGKILL)
        assert process.wait(PATIENCE_SECONDS) == -signal.SIGKILL
    receiver.silence = 0.0
    delivery.refresh_from_db()
    assert (delivery.state, delivery.attempts, delivery.status) == ("waiting", 1, None)
    claimed = delivery.due_at

    def run_at(moment: datetime) -> int:
        return deliver.run(clock=lambda: moment)

    second = timedelta(seconds=1)
    assert [run_at(claimed - second), run_at(claimed + second)] == [0, 1]
    delivery.refresh_from_db()
    assert (delivery.state, delivery.attempts, delivery.status) == ("delivered", 2, 204)
    assert len(receiver.got) == 2
    assert len({got.headers["webhook-id"] for got in receiver.got}) == 1


def test_what_was_killed_while_it_noticed_has_told_nothing_and_the_next_tells_it(ada):
    """It dies with its events and deliveries written, and nothing committed."""
    prod = cast.insert().prod
    now = timezone.now()
    before = now - timedelta(seconds=30)
    Cluster.objects.update(as_of=now)
    notice.notice(now=before)
    webhook, _ = make(ada)
    cast_findings.of_pod(prod, id=77, confirmed_at=now)
    known = Event.objects.count()

    with another_process(
        "notice", last_words='INSERT INTO "events_delivery"'
    ) as process:
        assert process.wait(PATIENCE_SECONDS) == -signal.SIGKILL

    assert (Event.objects.count(), Notice.objects.get().noticed_at) == (known, before)
    assert not Delivery.objects.filter(webhook=webhook).exists()
    assert notice.notice(now=now) == 1
    assert Webhook.objects.get(pk=webhook.pk).deliveries.count() == 1
