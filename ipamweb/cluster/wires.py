"""The socket side: a connection as a login wants it, and how long it may be used.

Not here: HTTP (connections.py), what an error means (transport_errors.py).
"""

import socket
import threading
import urllib.request
from contextlib import suppress
from dataclasses import dataclass

import urllib3
from urllib3.connection import HTTPConnection, HTTPSConnection

from ipamweb.cluster.logins import Login, Server

PROXY_PORT = 8080


@dataclass(frozen=True, slots=True)
class Limits:
    """Seconds: to connect, without any byte, and for a whole answer."""

    connect: float
    idle: float
    total: float


class TooLate(OSError):
    """The whole of an answer took longer than its limit."""


class Watchdog:
    """Shuts down the socket of a request that takes too long in all; raises TooLate.

    A limit between two bytes is not enough: a byte now and then would keep it for ever.
    """

    def __init__(self, wire: socket.socket, seconds: float) -> None:
        self._wire = wire
        self._seconds = seconds
        self._fired = False
        self._timer = threading.Timer(seconds, self._fire)
        self._timer.daemon = True

    def _fire(self) -> None:
        self._fired = True
        shut_down(self._wire)

    def __enter__(self) -> None:
        self._timer.start()

    def __exit__(self, _kind: object, error: object, _trace: object) -> None:
        self._timer.cancel()
        if self._fired and (error is None or isinstance(error, Exception)):
            raise TooLate(f"the answer was not complete after {self._seconds:g} s")


def shut_down(wire: socket.socket) -> None:
    """Wake every reader of the socket, also one in another thread."""
    with suppress(OSError):
        # The method of ssl.SSLSocket would first forget that the bytes are encrypted.
        socket.socket.shutdown(wire, socket.SHUT_RDWR)


def make_wire(login: Login, limits: Limits) -> HTTPConnection:
    """Return a connection, not yet opened, to the login's server or to its proxy."""
    server = login.server
    if login.guard:
        address = login.guard.address_of(server.host, server.port)
        return _plain_or_tls(address, server.port, login=login, limits=limits)
    proxy = login.proxy or proxy_of_environment(server)
    if not proxy:
        return _plain_or_tls(server.host, server.port, login=login, limits=limits)
    url = urllib3.util.parse_url(proxy)
    host, port = (url.host or "").strip("[]"), url.port or PROXY_PORT
    wire = _plain_or_tls(host, port, login=login, limits=limits)
    wire.set_tunnel(server.host, server.port, scheme="http")
    return wire


def _plain_or_tls(
    host: str, port: int, *, login: Login, limits: Limits
) -> HTTPConnection:
    if login.server.scheme == "http":
        return HTTPConnection(host, port, timeout=limits.connect)
    return HTTPSConnection(
        host,
        port,
        timeout=limits.connect,
        ssl_context=login.context,
        server_hostname=_name_in_tls(login),
    )


def _name_in_tls(login: Login) -> str | None:
    """Return the name that the server proves; None: the one that is connected to."""
    return login.server_name or (login.server.host if login.guard else None)


def proxy_of_environment(server: Server) -> str:
    """Return the proxy that HTTPS_PROXY, HTTP_PROXY and NO_PROXY ask for, or "".

    Never one for this machine's own addresses, as kubectl decides it too.
    Source: golang.org/x/net/http/httpproxy.
    """
    if server.is_local or urllib.request.proxy_bypass(server.host):
        return ""
    return urllib.request.getproxies().get(server.scheme, "")
