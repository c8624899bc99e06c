"""Secrets at rest: AES-GCM, bound to what they are for.

What is sealed for one purpose cannot be opened for another: the purpose is associated
data (RFC 5116), which is not kept with the secret but given again.
"""

import base64
import secrets

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings

NONCE_BYTES = 12
VERSION = "v1"


class NoKey(ValueError):
    """There is no key to seal or open with, as one sentence for a person."""


class Unreadable(ValueError):
    """What is sealed was changed, or is for another purpose."""


def seal(secret: bytes, *, purpose: bytes) -> str:
    """Return a secret as text that only its purpose and a key open. Raises NoKey."""
    for name, key in settings.IPAMWEB_ENCRYPTION_KEYS.items():
        nonce = secrets.token_bytes(NONCE_BYTES)
        sealed = AESGCM(key).encrypt(nonce, secret, purpose)
        return f"{VERSION}:{name}:{base64.b64encode(nonce + sealed).decode()}"
    raise NoKey("No credential can be kept: IPAMWEB_ENCRYPTION_KEYS is not set.")


def unseal(text: str, *, purpose: bytes) -> bytes:
    """Return what was sealed for a purpose. Raises NoKey or Unreadable."""
    version, _, rest = text.partition(":")
    name, _, encoded = rest.partition(":")
    if version != VERSION:
        raise Unreadable("The stored credential is not of a kind that is known here.")
    key = settings.IPAMWEB_ENCRYPTION_KEYS.get(name)
    if key is None:
        raise NoKey(f"The key {name} is not in IPAMWEB_ENCRYPTION_KEYS.")
    packed = base64.b64decode(encoded)
    try:
        return AESGCM(key).decrypt(packed[:NONCE_BYTES], packed[NONCE_BYTES:], purpose)
    except InvalidTag:
        raise Unreadable(
            "The stored credential was given for another URL, CA or name; give it"
            " again."
        ) from None


def key_of(text: str) -> str:
    """Return the id of the key that sealed a text."""
    return text.split(":")[1]


def first_key() -> str:
    """Return the id of the key that seals; "" where there is none."""
    return next(iter(settings.IPAMWEB_ENCRYPTION_KEYS), "")
