"""One kept connection to an API server: a question out, an answer in, inside limits.

Transport success proves nothing: urllib3, as others, hands out half bodies silently
when there is no length or the gzip data is cut, so what is read here is only bytes
until it has been parsed whole (pages.py).
Not here: what a status means (answers.py), redirects and retries (there are none).
"""

import socket
import time
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from typing import NoReturn

from urllib3.connection import HTTPConnection
from urllib3.exceptions import ReadTimeoutError
from urllib3.response import HTTPResponse

from ipamweb.cluster.errors import BadAnswer
from ipamweb.cluster.logins import Login
from ipamweb.cluster.questions import Answer, Question
from ipamweb.cluster.transport_errors import TRANSPORT_ERRORS, explain
from ipamweb.cluster.wires import Limits, Watchdog, make_wire, shut_down

# 500 objects of etcd's default limit of 1.5 MB would be more, but no cluster is like
# that: a larger body is refused instead of filling the memory.
BODY_BYTES = 256 * 1024 * 1024
READ_BYTES = 16 * 1024 * 1024
STREAM_BYTES = 256 * 1024
# zlib: 16 for the gzip wrapper, 15 for the largest window.
GZIP_WINDOW = 31


class Quiet(Exception):
    """Nothing came on a stream for as long as its reader wanted to wait."""


class Connection:
    """A connection that is opened when needed, kept, and used by one thread at a time.

    `opened_count` tells whether two answers came over the same connection;
    `answer_seconds` how long the last one took, connecting not counted.
    """

    def __init__(self, cluster: str, limits: Limits) -> None:
        self.opened_count = 0
        self.answer_seconds = 0.0
        self._cluster = cluster
        self._limits = limits
        self._wire: HTTPConnection | None = None
        self._socket: socket.socket | None = None
        self._login: Login | None = None

    def close(self) -> None:
        """Drop the connection; for the thread that uses it."""
        wire, self._wire = self._wire, None
        opened, self._socket = self._socket, None
        if opened is not None:
            shut_down(opened)
        if wire is not None:
            wire.close()

    def interrupt(self) -> None:
        """Wake the thread that waits for an answer: it ends with Unreachable."""
        opened = self._socket
        if opened is not None:
            shut_down(opened)

    def ask(self, question: Question, login: Login) -> Answer:
        """Return the whole answer; raises Unreachable, Misconfigured or BadAnswer."""
        with self._told(question, login):
            wire = self._connect(login)
            began = time.monotonic()
            with Watchdog(wire, self._limits.total):
                response = self._send(question, login, encoding="gzip")
                answer = self._whole(response, question)
            self.answer_seconds = time.monotonic() - began
            return answer

    def open_stream(self, question: Question, login: Login) -> "Stream | Answer":
        """Return the stream of a watch, or the whole answer when it is no 200."""
        with self._told(question, login):
            wire = self._connect(login)
            with Watchdog(wire, self._limits.total):
                response = self._send(question, login, encoding="identity")
                if response.status != 200:
                    return self._whole(response, question)
        return Stream(self, response, question=question)

    def read_stream(
        self, response: HTTPResponse, seconds: float, *, question: Question
    ) -> bytes:
        """Return the next bytes of a stream; see Stream.read."""
        opened, login = self._socket, self._login
        assert opened is not None
        assert login is not None
        with self._told(question, login), Watchdog(opened, self._limits.total):
            opened.settimeout(seconds)
            try:
                return response.read1(STREAM_BYTES, decode_content=False)
            except ReadTimeoutError:
                raise Quiet from None

    @contextmanager
    def _told(self, question: Question, login: Login) -> Iterator[None]:
        """Close after every error, and say it in our words."""
        try:
            yield
        except TRANSPORT_ERRORS as error:
            self.close()
            raise explain(
                error, cluster=self._cluster, action=question.action, login=login
            ) from error
        except BaseException:
            self.close()
            raise

    def _connect(self, login: Login) -> socket.socket:
        """Return the open socket: the kept one, or a new one."""
        if self._socket is not None and self._is_usable(login):
            return self._socket
        self.close()
        wire = make_wire(login, self._limits)
        self._wire = wire
        wire.connect()
        wire.timeout = self._limits.idle
        self._socket, self._login = wire.sock, login
        self.opened_count += 1
        return self._socket

    def _is_usable(self, login: Login) -> bool:
        """A token may change under a kept connection; another server may not."""
        if self._wire is None or self._login is None:
            return False
        return self._login.server == login.server and self._wire.is_connected

    def _send(self, question: Question, login: Login, *, encoding: str) -> HTTPResponse:
        assert self._wire is not None
        headers = {
            "Accept": question.accept,
            "Accept-Encoding": encoding,
            "User-Agent": "ipamweb",
        }
        if login.guard:
            headers["Host"] = login.server.authority
        if login.authorization:
            headers["Authorization"] = login.authorization
        if question.body is not None:
            headers["Content-Type"] = "application/json"
        self._wire.request(
            "GET" if question.body is None else "POST",
            login.server.prefix + question.target,
            body=question.body,
            headers=headers,
            preload_content=False,
            decode_content=False,
        )
        return self._wire.getresponse()

    def _whole(self, response: HTTPResponse, question: Question) -> Answer:
        parts, size = [], 0
        while part := response.read(READ_BYTES, decode_content=False):
            parts.append(part)
            size += len(part)
            if size > BODY_BYTES:
                self._raise_bad(question, why="the answer is larger than 256 MiB")
        body = parts[0] if len(parts) == 1 else b"".join(parts)
        headers = {name.lower(): value for name, value in response.headers.items()}
        encoding = headers.get("content-encoding", "identity")
        if encoding == "gzip":
            body = self._unpacked(body, question)
        elif encoding != "identity":
            self._raise_bad(question, why="it is compressed in a way we did not offer")
        return Answer(response.status, headers, body)

    def _unpacked(self, packed: bytes, question: Question) -> bytes:
        unpacker = zlib.decompressobj(wbits=GZIP_WINDOW)
        body = unpacker.decompress(packed, BODY_BYTES)
        if unpacker.unconsumed_tail:
            self._raise_bad(question, why="the answer is larger than 256 MiB")
        if not unpacker.eof:
            self._raise_bad(question, why="the answer was cut inside its gzip data")
        return body

    def _raise_bad(self, question: Question, *, why: str) -> NoReturn:
        raise BadAnswer(self._cluster, action=question.action, why=why)


class Stream:
    """The body of a watch, as it comes; left before its end, the connection closes."""

    def __init__(
        self, connection: Connection, response: HTTPResponse, *, question: Question
    ) -> None:
        self._connection = connection
        self._response = response
        self._question = question
        self._is_ended = False

    def read(self, seconds: float) -> bytes:
        """Return the bytes that came; empty when the server ended the stream.

        Raises Quiet when nothing came for `seconds`; then nothing more can be read.
        """
        data = self._connection.read_stream(
            self._response, seconds, question=self._question
        )
        self._is_ended = not data
        return data

    def __enter__(self) -> "Stream":
        return self

    def __exit__(self, *_: object) -> None:
        if not self._is_ended:
            self._connection.close()
