"""Servers and sessions that end with their test."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from ipamweb.cluster.access import Access, Session, open_session
from tests.cluster.raw_server import RawServer, Script

Serve = Callable[..., RawServer]
Connect = Callable[..., Session]


@pytest.fixture
def stack() -> Iterator[ExitStack]:
    with ExitStack() as opened:
        yield opened


@pytest.fixture
def serve(stack: ExitStack) -> Serve:
    """Start a raw server with a script; `certificate` makes it speak TLS."""

    def start(script: Script, certificate: str = "") -> RawServer:
        server = RawServer(script, certificate)
        stack.callback(server.close)
        return server

    return start


@pytest.fixture
def connect(stack: ExitStack) -> Connect:
    """Open a session with a server; keywords are those of Access."""

    def start(server: RawServer, **fields: Any) -> Session:
        access = Access(**{"name": "prod", "api_url": server.url, **fields})
        return stack.enter_context(open_session(access))

    return start


@pytest.fixture
def session_with(serve: Serve, connect: Connect) -> Callable[..., Session]:
    """Open a session with a server that follows the script."""

    def start(script: Script, **fields: Any) -> Session:
        return connect(serve(script), **fields)

    return start


class Ticks:
    """A clock that moves on one second whenever it is read, from 12:00:00."""

    def __init__(self) -> None:
        self.now = datetime(2026, 11, 22, 12, tzinfo=UTC)

    def __call__(self) -> datetime:
        now = self.now
        self.now = now + timedelta(seconds=1)
        return now


@pytest.fixture
def clock() -> Ticks:
    return Ticks()
