"""The conversation with the provider of sign-ins (OpenID Connect), by allauth's flow.

allauth keeps the state and the PKCE verifier in the session and exchanges the code for
tokens; no page, form or table of it is used. Not here: what is believed of an id token
(oidc_tokens.py), how the provider is asked (oidc_wire.py), and what a sign-in does to
users (oidc_people.py).
"""

import logging
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from allauth.socialaccount.adapter import get_adapter
from allauth.socialaccount.models import SocialApp
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from allauth.socialaccount.providers.openid_connect.provider import (
    OpenIDConnectProvider,
)
from allauth.socialaccount.providers.openid_connect.views import (
    OpenIDConnectOAuth2Adapter,
)
from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.urls import reverse

from ipamweb.access import oidc_tokens
from ipamweb.access.oidc_tokens import Expected, NotBelieved

logger = logging.getLogger(__name__)

PROVIDER = "oidc"
ENDPOINTS = ("authorization_endpoint", "token_endpoint", "jwks_uri")
# How long allauth lets a state be good.
STATE_SECONDS = 600
# RFC 6749, section 4.1.2.1, and OpenID Connect Core 1.0, section 3.1.2.6.
KNOWN_ERRORS = {
    "access_denied", "account_selection_required", "consent_required",
    "interaction_required", "invalid_request", "invalid_scope", "login_required",
    "server_error", "temporarily_unavailable", "unauthorized_client",
    "unsupported_response_type",
}  # fmt: skip


class NotSignedIn(Exception):
    """A sign-in that ends here: one sentence for a person, the reason for the log.

    `subject` is the user, where it is known who wanted to come in.
    """

    def __init__(
        self, words: str, *, reason: str, status: int = 403, subject: str = ""
    ) -> None:
        super().__init__(words)
        self.words, self.reason, self.status = words, reason, status
        self.subject = subject or "nobody who is known"


@dataclass(frozen=True, slots=True)
class Who:
    """Whom the provider vouches for; `name` is what it calls them, and proves nothing.

    `next_path`: where the sign-in was begun.
    """

    issuer: str
    subject: str
    name: str
    groups: frozenset[str]
    next_path: str


class Conversation(OpenIDConnectOAuth2Adapter):
    def get_provider(self) -> "Provider":
        return _provider(self.request)

    def get_callback_url(self, request: HttpRequest, app: SocialApp) -> str:
        return request.build_absolute_uri(reverse("oidc_callback"))

    @property
    def openid_config(self) -> dict[str, Any]:
        """Return what the provider says of itself, once it is the one that is meant."""
        if not hasattr(self, "_openid_config"):
            check_discovery(super().openid_config)
        return super().openid_config

    def keys(self) -> dict[str, Any]:
        """Return the keys that the provider signs with. One request."""
        with get_adapter().get_requests_session() as session:
            response = session.get(self.openid_config["jwks_uri"])
            response.raise_for_status()
            found = response.json()
        return found if isinstance(found, dict) else {}


class Provider(OpenIDConnectProvider):
    oauth2_adapter_class = Conversation


def is_configured() -> bool:
    return bool(settings.IPAMWEB_OIDC_ISSUER)


def begin(request: HttpRequest, *, next_path: str) -> str:
    """Return where at the provider a browser goes. One request, to the provider.

    Raises NotSignedIn.
    """
    nonce = secrets.token_urlsafe(32)
    if not request.user.is_authenticated:
        # Anybody may press the button, and each press leaves a session.
        request.session.set_expiry(STATE_SECONDS)
    with _in_one_sentence():
        answer = _provider(request).redirect(
            request,
            process="login",
            data={"nonce": nonce, "next": next_path},
            auth_params={"nonce": nonce},
        )
    return answer["Location"]


def finish(request: HttpRequest) -> Who:
    """Return whom the provider vouches for, to the browser that began. Three requests.

    Raises NotSignedIn. A state is good once, also where the sign-in fails.
    """
    provider = _provider(request)
    state = _state(provider, request)
    _check_answer(request)
    with _in_one_sentence():
        conversation = provider.get_oauth2_adapter(request)
        client = conversation.get_client(request, provider.app)
        tokens = conversation.get_access_token_data(
            request,
            provider.app,
            client,
            pkce_code_verifier=state["pkce_code_verifier"],
        )
        given = tokens.get("id_token")
        if not isinstance(given, str):
            raise NotBelieved("there is none")
        expected = Expected(
            issuer=settings.IPAMWEB_OIDC_ISSUER,
            client_id=settings.IPAMWEB_OIDC_CLIENT_ID,
            nonce=state["data"]["nonce"],
        )
        claims = oidc_tokens.checked(given, keys=conversation.keys(), expected=expected)
        return Who(
            issuer=claims["iss"],
            subject=claims["sub"],
            name=_text(claims.get(settings.IPAMWEB_OIDC_NAME_CLAIM)),
            groups=_groups(claims.get(settings.IPAMWEB_OIDC_GROUPS_CLAIM)),
            next_path=state["data"]["next"],
        )


