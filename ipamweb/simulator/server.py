"""The simulator as a server: connections, a thread, and what tests hold on to.

Everything an instance offers may be called from any thread while it runs. Not here:
what is answered (answering.py), what goes wrong (faults.py), what the cluster holds
(scenario.py).
"""

import asyncio
import signal
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from ipamweb.simulator.answering import Answering
from ipamweb.simulator.churn import Changes, Churn
from ipamweb.simulator.connections import HOST, Connections
from ipamweb.simulator.faults import Asked, Faults
from ipamweb.simulator.kubeconfig import write_kubeconfig
from ipamweb.simulator.play import begin
from ipamweb.simulator.rights import ANONYMOUS, EVERYTHING, Users
from ipamweb.simulator.scenario import Scenario
from ipamweb.simulator.store import Store, utc_now
from ipamweb.simulator.watching import WatchOptions
from ipamweb.simulator.workloads import SYSTEM_NAMESPACES

# How often a living cluster looks what is due.
STEP_SECONDS = 0.05


class Simulator:
    """A Kubernetes API server; `store`, `faults`, `users` are its handles."""

    def __init__(
        self,
        scenario: Scenario | None = None,
        *,
        clock: Callable[[], datetime] = utc_now,
        start: datetime | None = None,
        certificate: Path | None = None,
        key: Path | None = None,
    ) -> None:
        self.store = Store(clock=clock)
        self._mind = Answering(self.store)
        self._certificate = certificate
        self._tls = _tls_context(certificate, key=key) if certificate else None
        self._connections: Connections | None = None
        self._churn: Churn | None = None
        self._living: Living | None = None
        if scenario is None:
            self.store.load("namespaces", map(_namespace, SYSTEM_NAMESPACES))
        else:
            self._churn = begin(scenario, start=start or clock())
            self._churn.world.load(self.store)
        self.store.listen(self._tell)

    # What tests hold on to

    @property
    def faults(self) -> Faults:
        return self._mind.faults

    @property
    def users(self) -> Users:
        return self._mind.users

    @property
    def watch_options(self) -> WatchOptions:
        return self._mind.watch_options

    @property
    def requests(self) -> list[Asked]:
        """What was asked so far, in order; a copy."""
        return list(self._mind.requests)

    @property
    def port(self) -> int:
        return self._connections.port if self._connections else 0

    @property
    def url(self) -> str:
        return f"{'https' if self._tls else 'http'}://{HOST}:{self.port}"

    def forget_requests(self) -> None:
        self._mind.requests.clear()

    def kubeconfig(self, path: Path, *, user: str = "admin") -> Path:
        """Write a kubeconfig for a user and return its path."""
        token = self.users[user].token
        return write_kubeconfig(
            path, url=self.url, user=user, token=token, ca_file=self._certificate
        )

    def prerender(self, kind: str, page_size: int) -> int:
        """Make all pages of a list beforehand; they serve until anything changes."""
        return self._mind.prepared.prepare(kind, page_size)

    def lag_replica(self, version: int | None) -> None:
        """Let every second connection meet a replica that stands still (None: heal)."""
        self._mind.lagging_version = version
        self._tell()

    def drop_group(self, group: str) -> None:
        """Stop serving an API group, as when its CRDs are removed; its watches end."""
        self.store.groups.discard(group)
        self._tell()

    def restore_group(self, group: str) -> None:
        self.store.groups.add(group)

    def swap_identity(self, uid: str) -> None:
        """Give kube-system another UID: another cluster behind the same URL."""
        patch = {"metadata": {"uid": uid}}
        self.store.modify("namespaces", "kube-system", patch=patch)

    # Time

    def changes(self, until: datetime) -> Changes:
        """Yield what happens up to an instant; nothing is applied."""
        return self._churn.changes(until) if self._churn else iter(())

    def advance(self, until: datetime) -> int:
        """Let happen what happens up to an instant; return how many changes."""
        changes = [self.store.apply(change) for change in self.changes(until)]
        return len(changes)

    def start_churn(self, rate: float) -> None:
        """Let the cluster live from now on, by its clock, until the server stops."""
        if self._churn is None:
            raise ValueError("an empty cluster has no churn; give it a scenario")
        self.stop_churn()
        self._churn.set_rate(rate, self.store.clock())
        self._living = Living(self)

    def stop_churn(self) -> None:
        if self._living is not None:
            self._living.stop()
            self._living = None

    # Running

    @contextmanager
    def running(self, *, port: int = 0) -> Iterator["Simulator"]:
        """Serve from a thread until the block ends; port 0 takes a free one."""
        connections = Connections(self._mind, tls=self._tls)
        failures: list[OSError] = []
        ready = threading.Event()

        def run() -> None:
            try:
                asyncio.run(connections.serve(port, ready=ready))
            except OSError as error:
                failures.append(error)
                ready.set()

        thread = threading.Thread(target=run, name="simulator", daemon=True)
        thread.start()
        ready.wait()
        if failures:
            raise failures[0]
        self._connections = connections
        try:
            yield self
        finally:
            self.stop_churn()
            connections.stop()
            thread.join()

    def _tell(self) -> None:
        if self._connections is not None:
            self._connections.tell()


class Living:
    """A thread that applies changes when their time has come."""

    def __init__(self, simulator: Simulator) -> None:
        self._simulator = simulator
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._run, name="churn", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        self._stopped.set()
        self._thread.join()

    def _run(self) -> None:
        while not self._stopped.wait(STEP_SECONDS):
            self._simulator.advance(self._simulator.store.clock())


def _namespace(name: str) -> dict[str, Any]:
    return {"metadata": {"name": name}, "status": {"phase": "Active"}}


def _tls_context(certificate: Path, *, key: Path | None) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    return context


@dataclass(frozen=True, slots=True)
class Serving:
    """How to serve: at which port (0: a free one), with how many changes a second.

    `start` is an instant (ISO 8601) since which the cluster has lived; empty: now.
    """

    port: int = 0
    churn: float = 0.0
    start: str = ""
    kubeconfig: Path | None = None


def serve(
    scenario: Scenario, serving: Serving, *, tell: Callable[[str], object]
) -> None:
    """Serve until Ctrl-C or SIGTERM; `tell` gets a line with the URL.

    Whoever asks without a token may do everything: kubectl sends none over plain HTTP.
    """
    now = utc_now()
    since = datetime.fromisoformat(serving.start) if serving.start else now
    simulator = Simulator(scenario, start=since.astimezone(UTC))
    simulator.advance(now)
    simulator.users.set(ANONYMOUS, EVERYTHING)
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.default_int_handler)
    with simulator.running(port=serving.port), suppress(KeyboardInterrupt):
        if serving.kubeconfig is not None:
            simulator.kubeconfig(serving.kubeconfig)
        if serving.churn > 0:
            simulator.start_churn(serving.churn)
        tell(f"Serving {simulator.url}, Ctrl-C ends it")
        threading.Event().wait()
