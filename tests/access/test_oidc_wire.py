"""What a provider of sign-ins may answer: in shape, in size, in time."""

import time

import pytest
from django.test import Client

from ipamweb.access import oidc_wire
from ipamweb.access.models import AuditEntry
from tests.access.oidc_flow import back, begin, sign_in
from tests.access.test_oidc_provider import refusal
from tests.web.reading import text

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    "said", [[], ["access_token"], "access_token", 7, {"access_token": 1}], ids=str
)
def test_an_answer_of_another_shape_is_one_sentence(client, provider, said):
    provider.token_answer = said

    answer = sign_in(client, provider)

    assert "proves nothing" in text(answer)
    assert refusal(answer)


def test_an_answer_that_does_not_say_what_it_is_is_one_sentence(client, provider):
    url = provider.authorize(begin(client))
    provider.token_type = ""

    assert refusal(back(client, url)) == "the provider's answer is of no known shape"


def test_a_discovery_document_that_is_none_is_one_sentence(
    client, provider, monkeypatch
):
    monkeypatch.setattr(provider, "document", lambda: ["issuer"])

    assert refusal(client.post("/login/oidc/"))


def test_an_answer_that_is_too_long_is_not_kept(client, provider):
    provider.discovery = {"more": "x" * oidc_wire.MOST_BYTES}

    reason = refusal(client.post("/login/oidc/"))

    assert reason == "the provider's answer is longer than 1 MiB"


def test_an_answer_that_stops_on_the_way_is_not_waited_for(
    client, provider, monkeypatch
):
    monkeypatch.setattr(oidc_wire, "LONGEST_SECONDS", 0.05)
    provider.stalls = True
    began = time.monotonic()

    reason = refusal(client.post("/login/oidc/"))

    assert time.monotonic() - began < 4
    assert reason == "the provider cannot be reached"


@pytest.mark.parametrize("claim", ["sub", "groups", "preferred_username"])
@pytest.mark.parametrize("sign", ["\0", "\ud800"], ids=["NUL", "half a pair"])
def test_what_no_database_keeps_is_no_error_of_ours(provider, claim, sign):
    said = f"a{sign}"
    provider.claims[claim] = [said] if claim == "groups" else said

    answer = sign_in(Client(), provider)

    assert answer.status_code == (403 if claim == "sub" else 302)
    assert AuditEntry.objects.exists()
