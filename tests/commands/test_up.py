"""Embedded mode, as a person starts and stops it."""

import os
import re
import signal
import socket
import subprocess
import sys
from contextlib import closing
from http.client import HTTPConnection
from pathlib import Path

import pytest

from tests.source import ROOT

pytestmark = [pytest.mark.slow, pytest.mark.one_database]


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


def status(port: int, path: str) -> int:
    with closing(HTTPConnection("127.0.0.1", port, timeout=10)) as connection:
        connection.request("GET", path)
        return connection.getresponse().status


def start(folder: Path, *words: str) -> subprocess.Popen[str]:
    settings = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("IPAMWEB_", "DATABASE_URL", "REDIS_URL"))
    }
    return subprocess.Popen(
        [sys.executable, "manage.py", "up", *words],
        cwd=ROOT,
        env={**settings, "IPAMWEB_DATA_DIR": str(folder), "HOME": str(folder)},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def test_one_command_serves_polls_and_ends_cleanly(tmp_path, kubeconfig, db):
    port = free_port()
    up = start(tmp_path, "--kubeconfig", kubeconfig, "--port", str(port))
    lines = [up.stdout.readline() for _ in range(3)]

    assert re.fullmatch(r"sign in as admin with the password \S{16}\n", lines[0])
    assert lines[2] == f"ipamweb is at http://127.0.0.1:{port}/ (Ctrl-C stops it)\n"
    assert status(port, "/healthz/ready") == 200
    assert status(port, "/") == 302
    up.send_signal(signal.SIGINT)
    rest, _ = up.communicate(timeout=30)
    assert (up.returncode, rest) == (0, "stopped\n")
    assert (tmp_path / "secret-key").is_file()
