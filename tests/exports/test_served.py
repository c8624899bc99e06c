"""Exports by a real server, one worker with one thread: what breaks is cut, and who
reads nothing or leaves stands in nobody's way.
"""

import http.client
import os
import socket
import struct
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest

from ipamweb.access import tokens
from ipamweb.exports.models import ExportJob
from tests import cast
from tests.databases import free_port
from tests.faults.prepared_child import database_url
from tests.source import ROOT

pytestmark = pytest.mark.django_db(transaction=True)
PATIENCE_SECONDS = 60.0
PATH = "/api/v1/export/allocations.csv?cluster=prod-eu"


@dataclass
class Served:
    port: int
    token: str

    def ask(self, path: str = PATH) -> tuple[int, bytes]:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        with closing(connection):
            connection.request("GET", path, headers=self.headers)
            with connection.getresponse() as answer:
                return answer.status, answer.read()

    @property
    def headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.token}"}

    def begin(self, path: str) -> socket.socket:
        """Return a connection whose answer has begun, and of which no more is read."""
        plug = self.send(path)
        assert plug.recv(15).startswith(b"HTTP/1.1 200")
        return plug

    def send(self, path: str) -> socket.socket:
        """Return a connection on which a question was sent, and nothing read yet."""
        plug = socket.create_connection(("127.0.0.1", self.port), timeout=30)
        plug.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        lines = [f"GET {path} HTTP/1.1", "Host: localhost"]
        lines += [f"{name}: {value}" for name, value in self.headers.items()]
        plug.sendall("\r\n".join([*lines, "", ""]).encode())
        return plug


@pytest.fixture
def served(transactional_db: None, tmp_path: Path) -> Iterator[Served]:
    cast.insert()
    token = tokens.create(cast.user(), now=datetime.now(UTC))
    port = free_port()
    command = ["-m", "gunicorn", "tests.exports.served_app", f"--bind=127.0.0.1:{port}"]
    options = ["--workers=1", "--threads=1", "--no-control-socket", "--log-level=error"]
    with (tmp_path / "web.log").open("wb") as log:
        server = subprocess.Popen(
            [sys.executable, *command, "--worker-class=gthread", *options],
            cwd=ROOT,
            env={
                **os.environ,
                "DATABASE_URL": database_url(),
                "IPAMWEB_DATA_DIR": str(tmp_path),
            },
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
        )
    try:
        found = Served(int(port), token)
        until(lambda: is_ready(found))
        yield found
    finally:
        server.terminate()
        server.wait(timeout=20)


def is_ready(served: Served) -> bool:
    try:
        return served.ask("/healthz/live")[0] == 200
    except OSError:
        return False


def until(is_so: object) -> None:
    assert callable(is_so)
    end = time.monotonic() + PATIENCE_SECONDS
    while not is_so():
        assert time.monotonic() < end
        time.sleep(0.05)


def ended(state: str) -> bool:
    return ExportJob.objects.filter(state=state).exists()


def test_a_broken_export_never_looks_whole(served: Served) -> None:
    _, whole = served.ask()

    with pytest.raises(http.client.IncompleteRead) as cut:
        served.ask(f"{PATH}&q=break")

    assert cut.value.partial == whole
    until(lambda: ended("broken"))
    assert served.ask() == (200, whole)


def test_who_reads_nothing_or_leaves_frees_the_server(served: Served) -> None:
    with served.begin(f"{PATH}&q=endless"):
        assert served.ask("/healthz/live")[0] == 200
        until(lambda: ended("broken"))
    ExportJob.objects.all().delete()

    served.begin(f"{PATH}&q=endless").close()

    until(lambda: ended("broken"))
    assert ExportJob.objects.get().why == "the reader left"
    assert served.ask("/healthz/live")[0] == 200


def test_who_leaves_before_the_first_byte_leaves_a_broken_export(
    served: Served,
) -> None:
    plug = served.send(f"{PATH}&q=endless")
    # Cut off, not ended: the first byte that is sent already meets nobody.
    plug.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))

    plug.close()

    until(lambda: ended("broken"))
    assert ExportJob.objects.get().why == "the reader left"
