"""Watches: the changes after a version, bookmarks, and every way to refuse.

Errors come as a real server gives them: an unparsable version is a 500, one that is too
old is 200 with an ERROR line, one from the future is 200 and silence.
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass

from ipamweb.simulator.faults import Effect
from ipamweb.simulator.kinds import Kind
from ipamweb.simulator.listing import parse_version, with_kind
from ipamweb.simulator.routes import Target
from ipamweb.simulator.selectors import Selection, read_selection
from ipamweb.simulator.shelf import (
    ADDED,
    DELETED,
    MODIFIED,
    Change,
    Slice,
    Stored,
    TooOld,
)
from ipamweb.simulator.statuses import (
    as_error_line,
    bad_request,
    expired_watch,
    future_version,
    refused,
    streaming_refused,
)
from ipamweb.simulator.store import Store
from ipamweb.simulator.tables import TableLines
from ipamweb.simulator.wire import Delivery

# apiserver server/config.go MinRequestTimeout: what a client gets that asks for
# nothing.
DEFAULT_TIMEOUT_SECONDS = 1800
# How often a quiet watch looks whether its client is still there.
LOOK_SECONDS = 1.0


@dataclass(slots=True)
class WatchOptions:
    """Knobs. `bookmark_seconds` None: no bookmarks at all, as some storages behave."""

    bookmark_seconds: float | None = 60.0
    expired_as_status: bool = False
    refuse_future: bool = False


@dataclass(frozen=True, slots=True)
class Outlet:
    """Where a watch writes, whether anybody listens, and what the next change sets."""

    write: Callable[[bytes], Awaitable[None]]
    is_closed: Callable[[], bool]
    news: Callable[[], asyncio.Event]


class Stopped(Exception):
    """The watch ends here, with this last line ("" for none)."""

    def __init__(self, line: bytes = b"") -> None:
        super().__init__(line)
        self.line = line


class Watch:
    def __init__(
        self, store: Store, target: Target, *, query: Mapping[str, str], view: "View"
    ) -> None:
        self._store = store
        self._target = target
        self._query = query
        self._view = view
        self._selection: Selection = read_selection(target, query)
        table = TableLines(target.kind, clock=store.clock)
        self._line = table.line if view.as_table else _plain_line
        self._bookmarks = query.get("allowWatchBookmarks", "") in ("1", "true", "True")
        self._seconds = _seconds(query.get("timeoutSeconds", ""))
        self._version = 0
        self._opening: list[Change] = []
        self._refusal = b""
        self._open()

    async def run(self, outlet: Outlet) -> None:
        """Report until the time is up, the client goes, or the watch cannot go on."""
        clock = asyncio.get_running_loop().time
        deadline = clock() + self._seconds
        period = self._view.options.bookmark_seconds if self._bookmarks else None
        next_bookmark = clock() + period if period else float("inf")
        try:
            await self._write_opening(outlet)
            while not outlet.is_closed():
                news = outlet.news()
                await self._write_news(outlet)
                now = clock()
                if now >= deadline:
                    break
                if now >= next_bookmark and period:
                    await outlet.write(self._bookmark())
                    next_bookmark = now + period
                until = min(deadline, next_bookmark) - now
                await _wait(news, seconds=min(until, LOOK_SECONDS))
            if period and not outlet.is_closed():
                await outlet.write(self._bookmark())
        except Stopped as stopped:
            await outlet.write(stopped.line)

    def _open(self) -> None:
        text = self._query.get("resourceVersion", "")
        streaming = self._query.get("sendInitialEvents", "") in ("1", "true")
        if streaming or (text == "0" and self._bookmarks):
            self._refusal = as_error_line(streaming_refused())
            return
        version = parse_version(text or "0")
        if version == 0:
            self._begin_with_everything()
        elif version > self._store.version and self._view.options.refuse_future:
            raise refused(future_version(version, current=self._store.version))
        else:
            self._begin_after(version)

    def _begin_with_everything(self) -> None:
        with self._store.lock:
            self._version = self._store.version
            wanted = Slice(
                self._target.kind.resource, self._version, self._target.namespace
            )
            objects, _ = self._store.read(wanted)
        self._opening = [Change(s.version, ADDED, s, None) for s in objects]

    def _begin_after(self, version: int) -> None:
        oldest = self._store.oldest(self._target.kind.resource)
        self._version = version
        if version >= oldest:
            return
        status = expired_watch(version, oldest=oldest)
        if self._view.options.expired_as_status:
            raise refused(status)
        self._refusal = as_error_line(status)

    async def _write_opening(self, outlet: Outlet) -> None:
        effect = self._view.effect
        if self._refusal:
            raise Stopped(self._refusal)
        if effect.delivery is Delivery.CLEAN_CUT:
            raise Stopped
        if effect.lines:
            await outlet.write(effect.lines)
        if self._opening:
            await outlet.write(self._lines(self._opening))

    async def _write_news(self, outlet: Outlet) -> None:
        if self._target.kind.group not in self._store.groups:
            raise Stopped
        try:
            changes, version = self._store.changes(
                self._target.kind.resource, after=self._version
            )
        except TooOld as error:
            status = expired_watch(self._version, oldest=error.oldest)
            raise Stopped(as_error_line(status)) from error
        last = self._view.last_version()
        if last is not None:
            changes = [change for change in changes if change.version <= last]
            version = min(version, last)
        self._version = max(self._version, version)
        lines = self._lines(changes)
        if lines:
            await outlet.write(lines)

    def _lines(self, changes: Sequence[Change]) -> bytes:
        told = [
            translated
            for change in changes
            if change.announced
            and (translated := _translate(change, selection=self._selection))
        ]
        if self._view.effect.events:
            told = self._view.effect.events(told)
        kind = self._target.kind
        return b"".join(self._line(c.type, stored=c.stored, kind=kind) for c in told)

    def _bookmark(self) -> bytes:
        kind = self._target.kind
        text = (
            f'{{"kind":"{kind.name}","apiVersion":"{kind.api_version}",'
            f'"metadata":{{"resourceVersion":"{self._version}",'
            '"creationTimestamp":null},"spec":{},"status":{}}'
        )
        return b'{"type":"BOOKMARK","object":%b}\n' % text.encode()


@dataclass(frozen=True, slots=True)
class View:
    """What one watch may see: the knobs, its fault, a lagging replica's end."""

    options: WatchOptions
    effect: Effect
    last_version: Callable[[], int | None]
    as_table: bool = False


def _translate(change: Change, *, selection: Selection) -> Change | None:
    """Return the change as a selecting watch sees it: what moves in is ADDED to it."""
    inside = selection.takes(change.stored)
    was_inside = change.previous is not None and selection.takes(change.previous)
    if change.type != MODIFIED or inside == was_inside:
        return change if inside else None
    type_ = ADDED if inside else DELETED
    return Change(change.version, type_, change.stored, change.previous)


def _plain_line(type_: str, *, stored: Stored, kind: Kind) -> bytes:
    body = with_kind(stored.body, kind=kind)
    return b'{"type":"%b","object":%b}\n' % (type_.encode(), body)


def _seconds(text: str) -> float:
    """Return how long a watch lasts; fractions are for tests in a hurry."""
    try:
        return float(text or DEFAULT_TIMEOUT_SECONDS)
    except ValueError as error:
        raise refused(bad_request(f"timeoutSeconds: {text!r}")) from error


async def _wait(news: asyncio.Event, *, seconds: float) -> None:
    with suppress(TimeoutError):
        async with asyncio.timeout(seconds):
            await news.wait()
