"""What every test may ask for: real servers, and which tests run on which database.

One run of `make test` is on SQLite and runs everything; the other, with
DATABASE_URL and --only-database, runs what touches the database again on PostgreSQL.
"""

import os
from collections.abc import Iterator
from importlib import import_module
from typing import Any

import pytest
from django.conf import settings
from django.db.backends.sqlite3.base import DatabaseOperations
from django.test import Client

from ipamweb import database_url
from tests import cast, databases

audit_triggers = import_module(
    "ipamweb.access.migrations.0003_audit_entries_stay_as_they_are"
)
SQL_FLUSH = DatabaseOperations.sql_flush
DATABASE_FIXTURES = {"db", "transactional_db", "django_db_reset_sequences"}


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--only-database",
        action="store_true",
        help="run only the tests that say something of the database",
    )


def pytest_configure() -> None:
    """Serve static files as they are; hash passwords fast: tests make many users."""
    settings.STORAGES = {
        "staticfiles": {
            "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        }
    }
    settings.WHITENOISE_AUTOREFRESH = settings.WHITENOISE_USE_FINDERS = True
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    DatabaseOperations.sql_flush = _flush_past_the_trigger


def _flush_past_the_trigger(*args: Any, **options: Any) -> list[str]:
    """Empty SQLite's tables between tests, the one that nothing is removed from too."""
    return [
        "DROP TRIGGER IF EXISTS audit_entry_is_not_removed",
        *SQL_FLUSH(*args, **options),
        audit_triggers.SQLITE[1],
    ]


def pytest_collection_modifyitems(
    config: pytest.Config, items: list[pytest.Item]
) -> None:
    if not config.getoption("--only-database"):
        return
    chosen = [item for item in items if _says_something_of_the_database(item)]
    config.hook.pytest_deselected(items=[item for item in items if item not in chosen])
    items[:] = chosen


def _says_something_of_the_database(item: pytest.Item) -> bool:
    if item.get_closest_marker("one_database") or item.get_closest_marker("browser"):
        return False
    fixtures = set(getattr(item, "fixturenames", ()))
    return bool(item.get_closest_marker("django_db") or fixtures & DATABASE_FIXTURES)


@pytest.fixture(scope="session")
def django_db_modify_db_settings(tmp_path_factory: pytest.TempPathFactory) -> None:
    """A file, not memory: locks, WAL and processes are then as in production."""
    database = settings.DATABASES["default"]
    if database_url.is_sqlite(database):
        file = tmp_path_factory.mktemp("database") / "test.sqlite3"
        database["TEST"]["NAME"] = str(file)


@pytest.fixture
def signed_in(db: None, client: Client) -> Client:
    """A browser whose user has signed in, with the cast in the database."""
    cast.insert()
    client.force_login(cast.user())
    return client


@pytest.fixture(scope="session")
def postgres_url() -> Iterator[str]:
    try:
        with databases.postgres() as url:
            yield url
    except databases.NotInstalled as problem:
        _leave_out(str(problem))


@pytest.fixture(scope="session")
def redis_url() -> Iterator[str]:
    try:
        with databases.valkey() as url:
            yield url
    except databases.NotInstalled as problem:
        _leave_out(str(problem))


def _leave_out(why: str) -> None:
    """Say what is left out on a person's machine; in CI nothing may be."""
    if os.environ.get("CI"):
        pytest.fail(why)
    pytest.skip(why)
