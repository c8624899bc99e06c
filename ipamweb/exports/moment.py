"""Reading several pages of a list as of one moment, without waiting for a reader."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection

# Django's own `atomic` would begin as a writer on SQLite (settings, database_url.py).
_BEGIN = {
    "sqlite": "BEGIN DEFERRED",
    "postgresql": "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY",
}


@contextmanager
def one_moment() -> Iterator[None]:
    """Let all queries inside see the database as the first of them did.

    What is done inside is short: it reads, and sends nothing to anybody.
    """
    if connection.in_atomic_block:
        yield
        return
    with connection.cursor() as cursor:
        cursor.execute(_BEGIN[connection.vendor])
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("ROLLBACK")
