"""Signing in and out, as the audit log has it, by whatever door it was done.

A refused sign-in keeps the name of a user, and nothing else that was typed: what is no
name may be a password, and an entry stays for ever.
"""

from typing import Any

from django.contrib.auth import BACKEND_SESSION_KEY
from django.contrib.auth.signals import (
    user_logged_in,
    user_logged_out,
    user_login_failed,
)
from django.db import transaction
from django.dispatch import receiver
from django.http import HttpRequest

from ipamweb.access import audit
from ipamweb.access.models import User

# Known by name: it is made of allauth, which wants all applications first.
OF_PROVIDER = "ipamweb.access.oidc_people.OfProvider"


@receiver(user_logged_in)
def _signed_in(user: User, request: HttpRequest | None = None, **_: Any) -> None:
    facts: audit.Facts = {}
    if request is not None and request.session.get(BACKEND_SESSION_KEY) == OF_PROVIDER:
        facts["after"] = {"by": "provider"}
    with transaction.atomic():
        audit.record("sign-in", by=user, subject=f"user {user.get_username()}", **facts)


@receiver(user_login_failed)
def _refused(credentials: dict[str, Any], **_: Any) -> None:
    typed = str(credentials.get("username", "")).replace("\0", "")
    is_name = User.objects.filter(username=typed).exists()
    subject = f"user {typed}" if is_name else "no user of the name typed"
    with transaction.atomic():
        audit.record("sign-in.refused", by=None, subject=subject)


@receiver(user_logged_out)
def _signed_out(user: User | None, **_: Any) -> None:
    if user is not None:
        with transaction.atomic():
            audit.record("sign-out", by=user, subject=f"user {user.get_username()}")
