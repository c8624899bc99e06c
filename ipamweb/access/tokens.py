"""API tokens, `ipw_<key>.<secret>`: made once, shown once, kept as a hash.

The secret has 256 random bits: a plain SHA-256 of it cannot be guessed back, and needs
no slow hash. The fixed beginning lets secret scanners find a token that leaked.
"""

import hashlib
import hmac
import re
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypedDict, Unpack

from django.core.exceptions import PermissionDenied
from django.db import transaction

from ipamweb.access import audit
from ipamweb.access.models import Token, User

FORM = re.compile(r"ipw_([0-9a-f]{12})\.([A-Za-z0-9_-]{43})")
USE_IS_NOTED_EVERY = timedelta(minutes=1)


class Terms(TypedDict, total=False):
    """`expires_at` None: it works until its user is switched off or it is revoked.
    Without `may_write` it only reads."""

    name: str
    expires_at: datetime | None
    may_write: bool


def create(
    user: User,
    *,
    now: datetime,
    by: User | None = None,
    made_by: Token | None = None,
    **terms: Unpack[Terms],
) -> str:
    """Write a token for a user and return its text, which nobody can see again.

    `by` None: a command made it. `made_by`: the token that asked, where one did: who
    revokes it because it leaked finds in the log what else was made with it. Raises
    PermissionDenied where the user was switched off since they were looked at.
    """
    key, secret = secrets.token_hex(6), secrets.token_urlsafe(32)
    with transaction.atomic():
        # Locked: it would be theirs when they are switched on again.
        same = User.objects.filter(pk=user.pk, is_active=True)
        if same.select_for_update(no_key=True).first() is None:
            raise PermissionDenied
        token = Token.objects.create(
            user=user, key=key, secret_hash=_hash(secret), created_at=now, **terms
        )
        facts = _facts(token) | ({"made_by": str(made_by)} if made_by else {})
        audit.record("token.create", by=by, subject=_subject(token), after=facts)
    return f"ipw_{key}.{secret}"


def revoke(user: User, key: str, *, by: User) -> bool:
    """Remove a token of a user; False where there is none of this key."""
    with transaction.atomic():
        # Locked: pressed twice at once, it is done and told of once.
        own = Token.objects.select_for_update().filter(user=user, key=key)
        token = own.first()
        if token is None:
            return False
        facts = _facts(token)
        audit.record("token.revoke", by=by, subject=_subject(token), before=facts)
        token.delete()
    return True


def _subject(token: Token) -> str:
    return f"token {token} of {token.user.get_username()}"


def _facts(token: Token) -> dict[str, object]:
    return {
        "name": token.name,
        "expires_at": token.expires_at,
        "may_write": token.may_write,
    }


def find(text: str, *, now: datetime) -> Token | None:
    """Return the token with its user, None where the text opens nothing.

    None for every reason alike: unknown, wrong secret, expired, its user switched off.
    Costs one query.
    """
    form = FORM.fullmatch(text)
    if form is None:
        return None
    token = Token.objects.select_related("user").filter(key=form[1]).first()
    if token is None or not hmac.compare_digest(token.secret_hash, _hash(form[2])):
        return None
    if token.expires_at is not None and token.expires_at <= now:
        return None
    return token if token.user.is_active else None


def note_use(token: Token, *, now: datetime) -> None:
    """Write when a token was last used, at most once a minute."""
    if token.last_used_at is None or now - token.last_used_at >= USE_IS_NOTED_EVERY:
        Token.objects.filter(pk=token.pk).update(last_used_at=now)


def _hash(secret: str) -> str:
    return hashlib.sha256(secret.encode("ascii")).hexdigest()


@dataclass(frozen=True, slots=True)
class TokenRow:
    """A token as its user may see it; never its secret, nor the hash of it."""

    key: str
    name: str
    may_write: bool
    created_at: datetime
    expires_at: datetime | None
    expired: bool
    last_used_at: datetime | None


def of_user(user: User, *, now: datetime) -> tuple[TokenRow, ...]:
    """Return a user's tokens, newest first. One query."""
    return tuple(
        TokenRow(
            key=token.key,
            name=token.name,
            may_write=token.may_write,
            created_at=token.created_at,
            expires_at=token.expires_at,
            expired=token.expires_at is not None and token.expires_at <= now,
            last_used_at=token.last_used_at,
        )
        for token in Token.objects.filter(user=user).order_by("-created_at", "-pk")
    )
