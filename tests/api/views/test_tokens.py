"""One's own tokens by REST: their text is told once, and nobody else's are there."""

import pytest
from django.utils import timezone

from ipamweb.access import tokens
from ipamweb.access.models import AuditEntry, Token, User
from tests import cast
from tests.api.sending import bearer, send
from tests.cast_people import viewer

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def stopped_clock(monkeypatch):
    monkeypatch.setattr(timezone, "now", lambda: cast.NOW)


def test_a_token_is_told_once_and_opens(reader, client):
    made = send(reader.client, "post", "tokens/", {"name": "grafana"})

    body = made.json()
    assert (made.status_code, made["Cache-Control"]) == (201, "no-store")
    assert (body["may_write"], body["expires_at"]) == (False, "2027-02-20T14:00:05Z")
    listed = reader.get("tokens/").content.decode()
    assert body["key"] in listed
    assert body["token"].partition(".")[2] not in listed
    client.logout()
    answer = client.get("/api/v1/teams/", headers=bearer(body["token"]))
    assert answer.status_code == 200


def test_a_revoked_token_opens_nothing(reader, client):
    made = send(reader.client, "post", "tokens/", {"may_write": True}).json()

    assert send(reader.client, "delete", f"tokens/{made['key']}/").status_code == 204

    client.logout()
    headers = bearer(made["token"])
    assert client.get("/api/v1/teams/", headers=headers).status_code == 401


def test_anothers_token_is_not_there(reader):
    tokens.create(viewer("vera"), now=cast.NOW)
    key = Token.objects.get().key

    assert reader.results("tokens/") == []
    assert reader.get(f"tokens/{key}/").status_code == 404
    assert send(reader.client, "delete", f"tokens/{key}/").status_code == 404
    assert Token.objects.exists()


@pytest.mark.parametrize(
    ("days", "status"), [(10, 201), (30, 201), (31, 400), (None, 400)]
)
def test_a_token_makes_none_that_outlives_it(reader, client, days, status):
    by_hand = {"expires_days": 30, "may_write": True}
    made = send(reader.client, "post", "tokens/", by_hand).json()
    client.logout()

    answer = send(
        client, "post", "tokens/", {"expires_days": days},
        headers=bearer(made["token"]),
    )  # fmt: skip

    assert answer.status_code == status


def test_the_log_says_which_token_made_another(reader, client):
    made = send(reader.client, "post", "tokens/", {"may_write": True}).json()
    client.logout()

    send(client, "post", "tokens/", headers=bearer(made["token"]))

    by_hand, by_token = AuditEntry.objects.filter(act="token.create").order_by("pk")
    assert "made_by" not in by_hand.after
    assert by_token.after["made_by"] == f"ipw_{made['key']}"


def test_a_token_that_only_reads_makes_none(reader, client):
    ada = User.objects.get()
    text = tokens.create(ada, now=cast.NOW)
    client.logout()

    assert send(client, "post", "tokens/", headers=bearer(text)).status_code == 403
    assert Token.objects.count() == 1


@pytest.mark.parametrize(
    "body", [{"expires_days": 0}, {"expires_days": 4000}, {"user": "ada"}]
)
def test_a_token_that_cannot_be_is_refused(reader, body):
    assert send(reader.client, "post", "tokens/", body).status_code == 400
    assert not Token.objects.exists()
