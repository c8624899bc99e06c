"""Webhooks by REST, for admins."""

import pytest
from django.test import Client

from ipamweb.access import tokens
from ipamweb.access.models import User
from ipamweb.events import seals
from ipamweb.events.models import Delivery, Webhook
from tests import cast, cast_people

NEW = {"name": "chat", "url": "https://hooks.slack.com/services/T/B/x"}


def send(reader, method: str, path: str, body=None):
    call = getattr(reader.client, method)
    return call(f"/api/v1/webhooks/{path}", body or {}, content_type="application/json")


def test_webhooks_are_listed_without_anything_secret(reader):
    assert reader.results("webhooks/") == [
        {
            "id": 1,
            "name": "on call",
            "team": "",
            "template": "standard",
            "destination": "https://hooks.example.org/…",
            "kinds": ["finding.confirmed", "cluster.stale"],
            "state": "active",
            "reason": "",
            "waiting": 0,
            "dead": 0,
            "delivered_at": "2026-11-22T12:33:30Z",
            "failing_since": None,
            "both_sign_until": None,
            "created_at": "2026-11-22T12:00:00Z",
        }
    ]


def test_deliveries_say_what_became_of_them(reader):
    (row,) = reader.results("webhooks/1/deliveries/")

    summary = row.pop("summary")
    assert summary.startswith("prod-eu: An address is held twice")
    assert row == {
        "id": 1,
        "event": "evt_00000000000000000000000000000001",
        "kind": "finding.confirmed",
        "at": "2026-11-22T12:33:00Z",
        "state": "delivered",
        "attempts": 2,
        "status": 204,
        "error": "",
        "tried_at": "2026-11-22T12:33:30Z",
        "due_at": None,
        "delivered_at": "2026-11-22T12:33:30Z",
        "seconds": 0.25,
    }


@pytest.mark.parametrize(
    ("state", "ids"), [("delivered", [1]), ("waiting", [2]), ("dead", [4, 3])]
)
def test_deliveries_are_found_by_their_state(reader, state, ids):
    sent = Delivery.objects.get(pk=1)
    for number, was in ((2, "waiting"), (3, "dead"), (4, "dead")):
        event = sent.event
        event.pk, event.uid, event.key = None, f"evt_{number}", f"key {number}"
        event.save()
        sent.pk, sent.event, sent.state = number, event, was
        sent.save(force_insert=True)

    found = reader.results(f"webhooks/1/deliveries/?state={state}")

    assert [row["id"] for row in found] == ids


def test_a_state_that_no_delivery_has_is_400_and_names_those_there_are(reader):
    answer = reader.get("webhooks/1/deliveries/?state=sent")

    assert answer.status_code == 400
    assert answer.json()["error"]["details"] == {
        "parameter": "state", "accepted": ["waiting", "delivered", "dead"],
    }  # fmt: skip


def test_a_webhook_is_made_and_its_secret_shown_this_once(reader):
    answer = send(reader, "post", "", {**NEW, "template": "slack"})

    made = answer.json()
    assert (answer.status_code, answer["Cache-Control"]) == (201, "no-store")
    assert made["destination"] == "https://hooks.slack.com/…"
    sealed = seals.opened(Webhook.objects.get(pk=made["id"]))
    assert (sealed.url, sealed.secret) == (NEW["url"], made["secret"])
    assert "secret" not in reader.json(f"webhooks/{made['id']}/")


def test_a_webhook_is_paused_renamed_and_removed(reader):
    changed = send(reader, "patch", "1/", {"state": "paused", "name": "night"}).json()
    assert (changed["state"], changed["name"]) == ("paused", "night")

    assert send(reader, "delete", "1/").status_code == 204
    assert reader.get("webhooks/1/").status_code == 404


def test_another_secret_signs_beside_the_earlier_one(reader):
    answer = send(reader, "post", "1/rotate").json()

    assert answer["both_sign_until"] == "2026-11-23T14:00:05Z"
    assert seals.opened(Webhook.objects.get()).secret == answer["secret"]


def test_a_test_is_put_among_the_deliveries(reader):
    answer = send(reader, "post", "1/test")

    assert answer.status_code == 202
    row = reader.results("webhooks/1/deliveries/")[0]
    assert (row["event"], row["state"]) == (answer.json()["event"], "waiting")


@pytest.mark.parametrize(
    ("method", "path", "body", "why"),
    [
        ("post", "", {"name": "x"}, "url: This field is required."),
        ("post", "", {**NEW, "url": "http://x/"}, "begins with https://"),
        ("post", "", {**NEW, "team": "nobody"}, "There is no team 'nobody'."),
        ("post", "", {**NEW, "kinds": ["all"]}, "Give one or more of"),
        ("post", "", {**NEW, "kinds": "all"}, "kinds: "),
        ("patch", "1/", {}, "Give name, url, kinds or state."),
        ("patch", "1/", {"state": "disabled"}, "A state is active or paused."),
        ("patch", "1/", {"team": "platform"}, "Give name, url, kinds or state."),
    ],
)
def test_what_cannot_be_done_is_400_and_says_why(reader, method, path, body, why):
    answer = send(reader, method, path, body)

    assert answer.status_code == 400
    assert why in answer.json()["error"]["message"]


@pytest.mark.parametrize("number", ["2", "x", "9" * 30])
def test_what_is_not_there_is_404(reader, number):
    for path in (f"{number}/", f"{number}/deliveries/"):
        assert reader.get(f"webhooks/{path}").status_code == 404
    for method, path in [("patch", ""), ("delete", ""), ("post", "test")]:
        assert send(reader, method, f"{number}/{path}").status_code == 404


@pytest.mark.parametrize("person", [cast_people.viewer, cast_people.auditor])
def test_for_others_than_admins_there_are_none(reader, person):
    reader.client.force_login(person())

    for path in ("", "1/", "1/deliveries/"):
        assert reader.get(f"webhooks/{path}").status_code == 404
    for method, path in [
        ("post", ""), ("patch", "1/"), ("delete", "1/"), ("post", "1/test"),
        ("post", "1/rotate"),
    ]:  # fmt: skip
        assert send(reader, method, path, NEW).status_code == 404
    assert (Webhook.objects.count(), Delivery.objects.count()) == (1, 1)


def test_a_token_that_only_reads_makes_none(reader):
    ada = User.objects.get(username="ada")
    text = tokens.create(ada, now=cast.NOW)
    headers = {"Authorization": f"Bearer {text}"}

    answer = Client().post(
        "/api/v1/webhooks/", NEW, content_type="application/json", headers=headers
    )

    assert (answer.status_code, Webhook.objects.count()) == (403, 1)
