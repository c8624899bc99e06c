"""Combinations of settings that cannot work."""

import pytest

from ipamweb import checks
from ipamweb.database_url import parse


@pytest.fixture
def configured(settings, monkeypatch):
    """Set mode, database and broker."""

    def configure(mode: str, database: str, broker: str) -> None:
        settings.IPAMWEB_MODE, settings.REDIS_URL = mode, broker
        monkeypatch.setitem(settings.DATABASES, "default", parse(database))

    return configure


def test_a_service_without_servers_between_its_processes_is_refused(configured):
    configured("service", "sqlite:///a", "")

    found = checks.check_service_mode(None)

    assert [check.id for check in found] == ["ipamweb.E001", "ipamweb.E002"]
    assert all(check.hint for check in found)


def test_a_service_with_them_is_fine(configured):
    configured("service", "postgres://u@h/n", "redis://redis")

    assert checks.check_service_mode(None) == []


def test_embedded_mode_needs_neither(configured):
    configured("embedded", "sqlite:///a", "")

    assert checks.check_service_mode(None) == []


@pytest.mark.parametrize(
    ("issuer", "client", "passwords", "ids"),
    [
        ("", "", True, []),
        ("https://id.example.org", "ipamweb", False, []),
        ("https://id.example.org", "", True, ["ipamweb.E003"]),
        ("", "", False, ["ipamweb.E004"]),
    ],
)
def test_somebody_has_to_be_able_to_sign_in(settings, issuer, client, passwords, ids):
    settings.IPAMWEB_OIDC_ISSUER, settings.IPAMWEB_OIDC_CLIENT_ID = issuer, client
    settings.IPAMWEB_PASSWORDS = passwords

    assert [check.id for check in checks.check_sign_in(None)] == ids
