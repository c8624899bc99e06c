"""Signatures after the Standard Webhooks specification, version 1. Pure.

Source: github.com/standard-webhooks/standard-webhooks, spec/standard-webhooks.md: HMAC
with SHA-256 over `id.timestamp.body`, in base64 behind `v1,`; several with blanks.
"""

import base64
import hashlib
import hmac
import secrets
from collections.abc import Iterable

PREFIX = "whsec_"
# The specification asks for 24 to 64.
SECRET_BYTES = 32


def new_secret() -> str:
    return PREFIX + base64.b64encode(secrets.token_bytes(SECRET_BYTES)).decode()


def headers(
    body: bytes, *, uid: str, timestamp: int, keys: Iterable[str]
) -> dict[str, str]:
    """Return the headers of a message, with a signature for each secret."""
    signed = [signature(body, uid=uid, timestamp=timestamp, secret=key) for key in keys]
    return {
        "webhook-id": uid,
        "webhook-timestamp": str(timestamp),
        "webhook-signature": " ".join(signed),
    }


def signature(body: bytes, *, uid: str, timestamp: int, secret: str) -> str:
    key = base64.b64decode(secret.removeprefix(PREFIX))
    content = f"{uid}.{timestamp}.".encode() + body
    digest = hmac.new(key, content, hashlib.sha256).digest()
    return f"v1,{base64.b64encode(digest).decode()}"
