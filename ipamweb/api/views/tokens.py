"""A reader's own API tokens by REST. The text of one is in the answer that made it, and
nowhere again.
"""

from dataclasses import astuple
from datetime import datetime, timedelta
from typing import Any

from django.http import HttpResponse
from django.utils import timezone
from rest_framework.exceptions import NotFound
from rest_framework.request import Request
from rest_framework.serializers import (
    BooleanField,
    CharField,
    IntegerField,
    Serializer,
)

from ipamweb.access import tokens
from ipamweb.access.models import Token as TokenModel
from ipamweb.access.models import User
from ipamweb.access.tokens import TokenRow
from ipamweb.api.acting import Acting, answer
from ipamweb.api.errors import BadParameter
from ipamweb.api.question import Asked, ListQuestion, Question
from ipamweb.api.serializers import moment
from ipamweb.mirror.queries.clusters import ClusterRow
from ipamweb.mirror.queries.paging import Page

LONGEST_DAYS = 3650


class TokenShape(Serializer):
    key = CharField(help_text="`ipw_<key>` begins the token.")
    name = CharField()
    may_write = BooleanField()
    created_at = moment()
    expires_at = moment(allow_null=True, help_text="Null: until it is revoked.")
    last_used_at = moment(allow_null=True, help_text="To the minute.")


class NewToken(Serializer):
    name = CharField(default="", allow_blank=True, max_length=100)
    expires_days = IntegerField(
        default=90,
        allow_null=True,
        min_value=1,
        max_value=LONGEST_DAYS,
        help_text="Null: until it is revoked.",
    )
    may_write = BooleanField(default=False)


class MadeToken(TokenShape):
    token = CharField(help_text="Shown this once.")


class Tokens(Acting, ListQuestion):
    """The tokens of whoever asks, newest first; never their secrets."""

    serializer_class = TokenShape
    wishes = {"POST": NewToken}
    acted = {"POST": MadeToken}

    @staticmethod
    def row(token: TokenRow, _: ClusterRow | None) -> dict[str, Any]:
        return _row(token)

    def page(self, asked: Asked) -> Page[Any]:
        own = tokens.of_user(self.request.user, now=asked.now)
        return Page(rows=own, next="", previous="")

    def further_state(self, asked: Asked) -> object:
        return [astuple(row) for row in self.page(asked).rows]

    def post(self, request: Request) -> HttpResponse:
        """Make a token. One made by a token does not outlive it."""
        wish, now = self.wish(), timezone.now()
        days = wish["expires_days"]
        expires_at = now + timedelta(days=days) if days else None
        asked_by = self.request.auth
        made_by = asked_by if isinstance(asked_by, TokenModel) else None
        _check_end(expires_at, made_by)
        user: User = self.request.user
        text = tokens.create(
            user,
            now=now,
            by=user,
            made_by=made_by,
            name=wish["name"],
            expires_at=expires_at,
            may_write=wish["may_write"],
        )
        key = text.removeprefix("ipw_").partition(".")[0]
        made = next(each for each in tokens.of_user(user, now=now) if each.key == key)
        return answer({**_row(made), "token": text}, status=201)


class Token(Acting, Question):
    """A token of whoever asks."""

    serializer_class = TokenShape

    def found(self, asked: Asked) -> dict[str, Any] | None:
        own = tokens.of_user(self.request.user, now=asked.now)
        return next((_row(e) for e in own if e.key == asked.path["key"]), None)

    def further_state(self, asked: Asked) -> object:
        return self.found(asked)

    def delete(self, request: Request, key: str) -> HttpResponse:
        """Revoke a token of one's own: it opens nothing any more."""
        user: User = request.user
        if "\0" in key or not tokens.revoke(user, key, by=user):
            raise NotFound
        return answer(None)


def _check_end(expires_at: datetime | None, by: TokenModel | None) -> None:
    """Whoever found a token that expires keeps no door open with it."""
    if by is None or by.expires_at is None:
        return
    if expires_at is None or expires_at > by.expires_at:
        raise BadParameter(
            "expires_days: a token makes none that outlives it.",
            parameter="expires_days",
        )


def _row(token: TokenRow) -> dict[str, Any]:
    return {
        "key": token.key,
        "name": token.name,
        "may_write": token.may_write,
        "created_at": token.created_at,
        "expires_at": token.expires_at,
        "last_used_at": token.last_used_at,
    }
