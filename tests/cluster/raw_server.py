"""A server that sends exactly the bytes a test gives it: cut, slow, endless or wrong.

A script is a function from Request to parts: bytes are sent, a number is a pause in
seconds, HANG_UP closes the connection, RESET breaks it.
Not here: a server that behaves (ipamweb/simulator).
"""

import gzip
import json
import socket
import ssl
import struct
import threading
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

CERTIFICATES = Path(__file__).parent / "certificates"
HANG_UP = None
RESET = "reset"

Part = bytes | float | str | None


@dataclass(frozen=True)
class Request:
    """`connection` counts the connections: equal numbers came over the same one."""

    method: str
    path: str
    query: dict[str, str]
    headers: dict[str, str]
    body: bytes
    connection: int
    target: str


Script = Callable[[Request], Iterable[Part]]


@dataclass
class RawServer:
    script: Script
    certificate: str = ""
    requests: list[Request] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._open: list[socket.socket] = []
        self._closing = threading.Event()
        self._threads = [threading.Thread(target=self._accept, daemon=True)]
        self._threads[0].start()

    @property
    def url(self) -> str:
        scheme = "https" if self.certificate else "http"
        return f"{scheme}://127.0.0.1:{self._listener.getsockname()[1]}"

    def queries(self) -> list[dict[str, str]]:
        return [request.query for request in self.requests]

    def close(self) -> None:
        self._closing.set()
        for one in [self._listener, *self._open]:
            with suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)
            one.close()
        for thread in self._threads:
            thread.join(5)

    def _accept(self) -> None:
        count = 0
        while True:
            try:
                raw, _ = self._listener.accept()
            except OSError:
                return
            count += 1
            self._open.append(raw)
            thread = threading.Thread(
                target=self._serve, args=(raw, count), daemon=True
            )
            self._threads.append(thread)
            thread.start()

    def _serve(self, raw: socket.socket, number: int) -> None:
        try:
            wire = raw
            if self.certificate:
                context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
                context.load_cert_chain(CERTIFICATES / self.certificate)
                wire = context.wrap_socket(raw, server_side=True)
                self._open.append(wire)
            with wire, wire.makefile("rb") as reader:
                while (request := read_request(reader, number)) is not None:
                    self.requests.append(request)
                    if not self._send(wire, request):
                        return
        except (OSError, ValueError):
            raw.close()

    def _send(self, wire: socket.socket, request: Request) -> bool:
        for part in self.script(request):
            if part is HANG_UP:
                wire.shutdown(socket.SHUT_RDWR)
                return False
            if part == RESET:
                linger = struct.pack("ii", 1, 0)
                wire.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
                return False
            if isinstance(part, bytes):
                wire.sendall(part)
            else:
                self._closing.wait(float(part))
        return True


def read_request(reader: Any, connection: int) -> Request | None:
    line = reader.readline().decode()
    if not line.strip():
        return None
    method, target, _ = line.split(" ", 2)
    headers = {}
    while (header := reader.readline().decode().strip()) != "":
        name, _, value = header.partition(":")
        headers[name.lower()] = value.strip()
    body = reader.read(int(headers.get("content-length", "0")))
    parts = urlsplit(target)
    query = dict(parse_qsl(parts.query, keep_blank_values=True))
    return Request(method, parts.path, query, headers, body, connection, target)


def answer(
    body: Any, *, status: int = 200, headers: dict[str, str] | None = None
) -> bytes:
    """Return an answer with a length; a body that is no bytes is sent as JSON."""
    data = body if isinstance(body, bytes) else json.dumps(body).encode()
    lines = {"Content-Length": str(len(data)), **(headers or {})}
    return head(lines, status=status) + data


def head(headers: dict[str, str], *, status: int = 200) -> bytes:
    lines = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
    return f"HTTP/1.1 {status} Some Reason\r\n{lines}\r\n".encode()


CHUNKED = head({"Transfer-Encoding": "chunked"})
LAST_CHUNK = b"0\r\n\r\n"


def chunk(data: bytes) -> bytes:
    return b"%x\r\n%b\r\n" % (len(data), data)


def gzipped(body: Any) -> bytes:
    return gzip.compress(json.dumps(body).encode())


def event(event_type: str, thing: Any) -> bytes:
    """Return a chunk that holds one line of a watch."""
    return chunk(json.dumps({"type": event_type, "object": thing}).encode() + b"\n")


def status(code: int, **fields: Any) -> dict[str, Any]:
    return {"kind": "Status", "status": "Failure", "code": code, **fields}


def pod(uid: str, version: int = 1, **metadata: Any) -> dict[str, Any]:
    known = {"uid": uid, "name": f"pod-{uid}", "namespace": "default"}
    return {"metadata": {**known, "resourceVersion": str(version), **metadata}}


def pod_list(
    *pods: Any, version: str = "100", token: str = "", **fields: Any
) -> dict[str, Any]:
    metadata = {"resourceVersion": version} | ({"continue": token} if token else {})
    return {"kind": "PodList", "metadata": metadata, "items": list(pods), **fields}
