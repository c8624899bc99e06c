"""The key that signs sessions."""

import stat
import threading

import pytest
from django.core.exceptions import ImproperlyConfigured

from ipamweb import secret_key


def test_the_key_is_made_once_and_is_its_owners_alone(tmp_path):
    first = secret_key.kept_in(tmp_path / "data")

    file = tmp_path / "data" / "secret-key"
    assert secret_key.kept_in(tmp_path / "data") == first
    assert len(first) == 86
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_processes_that_start_together_agree_on_one_key(tmp_path):
    keys: list[str] = []
    threads = [
        threading.Thread(target=lambda: keys.append(secret_key.kept_in(tmp_path)))
        for _ in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert (len(keys), len(set(keys))) == (8, 1)
    assert [file.name for file in tmp_path.iterdir()] == ["secret-key"]


def test_a_short_key_is_refused(tmp_path):
    (tmp_path / "secret-key").write_text("short")

    with pytest.raises(ImproperlyConfigured, match="too short"):
        secret_key.kept_in(tmp_path)
    with pytest.raises(ImproperlyConfigured, match="has 5 characters"):
        secret_key.given("short")


def test_a_folder_that_cannot_be_made_is_named(tmp_path):
    (tmp_path / "file").write_text("")

    with pytest.raises(ImproperlyConfigured, match="cannot be read or made"):
        secret_key.kept_in(tmp_path / "file" / "data")
