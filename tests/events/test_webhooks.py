"""What admins do to webhooks."""

import pytest

from ipamweb.access import teams, vault
from ipamweb.access.audit_entry import AuditEntry
from ipamweb.access.teams import Refused
from ipamweb.events import deliver, rows, seals, webhooks
from ipamweb.events.kinds import KINDS
from ipamweb.events.models import Webhook
from ipamweb.mirror.queries.paging import FIRST_PAGE
from tests import cast, cast_people
from tests.events.conftest import URL, make

pytestmark = pytest.mark.django_db


def acts() -> list[str]:
    return list(AuditEntry.objects.order_by("sequence").values_list("act", flat=True))


def test_a_secret_is_shown_once_and_kept_sealed(ada):
    webhook, secret = make(ada)

    assert secret.startswith("whsec_")
    assert seals.opened(webhook) == seals.Sealed(URL, secret)
    assert webhook.sealed.startswith("v1:")
    assert secret not in repr(seals.opened(webhook))


def test_a_team_that_no_database_can_name_is_refused(ada):
    with pytest.raises(Refused, match="There is no team"):
        make(ada, team="ours\x00")


def test_what_is_sealed_for_one_webhook_opens_for_no_other(ada):
    one, _ = make(ada)
    other, _ = make(ada)
    other.sealed = one.sealed

    with pytest.raises(vault.Unreadable):
        seals.opened(other)


@pytest.mark.one_database
def test_of_a_long_log_only_what_is_counted_or_due_is_read(ada):
    """SQLite says how it goes about it."""
    asked = [
        rows._webhooks(),
        deliver.due_of(1, cast.NOW),
        rows._deliveries(1, state="dead").order_by("-id"),
    ]
    plans = [query.explain() for query in asked]

    assert "SCAN events_delivery" not in str(plans)
    assert "SCAN U0" not in str(plans)
    # Two are counted, and of the last it is read when it was delivered.
    assert plans[0].count("(webhook_id=? AND state=?") == 3
    assert "delivery_due_of_webhook" in plans[1]
    assert "delivery_of_webhook_in_state" in plans[2]
    assert "TEMP B-TREE" not in plans[1] + plans[2]


def test_a_webhook_is_shown_without_the_path_of_its_url(ada):
    make(ada, team="")

    (row,) = rows.listed(window=FIRST_PAGE).rows
    assert (row.destination, row.team, row.state, row.kinds) == (
        "https://hooks.example.org/…", "", "active", tuple(KINDS),
    )  # fmt: skip


def test_the_log_says_who_made_what_and_no_secret(ada):
    webhook, _ = make(ada, kinds=["finding.confirmed"])

    entry = AuditEntry.objects.get()
    assert (entry.act, entry.actor_name) == ("webhook.create", "ada")
    assert entry.subject == f"webhook {webhook.pk}: pager"
    assert entry.after == {
        "name": "pager",
        "team": "everything",
        "template": "standard",
        "destination": "https://hooks.example.org/…",
        "kinds": ["finding.confirmed"],
        "state": "active",
    }


@pytest.mark.parametrize(
    ("wish", "why"),
    [
        ({"url": "http://hooks.example.org/"}, "begins with https"),
        ({"name": " "}, "Give a name"),
        ({"name": "x" * 101}, "Give a name"),
        ({"name": "a\u202eb"}, "Give a name"),
        ({"template": "jinja"}, "one of standard, slack, mail"),
        ({"team": "nobody"}, "no team 'nobody'"),
        ({"kinds": []}, "one or more of finding.confirmed"),
        ({"kinds": ["test"]}, "one or more of finding.confirmed"),
        ({"url": "mailto:a@b.org", "template": "mail"}, "IPAMWEB_SMTP_URL is not set"),
    ],
)
def test_what_cannot_be_made_is_said(ada, wish, why):
    with pytest.raises(Refused, match=why):
        make(ada, **wish)

    assert (Webhook.objects.count(), acts()) == (0, [])


def test_without_a_key_nothing_is_made(ada, settings):
    settings.IPAMWEB_ENCRYPTION_KEYS = {}

    with pytest.raises(Refused, match="IPAMWEB_ENCRYPTION_KEYS"):
        make(ada)

    assert (Webhook.objects.count(), acts()) == (0, [])


def test_a_change_is_told_as_before_and_after(ada):
    webhook, _ = make(ada)
    webhooks.change(webhook.pk, by=ada, name="night", kinds=["cluster.stale"])

    entry = AuditEntry.objects.order_by("sequence").last()
    changed = {
        name: (entry.before[name], value)
        for name, value in entry.after.items()
        if entry.before[name] != value
    }
    assert changed == {
        "name": ("pager", "night"),
        "kinds": (list(KINDS), ["cluster.stale"]),
    }


def test_that_a_url_was_changed_shows_also_on_the_same_host(ada):
    webhook, secret = make(ada)
    webhooks.change(webhook.pk, by=ada, url=f"{URL}2")

    webhook.refresh_from_db()
    assert seals.opened(webhook) == seals.Sealed(f"{URL}2", secret)
    assert AuditEntry.objects.order_by("sequence").last().after["url"] == "changed"


@pytest.mark.parametrize(
    "changes", [{"state": "active"}, {"state": "disabled"}, {"name": "pager"}]
)
def test_a_change_of_nothing_is_refused(ada, changes):
    webhook, _ = make(ada)

    with pytest.raises(Refused):
        webhooks.change(webhook.pk, by=ada, **changes)

    assert acts() == ["webhook.create"]


def test_to_resume_takes_away_why_it_was_disabled(ada):
    webhook, _ = make(ada)
    Webhook.objects.update(state="disabled", reason="dead", failing_since=cast.NOW)
    webhooks.change(webhook.pk, by=ada, state="active")

    webhook.refresh_from_db()
    assert (webhook.state, webhook.reason, webhook.failing_since) == (
        "active", "", None,
    )  # fmt: skip


def test_a_webhook_that_is_not_active_is_not_tested(ada):
    webhook, _ = make(ada)
    webhooks.change(webhook.pk, by=ada, state="paused")

    with pytest.raises(Refused, match="resume it first"):
        webhooks.test(webhook.pk, by=ada, now=cast.NOW)


def test_of_what_is_gone_nothing_can_be_done(ada):
    with pytest.raises(Refused, match="no such webhook any more"):
        webhooks.remove(4711, by=ada)


def test_a_webhook_goes_with_its_team_and_never_sees_more(ada):
    team = cast_people.team("ours")
    make(ada, team="ours")
    teams.remove(team, by=ada)

    assert Webhook.objects.count() == 0


def test_secrets_are_sealed_anew_with_the_first_key(ada, settings):
    webhook, secret = make(ada)
    new = {"new": bytes(range(1, 33))}
    settings.IPAMWEB_ENCRYPTION_KEYS = {**new, **settings.IPAMWEB_ENCRYPTION_KEYS}

    assert [seals.rotate(), seals.rotate()] == [1, 0]
    settings.IPAMWEB_ENCRYPTION_KEYS = new
    webhook.refresh_from_db()
    assert seals.opened(webhook).secret == secret
