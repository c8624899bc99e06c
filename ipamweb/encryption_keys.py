"""The keys that encrypt credentials at rest: given by the operator, or kept in a file.

`id:key` with commas or line ends between, each key 32 random bytes in base64. The first
encrypts; all of them decrypt, so that keys can be changed. None is built in.
"""

import base64
import binascii
import os
import re
import secrets
import tempfile
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured

KEY_BYTES = 32
# A key that somebody typed has fewer different bytes than 32 random ones ever have.
LEAST_DIFFERENT_BYTES = 16
_ID = re.compile(r"[A-Za-z0-9_-]{1,32}")


def parsed(text: str) -> dict[str, bytes]:
    """Return the keys by their ids, in order; raise ImproperlyConfigured."""
    keys: dict[str, bytes] = {}
    for number, part in enumerate(re.split(r"[\s,]+", text.strip()), start=1):
        if not part:
            continue
        name, _, encoded = part.partition(":")
        try:
            key = base64.b64decode(encoded, validate=True)
        except (binascii.Error, ValueError):
            key = b""
        if not _ID.fullmatch(name) or name in keys or len(key) != KEY_BYTES:
            raise ImproperlyConfigured(
                f"IPAMWEB_ENCRYPTION_KEYS: part {number} is no id:key with an id of its"
                f" own and {KEY_BYTES} random bytes in base64"
            )
        if len(set(key)) < LEAST_DIFFERENT_BYTES:
            raise ImproperlyConfigured(
                f"IPAMWEB_ENCRYPTION_KEYS: the key {name} is not random; make one with"
                " openssl rand -base64 32"
            )
        keys[name] = key
    return keys


def kept_in(directory: Path) -> dict[str, bytes]:
    """Return the keys of a data directory; make one where there is none yet."""
    path = directory / "encryption-keys"
    try:
        if not path.exists():
            _make(path)
        return parsed(path.read_text(encoding="ascii"))
    except OSError as problem:
        raise ImproperlyConfigured(
            f"the encryption keys {path} cannot be read or made: {problem}"
        ) from problem


def _make(path: Path) -> None:
    """Two processes that start together agree on one key, as with secret_key.py."""
    path.parent.mkdir(parents=True, exist_ok=True)
    key = base64.b64encode(secrets.token_bytes(KEY_BYTES)).decode()
    with tempfile.NamedTemporaryFile(dir=path.parent, prefix=".keys-") as file:
        os.fchmod(file.fileno(), 0o600)
        file.write(f"first:{key}\n".encode("ascii"))
        file.flush()
        try:
            os.link(file.name, path)
        except FileExistsError:
            return
