"""Deliveries: at least once, later again, and told as they were."""

import json
from collections import Counter
from datetime import timedelta

import pytest
from django.core import mail

from ipamweb.access.audit_entry import AuditEntry
from ipamweb.events import deliver, kinds, notice, signing, webhooks
from ipamweb.events.models import Delivery, Event, Webhook
from ipamweb.events.sending import Answer
from tests import cast, cast_findings, cast_people
from tests.events.conftest import make

pytestmark = pytest.mark.django_db


def after(**span: float):
    return cast.NOW + timedelta(**span)


def run(**span: float) -> int:
    return deliver.run(clock=lambda: after(**span))


@pytest.fixture
def webhook(ada, receiver) -> Webhook:
    return make(ada, receiver.url)[0]


@pytest.fixture
def delivery(webhook, ada) -> Delivery:
    return webhooks.test(webhook.pk, by=ada, now=cast.NOW)


def state(delivery: Delivery):
    delivery.refresh_from_db()
    return delivery.state, delivery.attempts, delivery.status


def test_what_is_due_is_delivered_and_not_sent_again(delivery, receiver):
    assert [run(), run(hours=1)] == [1, 0]

    assert state(delivery) == ("delivered", 1, 204)
    assert delivery.delivered_at == cast.NOW
    assert len(receiver.got) == 1


def test_a_receiver_can_verify_what_it_gets(ada, receiver):
    webhook, secret = make(ada, receiver.url)
    webhooks.test(webhook.pk, by=ada, now=cast.NOW)
    run(seconds=7)

    (got,) = receiver.got
    event = Event.objects.get(kind=kinds.TEST)
    assert got.headers["webhook-id"] == event.uid
    assert got.headers["webhook-timestamp"] == "1795356012"
    expected = signing.signature(
        got.body, uid=event.uid, timestamp=1795356012, secret=secret
    )
    assert got.headers["webhook-signature"] == expected
    assert json.loads(got.body)["type"] == "test"


def test_for_a_day_after_a_rotation_both_secrets_sign(ada, receiver):
    webhook, old = make(ada, receiver.url)
    _, new = webhooks.rotate(webhook.pk, by=ada, now=cast.NOW)
    webhooks.test(webhook.pk, by=ada, now=cast.NOW)
    run(hours=23)
    webhooks.test(webhook.pk, by=ada, now=after(hours=25))
    run(hours=25)

    def signed(got, secret):
        headers = got.headers
        return signing.signature(
            got.body,
            uid=headers["webhook-id"],
            timestamp=int(headers["webhook-timestamp"]),
            secret=secret,
        )

    first, second = receiver.got
    assert first.headers["webhook-signature"] == (
        f"{signed(first, new)} {signed(first, old)}"
    )
    assert second.headers["webhook-signature"] == signed(second, new)


def test_a_failure_is_tried_again_under_the_same_id(delivery, receiver):
    receiver.answers = [500, 503, 200]

    for span in ({"seconds": 0}, {"seconds": 4}, {"seconds": 5}, {"seconds": 305}):
        run(**span)

    assert state(delivery) == ("delivered", 3, 200)
    assert delivery.error == ""
    ids = {got.headers["webhook-id"] for got in receiver.got}
    assert (len(receiver.got), len(ids)) == (3, 1)


def test_a_failure_says_why_and_when_it_is_tried_again(delivery, receiver):
    receiver.answers, receiver.headers = [429], {"Retry-After": "60"}

    run()

    assert state(delivery) == ("waiting", 1, 429)
    assert delivery.error == "It answered 429."
    # Asked for a minute; the schedule says five seconds.
    assert delivery.due_at == after(seconds=60)


def test_after_ten_attempts_a_delivery_is_dead(delivery, receiver):
    receiver.answers = [500]
    moments = [timedelta()]
    for pause in deliver.PAUSES:
        moments.append(moments[-1] + pause)
    for moment in moments:
        deliver.run(clock=lambda moment=moment: cast.NOW + moment)

    assert state(delivery) == ("dead", 10, 500)
    assert run(days=30) == 0
    assert len(receiver.got) == 10


def test_of_two_processes_one_sends(delivery, receiver, monkeypatch):
    """The other read the same row, and finds it claimed."""
    due = deliver._due

    def then_another_sends(webhook_id, now):
        found = due(webhook_id, now)
        monkeypatch.setattr(deliver, "_due", due)
        assert run() == 1
        return found

    monkeypatch.setattr(deliver, "_due", then_another_sends)

    assert run() == 0
    assert len(receiver.got) == 1


