"""Times from PostgreSQL, by Python's own parser: a fifth of what Django's way takes.

A page of a thousand allocations has two thousand of them. Django has its loader inherit
from psycopg's in Python, for nothing inherits from the one in C.
"""

from datetime import UTC, datetime
from typing import Any

from django.db.backends.postgresql.psycopg_any import BaseTzLoader
from django.db.backends.signals import connection_created


class UtcLoader(BaseTzLoader):  # type: ignore[misc]
    """Makes a time of the text of one. Raises psycopg.DataError for what Python cannot
    hold: infinity, a year before Christ."""

    # Django looks here whether the loader fits its connection.
    timezone = UTC

    def load(self, data: Any) -> datetime | None:
        try:
            return datetime.fromisoformat(str(data, "ascii"))
        except ValueError:
            found: datetime | None = super().load(data)
            return found


def register(connection: Any, **_: Any) -> None:
    """Let a new connection to PostgreSQL that speaks UTC, which ours do, read so."""
    if connection.vendor == "postgresql" and connection.timezone is UTC:
        connection.connection.adapters.register_loader("timestamptz", UtcLoader)


def install() -> None:
    connection_created.connect(register, dispatch_uid="ipamweb.postgres_times")
