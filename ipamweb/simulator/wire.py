"""HTTP/1.1 as far as an API server speaks it: requests in, answers and chunks out.

Answers go out as Go's server sends them: with a length up to 2 KiB, in chunks above it,
gzipped above 128 KiB when the client takes it. The ways an answer can be spoiled on the
wire are here too (Delivery); when they are used is faults.py.
"""

import asyncio
import gzip
import socket
import struct
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from http import HTTPStatus
from urllib.parse import parse_qsl, unquote, urlsplit

from ipamweb.simulator.statuses import Response

# apiserver endpoints/handlers/responsewriters/writers.go: defaultGzipThresholdBytes,
# and gzip.NewWriterLevel(…, defaultGzipContentEncodingLevel = 1).
GZIP_THRESHOLD = 128 * 1024
GZIP_LEVEL = 1
# net/http: a body that fits the first buffer gets a Content-Length.
LENGTH_THRESHOLD = 2048
LAST_CHUNK = b"0\r\n\r\n"
HEAD_LIMIT = 64 * 1024
BODY_LIMIT = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Request:
    method: str
    path: str
    query: Mapping[str, str]
    headers: Mapping[str, str]
    connection: int = 0
    body: bytes = b""

    @property
    def accepts_gzip(self) -> bool:
        return "gzip" in self.headers.get("accept-encoding", "")


class Delivery(Enum):
    """How the bytes of an answer reach the client."""

    WHOLE = "whole"
    CUT = "the connection closes in the middle of the body"
    CLEAN_CUT = "half the body, ended like a whole one"
    GZIP_CUT = "half the compressed body, ended like a whole one"
    NO_LENGTH = "half the body, without length, ended by closing"
    SLOW = "a little at a time"
    BLACK_HOLE = "never"
    RESET = "the connection is reset"


@dataclass(frozen=True, slots=True)
class Transfer:
    """How one answer is sent; `seconds` is what a slow one takes."""

    delivery: Delivery = Delivery.WHOLE
    seconds: float = 0.0
    gzip: bool = False


@dataclass(slots=True)
class Head:
    """The head of an answer, field by field."""

    status: int
    fields: dict[str, str] = field(default_factory=dict)

    def encode(self) -> bytes:
        lines = [f"HTTP/1.1 {self.status} {_phrase(self.status)}"]
        lines += [f"{name}: {text}" for name, text in self.fields.items()]
        return ("\r\n".join(lines) + "\r\n\r\n").encode("latin-1")


async def read_request(
    reader: asyncio.StreamReader, *, connection: int
) -> Request | None:
    """Return the next request; None when the client has gone or talks nonsense."""
    try:
        head = await reader.readuntil(b"\r\n\r\n")
        first, *lines = head.decode("latin-1").split("\r\n")
        method, target, _ = first.split(" ")
        pairs = (line.partition(":") for line in lines if line)
        headers = {name.strip().lower(): text.strip() for name, _, text in pairs}
        length = int(headers.get("content-length", "0"))
        body = await reader.readexactly(length) if 0 < length <= BODY_LIMIT else b""
    except (asyncio.IncompleteReadError, asyncio.LimitOverrunError, ValueError):
        return None
    split = urlsplit(target)
    query = dict(parse_qsl(split.query, keep_blank_values=True))
    return Request(method, unquote(split.path), query, headers, connection, body)


async def send(
    writer: asyncio.StreamWriter, response: Response, *, transfer: Transfer
) -> bool:
    """Send an answer; say whether the connection may be used again."""
    match transfer.delivery:
        case Delivery.CUT:
            writer.write(_spoiled_half(response, transfer=transfer))
        case Delivery.NO_LENGTH:
            head = head_of(response)
            head.fields["Connection"] = "close"
            half = response.body[: len(response.body) // 2]
            writer.write(head.encode() + half)
        case Delivery.SLOW:
            await _send_slowly(writer, response, transfer=transfer)
            return True
        case _:
            writer.write(_whole(response, transfer=transfer))
            await writer.drain()
            return True
    return False


def head_of(response: Response) -> Head:
    fields = {
        "Cache-Control": "no-cache, private",
        "Content-Type": response.content_type,
    }
    return Head(response.status, fields | response.headers)


def watch_head() -> bytes:
    head = head_of(Response())
    head.fields["Transfer-Encoding"] = "chunked"
    return head.encode()


def chunk(content: bytes) -> bytes:
    return b"%x\r\n%b\r\n" % (len(content), content)


def reset(writer: asyncio.StreamWriter) -> None:
    """Close so that the client gets a RST instead of an end."""
    connection: socket.socket = writer.get_extra_info("socket")
    linger = struct.pack("ii", 1, 0)
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
    writer.transport.abort()


def compressed(body: bytes) -> bytes:
    return gzip.compress(body, compresslevel=GZIP_LEVEL, mtime=0)


def _whole(response: Response, *, transfer: Transfer) -> bytes:
    head, body = _framed(response, transfer=transfer)
    if "Content-Length" in head.fields:
        return head.encode() + body
    if transfer.delivery in (Delivery.CLEAN_CUT, Delivery.GZIP_CUT):
        body = body[: len(body) // 2]
    return head.encode() + chunk(body) + LAST_CHUNK


def _spoiled_half(response: Response, *, transfer: Transfer) -> bytes:
    head, body = _framed(response, transfer=transfer)
    if "Content-Length" not in head.fields:
        body = chunk(body)
    return head.encode() + body[: len(body) // 2]


def _framed(response: Response, *, transfer: Transfer) -> tuple[Head, bytes]:
    """Return the head and the body as it is sent, compressed where it should be."""
    head, body = head_of(response), response.body
    ready = "Content-Encoding" in head.fields
    forced = transfer.delivery is Delivery.GZIP_CUT
    if not ready and (forced or (transfer.gzip and len(body) > GZIP_THRESHOLD)):
        head.fields |= {"Content-Encoding": "gzip", "Vary": "Accept-Encoding"}
        body = compressed(body)
        ready = True
    in_chunks = ready or forced or transfer.delivery is Delivery.CLEAN_CUT
    if in_chunks or len(body) > LENGTH_THRESHOLD:
        head.fields["Transfer-Encoding"] = "chunked"
    else:
        head.fields["Content-Length"] = str(len(body))
    return head, body


async def _send_slowly(
    writer: asyncio.StreamWriter, response: Response, *, transfer: Transfer
) -> None:
    everything = _whole(response, transfer=transfer)
    pieces = 20
    step = max(1, -(-len(everything) // pieces))
    for start in range(0, len(everything), step):
        await asyncio.sleep(transfer.seconds / pieces)
        writer.write(everything[start : start + step])
        await writer.drain()


def _phrase(status: int) -> str:
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return "Unknown"
