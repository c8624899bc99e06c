"""Combinations of settings that cannot work, as system checks with an id and a hint."""

from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, register

from ipamweb import database_url


@register(Tags.compatibility)
def check_sign_in(app_configs: Any, **options: Any) -> Sequence[CheckMessage]:
    """Somebody has to be able to come in."""
    if settings.IPAMWEB_OIDC_ISSUER and not settings.IPAMWEB_OIDC_CLIENT_ID:
        return [
            Error(
                "a provider of sign-ins needs to know who asks it",
                hint="Set IPAMWEB_OIDC_CLIENT_ID to what the provider calls ipamweb.",
                id="ipamweb.E003",
            )
        ]
    if not settings.IPAMWEB_PASSWORDS and not settings.IPAMWEB_OIDC_ISSUER:
        return [
            Error(
                "without passwords and without a provider nobody can sign in",
                hint="Set IPAMWEB_OIDC_ISSUER, or IPAMWEB_PASSWORDS=yes.",
                id="ipamweb.E004",
            )
        ]
    return []


@register(Tags.compatibility)
def check_service_mode(app_configs: Any, **options: Any) -> Sequence[CheckMessage]:
    """Service mode spreads over hosts: its processes need servers between them."""
    if settings.IPAMWEB_MODE != "service":
        return []
    found: list[CheckMessage] = []
    if database_url.is_sqlite(settings.DATABASES["default"]):
        found.append(
            Error(
                "service mode needs PostgreSQL: SQLite serves one host",
                hint="Set DATABASE_URL=postgres://user:password@host:5432/name.",
                id="ipamweb.E001",
            )
        )
    if not settings.REDIS_URL:
        found.append(
            Error(
                "service mode needs Redis between its workers",
                hint="Set REDIS_URL=redis://:password@host:6379/0.",
                id="ipamweb.E002",
            )
        )
    return found
