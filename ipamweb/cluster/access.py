"""How a cluster is reached, and the session that reads it.

A session only reads: it sends GET, and POST for the reviews that ask what we may do.
Not here: lists and watches (reading.py), what a kubeconfig says (kubeconfig.py).
"""

import os
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass, field

from kubernetes.config import incluster_config

from ipamweb.cluster.answers import check
from ipamweb.cluster.connections import Connection, Stream
from ipamweb.cluster.errors import Misconfigured
from ipamweb.cluster.kubeconfig import forget_plugin, read_kubeconfig
from ipamweb.cluster.logins import Login, login_by_files
from ipamweb.cluster.pasted_logins import Pasted, login_by_values
from ipamweb.cluster.questions import JSON, Answer, Question
from ipamweb.cluster.wires import Limits

# Kubelets renew projected tokens at 80 % of their life, ten minutes at the least; the
# official client reads the file each minute too.
REREAD_SECONDS = 60.0

IN_CLUSTER_HOST = incluster_config.SERVICE_HOST_ENV_NAME
IN_CLUSTER_PORT = incluster_config.SERVICE_PORT_ENV_NAME
IN_CLUSTER_TOKEN_FILE = incluster_config.SERVICE_TOKEN_FILENAME
IN_CLUSTER_CA_FILE = incluster_config.SERVICE_CERT_FILENAME


@dataclass(frozen=True, slots=True)
class Access:
    """How to reach a cluster: one of kubeconfig, in_cluster, api_url. Holds no secret
    but what was pasted, which its text leaves out.

    `namespaces` empty means the whole cluster. `timeout_seconds` limits a whole answer,
    `idle_seconds` the time without a byte, `connect_seconds` the way to the server.
    """

    name: str
    kubeconfig: str = ""
    context: str = ""
    in_cluster: bool = False
    api_url: str = ""
    token_file: str = ""
    ca_file: str = ""
    namespaces: tuple[str, ...] = ()
    pasted: Pasted | None = field(default=None, repr=False)
    page_size: int = 500
    timeout_seconds: float = 30.0
    idle_seconds: float = 20.0
    connect_seconds: float = 5.0


def open_session(access: Access) -> "Session":
    """Return a session; raises Misconfigured. Nothing is asked of the cluster yet."""
    return Session(access)


def read_login(access: Access) -> Login:
    """Return what the access's files say now; raises Misconfigured."""
    if access.kubeconfig:
        return read_kubeconfig(
            access.kubeconfig, context=access.context, cluster=access.name
        )
    if access.in_cluster:
        return login_by_files(
            _in_cluster_url(access.name),
            token_file=IN_CLUSTER_TOKEN_FILE,
            ca_file=IN_CLUSTER_CA_FILE,
            cluster=access.name,
        )
    if access.pasted:
        return login_by_values(access.api_url, access.pasted, cluster=access.name)
    return login_by_files(
        access.api_url,
        token_file=access.token_file,
        ca_file=access.ca_file,
        cluster=access.name,
    )


def _in_cluster_url(cluster: str) -> str:
    host, port = os.environ.get(IN_CLUSTER_HOST), os.environ.get(IN_CLUSTER_PORT)
    if not host or not port:
        raise Misconfigured(
            cluster,
            action="use the service account of this pod",
            why=f"{IN_CLUSTER_HOST} is not set: this is not a pod of a cluster",
        )
    return f"https://[{host}]:{port}" if ":" in host else f"https://{host}:{port}"


class Session:
    """Reads one cluster, over one kept connection for each resource.

    Each resource is used by one thread at a time, different ones side by side.
    """

    def __init__(self, access: Access) -> None:
        self.name = access.name
        self.namespaces = access.namespaces
        self.page_size = access.page_size
        self.timeout_seconds = access.timeout_seconds
        self.idle_seconds = access.idle_seconds
        self._access = access
        self._limits = Limits(
            access.connect_seconds, access.idle_seconds, access.timeout_seconds
        )
        self._lock = threading.Lock()
        self._connections: dict[str, Connection] = {}
        self._login = read_login(access)
        self._read_at = time.monotonic()

    def __repr__(self) -> str:
        return f"<Session {self.name}>"

    @property
    def warnings(self) -> tuple[str, ...]:
        """What a person should know of this access although it works."""
        return self._login.warnings

    def request(
        self,
        path: str,
        query: Mapping[str, str] | None = None,
        *,
        accept: str = JSON,
    ) -> bytes:
        """Return the body of a GET that is no list of a kind: /version, one object."""
        return self.ask(Question(path, query or {}, accept=accept))

    def ask(self, question: Question) -> bytes:
        """Return the whole body of a successful answer; raises ClusterError.

        Costs one request, or two when the first was answered 401.
        """
        connection = self.connection(question.resource)
        answer = connection.ask(question, login := self._current_login())
        if answer.status == 401:
            answer = connection.ask(question, self._login_after(login))
        check(answer, cluster=self.name, question=question)
        return answer.body

    def watch(self, question: Question) -> Stream:
        """Return the open stream of a watch; raises ClusterError, also for a 410."""
        connection = self.connection(question.resource)
        stream = connection.open_stream(question, login := self._current_login())
        if isinstance(stream, Answer) and stream.status == 401:
            stream = connection.open_stream(question, self._login_after(login))
        if isinstance(stream, Answer):
            check(stream, cluster=self.name, question=question)
            raise AssertionError("an answer that is a success is a stream")
        return stream

    def connection(self, resource: str) -> Connection:
        """Return the kept connection of a resource; "" is that of everything else."""
        with self._lock:
            if resource not in self._connections:
                self._connections[resource] = Connection(self.name, self._limits)
            return self._connections[resource]

    def close(self) -> None:
        """Close all connections, when nobody reads any more."""
        for connection in self._kept():
            connection.close()

    def interrupt(self) -> None:
        """End what other threads are reading: they get Unreachable."""
        for connection in self._kept():
            connection.interrupt()

    def _kept(self) -> list[Connection]:
        with self._lock:
            return list(self._connections.values())

    def __enter__(self) -> "Session":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _current_login(self) -> Login:
        with self._lock:
            if time.monotonic() - self._read_at > REREAD_SECONDS:
                self._read_again()
            return self._login

    def _login_after(self, refused: Login) -> Login:
        """Return the login read again, unless another thread did so meanwhile."""
        with self._lock:
            if self._login is refused:
                forget_plugin(self._access.kubeconfig, self._access.context)
                self._read_again()
            return self._login

    def _read_again(self) -> None:
        self._login = read_login(self._access)
        self._read_at = time.monotonic()
