"""What is sealed opens for its purpose, with its key, and not otherwise."""

import pytest

from ipamweb.access import vault

ONE, OTHER = bytes(range(32)), bytes(range(1, 33))


@pytest.fixture(autouse=True)
def keys(settings):
    settings.IPAMWEB_ENCRYPTION_KEYS = {"k1": ONE}
    return settings


def test_a_secret_comes_back_for_its_purpose():
    sealed = vault.seal(b"token", purpose=b"prod")

    assert vault.unseal(sealed, purpose=b"prod") == b"token"
    assert sealed.startswith("v1:k1:")
    assert "token" not in sealed


def test_two_seals_of_one_secret_are_not_alike():
    assert vault.seal(b"a", purpose=b"p") != vault.seal(b"a", purpose=b"p")


def test_another_purpose_opens_nothing():
    sealed = vault.seal(b"token", purpose=b"prod")

    with pytest.raises(vault.Unreadable, match="for another URL, CA or name"):
        vault.unseal(sealed, purpose=b"evil")


def test_a_changed_text_opens_nothing():
    sealed = vault.seal(b"token", purpose=b"prod")
    changed = (
        sealed[:-6] + ("AAAA" if sealed[-6:-2] != "AAAA" else "BBBB") + sealed[-2:]
    )

    with pytest.raises(vault.Unreadable):
        vault.unseal(changed, purpose=b"prod")


def test_the_first_key_seals_and_every_key_opens(keys):
    old = vault.seal(b"token", purpose=b"prod")
    keys.IPAMWEB_ENCRYPTION_KEYS = {"k2": OTHER, "k1": ONE}

    assert vault.unseal(old, purpose=b"prod") == b"token"
    assert vault.key_of(vault.seal(b"token", purpose=b"prod")) == "k2"


def test_a_key_that_is_gone_is_named(keys):
    old = vault.seal(b"token", purpose=b"prod")
    keys.IPAMWEB_ENCRYPTION_KEYS = {"k2": OTHER}

    with pytest.raises(vault.NoKey, match="The key k1 is not in"):
        vault.unseal(old, purpose=b"prod")


def test_without_a_key_nothing_is_kept(keys):
    keys.IPAMWEB_ENCRYPTION_KEYS = {}

    with pytest.raises(vault.NoKey, match="IPAMWEB_ENCRYPTION_KEYS is not set"):
        vault.seal(b"token", purpose=b"prod")