def _provider(request: HttpRequest) -> Provider:
    """Return the provider of the settings; nothing of it is in the database."""
    app = SocialApp(
        provider=Provider.id,
        provider_id=PROVIDER,
        name=settings.IPAMWEB_OIDC_NAME,
        client_id=settings.IPAMWEB_OIDC_CLIENT_ID,
        secret=settings.IPAMWEB_OIDC_CLIENT_SECRET,
        settings={
            "server_url": settings.IPAMWEB_OIDC_ISSUER.rstrip("/"),
            "oauth_pkce_enabled": True,
            "scope": sorted({"openid", *settings.IPAMWEB_OIDC_SCOPES}),
        },
    )
    return Provider(request, app=app)


def _state(provider: Provider, request: HttpRequest) -> dict[str, Any]:
    try:
        return provider.unstash_redirect_state(request, request.GET.get("state", ""))
    except PermissionDenied:
        raise NotSignedIn(
            "This sign-in was begun in another browser, too long ago, or is over"
            " already. Begin it again.",
            reason="the state is not one of this browser",
        ) from None


def _check_answer(request: HttpRequest) -> None:
    """Refuse what is no code of our provider. What it says in words is not shown: who
    made the link chose them."""
    error = request.GET.get("error")
    if error is not None:
        known = error if error in KNOWN_ERRORS else "an error that is not known"
        raise NotSignedIn(
            f"{settings.IPAMWEB_OIDC_NAME} did not let you in: {known}.",
            reason=f"the provider answered {known}",
        )
    # RFC 9207: an answer that names its issuer names the one that was asked.
    issuer = settings.IPAMWEB_OIDC_ISSUER
    if request.GET.get("iss", issuer) != issuer or not request.GET.get("code"):
        raise _not_believed("the answer is not one to a sign-in")


def check_discovery(config: Any) -> None:
    """Raise NotBelieved where a discovery document is not that of the provider that is
    meant, or leads where everybody may read along."""
    issuer = settings.IPAMWEB_OIDC_ISSUER
    if not isinstance(config, dict) or config.get("issuer") != issuer:
        raise NotBelieved("the provider calls itself otherwise")
    begins = ("https://", "http://") if issuer.startswith("http://") else "https://"
    for name in ENDPOINTS:
        if not str(config.get(name, "")).startswith(begins):
            raise NotBelieved(f"the provider has no safe {name}")


@contextmanager
def _in_one_sentence() -> Iterator[None]:
    """Turn whatever goes wrong on the way to the provider into NotSignedIn."""
    try:
        yield
    except NotBelieved as error:
        raise _not_believed(str(error)) from None
    except OAuth2Error:
        # Not chained and not quoted: it holds what the provider answered.
        logger.warning("The provider of sign-ins gave no token for a code")
        raise _not_believed("the provider gave no token for the code") from None
    except ValueError:
        raise _not_believed("the provider's answer is no JSON") from None
    except (AttributeError, LookupError, TypeError):
        # allauth takes an answer for what it should be: an object, with its headers.
        raise _not_believed("the provider's answer is of no known shape") from None
    except OSError as error:
        # Every error of requests is one.
        logger.warning("The provider of sign-ins: %s", type(error).__name__)
        raise NotSignedIn(
            f"{settings.IPAMWEB_OIDC_NAME} cannot be reached now. Try again later.",
            reason="the provider cannot be reached",
            status=502,
        ) from None


def _not_believed(reason: str) -> NotSignedIn:
    logger.warning("A sign-in by the provider is not believed: %s", reason)
    return NotSignedIn(
        f"What {settings.IPAMWEB_OIDC_NAME} answered proves nothing, and nobody was"
        " signed in. Try again, or tell an admin.",
        reason=reason,
    )


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""


def _groups(value: Any) -> frozenset[str]:
    """Return the names in a claim of groups: a list, or one name; no claim, none.

    What no team and no setting can be given is left out."""
    names = [value] if isinstance(value, str) else value or []
    if not isinstance(names, list) or not all(isinstance(each, str) for each in names):
        raise NotBelieved("its groups are no list of names")
    return frozenset(each for each in names if each and oidc_tokens.can_be_kept(each))
