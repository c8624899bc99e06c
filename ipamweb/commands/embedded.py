"""Embedded mode: the database, a first user, pages and polls, by one command.

The parent only watches; pages, polls and, in the demo, the simulated cluster are child
processes, so that a hanging cluster and a busy page do not meet. Their logs are in the
data directory.
"""

import os
import re
import signal
import socket
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from http.client import HTTPConnection, HTTPException
from pathlib import Path

from django.conf import settings
from django.core.management import call_command

from ipamweb.access import acts, connections
from ipamweb.access.connections import Way
from ipamweb.cluster import kubeconfig
from ipamweb.commands import demo
from ipamweb.commands.children import Child, Children

READY_SECONDS = 60
GUNICORN_OPTIONS = (
    "--workers=1", "--threads=8", "--graceful-timeout=5", "--log-level=warning",
    "--no-control-socket",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Wishes:
    """What the command line asked for. `name` empty: the context's name is taken."""

    host: str
    port: int
    demo: bool = False
    kubeconfig: str = ""
    context: str = ""
    name: str = ""


def serve(wishes: Wishes, *, say: Callable[[str], None]) -> int:
    """Run until stopped; return the exit code. Raises ValueError for wrong wishes."""
    check_port(wishes)
    if wishes.kubeconfig:
        connections.checked(Way(wishes.kubeconfig, wishes.context))
    prepare(say=say)
    stopping = _stop_on_signals()
    children = Children(say)
    try:
        if wishes.demo:
            say("mirroring two weeks of a simulated cluster, about half a minute …")
            children.start(_simulator(demo.build_history(until=datetime.now(UTC))))
            _wait_for(demo_kubeconfig().is_file, stopping)
        register(wishes)
        children.start(_polls())
        children.start(_web(wishes))
        if _wait_for(lambda: _is_ready(wishes), stopping):
            say(f"ipamweb is at {_url(wishes)} (Ctrl-C stops it)")
        return children.watch(stopping.wait)
    finally:
        children.stop()
        say("stopped")


def prepare(*, say: Callable[[str], None]) -> None:
    """Bring the database up to date, collect static files, make a first user."""
    _log_folder().mkdir(parents=True, exist_ok=True)
    call_command("migrate", verbosity=0, interactive=False)
    call_command("collectstatic", verbosity=0, interactive=False)
    first = acts.make_first_user(
        name=os.environ.get("DJANGO_SUPERUSER_USERNAME", ""),
        password=os.environ.get("DJANGO_SUPERUSER_PASSWORD", ""),
        email=os.environ.get("DJANGO_SUPERUSER_EMAIL", ""),
    )
    if first is not None and first.password:
        say(f"sign in as {first.name} with the password {first.password}")
        say("it is not shown again; `manage.py changepassword` sets another")
    elif first is not None:
        say(f"sign in as {first.name} with the password you gave")


def register(wishes: Wishes) -> None:
    """Keep how to reach the cluster that was asked for.

    The demo's cluster answers only while its simulator runs: without it, it is paused.
    """
    if wishes.kubeconfig:
        way = connections.checked(Way(wishes.kubeconfig, wishes.context))
        connections.add_or_change(wishes.name or _name_in(way), way=way)
    if wishes.demo:
        connections.add_or_change(demo.NAME, way=Way(str(demo_kubeconfig())))
        connections.resume(demo.NAME)
    elif demo.NAME in connections.names():
        connections.pause(demo.NAME)


def demo_kubeconfig() -> Path:
    return Path(settings.IPAMWEB_DATA_DIR) / "demo" / "kubeconfig"


def check_port(wishes: Wishes) -> None:
    """Raise ValueError where nothing can listen at the address that was asked for."""
    if not 0 < wishes.port < 65536:
        raise ValueError(f"--port takes a number from 1 to 65535, not {wishes.port}")
    try:
        family, *_, address = socket.getaddrinfo(wishes.host, wishes.port)[0]
        with socket.socket(family, socket.SOCK_STREAM) as listener:
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            listener.bind(address)
    except OSError as problem:
        raise ValueError(
            f"cannot listen at {_authority(wishes)}: {problem}; see --host and --port"
        ) from problem


def _name_in(way: Way) -> str:
    """Return a name for a cluster, made of the name of its context."""
    name = kubeconfig.context_name(
        way.kubeconfig, context=way.context, cluster=way.kubeconfig
    )
    return re.sub(r"[^A-Za-z0-9_-]+", "-", name).strip("-")[:63] or "cluster"


def _simulator(start: datetime) -> Child:
    """The demo's cluster, with everything worth seeing."""
    file = demo_kubeconfig()
    file.parent.mkdir(parents=True, exist_ok=True)
    file.unlink(missing_ok=True)
    command = ["manage.py", "simulate", "--demo", f"--start={start.isoformat()}"]
    command.append(f"--kubeconfig-out={file}")
    return _child("simulator", command)


def _polls() -> Child:
    return _child("polls", ["manage.py", "schedule"])


def _web(wishes: Wishes) -> Child:
    hosts = ",".join([*settings.ALLOWED_HOSTS, wishes.host])
    command = ["-m", "gunicorn", "ipamweb.wsgi", *GUNICORN_OPTIONS]
    return _child(
        "web",
        [*command, f"--bind={_authority(wishes)}"],
        IPAMWEB_ALLOWED_HOSTS=hosts,
        IPAMWEB_ALLOWED_HOSTS_FILE="",
    )


def _child(name: str, command: list[str], **environment: str) -> Child:
    log = {"IPAMWEB_LOG_FILE": str(_log_folder() / f"{name}.log")}
    return Child(
        name,
        [sys.executable, *command],
        {**log, **environment},
        settings.BASE_DIR,
        is_essential=name == "web",
    )


def _log_folder() -> Path:
    return Path(settings.IPAMWEB_DATA_DIR) / "logs"


def _authority(wishes: Wishes) -> str:
    host = f"[{wishes.host}]" if ":" in wishes.host else wishes.host
    return f"{host}:{wishes.port}"


def _url(wishes: Wishes) -> str:
    return f"http://{_authority(wishes)}{settings.FORCE_SCRIPT_NAME or ''}/"


def _stop_on_signals() -> threading.Event:
    stopping = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, lambda *_: stopping.set())
    return stopping


def _wait_for(is_there: Callable[[], bool], stopping: threading.Event) -> bool:
    """Return whether it came to be within READY_SECONDS."""
    until = time.monotonic() + READY_SECONDS
    while not is_there():
        if time.monotonic() > until or stopping.wait(0.1):
            return False
    return True


def _is_ready(wishes: Wishes) -> bool:
    connection = HTTPConnection(wishes.host, wishes.port, timeout=5)
    try:
        connection.request("GET", "/healthz/ready", headers={"Host": "localhost"})
        return connection.getresponse().status == 200
    except (OSError, HTTPException):
        return False
    finally:
        connection.close()
