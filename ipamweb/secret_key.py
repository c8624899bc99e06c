"""The key that signs sessions: given by the operator, or kept in the data directory.

Embedded mode makes one at first start, readable by its owner only. None is built in.
"""

import os
import secrets
import tempfile
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured

MINIMUM_LENGTH = 50


def given(key: str) -> str:
    """Return the operator's key; raise ImproperlyConfigured where it is none."""
    if len(key) < MINIMUM_LENGTH:
        raise ImproperlyConfigured(
            f"IPAMWEB_SECRET_KEY has {len(key)} characters: give at least"
            f" {MINIMUM_LENGTH} random ones, best by IPAMWEB_SECRET_KEY_FILE"
        )
    return key


def kept_in(directory: Path) -> str:
    """Return the key of a data directory; make it where there is none yet.

    Two processes that start together agree on one key: the file is complete before it
    gets its name, and the name is given only once.
    """
    path = directory / "secret-key"
    try:
        if not path.exists():
            _make(path)
        key = path.read_text(encoding="ascii").strip()
    except OSError as problem:
        raise ImproperlyConfigured(
            f"the secret key {path} cannot be read or made: {problem}"
        ) from problem
    if len(key) < MINIMUM_LENGTH:
        raise ImproperlyConfigured(
            f"the secret key {path} is too short; remove it to have a new one made"
        )
    return key


def _make(path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile(dir=path.parent, prefix=".secret-key-") as file:
        os.fchmod(file.fileno(), 0o600)
        file.write(secrets.token_urlsafe(64).encode("ascii"))
        file.flush()
        try:
            os.link(file.name, path)
        except FileExistsError:
            return
