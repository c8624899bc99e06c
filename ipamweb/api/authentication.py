"""Sign in by `Authorization: Bearer ipw_<key>.<secret>`.

A token that opens nothing is 401, whatever else the request carries: it never falls
back to a session or to nobody.
"""

from django.utils import timezone
from rest_framework.authentication import BaseAuthentication
from rest_framework.exceptions import AuthenticationFailed, PermissionDenied
from rest_framework.permissions import SAFE_METHODS, BasePermission
from rest_framework.request import Request

from ipamweb.access import tokens
from ipamweb.access.models import Token, User


class TokenAuthentication(BaseAuthentication):
    def authenticate(self, request: Request) -> tuple[User, Token] | None:
        """Return the user of the token; None where the request carries no token."""
        scheme, _, text = request.headers.get("Authorization", "").partition(" ")
        if scheme.lower() != "bearer":
            return None
        now = timezone.now()
        token = tokens.find(text.strip(), now=now)
        if token is None:
            raise AuthenticationFailed("This token is unknown, expired or revoked.")
        tokens.note_use(token, now=now)
        return token.user, token

    def authenticate_header(self, request: Request) -> str:
        return 'Bearer realm="ipamweb"'


class TokenMayWrite(BasePermission):
    """A token reads, unless it was made to write as well. Sessions may do both."""

    def has_permission(self, request: Request, view: object) -> bool:
        token = request.auth
        if request.method in SAFE_METHODS or not isinstance(token, Token):
            return True
        if not token.may_write:
            raise PermissionDenied("This token may only read.")
        return True
