"""Turn DATABASE_URL into Django's description of a database.

Known: `sqlite:///relative`, `sqlite:////absolute` and
`postgres://user:password@host:port/name` (also `postgresql://`; a socket directory as
`?host=/run/postgresql`). What follows the `?` goes to libpq (sslmode, sslrootcert, …).
"""

from pathlib import Path
from typing import Any
from urllib.parse import SplitResult, parse_qsl, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

ACCEPTED = (
    "sqlite:///file, sqlite:////absolute/file"
    " or postgres://user:password@host:port/name"
)

# A first poll writes all over large indexes: up to 32 MiB of their pages are kept in
# memory, and a page is copied back from the log once for many commits, at 64 MiB.
SQLITE_PRAGMAS = (
    "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;"
    " PRAGMA cache_size=-32768; PRAGMA wal_autocheckpoint=16384;"
)
# A deferred transaction that turns into a writing one fails at once, whatever the
# timeout: every transaction therefore begins as a writer. WAL does not block readers.
SQLITE_OPTIONS: dict[str, Any] = {
    "transaction_mode": "IMMEDIATE",
    "timeout": 20,
    "init_command": SQLITE_PRAGMAS,
}


def sqlite(path: Path) -> dict[str, Any]:
    """Return the description of an SQLite file, as this program uses SQLite."""
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": str(path),
        "OPTIONS": dict(SQLITE_OPTIONS),
    }


def is_sqlite(database: dict[str, Any]) -> bool:
    return bool(database["ENGINE"] == "django.db.backends.sqlite3")


def parse(url: str) -> dict[str, Any]:
    """Return the description of the database that `url` names.

    Raises ImproperlyConfigured, without the URL's password, where it names none.
    """
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as problem:
        raise _refused(str(problem)) from None
    if parts.scheme == "sqlite":
        return _parse_sqlite(parts)
    if parts.scheme in ("postgres", "postgresql"):
        return _parse_postgres(parts, port=port)
    raise _refused(f"the scheme {parts.scheme!r} is unknown")


def _parse_sqlite(parts: SplitResult) -> dict[str, Any]:
    path = unquote(parts.path.removeprefix("/"))
    if parts.netloc or not path:
        raise _refused("an sqlite URL names a file, and no host")
    return sqlite(Path(path))


def _parse_postgres(parts: SplitResult, *, port: int | None) -> dict[str, Any]:
    name = unquote(parts.path.removeprefix("/"))
    if not name or "/" in name:
        raise _refused("a postgres URL ends in the name of one database")
    options: dict[str, Any] = {"connect_timeout": 10, **dict(parse_qsl(parts.query))}
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": name,
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": options.pop("host", unquote(parts.hostname or "")),
        "PORT": str(options.pop("port", port or "")),
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": options,
    }


def _refused(why: str) -> ImproperlyConfigured:
    return ImproperlyConfigured(f"DATABASE_URL is not accepted: {why}; give {ACCEPTED}")
