"""What the door leaves in the audit log."""

import pytest

from ipamweb.access.models import AuditEntry
from tests import cast

pytestmark = pytest.mark.django_db
SECRET = "a-password-nobody-may-read"


def refused(client, name: str) -> dict[str, object]:
    """Return what a refused sign-in left."""
    client.post("/login/", {"username": name, "password": SECRET})
    return AuditEntry.objects.order_by("sequence").values().last()


def test_a_sign_in_says_who_and_from_where(client):
    cast.user()

    client.post(
        "/login/",
        {"username": "ada", "password": "difference-engine-1843"},
        REMOTE_ADDR="192.0.2.7",
    )

    entry = AuditEntry.objects.get()
    assert (entry.act, entry.actor_name, entry.origin) == (
        "sign-in",
        "ada",
        "192.0.2.7",
    )
    assert len(entry.request_id) == 16


def test_a_refused_sign_in_keeps_no_name_that_may_be_a_password(client):
    cast.user()

    known, unknown = refused(client, "ada"), refused(client, "correct horse")

    assert known["subject"] == "user ada"
    assert unknown["subject"] == "no user of the name typed"
    same = ("act", "actor_id", "actor_name", "before_text", "after_text", "origin")
    assert [known[name] for name in same] == [unknown[name] for name in same]
    assert known["act"] == "sign-in.refused"


def test_no_entry_holds_a_password(client):
    cast.user()

    assert SECRET not in str(refused(client, "ada"))


def test_a_form_that_is_not_filled_in_is_no_attempt(client):
    client.post("/login/", {"username": "ada"})

    assert not AuditEntry.objects.exists()
