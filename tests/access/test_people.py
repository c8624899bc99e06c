"""Acts on users: roles, and that who is switched off is out at once and for good."""

import pytest
from django.test import Client

from ipamweb.access import people, tokens
from ipamweb.access.audit_entry import AuditEntry
from ipamweb.access.models import User
from ipamweb.access.teams import Refused
from tests import cast
from tests.cast_people import PASSWORD, auditor, viewer

pytestmark = pytest.mark.django_db


def acts():
    return [entry.act for entry in AuditEntry.objects.order_by("sequence")]


def test_a_user_is_made_in_a_role():
    ada = cast.user()

    made = people.create("audrey", password=PASSWORD, role="auditor", by=ada)

    assert made.check_password(PASSWORD)
    assert (made.is_auditor, made.is_superuser, made.is_active) == (True, False, True)
    entry = AuditEntry.objects.get()
    assert (entry.act, entry.actor_name, entry.subject, entry.after) == (
        "user.create", "ada", "user audrey", {"role": "auditor"},
    )  # fmt: skip
    assert PASSWORD not in str(AuditEntry.objects.values().get())


@pytest.mark.parametrize(
    ("name", "password", "role", "why"),
    [
        ("ada", PASSWORD, "viewer", "There is a user ada already."),
        ("", PASSWORD, "viewer", "Enter a valid username"),
        ("a b", PASSWORD, "viewer", "Enter a valid username"),
        ("a" * 151, PASSWORD, "viewer", "at most 150 characters"),
        ("bob", "short", "viewer", "This password is too short"),
        ("bob", "password1234", "viewer", "This password is too common"),
        ("bob", PASSWORD, "root", "'root' is no role"),
    ],
)
def test_a_user_who_cannot_be_is_refused_in_a_sentence(name, password, role, why):
    cast.user()

    with pytest.raises(Refused, match=why):
        people.create(name, password=password, role=role, by=None)
    assert acts() == []


def test_a_role_is_changed_with_one_entry():
    vera = viewer("vera")

    people.set_role(vera.pk, "auditor", by=None)

    vera.refresh_from_db()
    assert vera.is_auditor
    entry = AuditEntry.objects.get()
    assert (entry.before, entry.after) == ({"role": "viewer"}, {"role": "auditor"})


def test_of_two_who_make_a_user_at_once_one_is_told(monkeypatch):
    monkeypatch.setattr(people, "validate_password", lambda *_: viewer("nora"))

    with pytest.raises(Refused, match="There is a user nora already."):
        people.create("nora", password=PASSWORD, role="admin", by=None)

    assert not User.objects.filter(is_superuser=True).exists()
    assert acts() == []


def test_a_name_is_kept_as_the_door_reads_it(client):
    """Of the ligature "ﬁ" the form makes two letters (NFKC)."""
    people.create(" ﬁona ", password=PASSWORD, role="viewer", by=None)

    client.post("/login/", {"username": "ﬁona", "password": PASSWORD})

    assert client.session["_auth_user_id"] == str(User.objects.get().pk)
    assert User.objects.get().username == "fiona"


def test_the_last_admin_stays_one():
    ada = cast.user()
    cast.user("idle")
    User.objects.filter(username="idle").update(is_active=False)

    for act in (
        lambda: people.set_role(ada.pk, "viewer", by=ada),
        lambda: people.switch_off(ada.pk, by=ada),
    ):
        with pytest.raises(Refused, match="This is the last admin"):
            act()
    ada.refresh_from_db()
    assert (ada.is_superuser, ada.is_active, acts()) == (True, True, [])


def test_who_is_switched_off_is_out_and_old_sessions_and_tokens_stay_dead():
    vera, client = viewer("vera"), Client()
    client.force_login(vera)
    text = tokens.create(vera, now=cast.NOW)

    people.switch_off(vera.pk, by=None)
    assert client.get("/").status_code == 302
    assert tokens.find(text, now=cast.NOW) is None

    people.switch_on(vera.pk, by=None)
    assert client.get("/").status_code == 302
    assert tokens.find(text, now=cast.NOW) is None
    assert Client().login(username="vera", password=PASSWORD)


def test_a_session_outlives_a_switch_of_another_user():
    vera, client = viewer("vera"), Client()
    client.force_login(vera)

    people.switch_off(auditor().pk, by=None)

    assert client.get("/").status_code == 200


def test_what_changes_nothing_is_refused():
    vera = viewer("vera")

    for act, why in (
        (lambda: people.set_role(vera.pk, "viewer", by=None), "vera is viewer already"),
        (lambda: people.switch_on(vera.pk, by=None), "vera is switched on already"),
        (lambda: people.switch_off(0, by=None), "There is no such user any more"),
    ):
        with pytest.raises(Refused, match=why):
            act()
    assert acts() == []
