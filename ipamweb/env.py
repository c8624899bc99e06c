"""Read settings from the environment: NAME, or the file that NAME_FILE points to.

A value that cannot be used stops start-up with the variable, the value and what would
have been accepted; a secret's value is never repeated. Not here: which settings there
are (settings.py), database URLs (database_url.py).
"""

import os
from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path
from urllib.parse import urlsplit

from django.core.exceptions import ImproperlyConfigured

TRUE_WORDS = ("1", "true", "yes", "on")
FALSE_WORDS = ("0", "false", "no", "off")


def env_str(name: str, default: str = "") -> str:
    """Return the text of a setting, or `default` where it is not set or empty."""
    return _read(name) or default


def env_secret(name: str) -> str:
    """Return a secret, "" where there is none."""
    return _read(name)


def env_bool(name: str, default: bool) -> bool:
    """Return a yes or a no; 1, true, yes, on and their opposites are understood."""
    word = _read(name).lower()
    if not word:
        return default
    if word in TRUE_WORDS:
        return True
    if word in FALSE_WORDS:
        return False
    raise _refused(name, word, f"one of {', '.join(TRUE_WORDS + FALSE_WORDS)}")


def env_int(
    name: str, default: int, *, minimum: int = 0, maximum: int | None = None
) -> int:
    """Return a whole number between `minimum` and `maximum`, both inclusive."""
    text = _read(name)
    if not text:
        return default
    accepted = f"a whole number of at least {minimum}"
    if maximum is not None:
        accepted = f"a whole number from {minimum} to {maximum}"
    try:
        number = int(text)
    except ValueError:
        raise _refused(name, text, accepted) from None
    if number < minimum or (maximum is not None and number > maximum):
        raise _refused(name, text, accepted)
    return number


def env_list(name: str, default: tuple[str, ...] = ()) -> list[str]:
    """Return the parts of a comma-separated setting, without blanks, in their order."""
    parts = [part.strip() for part in _read(name).split(",")]
    return [part for part in parts if part] or list(default)


def env_choice(name: str, default: str, *, choices: tuple[str, ...]) -> str:
    """Return one of `choices`."""
    word = env_str(name, default)
    if word not in choices:
        raise _refused(name, word, f"one of {', '.join(choices)}")
    return word


def env_issuer(name: str) -> str:
    """Return the URL of a provider of sign-ins as it is written, "" where none is set:
    it is compared with what the provider calls itself. On this machine also http."""
    url = _read(name)
    try:
        parts = urlsplit(url)
        host = parts.hostname or ""
    except ValueError:
        raise _refused(name, url, "an https:// URL") from None
    is_safe = parts.scheme == "https" or (
        parts.scheme == "http" and host in ("localhost", "127.0.0.1", "::1")
    )
    if url and not (is_safe and host) or parts.query or parts.fragment or "@" in url:
        raise _refused(name, url, "an https:// URL of a host and a path")
    return url


def env_networks(name: str) -> list[IPv4Network | IPv6Network]:
    """Return the networks of a setting; an address is a network of one."""
    try:
        return [ip_network(part) for part in env_list(name)]
    except ValueError as problem:
        accepted = f"addresses and networks with commas between ({problem})"
        raise _refused(name, _read(name), accepted) from None


def _read(name: str) -> str:
    """Return what NAME or the file of NAME_FILE holds, "" where neither is set."""
    path = os.environ.get(f"{name}_FILE", "")
    if not path:
        return os.environ.get(name, "").strip()
    if os.environ.get(name):
        raise ImproperlyConfigured(
            f"{name} and {name}_FILE are both set; set only one of them"
        )
    try:
        return Path(path).read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as problem:
        raise ImproperlyConfigured(
            f"{name}_FILE={path!r} cannot be read: {problem}"
        ) from problem


def _refused(name: str, value: str, accepted: str) -> ImproperlyConfigured:
    return ImproperlyConfigured(f"{name}={value!r} is not accepted: give {accepted}")
