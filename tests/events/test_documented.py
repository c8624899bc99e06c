"""What docs/events.md says of events is so."""

import json
import re
import time
from types import SimpleNamespace

import pytest

from ipamweb.events import deliver, kinds, signing, thresholds
from ipamweb.mirror.models import Cluster, Pool
from tests import cast
from tests.events.conftest import make
from tests.events.test_notice import look
from tests.source import ROOT

DOCUMENT = (ROOT / "docs" / "events.md").read_text()
BODY = b'{"type":"test"}'


def block(language: str) -> str:
    return re.findall(rf"```{language}\n(.*?)```", DOCUMENT, re.DOTALL)[0]


@pytest.fixture(scope="module")
def verify():
    """The example, as somebody copies it."""
    names: dict = {}
    exec(block("python"), names)
    return names["verify"]


@pytest.fixture
def message():
    secrets = [signing.new_secret(), signing.new_secret()]
    headers = signing.headers(
        BODY, uid="evt_1", timestamp=int(time.time()), keys=secrets
    )
    return SimpleNamespace(secrets=secrets, headers=headers)


def test_the_example_accepts_what_either_secret_signed(verify, message):
    assert [verify(BODY, message.headers, each) for each in message.secrets] == [
        True, True,
    ]  # fmt: skip


@pytest.mark.parametrize(
    "change",
    [
        {"webhook-id": "evt_2"},
        {"webhook-timestamp": str(int(time.time()) - 100)},
        {"webhook-timestamp": "1614265330"},
        {"webhook-signature": "v1,"},
    ],
)
def test_the_example_refuses_what_was_changed(verify, message, change):
    headers = {**message.headers, **change}

    assert not verify(BODY, headers, message.secrets[0])


def test_the_example_refuses_another_body_and_another_secret(verify, message):
    assert not verify(BODY + b" ", message.headers, message.secrets[0])
    assert not verify(BODY, message.headers, signing.new_secret())


def test_every_kind_stands_in_the_documentation():
    named = re.findall(r"^\| `([a-z.]+)` \|", DOCUMENT, re.MULTILINE)

    assert named[: len(kinds.KINDS) + 1] == [*kinds.KINDS, kinds.TEST]


def test_the_schedule_is_the_one_that_is_written():
    hours = [pause.total_seconds() / 3600 for pause in deliver.PAUSES[3:]]

    assert hours == [2, 5, 10, 14, 20, 24]
    assert [pause.total_seconds() for pause in deliver.PAUSES[:3]] == [5, 300, 1800]
    assert (deliver.MOST_ATTEMPTS, deliver.DISABLED_AFTER.days) == (10, 5)
    assert (thresholds.LEVELS, thresholds.HYSTERESIS) == ((75, 90), 5)


@pytest.mark.django_db
def test_the_example_of_an_event_is_one(settings):
    settings.IPAMWEB_PUBLIC_URL = "https://ipam.example.org"
    cast.insert()
    look(0)
    webhook, _ = make(cast.user())
    Pool.objects.filter(pk=1).update(blocks_assigned=192)
    # 2026-11-22T14:00:30Z
    Cluster.objects.filter(slug="lab").delete()
    look(25)

    assert webhook.deliveries.get().event.body == json.loads(block("json"))
