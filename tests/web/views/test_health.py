"""Health, for those who look after the process."""

import pytest
from django.db import DatabaseError, connection

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("path", ["/healthz/live", "/healthz/ready"])
def test_nobody_has_to_sign_in_to_see_it(client, path):
    answer = client.get(path)

    assert answer.status_code == 200
    assert answer["Cache-Control"].startswith("max-age=0, no-cache, no-store")


def test_a_database_that_does_not_answer_makes_it_unready(client, monkeypatch):
    def refuse(*_):
        raise DatabaseError("gone")

    monkeypatch.setattr(connection, "cursor", refuse)

    answer = client.get("/healthz/ready")

    assert answer.status_code == 503
    assert answer.content == b"the database does not answer\n"
    assert client.get("/healthz/live").status_code == 200


def test_a_migration_that_is_not_applied_makes_it_unready(client):
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM django_migrations WHERE app = 'mirror'")

    answer = client.get("/healthz/ready")

    assert (answer.status_code, answer.content) == (
        503,
        b"migrations are not applied\n",
    )
