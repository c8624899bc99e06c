"""Settings come from the environment or from files; a bad one stops start-up."""

from ipaddress import ip_network

import pytest
from django.core.exceptions import ImproperlyConfigured

from ipamweb import env


@pytest.fixture
def setting(monkeypatch):
    """Set X to a value, or X_FILE to a file that holds it."""

    def set_it(value: str) -> None:
        monkeypatch.setenv("X", value)

    return set_it


@pytest.mark.parametrize("word", ["1", "true", "YES", "on"])
def test_a_yes_is_understood(setting, word):
    setting(word)

    assert env.env_bool("X", False) is True


@pytest.mark.parametrize("word", ["0", "false", "No", "off"])
def test_a_no_is_understood(setting, word):
    setting(word)

    assert env.env_bool("X", True) is False


def test_what_is_not_set_has_its_default(monkeypatch):
    monkeypatch.delenv("X", raising=False)

    assert env.env_bool("X", True) is True
    assert env.env_int("X", 7) == 7
    assert env.env_str("X", "a") == "a"
    assert env.env_list("X", ("a", "b")) == ["a", "b"]
    assert env.env_networks("X") == []


def test_an_empty_value_is_not_set(setting):
    setting("")

    assert env.env_int("X", 7) == 7


def test_a_list_has_commas_and_no_blanks(setting):
    setting(" a, b,,c ")

    assert env.env_list("X") == ["a", "b", "c"]


def test_an_address_is_a_network_of_one(setting):
    setting("10.0.0.1, fd00::/8")

    assert env.env_networks("X") == [ip_network("10.0.0.1/32"), ip_network("fd00::/8")]


@pytest.mark.parametrize(
    ("value", "read", "message"),
    [
        pytest.param(
            "maybe",
            lambda: env.env_bool("X", False),
            "X='maybe' is not accepted: give one of 1, true, yes, on, 0, false, no,"
            " off",
            id="bool",
        ),
        pytest.param(
            "ten",
            lambda: env.env_int("X", 1),
            "X='ten' is not accepted: give a whole number of at least 0",
            id="int",
        ),
        pytest.param(
            "0",
            lambda: env.env_int("X", 5, minimum=1, maximum=9),
            "X='0' is not accepted: give a whole number from 1 to 9",
            id="too small",
        ),
        pytest.param(
            "10",
            lambda: env.env_int("X", 5, minimum=1, maximum=9),
            "X='10' is not accepted: give a whole number from 1 to 9",
            id="too large",
        ),
        pytest.param(
            "big",
            lambda: env.env_choice("X", "a", choices=("a", "b")),
            "X='big' is not accepted: give one of a, b",
            id="choice",
        ),
    ],
)
def test_a_bad_value_names_variable_value_and_what_is_accepted(
    setting, value, read, message
):
    setting(value)

    with pytest.raises(ImproperlyConfigured) as problem:
        read()

    assert str(problem.value) == message


def test_a_network_with_host_bits_is_refused(setting):
    setting("10.0.0.5/24")

    with pytest.raises(ImproperlyConfigured, match="has host bits set"):
        env.env_networks("X")


def test_a_secret_is_read_from_the_file_that_is_named(monkeypatch, tmp_path):
    (tmp_path / "secret").write_text("s3cret\n")
    monkeypatch.setenv("X_FILE", str(tmp_path / "secret"))

    assert env.env_secret("X") == "s3cret"


def test_a_file_that_is_not_there_is_named(monkeypatch):
    monkeypatch.setenv("X_FILE", "/none/such")

    with pytest.raises(ImproperlyConfigured, match="X_FILE='/none/such' cannot"):
        env.env_secret("X")


def test_value_and_file_together_are_refused_without_the_value(monkeypatch, tmp_path):
    monkeypatch.setenv("X", "s3cret")
    monkeypatch.setenv("X_FILE", str(tmp_path / "secret"))

    with pytest.raises(ImproperlyConfigured) as problem:
        env.env_secret("X")

    assert str(problem.value) == "X and X_FILE are both set; set only one of them"
