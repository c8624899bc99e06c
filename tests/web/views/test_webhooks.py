"""The pages of webhooks, for admins."""

import re

import pytest
from django.test import Client

from ipamweb.events import seals, webhooks
from ipamweb.events.models import Delivery, Webhook
from tests import cast
from tests.cast_people import auditor, team, viewer
from tests.web.reading import text

pytestmark = pytest.mark.usefixtures("everybody")
LIST, ONE = "/admin/webhooks/", "/admin/webhooks/1/"
NEW = {
    "name": "chat", "url": "https://hooks.slack.com/services/T/B/x",
    "template": "slack", "team": "", "kinds": ["finding.confirmed", "cluster.stale"],
}  # fmt: skip


@pytest.mark.parametrize("path", [LIST, ONE])
@pytest.mark.parametrize("person", [viewer, auditor])
def test_for_others_than_admins_there_are_no_such_pages(reader, path, person):
    client = Client()
    client.force_login(person())

    assert client.get(path).status_code == 404
    assert client.post(path, {"act": "remove"}).status_code == 404
    assert Webhook.objects.count() == 1


def test_a_webhook_is_made_and_its_secret_shown_this_once(reader):
    answer = reader.post(LIST, NEW)

    (secret,) = set(re.findall(r"whsec_[\w+/=]+", answer.content.decode()))
    made = Webhook.objects.get(name="chat")
    assert (answer.status_code, answer["Cache-Control"]) == (200, "no-store")
    assert seals.opened(made).secret == secret
    assert made.kinds == NEW["kinds"]
    assert "whsec_" not in reader.get(LIST).content.decode()


def test_a_refusal_keeps_what_was_given_but_the_url(reader):
    answer = reader.post(LIST, {**NEW, "url": "http://x/s3cret"})

    page = answer.content.decode()
    assert answer.status_code == 400
    assert "begins with https://" in text(answer)
    assert 'value="chat"' in page
    assert page.count(" checked") == 2
    assert "s3cret" not in page


def test_the_list_says_where_each_leads_and_how_it_is(reader):
    page = text(reader.get(LIST))

    assert "on call active https://hooks.example.org/… everything" in page
    assert "s3cret" not in reader.get(LIST).content.decode()


def test_a_webhook_shows_its_deliveries(reader):
    page = text(reader.get(ONE))

    assert "It tells https://hooks.example.org/… everything" in page
    assert "10.0.0.39 is held by 2 pods." in page
    assert "delivered 2026-11-22 12:33:00Z 2 2026-11-22 12:33:30Z 204" in page


def test_a_test_is_put_among_the_deliveries(reader):
    answer = reader.post(ONE, {"act": "test"}, follow=True)

    assert "A test is on its way" in text(answer)
    assert "waiting 2026-11-22 14:00:05Z 0" in text(answer)
    assert Delivery.objects.filter(state="waiting").count() == 1


def test_a_webhook_is_paused_and_resumed(reader):
    assert "It is paused" in text(reader.post(ONE, {"act": "pause"}, follow=True))
    page = reader.get(ONE).content.decode()
    assert ('value="resume"' in page, 'value="test"' in page) == (True, False)

    assert "active again" in text(reader.post(ONE, {"act": "resume"}, follow=True))


def test_a_webhook_is_changed(reader):
    form = {"act": "change", "name": "night", "kinds": ["pool.threshold"], "url": ""}
    reader.post(ONE, form)

    found = Webhook.objects.get()
    assert (found.name, found.kinds) == ("night", ["pool.threshold"])
    assert seals.opened(found).url == "https://hooks.example.org/in/s3cret"


def test_another_secret_is_shown_this_once(reader):
    answer = reader.post(ONE, {"act": "rotate"})

    assert seals.opened(Webhook.objects.get()).secret in answer.content.decode()
    assert answer["Cache-Control"] == "no-store"
    assert "the earlier secret signs too" in text(reader.get(ONE))


def test_why_a_webhook_was_disabled_stands_on_its_page(reader):
    Webhook.objects.update(state="disabled", reason="It answered 410: gone.")

    page = text(reader.get(ONE))
    assert "It answered 410: gone. Nothing is sent until it is resumed." in page


def test_a_webhook_is_removed(reader):
    assert reader.post(ONE, {"act": "remove"})["Location"] == LIST
    assert reader.get(ONE).status_code == 404


def test_what_cannot_be_done_is_said(reader):
    answer = reader.post(ONE, {"act": "change", "name": "", "kinds": []})

    assert answer.status_code == 400
    assert "Give a name" in text(answer)
    assert reader.post(ONE, {"act": "sudo"}).status_code == 403


def test_a_team_is_offered_and_named(reader):
    team("ours")
    user = cast.User.objects.get(username="ada")
    webhooks.create(by=user, now=cast.NOW, **{**NEW, "team": "ours"})

    page = reader.get(LIST).content.decode()
    assert '<option value="ours">team ours</option>' in page
    assert '<a href="/teams/ours/">ours</a>' in page


def test_a_hostile_name_or_answer_is_text(reader):
    Webhook.objects.update(name="<script>alert(1)</script>", reason="<b>x</b>")
    Delivery.objects.update(error="<img src=x onerror=alert(1)>")

    page = reader.get(ONE).content.decode()
    assert "<script>alert" not in page
    assert "<img" not in page
    assert "<b>x" not in page
