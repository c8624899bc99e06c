"""The way to a provider and back, against a real one; and what is tried on the way."""

import hmac
import json
import socket

import jwt
import pytest
from cryptography.hazmat.primitives import serialization
from django.test import Client

from ipamweb.access import oidc_provider
from ipamweb.access.models import AuditEntry, User
from ipamweb.access.oidc_tokens import NotBelieved
from tests.access.oidc_flow import back, begin, sign_in
from tests.access.oidc_server import CLIENT_SECRET, KEY_ID, rsa_key
from tests.web.reading import text

pytestmark = pytest.mark.django_db


def refusal(answer):
    """Return the reason in the log, once nobody is signed in and no user was made."""
    assert answer.status_code in (403, 502), answer.status_code
    assert "_auth_user_id" not in answer.client.session
    assert not User.objects.exists()
    entry = AuditEntry.objects.get()
    assert (entry.act, entry.actor_id) == ("sign-in.refused", None)
    assert entry.origin == "127.0.0.1"
    return entry.after["reason"]


def test_who_the_provider_vouches_for_is_signed_in(client, provider):
    answer = sign_in(client, provider, next_path="/teams/")

    assert (answer.status_code, answer["Location"]) == (302, "/teams/")
    assert client.get("/account/").status_code == 200
    assert provider.asked == [
        "/realm/.well-known/openid-configuration",
        "/realm/.well-known/openid-configuration",
        "/realm/token",
        "/realm/keys",
    ]


def test_a_way_back_that_leads_elsewhere_is_not_taken(client, provider):
    answer = sign_in(client, provider, next_path="https://evil.example/")

    assert answer["Location"] == "/"


@pytest.mark.parametrize(
    ("claims", "reason"),
    [
        ({"iss": "https://evil.example"}, "another issuer made it"),
        ({"iss": None}, "a claim is missing"),
        ({"aud": "somebody-else"}, "it is for somebody else"),
        ({"aud": ["ipamweb", "somebody-else"]}, "it is for somebody else"),
        ({"azp": "somebody-else"}, "it is for somebody else"),
        ({"exp": 1_700_000_000}, "it has expired"),
        ({"exp": None}, "a claim is missing"),
        ({"iat": 4_000_000_000}, "it is of the future"),
        ({"nonce": None}, "its nonce is not that of this sign-in"),
        ({"nonce": "n" * 43}, "its nonce is not that of this sign-in"),
        ({"sub": ""}, "its subject is none"),
        ({"sub": None}, "a claim is missing"),
        ({"groups": {"admin": True}}, "its groups are no list of names"),
    ],
    ids=lambda value: str(value) if isinstance(value, dict) else "",
)
def test_a_token_that_says_something_else_is_refused(client, provider, claims, reason):
    provider.claims |= claims

    assert refusal(sign_in(client, provider)) == reason


def unsigned(claims):
    return jwt.encode(claims, None, algorithm="none", headers={"kid": KEY_ID})


def base64url(part):
    return jwt.utils.base64url_encode(json.dumps(part).encode())


def by_another_key(claims):
    return jwt.encode(claims, rsa_key(1), algorithm="RS256", headers={"kid": KEY_ID})


def by_an_unknown_key(claims):
    return jwt.encode(claims, rsa_key(1), algorithm="RS256", headers={"kid": "mine"})


@pytest.mark.parametrize(
    ("sign", "reason"),
    [
        (unsigned, "it is signed in a way that is not its key's"),
        (by_another_key, "its signature is not the provider's"),
        (by_an_unknown_key, "the provider has no such key"),
        (lambda _: "no.token.atall", "it cannot be read"),
    ],
)
def test_a_token_that_the_provider_did_not_sign_is_refused(
    client, provider, monkeypatch, sign, reason
):
    monkeypatch.setattr(provider, "sign", sign)

    assert refusal(sign_in(client, provider)) == reason


def test_the_public_key_is_no_shared_secret(client, provider, monkeypatch):
    """HS256 with the RSA key's public half as the secret, which everybody has."""
    public = provider.key.public_key().public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    )

    def sign(claims):
        head = base64url({"alg": "HS256", "kid": KEY_ID}) + b"." + base64url(claims)
        digest = hmac.digest(public, head, "sha256")
        return (head + b"." + jwt.utils.base64url_encode(digest)).decode()

    monkeypatch.setattr(provider, "sign", sign)

    reason = refusal(sign_in(client, provider))

    assert reason == "it is signed in a way that is not its key's"


def test_a_shared_secret_among_the_keys_is_not_taken(client, provider, monkeypatch):
    secret = {"kty": "oct", "k": "c2VjcmV0", "kid": KEY_ID, "alg": "HS256"}
    monkeypatch.setattr(provider, "jwks", lambda: {"keys": [secret]})

    reason = refusal(sign_in(client, provider))

    assert reason == "it is signed in a way that others can, too"


def test_a_state_is_good_once(client, provider):
    url = provider.authorize(begin(client))
    back(client, url)
    client.post("/logout/")

    answer = back(client, url)

    assert answer.status_code == 403
    assert "is over already" in text(answer)
    assert client.get("/account/").status_code == 302


def test_who_went_out_and_never_came_back_leaves_a_session_of_ten_minutes(
    client, provider
):
    begin(client)

    assert client.session.get_expiry_age() == 600


