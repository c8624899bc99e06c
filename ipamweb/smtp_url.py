"""Reads the URL of a mail server: smtps://user:password@host:465 and its kin.

Not here: where the text comes from (env.py), which mails are sent (events/mails.py).
"""

from typing import Any
from urllib.parse import unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

# Scheme: the port that is meant where none is given, and how TLS begins.
SCHEMES: dict[str, tuple[int, dict[str, bool]]] = {
    "smtps": (465, {"EMAIL_USE_SSL": True, "EMAIL_USE_TLS": False}),
    "smtp+starttls": (587, {"EMAIL_USE_SSL": False, "EMAIL_USE_TLS": True}),
    "smtp": (25, {"EMAIL_USE_SSL": False, "EMAIL_USE_TLS": False}),
}


def parse(url: str) -> dict[str, Any]:
    """Return Django's EMAIL_… settings; raise ImproperlyConfigured, without the
    password, for what is no such URL."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise _refused() from None
    if parts.scheme not in SCHEMES or not parts.hostname or parts.path.strip("/"):
        raise _refused()
    usual_port, tls = SCHEMES[parts.scheme]
    return {
        "EMAIL_HOST": parts.hostname,
        "EMAIL_PORT": port or usual_port,
        "EMAIL_HOST_USER": unquote(parts.username or ""),
        "EMAIL_HOST_PASSWORD": unquote(parts.password or ""),
        **tls,
    }


def _refused() -> ImproperlyConfigured:
    return ImproperlyConfigured(
        "IPAMWEB_SMTP_URL is not accepted: give smtps://user:password@host:465,"
        " smtp+starttls://user:password@host:587 or smtp://host:25"
    )
