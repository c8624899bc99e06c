import re
from datetime import timedelta

import pytest
from django.test import Client

from ipamweb.access import tokens
from ipamweb.access.audit_entry import AuditEntry
from ipamweb.access.models import Token, User
from tests import cast
from tests.cast_people import team
from tests.web.reading import text

OLD = "difference-engine-1843"
NEW = "analytical-engine-1837"


def test_pages_ask_for_a_sign_in(everybody, client):
    response = client.get("/clusters/prod-eu/")

    assert response.status_code == 302
    assert response["Location"] == "/login/?next=/clusters/prod-eu/"


def test_signing_in_leads_back_to_where_one_was_going(everybody, client):
    cast.user()

    response = client.post(
        "/login/", {"username": "ada", "password": OLD, "next": "/clusters/prod-eu/"}
    )

    assert response["Location"] == "/clusters/prod-eu/"


def test_a_sign_in_does_not_lead_to_other_sites(db, client):
    cast.user()

    response = client.post(
        "/login/", {"username": "ada", "password": OLD, "next": "https://example.org/"}
    )

    assert response["Location"] == "/"


def test_a_wrong_password_says_so_and_not_which_was_wrong(db, client):
    response = client.post("/login/", {"username": "ada", "password": "wrong"})

    assert "This name and password do not match." in text(response)


def test_signing_out_ends_the_session(reader):
    assert reader.post("/logout/")["Location"] == "/login/"
    assert reader.get("/").status_code == 302


def test_a_form_from_elsewhere_is_refused_in_a_sentence(db):
    response = Client(enforce_csrf_checks=True).post("/login/", {"username": "ada"})

    assert response.status_code == 403
    assert "The form was too old, or came from another site." in text(response)


def test_the_password_is_changed_and_the_session_goes_on(reader):
    response = reader.post(
        "/account/",
        {"old_password": OLD, "new_password1": NEW, "new_password2": NEW},
        follow=True,
    )

    assert "Your password was changed." in text(response)
    assert User.objects.get(username="ada").check_password(NEW)


def test_a_wrong_old_password_changes_nothing(reader):
    response = reader.post(
        "/account/",
        {"old_password": "wrong", "new_password1": NEW, "new_password2": NEW},
    )

    assert "Your old password was entered incorrectly." in text(response)
    assert User.objects.get(username="ada").check_password(OLD)


def test_tokens_are_listed_without_their_secrets(reader):
    ada = User.objects.get(username="ada")
    made = cast.NOW - timedelta(days=3)
    key, _, secret = tokens.create(
        ada, now=made, name="grafana", expires_at=cast.NOW - timedelta(days=1)
    ).partition(".")

    response = reader.get("/account/")

    assert f"{key}.… grafana read 3 d ago expired 1 d ago never" in text(response)
    assert secret not in response.content.decode()


def test_tokens_of_others_are_not_listed(reader):
    tokens.create(cast.user("bob"), now=cast.NOW, name="of bob")

    assert "You have no token." in text(reader.get("/account/"))


def test_a_token_is_shown_once_and_reads_unless_asked_otherwise(reader):
    answer = reader.post("/account/", {"act": "token", "name": "ci", "days": "7"})

    (made,) = re.findall(r"ipw_[0-9a-f]{12}\.[\w-]{43}", text(answer))
    token = tokens.find(made, now=cast.NOW)
    assert (token.name, token.may_write) == ("ci", False)
    assert token.expires_at == cast.NOW + timedelta(days=7)
    assert "no-store" in answer["Cache-Control"]
    assert made not in reader.get("/account/").content.decode()


def test_a_token_may_write_and_last_for_ever_where_that_is_asked(reader):
    reader.post("/account/", {"act": "token", "days": "never", "may_write": "1"})

    token = Token.objects.get()
    assert (token.may_write, token.expires_at) == (True, None)
    assert "read and write" in text(reader.get("/account/"))


@pytest.mark.parametrize(
    "form", [{"days": "8"}, {"days": "7", "name": "x" * 101}, {}, {"days": "-1"}]
)
def test_a_token_that_cannot_be_is_refused(reader, form):
    answer = reader.post("/account/", {"act": "token", "name": "ci", **form})

    assert (answer.status_code, Token.objects.count()) == (400, 0)


def test_a_token_is_revoked_with_one_entry_and_by_its_owner_alone(reader):
    ada, bob = User.objects.get(username="ada"), cast.user("bob")
    mine = tokens.create(ada, now=cast.NOW)
    others = tokens.create(bob, now=cast.NOW)

    for each in (mine, others):
        reader.post("/account/", {"act": "revoke", "key": each[4:16]})

    assert tokens.find(mine, now=cast.NOW) is None
    assert tokens.find(others, now=cast.NOW) is not None
    assert AuditEntry.objects.filter(act="token.revoke").count() == 1


def test_a_user_sees_their_teams(everybody, reader):
    team("web", User.objects.get(username="ada"))

    page = text(reader.get("/account/"))

    assert "Your teams Web" in page
    assert "Platform" not in page
