"""Connections: requests read, answers and watches written, one task each.

Here is the event loop's side of the server; the other threads' side is server.py.
"""

import asyncio
import ssl
import threading
from collections.abc import Callable
from contextlib import suppress

from ipamweb.simulator.answering import Answering
from ipamweb.simulator.faults import Effect
from ipamweb.simulator.watching import Outlet, Watch
from ipamweb.simulator.wire import (
    HEAD_LIMIT,
    LAST_CHUNK,
    Delivery,
    Request,
    Transfer,
    chunk,
    read_request,
    reset,
    send,
    watch_head,
)

HOST = "127.0.0.1"
NO_EFFECT = Effect()


class Connections:
    """Serves in the running event loop; `tell` and `stop` may come from any thread."""

    def __init__(self, answering: Answering, *, tls: ssl.SSLContext | None) -> None:
        self.port = 0
        self._answering = answering
        self._tls = tls
        self._loop: asyncio.AbstractEventLoop | None = None
        self._news = asyncio.Event()
        self._stopped = asyncio.Event()
        self._tasks: set[asyncio.Task[None]] = set()
        self._count = 0

    async def serve(self, port: int, *, ready: threading.Event) -> None:
        """Serve until stopped; a port of 0 takes a free one."""
        server = await asyncio.start_server(
            self._connected, HOST, port, ssl=self._tls, limit=HEAD_LIMIT
        )
        self.port = server.sockets[0].getsockname()[1]
        self._loop = asyncio.get_running_loop()
        ready.set()
        try:
            await self._stopped.wait()
        finally:
            self._loop = None
            server.close()
            for task in self._tasks:
                task.cancel()
            await asyncio.gather(*self._tasks, return_exceptions=True)

    def tell(self) -> None:
        """Wake the watches: something changed."""
        self._call(self._wake)

    def stop(self) -> None:
        """End serving; connections are closed wherever they are."""
        self._call(self._stopped.set)

    def _call(self, function: Callable[[], None]) -> None:
        loop = self._loop
        if loop is not None:
            # The loop may have ended in between.
            with suppress(RuntimeError):
                loop.call_soon_threadsafe(function)

    def _wake(self) -> None:
        told, self._news = self._news, asyncio.Event()
        told.set()

    async def _connected(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._tasks.add(task)
        self._count += 1
        number = self._count
        try:
            with suppress(ConnectionError, asyncio.CancelledError):
                while request := await read_request(reader, connection=number):
                    if not await self._handle(request, reader=reader, writer=writer):
                        break
        finally:
            self._tasks.discard(task)
            writer.close()

    async def _handle(
        self,
        request: Request,
        *,
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
    ) -> bool:
        """Answer one request; say whether the connection may be used again."""
        asked = self._answering.describe(request)
        effect = self._answering.faults.find(asked) or NO_EFFECT
        if effect.wait_seconds:
            await asyncio.sleep(effect.wait_seconds)
        if effect.delivery is Delivery.BLACK_HOLE:
            await reader.read()
            return False
        if effect.delivery is Delivery.RESET:
            reset(writer)
            return False
        answer = self._answering.answer(request, asked=asked, effect=effect)
        if isinstance(answer, Watch):
            asked.status = 200
            writer.write(watch_head())
            if effect.silent:
                await reader.read()
                return False
            cut = effect.delivery is Delivery.CUT
            await self._run_watch(answer, reader=reader, writer=writer, cut=cut)
            return not reader.at_eof()
        asked.status = answer.status
        transfer = Transfer(effect.delivery, effect.slow_seconds, request.accepts_gzip)
        return await send(writer, answer, transfer=transfer)

    async def _run_watch(
        self,
        watch: Watch,
        *,
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
        cut: bool,
    ) -> None:
        """Write a watch to its end, or `cut` in the middle of its first lines."""

        async def write(lines: bytes) -> None:
            if lines:
                writer.write(chunk(lines)[: len(lines) // 2 if cut else None])
                await writer.drain()
            if lines and cut:
                raise ConnectionResetError

        await watch.run(Outlet(write, reader.at_eof, lambda: self._news))
        writer.write(LAST_CHUNK)
        await writer.drain()