def test_a_state_is_good_only_in_the_browser_that_began(client, provider):
    url = provider.authorize(begin(client))

    reason = refusal(back(Client(), url))

    assert reason == "the state is not one of this browser"


def test_a_code_of_another_sign_in_is_worth_nothing_without_its_verifier(
    client, provider
):
    """The code of one browser put into the answer to another: PKCE is in the way."""
    stolen = provider.authorize(begin(Client())).split("code=")[1].split("&")[0]
    url = provider.authorize(begin(client))
    own = url.split("code=")[1].split("&")[0]

    reason = refusal(back(client, url.replace(own, stolen)))

    assert reason == "the provider gave no token for the code"


def test_an_answer_of_another_issuer_is_refused(client, provider):
    url = provider.authorize(begin(client)).replace("realm", "other")

    assert refusal(back(client, url)) == "the answer is not one to a sign-in"


@pytest.mark.parametrize(
    ("error", "words"),
    [
        ("access_denied", "single sign-on did not let you in: access_denied."),
        ("<b>call 555</b>", "did not let you in: an error that is not known."),
    ],
)
def test_an_error_of_the_provider_is_said_and_its_words_are_not(
    client, provider, error, words
):
    url = provider.authorize(begin(client))
    state = url.split("state=")[1].split("&")[0]

    answer = client.get(
        "/login/oidc/callback/",
        {"state": state, "error": error, "error_description": "call 555 now"},
    )

    assert words in text(answer)
    assert "555" not in text(answer)
    assert refusal(answer).startswith("the provider answered")


def test_a_provider_that_calls_itself_otherwise_is_not_asked_on(client, provider):
    provider.discovery = {"issuer": "https://evil.example"}

    reason = refusal(client.post("/login/oidc/"))

    assert reason == "the provider calls itself otherwise"
    assert len(provider.asked) == 1


def test_an_endpoint_of_another_kind_is_not_asked(client, provider, settings):
    provider.discovery = {"token_endpoint": "file:///etc/passwd"}
    settings.IPAMWEB_OIDC_NAME = "Keys"

    answer = client.post("/login/oidc/")

    assert "What Keys answered proves nothing" in text(answer)
    assert refusal(answer) == "the provider has no safe token_endpoint"


@pytest.mark.parametrize("name", oidc_provider.ENDPOINTS)
def test_an_endpoint_without_tls_is_not_asked(provider, settings, name):
    settings.IPAMWEB_OIDC_ISSUER = issuer = "https://id.example"
    safe = dict.fromkeys(oidc_provider.ENDPOINTS, "https://id.example/a")
    oidc_provider.check_discovery({"issuer": issuer, **safe})

    with pytest.raises(NotBelieved, match=f"no safe {name}"):
        oidc_provider.check_discovery(
            {"issuer": issuer, **safe, name: "http://id.example/a"}
        )


def test_the_secret_does_not_follow_a_redirect(client, provider):
    elsewhere = socket.create_server(("127.0.0.1", 0))
    elsewhere.setblocking(False)
    provider.redirect_token = f"http://127.0.0.1:{elsewhere.getsockname()[1]}/"

    reason = refusal(sign_in(client, provider))

    with pytest.raises(BlockingIOError):
        elsewhere.accept()
    elsewhere.close()
    assert reason == "the provider cannot be reached"


def test_a_provider_that_refuses_the_code_is_one_sentence(client, provider):
    provider.token_status = 400

    answer = sign_in(client, provider)

    assert "nobody was signed in" in text(answer)
    assert refusal(answer) == "the provider gave no token for the code"


def test_a_provider_that_cannot_be_reached_is_one_sentence(client, provider):
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]
    url = provider.authorize(begin(client))
    provider.discovery = {"token_endpoint": f"http://127.0.0.1:{port}/"}

    answer = back(client, url)

    assert answer.status_code == 502
    assert "single sign-on cannot be reached now. Try again later." in text(answer)
    assert client.get("/healthz/live").status_code == 200


def test_the_secret_of_the_client_is_seen_by_nobody(client, provider, caplog):
    provider.token_status = 400
    seen = [
        client.get("/login/").content.decode(),
        begin(client),
        sign_in(client, provider).content.decode(),
        caplog.text,
        str(list(AuditEntry.objects.values())),
        str(client.session.items()),
    ]

    assert [part for part in seen if CLIENT_SECRET in part] == []


def test_refusals_fill_no_log_without_end(client, provider):
    statuses = [client.get("/login/oidc/callback/").status_code for _ in range(8)]

    assert statuses == [403, 403, 403, 403, 403, 429, 429, 429]
    assert AuditEntry.objects.count() == 5


@pytest.mark.parametrize(
    "path",
    [
        "accounts/login/", "accounts/signup/", "accounts/social/login/",
        "accounts/oidc/oidc/login/", "accounts/email/", "login/oidc/signup/",
    ],
)  # fmt: skip
def test_no_page_of_allauth_can_be_reached(client, provider, path):
    client.force_login(User.objects.create_user("ada"))

    assert client.get(f"/{path}").status_code == 404


def test_without_a_provider_there_is_no_such_door(client):
    assert client.post("/login/oidc/").status_code == 404
    assert client.get("/login/oidc/callback/").status_code == 404
