"""Keys are random, named and given, or kept in a file of their own."""

import base64

import pytest
from django.core.exceptions import ImproperlyConfigured

from ipamweb import encryption_keys

ONE, OTHER = bytes(range(32)), bytes(range(1, 33))


def named(name: str, key: bytes) -> str:
    return f"{name}:{base64.b64encode(key).decode()}"


def test_keys_keep_their_order():
    text = f"{named('new', OTHER)},\n{named('old', ONE)}\n"

    assert list(encryption_keys.parsed(text).items()) == [("new", OTHER), ("old", ONE)]


def test_none_are_none():
    assert encryption_keys.parsed("") == {}


@pytest.mark.parametrize(
    "text",
    [
        "key", "k1:", "k1:!!!", named("k1", b"short"), named("", ONE),
        named("a b", ONE), f"{named('k1', ONE)},{named('k1', OTHER)}",
        named("k1", bytes(32)), named("k1", b"changeme" * 4),
    ],
)  # fmt: skip
def test_what_is_no_random_key_stops_the_start(text):
    with pytest.raises(ImproperlyConfigured, match="IPAMWEB_ENCRYPTION_KEYS"):
        encryption_keys.parsed(text)


def test_embedded_mode_makes_one_for_its_owner_only_and_keeps_it(tmp_path):
    first = encryption_keys.kept_in(tmp_path)

    assert encryption_keys.kept_in(tmp_path) == first
    assert [len(key) for key in first.values()] == [32]
    assert (tmp_path / "encryption-keys").stat().st_mode & 0o777 == 0o600
