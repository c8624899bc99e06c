"""The settings of both modes."""

import re
import runpy
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from celery import Celery
from django.core.exceptions import ImproperlyConfigured

from ipamweb.events.deliver import PAUSES

SETTINGS = str(Path(__file__).parent.parent / "ipamweb" / "settings.py")
SERVICE = {
    "IPAMWEB_MODE": "service",
    "IPAMWEB_SECRET_KEY": "k" * 50,
    "IPAMWEB_ALLOWED_HOSTS": "ipam.example.org",
    "DATABASE_URL": "postgres://ipamweb:password@db/ipamweb",
    "REDIS_URL": "redis://:password@redis:6379/0",
}


@pytest.fixture
def settings_of(monkeypatch, tmp_path):
    """Return the settings that an environment leads to."""

    def read(**environment: str) -> dict[str, Any]:
        for name, value in {"IPAMWEB_DATA_DIR": str(tmp_path), **environment}.items():
            monkeypatch.setenv(name, value)
        return runpy.run_path(SETTINGS)

    return read


def test_embedded_mode_needs_no_setting(settings_of, tmp_path):
    settings = settings_of()

    assert settings["DATABASES"]["default"]["NAME"] == str(tmp_path / "ipamweb.sqlite3")
    assert len(settings["SECRET_KEY"]) == 86
    assert (settings["IPAMWEB_HTTPS"], settings["DEBUG"]) == (False, False)
    assert settings["IPAMWEB_RETENTION_DAYS"] == 30
    assert settings["IPAMWEB_RETENTION_ROWS"] == 5_000_000


def test_events_are_kept_for_longer_than_they_are_tried(settings_of):
    assert sum(PAUSES, timedelta(hours=len(PAUSES))) < timedelta(days=5)
    with pytest.raises(ImproperlyConfigured, match="IPAMWEB_EVENT_DAYS"):
        settings_of(IPAMWEB_EVENT_DAYS="4")


def test_service_mode_speaks_https_only_and_keeps_long(settings_of):
    settings = settings_of(**SERVICE)

    for name in ("SESSION_COOKIE_SECURE", "CSRF_COOKIE_SECURE", "SECURE_SSL_REDIRECT"):
        assert settings[name] is True
    assert settings["SECURE_HSTS_SECONDS"] == 31_536_000
    assert settings["IPAMWEB_RETENTION_DAYS"] == 400
    assert settings["IPAMWEB_RETENTION_ROWS"] == 0


def test_a_mail_server_is_named_by_one_url(settings_of):
    url = "smtp+starttls://ipam%40web:p%2Fw@mail.example.org"
    settings = settings_of(IPAMWEB_SMTP_URL=url, IPAMWEB_MAIL_FROM="ipam@example.org")

    names = ("HOST", "PORT", "HOST_USER", "HOST_PASSWORD", "USE_TLS", "USE_SSL")
    assert [settings[f"EMAIL_{name}"] for name in names] == [
        "mail.example.org", 587, "ipam@web", "p/w", True, False,
    ]  # fmt: skip
    assert settings["DEFAULT_FROM_EMAIL"] == "ipam@example.org"


def test_what_is_sent_links_to_the_site_as_others_reach_it(settings_of):
    settings = settings_of(IPAMWEB_PUBLIC_URL="https://ipam.example.org/")

    assert settings["IPAMWEB_PUBLIC_URL"] == "https://ipam.example.org"


def test_probes_and_metrics_are_not_led_to_https(settings_of):
    exempt = settings_of(**SERVICE)["SECURE_REDIRECT_EXEMPT"]

    asked = ("healthz/live", "metrics", "metrics/x", "api/v1/metrics", "login/")
    assert [any(re.search(each, path) for each in exempt) for path in asked] == [
        True, True, False, False, False,
    ]  # fmt: skip


def test_service_mode_has_no_default_key(settings_of):
    with pytest.raises(ImproperlyConfigured, match="IPAMWEB_SECRET_KEY has 0"):
        settings_of(IPAMWEB_MODE="service")


def test_an_unknown_mode_is_refused(settings_of):
    with pytest.raises(ImproperlyConfigured, match="give one of embedded, service"):
        settings_of(IPAMWEB_MODE="production")


def test_the_site_may_live_under_a_path(settings_of):
    settings = settings_of(IPAMWEB_SUB_PATH="/ipam/")

    assert settings["FORCE_SCRIPT_NAME"] == "/ipam"
    assert settings["STATIC_URL"] == "/ipam/static/"
    assert settings["SESSION_COOKIE_PATH"] == settings["CSRF_COOKIE_PATH"] == "/ipam"


def test_forwarded_hosts_are_read_behind_a_trusted_proxy_only(settings_of):
    assert settings_of()["USE_X_FORWARDED_HOST"] is False
    assert settings_of(IPAMWEB_TRUSTED_PROXIES="10.0.0.0/8")["USE_X_FORWARDED_HOST"]


