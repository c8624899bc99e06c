"""DATABASE_URL."""

import pytest
from django.core.exceptions import ImproperlyConfigured

from ipamweb import database_url


@pytest.mark.parametrize(
    ("url", "name"),
    [
        ("sqlite:///ipam.sqlite3", "ipam.sqlite3"),
        ("sqlite:////var/lib/ipam.sqlite3", "/var/lib/ipam.sqlite3"),
        ("sqlite:////a%20b", "/a b"),
    ],
)
def test_an_sqlite_url_names_a_file(url, name):
    assert database_url.parse(url)["NAME"] == name


def test_sqlite_begins_every_transaction_as_a_writer():
    options = database_url.parse("sqlite:///a")["OPTIONS"]

    assert options == {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;"
        " PRAGMA cache_size=-32768; PRAGMA wal_autocheckpoint=16384;",
    }


def test_a_postgres_url_names_everything():
    found = database_url.parse(
        "postgres://us%40er:p%2Fw@db.example:5433/ip?sslmode=require"
    )

    assert found == {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": "ip",
        "USER": "us@er",
        "PASSWORD": "p/w",
        "HOST": "db.example",
        "PORT": "5433",
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {"connect_timeout": 10, "sslmode": "require"},
    }


def test_a_postgres_url_may_name_a_folder_of_sockets():
    found = database_url.parse("postgresql://user@/ip?host=/run/postgresql")

    assert (found["HOST"], found["PORT"]) == ("/run/postgresql", "")
    assert found["OPTIONS"] == {"connect_timeout": 10}


@pytest.mark.parametrize(
    "url",
    [
        pytest.param("mysql://u:s3cret@h/n", id="another database"),
        pytest.param("postgres://u:s3cret@h", id="no name"),
        pytest.param("postgres://u:s3cret@h:port/n", id="no port"),
        pytest.param("postgres://u:s3cret@h/a/b", id="two names"),
        pytest.param("sqlite://u:s3cret@h/n", id="a host"),
        pytest.param("sqlite:///", id="no file"),
        pytest.param("s3cret", id="no URL"),
    ],
)
def test_another_url_is_refused_and_not_repeated(url):
    with pytest.raises(ImproperlyConfigured) as problem:
        database_url.parse(url)

    assert str(problem.value).startswith("DATABASE_URL is not accepted: ")
    assert "s3cret" not in str(problem.value)