def test_a_team_that_lost_a_namespace_is_not_sent_what_waited_of_it(
    prod, ada, receiver
):
    Webhook.objects.all().delete()
    ours = cast_people.team("ours")
    owned = cast_people.owns(ours, "default")
    make(ada, receiver.url, team="ours")
    everything, _ = make(ada, receiver.url)
    cast_findings.of_pod(prod, id=77, confirmed_at=cast.NOW)
    cast_findings.doubled(prod, id=78, key="10.0.0.40", confirmed_at=cast.NOW)
    notice.notice(now=after(seconds=30))
    assert Delivery.objects.filter(webhook__team=ours).count() == 2
    owned.delete()

    run(seconds=60)

    told = Delivery.objects.filter(event__key="finding.confirmed:77")
    of_team = told.get(webhook__team=ours)
    assert (of_team.state, told.get(webhook=everything).state) == ("dead", "delivered")
    assert of_team.error == deliver.NOT_THEIRS
    # What else waited is delivered, and the receiver is not taken for broken.
    others = Delivery.objects.filter(webhook__team=ours).exclude(pk=of_team.pk)
    assert [each.state for each in others] == ["delivered"]
    assert Webhook.objects.get(team=ours).failing_since is None
    assert sum(b"web-01" in got.body for got in receiver.got) == 1


def test_what_is_due_goes_where_the_webhook_leads_now(
    webhook, delivery, receiver, ada, monkeypatch
):
    """A run takes a minute; the URL was changed after it had read what is due."""
    due = deliver._due

    def then_it_leads_elsewhere(*asked):
        found = due(*asked)
        webhooks.change(webhook.pk, by=ada, url=f"{receiver.url}&new=1")
        return found

    monkeypatch.setattr(deliver, "_due", then_it_leads_elsewhere)
    run()

    assert [got.path for got in receiver.got] == ["/hook?key=s3cret&new=1"]


def test_a_fault_of_our_own_keeps_no_other_webhook_waiting_in_the_next_run(
    ada, receiver, monkeypatch
):
    first, _ = make(ada, receiver.url, template="slack")
    second, _ = make(ada, receiver.url)
    for each in (first, second):
        webhooks.test(each.pk, by=ada, now=cast.NOW)

    def broken(_body):
        raise RuntimeError

    monkeypatch.setattr(deliver.bodies, "slack", broken)
    for seconds in (0, 10):
        with pytest.raises(RuntimeError):
            run(seconds=seconds)

    assert state(first.deliveries.get()) == ("waiting", 2, None)
    assert "ipamweb's own" in first.deliveries.get().error
    assert state(second.deliveries.get()) == ("delivered", 1, 204)


def test_others_do_not_wait_for_a_webhook_that_fails(ada, receiver):
    bad, _ = make(ada, receiver.url.replace(str(receiver.port), "1"))
    good, _ = make(ada, receiver.url)
    for webhook in (bad, bad, bad, good):
        webhooks.test(webhook.pk, by=ada, now=cast.NOW)

    assert run() == 2
    assert len(receiver.got) == 1
    assert sorted(Delivery.objects.values_list("attempts", flat=True)) == [0, 0, 1, 1]


def test_however_much_waits_for_a_webhook_that_fails_others_come_first(
    ada, receiver, monkeypatch
):
    bad, _ = make(ada, receiver.url.replace(str(receiver.port), "1"))
    good, _ = make(ada, receiver.url)
    for webhook in (bad, good, bad, good):
        webhooks.test(webhook.pk, by=ada, now=cast.NOW)
    run()
    webhooks.test(good.pk, by=ada, now=cast.NOW)
    order = []
    usual = deliver.attempt
    monkeypatch.setattr(
        deliver,
        "attempt",
        lambda each, now: order.append(each.webhook_id) or usual(each, now),
    )

    assert run(minutes=1) == 2
    assert order == [good.pk, bad.pk]


def test_a_webhook_that_is_slow_keeps_no_other_waiting(ada, monkeypatch):
    """It delivers, each time after fifteen seconds; a run has sixty."""
    slow = [make(ada)[0] for _ in range(6)]
    quick, _ = make(ada)
    for webhook in [*slow, quick] * 4:
        webhooks.test(webhook.pk, by=ada, now=cast.NOW)
    passed = [0.0]

    def attempted(delivery, _now):
        passed[0] += 15.0 if delivery.webhook_id != quick.pk else 0.1
        return Answer(204)

    monkeypatch.setattr(deliver, "monotonic", lambda: passed[0])
    monkeypatch.setattr(deliver, "attempt", attempted)
    orders = iter([lambda ids: None, list.reverse])
    monkeypatch.setattr(deliver.random, "shuffle", lambda found: next(orders)(found))

    def delivered():
        done = Delivery.objects.filter(state="delivered")
        return sorted(Counter(done.values_list("webhook", flat=True)).items())

    run()
    assert delivered() == [(each.pk, 1) for each in slow[:5]]
    run()
    assert dict(delivered())[quick.pk] == 1
    assert all(count <= 2 for _, count in delivered())