@pytest.fixture
def celery_settings(settings_of) -> Any:
    """The settings as Celery understands them, not as we spell them."""
    settings = settings_of(**SERVICE)
    application = Celery("test", set_as_current=False)
    given = {name: value for name, value in settings.items() if name.isupper()}
    application.config_from_object(given, namespace="CELERY", force=True)
    return application.conf


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("broker_url", "redis://:password@redis:6379/0"),
        ("visibility_timeout", 1800),
        ("result_backend_transport_options", {"visibility_timeout": 1800}),
        ("task_time_limit", 600),
        ("task_soft_time_limit", 540),
        ("task_acks_late", True),
        ("task_reject_on_worker_lost", True),
        ("worker_prefetch_multiplier", 1),
        ("worker_max_memory_per_child", 400_000),
        ("worker_soft_shutdown_timeout", 30),
        ("task_ignore_result", True),
        ("result_backend", None),
        ("accept_content", ["json"]),
        ("task_serializer", "json"),
        ("broker_connection_retry_on_startup", True),
    ],
)
def test_a_task_can_neither_run_twice_nor_hang_unseen(celery_settings, name, value):
    assert celery_settings[name] == value


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("visibility_timeout", 1800),
        ("socket_connect_timeout", 5),
        ("socket_keepalive", True),
        ("health_check_interval", 25),
        ("retry_on_timeout", True),
        ("unacked_restore_throttle", 1),
        ("global_keyprefix", "ipam:"),
    ],
)
def test_the_broker_is_not_waited_for_without_end(celery_settings, name, value):
    assert celery_settings["broker_transport_options"][name] == value


def test_a_backlog_of_the_clock_collapses(celery_settings):
    for entry in celery_settings["beat_schedule"].values():
        assert entry["options"]["expires"] == entry["schedule"]


def test_a_hard_limit_ends_a_task_before_its_message_comes_again(celery_settings):
    limit, comes_again = 600, 1800

    assert celery_settings["task_time_limit"] == limit < comes_again / 2


def test_no_provider_signs_anybody_in_unless_it_is_named(settings_of):
    settings = settings_of()

    assert settings["IPAMWEB_OIDC_ISSUER"] == settings["IPAMWEB_OIDC_CLIENT_ID"] == ""
    assert settings["IPAMWEB_OIDC_CLIENT_SECRET"] == ""
    assert settings["IPAMWEB_PASSWORDS"] is True


def test_a_provider_of_sign_ins_is_read_from_the_environment(settings_of, tmp_path):
    (tmp_path / "secret").write_text("from-a-file\n")
    settings = settings_of(
        IPAMWEB_OIDC_ISSUER="https://id.example.org/realms/a/",
        IPAMWEB_OIDC_CLIENT_ID="ipamweb",
        IPAMWEB_OIDC_CLIENT_SECRET_FILE=str(tmp_path / "secret"),
        IPAMWEB_OIDC_NAME="Example ID",
        IPAMWEB_OIDC_SCOPES="openid,groups",
        IPAMWEB_OIDC_NAME_CLAIM="email",
        IPAMWEB_OIDC_GROUPS_CLAIM="roles",
        IPAMWEB_OIDC_ADMIN_GROUPS="platform, root",
        IPAMWEB_OIDC_AUDITOR_GROUPS="audit",
        IPAMWEB_OIDC_SESSION_HOURS="8",
        IPAMWEB_PASSWORDS="no",
    )

    # The issuer as it is written: with its slash it is another than without.
    assert settings["IPAMWEB_OIDC_ISSUER"] == "https://id.example.org/realms/a/"
    assert settings["IPAMWEB_OIDC_CLIENT_SECRET"] == "from-a-file"
    assert settings["IPAMWEB_OIDC_SCOPES"] == ["openid", "groups"]
    assert settings["IPAMWEB_OIDC_ADMIN_GROUPS"] == ["platform", "root"]
    assert settings["IPAMWEB_OIDC_AUDITOR_GROUPS"] == ["audit"]
    assert settings["IPAMWEB_OIDC_SESSION_HOURS"] == 8
    assert settings["IPAMWEB_PASSWORDS"] is False
    names = [
        settings[f"IPAMWEB_OIDC_{name}"] for name in ("NAME_CLAIM", "GROUPS_CLAIM")
    ]
    assert names == ["email", "roles"]


@pytest.mark.parametrize(
    "url",
    [
        "http://id.example.org", "https://", "id.example.org", "https://a/?b=c",
        "https://user:word@id.example.org", "https://id.example.org/#a", "http://[",
    ],
)  # fmt: skip
def test_an_issuer_that_others_could_play_is_refused(settings_of, url):
    with pytest.raises(ImproperlyConfigured, match="give an https:// URL"):
        settings_of(IPAMWEB_OIDC_ISSUER=url)


def test_an_issuer_on_this_machine_needs_no_tls(settings_of):
    url = "http://127.0.0.1:5556/dex"

    assert settings_of(IPAMWEB_OIDC_ISSUER=url)["IPAMWEB_OIDC_ISSUER"] == url
