"""One attempt to send: to the address that was allowed, inside limits, no redirects.

Only the status of the answer is read: what a server says besides is shown to nobody.
Not here: when it is tried again (deliver.py).
"""

import http.client
import socket
import ssl
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass

from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.exceptions import HTTPError

from ipamweb.events import destinations
from ipamweb.events.destinations import Destination, NotAllowed

# Seconds: to connect, without any byte, and in all.
CONNECT_SECONDS, IDLE_SECONDS, TOTAL_SECONDS = 5.0, 10.0, 15.0
# A server may ask for a pause; for longer nobody would look whether it is well again.
LONGEST_ASKED_SECONDS = 3600
ERRORS = (OSError, http.client.HTTPException, HTTPError, ValueError)


@dataclass(frozen=True, slots=True)
class Answer:
    """What an attempt led to. `status` None: there was no answer; `error` is "" where
    it was delivered, else a sentence; `is_final`: it is not to be tried again."""

    status: int | None
    error: str = ""
    pause_seconds: int = 0
    is_final: bool = False


def post(url: str, body: bytes, *, headers: Mapping[str, str]) -> Answer:
    """Send a body once. Never raises for what a server or the network does."""
    try:
        destination = destinations.parsed(url)
        address = destinations.address_of(destination)
    except NotAllowed as error:
        return Answer(None, str(error))
    except (OSError, UnicodeError):
        # A label of a name that is too long is a UnicodeError of the codec "idna".
        return Answer(None, "The name of the host has no address.")
    wire = _wire(destination, address)
    watch = _Watch(wire)
    try:
        with watch.running():
            wire.request(
                "POST",
                destination.target,
                body=body,
                headers={
                    "Host": destination.authority,
                    "Content-Type": "application/json",
                    "User-Agent": "ipamweb",
                    "Accept-Encoding": "identity",
                    **headers,
                },
                preload_content=False,
                decode_content=False,
            )
            response = wire.getresponse()
            if watch.sentence:
                # Cut by us, headers look as if they had ended.
                return Answer(None, watch.sentence)
            return _answer(response.status, response.headers.get("Retry-After", ""))
    except ERRORS as error:
        return Answer(None, watch.sentence or _sentence(error))
    finally:
        wire.close()


def _wire(destination: Destination, address: str) -> HTTPConnection:
    if destination.scheme == "http":
        return HTTPConnection(address, destination.port, timeout=CONNECT_SECONDS)
    return HTTPSConnection(
        address,
        destination.port,
        timeout=CONNECT_SECONDS,
        ssl_context=ssl.create_default_context(),
        server_hostname=destination.host,
    )


class _Watch:
    """Shuts down the connection of an attempt that takes too long in all: a byte now
    and then would keep it for ever."""

    def __init__(self, wire: HTTPConnection) -> None:
        self.sentence = ""
        self._wire = wire

    @contextmanager
    def running(self) -> Iterator[None]:
        timer = threading.Timer(TOTAL_SECONDS, self._end)
        timer.daemon = True
        timer.start()
        try:
            self._wire.connect()
            self._wire.timeout = IDLE_SECONDS
            yield
        finally:
            timer.cancel()

    def _end(self) -> None:
        self.sentence = f"It did not answer within {TOTAL_SECONDS:g} seconds."
        wire = self._wire.sock
        if wire is not None:
            with suppress(OSError):
                # The method of ssl.SSLSocket would first forget the encryption.
                socket.socket.shutdown(wire, socket.SHUT_RDWR)


def _answer(status: int, retry_after: str) -> Answer:
    if 200 <= status < 300:
        return Answer(status)
    if 300 <= status < 400:
        return Answer(status, f"It answered {status}: redirects are not followed.")
    pause = int(retry_after) if retry_after.isdecimal() and len(retry_after) < 9 else 0
    return Answer(status, f"It answered {status}.", min(pause, LONGEST_ASKED_SECONDS))


def _sentence(error: BaseException) -> str:
    """Return what happened, in our words: those of a server may hold anything."""
    cause: BaseException = error
    while cause.__cause__ is not None:
        cause = cause.__cause__
    if isinstance(cause, ssl.SSLCertVerificationError):
        return "Its certificate is not trusted, or is not of this name."
    if isinstance(cause, ssl.SSLError):
        return "It does not speak TLS as we do."
    if isinstance(cause, TimeoutError):
        return "It did not answer in time."
    if isinstance(cause, ConnectionRefusedError):
        return "It refused the connection."
    if isinstance(cause, OSError):
        return "The connection failed or was cut."
    return "It answered something that is not HTTP."
