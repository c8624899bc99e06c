"""Databases to measure on: real, private, with the schema of the program and empty.

Unlike the tests' PostgreSQL these wait for the disk: a commit is a commit.
"""

import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol
from urllib.parse import urlsplit

import psycopg

from benchmarks.processes import environment_of
from tests import databases

# As Debian's package starts it, but for a socket instead of a port.
POSTGRES_OPTIONS = ("listen_addresses=", "log_min_messages=fatal")


class Databases(Protocol):
    """Where a benchmark gets empty databases from."""

    name: str

    def empty(self, name: str) -> str:
        """Return the URL of an empty database, in place of an earlier of the name."""
        ...


@dataclass(frozen=True, slots=True)
class SQLite:
    folder: Path
    name: str = "SQLite"

    def empty(self, name: str) -> str:
        file = self.folder / f"{name}.sqlite3"
        for old in self.folder.glob(f"{name}.sqlite3*"):
            old.unlink()
        shutil.copy(self.folder / "template.sqlite3", file)
        return f"sqlite:///{file}"


@dataclass(frozen=True, slots=True)
class PostgreSQL:
    server: str
    name: str = "PostgreSQL"

    def empty(self, name: str) -> str:
        with psycopg.connect(self.server, autocommit=True) as connection:
            connection.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
            connection.execute(f"CREATE DATABASE {name} TEMPLATE template_of_mirror")
        return _in_server(self.server, name)


@contextmanager
def sqlite(folder: Path) -> Iterator[Databases]:
    _migrate(f"sqlite:///{folder / 'template.sqlite3'}")
    yield SQLite(folder)


@contextmanager
def postgresql(_: Path) -> Iterator[Databases]:
    """Raises tests.databases.NotInstalled where there is no PostgreSQL."""
    with databases.postgres(POSTGRES_OPTIONS) as server:
        with psycopg.connect(server, autocommit=True) as connection:
            connection.execute("CREATE DATABASE template_of_mirror")
        _migrate(_in_server(server, "template_of_mirror"))
        yield PostgreSQL(server)


ON = {"sqlite": sqlite, "postgresql": postgresql}


def _in_server(server: str, database: str) -> str:
    return urlsplit(server)._replace(path=f"/{database}").geturl()


def _migrate(url: str) -> None:
    subprocess.run(
        [sys.executable, "manage.py", "migrate", "--skip-checks", "--verbosity=0"],
        env=environment_of(url),
        check=True,
    )
