"""Whether an id token is the provider's word, for us, now, and about this sign-in.

The signature is always checked, also of a token that came straight from the provider.
Not here: how it was fetched (oidc_provider.py).
"""

import hmac
from dataclasses import dataclass
from typing import Any

import jwt

# Only signatures that the provider alone can make: none of a shared secret, no "none".
ALGORITHMS = {
    "RS256", "RS384", "RS512", "PS256", "PS384", "PS512",
    "ES256", "ES384", "ES512", "EdDSA",
}  # fmt: skip
REQUIRED = ["iss", "sub", "aud", "exp", "iat"]
# Two clocks are never quite the same.
LEEWAY_SECONDS = 30
# OpenID Connect Core 1.0, section 2.
LONGEST_SUBJECT = 255
# The first that fits: the errors are of one family.
WHY_NOT = (
    (jwt.ExpiredSignatureError, "it has expired"),
    (jwt.ImmatureSignatureError, "it is of the future"),
    (jwt.InvalidIssuerError, "another issuer made it"),
    (jwt.InvalidAudienceError, "it is for somebody else"),
    (jwt.InvalidAlgorithmError, "it is signed in a way that is not its key's"),
    (jwt.InvalidSignatureError, "its signature is not the provider's"),
    (jwt.MissingRequiredClaimError, "a claim is missing"),
)


class NotBelieved(ValueError):
    """An id token that proves nothing, in words that hold nothing of it."""


@dataclass(frozen=True, slots=True)
class Expected:
    """What the token has to say, exactly."""

    issuer: str
    client_id: str
    nonce: str


def checked(token: str, *, keys: dict[str, Any], expected: Expected) -> dict[str, Any]:
    """Return the claims of an id token; `keys` is the provider's JWKS.

    Raises NotBelieved.
    """
    try:
        key = _key(jwt.get_unverified_header(token), keys)
        claims = jwt.decode(
            token,
            key=key.key,
            # Of the key, never of the token: nothing is left to who sent it.
            algorithms=[key.algorithm_name],
            issuer=expected.issuer,
            audience=expected.client_id,
            leeway=LEEWAY_SECONDS,
            options={"require": REQUIRED},
        )
    except jwt.PyJWTError as error:
        raise NotBelieved(_why(error)) from None
    _check_party(claims, expected.client_id)
    nonce = claims.get("nonce")
    if not isinstance(nonce, str) or not _same(nonce, expected.nonce):
        raise NotBelieved("its nonce is not that of this sign-in")
    subject = claims["sub"]
    if not isinstance(subject, str) or not 0 < len(subject) <= LONGEST_SUBJECT:
        raise NotBelieved("its subject is none")
    if not can_be_kept(subject):
        raise NotBelieved("its subject is none")
    return claims


def can_be_kept(text: str) -> bool:
    """Say whether databases keep a text: JSON may hold NUL, and half a character."""
    half = any("\ud800" <= character <= "\udfff" for character in text)
    return "\0" not in text and not half


def _check_party(claims: dict[str, Any], client_id: str) -> None:
    """A token for several, or for one on behalf of another, is not for us alone."""
    audience = claims["aud"]
    several = isinstance(audience, list) and len(audience) > 1
    if claims.get("azp", None if several else client_id) != client_id:
        raise NotBelieved("it is for somebody else")


def _key(header: dict[str, Any], keys: dict[str, Any]) -> jwt.PyJWK:
    """Return the one key that a token can be signed with."""
    listed = keys.get("keys")
    named = [
        each
        for each in (listed if isinstance(listed, list) else [])
        if isinstance(each, dict)
        and each.get("use", "sig") == "sig"
        and header.get("kid") in (None, each.get("kid"))
    ]
    if len(named) != 1:
        raise NotBelieved("the provider has no such key")
    key = jwt.PyJWK(named[0])
    if key.algorithm_name not in ALGORITHMS:
        raise NotBelieved("it is signed in a way that others can, too")
    return key


def _same(one: str, other: str) -> bool:
    return hmac.compare_digest(one.encode(), other.encode())


def _why(error: jwt.PyJWTError) -> str:
    fitting = (words for kind, words in WHY_NOT if isinstance(error, kind))
    return next(fitting, "it cannot be read")
