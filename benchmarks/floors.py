"""The least that work can cost: the drivers alone, without a line of the program.

Reading: urllib3, zlib and msgspec on the same pages. Writing: the same rows into the
same tables, indexes and constraints. Fetching: the same rows out of them.
"""

import sqlite3
import zlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import msgspec
import psycopg
import urllib3
import yaml
from psycopg.types.string import TextLoader

from ipamweb.cluster import shapes
from ipamweb.cluster.connections import GZIP_WINDOW
from ipamweb.cluster.pages import PAGE_LIMIT
from ipamweb.cluster.readers.contract import ALL_KINDS, Kind
from ipamweb.database_url import SQLITE_OPTIONS

# The tables a poll writes more than a few rows of, parents first.
TABLES = (
    "mirror_cluster", "mirror_namespace", "mirror_namespaceversion", "mirror_node",
    "mirror_nodeversion", "mirror_pool", "mirror_poolrange", "mirror_block",
    "mirror_noderecord", "mirror_pod", "mirror_endpoint", "mirror_allocation",
)  # fmt: skip
# What a comparison with the cluster has to know of what is mirrored.
CURRENT = (
    "mirror_namespace", "mirror_node", "mirror_block", "mirror_pod", "mirror_endpoint",
    "mirror_allocation",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Rows:
    table: str
    columns: tuple[str, ...]
    rows: list[tuple[Any, ...]]


def read_pages(kubeconfig: str) -> int:
    """Fetch, unpack and decode every page of every kind; return how many objects."""
    described = yaml.safe_load(Path(kubeconfig).read_text())
    server = described["clusters"][0]["cluster"]["server"]
    headers = {
        "Authorization": f"Bearer {described['users'][0]['user']['token']}",
        "Accept": "application/json",
        "Accept-Encoding": "gzip",
    }
    with urllib3.connection_from_url(server, headers=headers) as pool:
        return sum(len(page) for kind in ALL_KINDS for page in _pages(pool, kind))


def _pages(pool: urllib3.HTTPConnectionPool, kind: Kind) -> Iterator[list[Any]]:
    decoder = msgspec.json.Decoder(shapes.ObjectList[kind.shape])  # type: ignore[name-defined]
    token = ""
    while True:
        query = {"limit": PAGE_LIMIT} | ({"continue": token} if token else {})
        answer = pool.request(
            "GET", f"{kind.path}?{urlencode(query)}", decode_content=False
        )
        body = answer.data
        if answer.headers.get("Content-Encoding") == "gzip":
            body = zlib.decompress(body, wbits=GZIP_WINDOW)
        listed = decoder.decode(body)
        yield listed.items or []
        token = listed.metadata.continue_
        if not token:
            return


def fetch_rows(url: str, tables: Sequence[str]) -> list[Rows]:
    """Fetch all columns of all rows of the tables, as the driver gives them."""
    if url.startswith("sqlite"):
        with closing(_sqlite(url)) as connection:
            return [_fetched(connection.execute, table) for table in tables]
    with _postgres(url) as connection:
        return [_fetched(connection.execute, table) for table in tables]


def _fetched(execute: Callable[[str], Any], table: str) -> Rows:
    cursor = execute(f"SELECT * FROM {table}")
    columns = tuple(column[0] for column in cursor.description)
    return Rows(table, columns, cursor.fetchall())


def write_with_executemany(url: str, content: Sequence[Rows]) -> None:
    """Write the rows in one transaction by the driver's executemany."""
    if url.startswith("sqlite"):
        with closing(_sqlite(url)) as connection, connection:
            for rows in content:
                connection.executemany(_insert(rows, mark="?"), rows.rows)
        return
    with _postgres(url) as connection, connection.cursor() as cursor:
        for rows in content:
            cursor.executemany(_insert(rows, mark="%s"), rows.rows)


def write_with_copy(url: str, content: Sequence[Rows]) -> None:
    """Write the rows in one transaction by PostgreSQL's COPY."""
    with _postgres(url) as connection, connection.cursor() as cursor:
        for rows in content:
            names = ", ".join(rows.columns)
            with cursor.copy(f"COPY {rows.table} ({names}) FROM STDIN") as copy:
                for row in rows.rows:
                    copy.write_row(row)


def ways_to_write(url: str) -> list[Callable[[str, Sequence[Rows]], None]]:
    if url.startswith("sqlite"):
        return [write_with_executemany]
    return [write_with_executemany, write_with_copy]


def _insert(rows: Rows, *, mark: str) -> str:
    names, marks = ", ".join(rows.columns), ", ".join([mark] * len(rows.columns))
    return f"INSERT INTO {rows.table} ({names}) VALUES ({marks})"


def _sqlite(url: str) -> sqlite3.Connection:
    """Connect as the program does: the same journal, the same keys held."""
    connection = sqlite3.connect(url.removeprefix("sqlite:///"))
    connection.executescript(SQLITE_OPTIONS["init_command"])
    connection.execute("PRAGMA foreign_keys = ON")
    return connection


def _postgres(url: str) -> psycopg.Connection[tuple[Any, ...]]:
    connection = psycopg.connect(url)
    # JSON stays text, as it has to be written again.
    connection.adapters.register_loader("jsonb", TextLoader)
    return connection