def test_a_webhook_that_fails_for_days_is_disabled_and_says_why(delivery, receiver):
    receiver.answers = [500]
    run()
    Delivery.objects.update(due_at=after(days=5))
    run(days=5)

    webhook = Webhook.objects.get()
    assert (webhook.state, webhook.failing_since) == ("disabled", cast.NOW)
    assert webhook.reason == ("Nothing could be delivered for 5 days. It answered 500.")
    entry = AuditEntry.objects.order_by("sequence").last()
    assert (entry.act, entry.actor_name) == ("webhook.disable", "")
    assert run(days=6) == 0


def test_one_delivery_is_enough_to_be_well_again(delivery, receiver, ada):
    receiver.answers = [500, 204]
    run()
    run(seconds=5)

    webhook = Webhook.objects.get()
    assert (webhook.state, webhook.failing_since) == ("active", None)


def test_a_receiver_that_is_gone_for_good_is_left_at_once(delivery, receiver):
    receiver.answers = [410]
    run()

    webhook = Webhook.objects.get()
    assert (webhook.state, webhook.reason) == (
        "disabled", "It answered 410: the receiver is gone for good.",
    )  # fmt: skip


def test_what_waits_goes_on_when_a_webhook_is_resumed(delivery, receiver, ada):
    webhook = Webhook.objects.get()
    webhooks.change(webhook.pk, by=ada, state="paused")
    assert run() == 0

    webhooks.change(webhook.pk, by=ada, state="active")
    assert run() == 1


def test_a_webhook_that_is_removed_while_it_is_sent_to_is_no_fault(
    delivery, receiver, monkeypatch
):
    mark = deliver._mark

    def removed_before(tried, *, now):
        Webhook.objects.all().delete()
        mark(tried, now=now)

    monkeypatch.setattr(deliver, "_mark", removed_before)
    receiver.answers = [500]

    assert run() == 1
    assert Delivery.objects.count() == 0


def test_a_secret_that_cannot_be_opened_is_said_and_nothing_sent(
    delivery, receiver, settings
):
    settings.IPAMWEB_ENCRYPTION_KEYS = {"other": bytes(range(32))}
    run()

    assert state(delivery) == ("waiting", 1, None)
    assert "IPAMWEB_ENCRYPTION_KEYS" in delivery.error
    assert receiver.got == []


def test_slack_gets_its_text(ada, receiver):
    webhook, _ = make(ada, receiver.url, template="slack")
    webhooks.test(webhook.pk, by=ada, now=cast.NOW)
    run()

    assert json.loads(receiver.got[0].body) == {
        "text": "A test of the webhook pager: it arrived."
    }


def test_a_mail_is_sent_with_an_id_of_its_event(ada, settings):
    settings.IPAMWEB_SMTP_URL = "smtp://localhost"
    webhook, secret = make(ada, "mailto:ops@example.org", template="mail")
    webhooks.test(webhook.pk, by=ada, now=cast.NOW)
    run()

    (message,) = mail.outbox
    assert (secret, message.to) == ("", ["ops@example.org"])
    assert message.subject == "[ipamweb] A test of the webhook pager: it arrived."
    uid = Event.objects.get(kind=kinds.TEST).uid
    assert message.extra_headers["Message-ID"] == f"<{uid}@ipamweb>"
    assert Delivery.objects.get().state == "delivered"


def test_without_a_mail_server_it_is_said(ada, settings):
    settings.IPAMWEB_SMTP_URL = "smtp://localhost"
    webhook, _ = make(ada, "mailto:ops@example.org", template="mail")
    webhooks.test(webhook.pk, by=ada, now=cast.NOW)
    settings.IPAMWEB_SMTP_URL = ""
    run()

    assert Delivery.objects.get().error == (
        "No mail can be sent: IPAMWEB_SMTP_URL is not set."
    )


def test_no_secret_is_in_a_log_or_in_a_row(ada, receiver, caplog):
    webhook, secret = make(ada, receiver.url)
    receiver.answers = [500]
    webhooks.test(webhook.pk, by=ada, now=cast.NOW)
    run()

    rows = str([
        *Webhook.objects.values(), *Delivery.objects.values(),
        *Event.objects.values(), *AuditEntry.objects.values(),
    ])  # fmt: skip
    for text in (secret, "s3cret"):
        assert text not in rows
        assert text not in caplog.text
