"""The databases as tests and production use them."""

import psycopg
import pytest
import redis
from django.db import connection, transaction

from ipamweb.database_url import is_sqlite


@pytest.fixture
def sqlite_only() -> None:
    if not is_sqlite(connection.settings_dict):
        pytest.skip("says something of SQLite only")


@pytest.mark.django_db
@pytest.mark.one_database
@pytest.mark.usefixtures("sqlite_only")
def test_sqlite_lets_readers_read_while_a_writer_writes():
    with connection.cursor() as cursor:
        assert cursor.execute("PRAGMA journal_mode").fetchone() == ("wal",)
        assert cursor.execute("PRAGMA synchronous").fetchone() == (1,)
        assert cursor.execute("PRAGMA busy_timeout").fetchone() == (20_000,)


@pytest.mark.django_db(transaction=True)
@pytest.mark.one_database
@pytest.mark.usefixtures("sqlite_only")
def test_an_sqlite_transaction_begins_as_a_writer():
    connection.queries_log.clear()
    connection.force_debug_cursor = True
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    connection.force_debug_cursor = False

    assert connection.queries[0]["sql"] == "BEGIN IMMEDIATE"


@pytest.mark.postgres
def test_a_real_postgres_can_be_started_by_any_user(postgres_url):
    with psycopg.connect(postgres_url) as server:
        (version,) = server.execute("SELECT version()").fetchone()

    assert version.startswith("PostgreSQL")


@pytest.mark.redis
def test_a_real_redis_can_be_started(redis_url):
    with redis.Redis.from_url(redis_url) as client:
        client.set("a", "b")

        assert client.get("a") == b"b"
