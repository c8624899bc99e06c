"""What is done to users. At first start nobody could sign in: a first user is made.

The password comes from DJANGO_SUPERUSER_PASSWORD, else it is made here, and returned
once so that it can be printed.
"""

import secrets
from dataclasses import dataclass

from django.db import transaction

from ipamweb.access import audit
from ipamweb.access.models import User

FIRST_NAME = "admin"


@dataclass(frozen=True, slots=True)
class FirstUser:
    """`password` is empty where its owner chose it."""

    name: str
    password: str


def make_first_user(*, name: str, password: str, email: str) -> FirstUser | None:
    """Write the first user; None where there is one already."""
    made = "" if password else secrets.token_urlsafe(12)
    with transaction.atomic():
        if User.objects.exists():
            return None
        user = User(
            username=name or FIRST_NAME, email=email, is_staff=True, is_superuser=True
        )
        user.set_password(password or made)
        user.save()
        audit.record(
            "user.create",
            by=None,
            subject=f"user {user.username}",
            after={"superuser": True, "password_chosen_by": "us" if made else "owner"},
        )
    return FirstUser(name=user.username, password=made)
