"""The objects of one kind, their order, and the log of their last changes.

A list of any version still in the log is read by undoing the changes after it, so a
page under churn costs what changed, not what exists. No locks and no versions are made
here (store.py).
"""

import heapq
import zlib
from bisect import bisect_left, bisect_right, insort
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from itertools import islice
from operator import attrgetter

ADDED, MODIFIED, DELETED = "ADDED", "MODIFIED", "DELETED"
# The watch cache's ring holds 100 to 102,400 events (apiserver watch_cache_history.go).
WINDOW_EVENTS = 10_000
# What is loaded beyond this many objects is packed: 150,000 pods are 1.1 GB of JSON.
UNPACKED = 10_000
RAW_DEFLATE = -15


@dataclass(frozen=True, slots=True)
class Stored:
    """One version of one object; `content` is its JSON, packed if with a dictionary."""

    namespace: str
    name: str
    uid: str
    version: int
    content: bytes
    labels: Mapping[str, str]
    node: str = ""
    dictionary: bytes = b""

    @property
    def body(self) -> bytes:
        """The JSON as lists hold it."""
        if not self.dictionary:
            return self.content
        return zlib.decompressobj(RAW_DEFLATE, self.dictionary).decompress(self.content)

    def packed(self, dictionary: bytes) -> "Stored":
        """Return the same in some 500 bytes, if the dictionary is like it."""
        packer = zlib.compressobj(3, zlib.DEFLATED, RAW_DEFLATE, zdict=dictionary)
        content = packer.compress(self.content) + packer.flush()
        return replace(self, content=content, dictionary=dictionary)

    @property
    def key(self) -> str:
        return f"{self.namespace}/{self.name}" if self.namespace else self.name


@dataclass(frozen=True, slots=True)
class Change:
    """What a watch reports; one that is not `announced` is swallowed, as bugs do."""

    version: int
    type: str
    stored: Stored
    previous: Stored | None
    announced: bool = True


@dataclass(frozen=True, slots=True)
class Slice:
    """A part of a list: from the key `start` on, `limit` objects (0: all)."""

    kind: str
    version: int
    namespace: str = ""
    start: str = ""
    limit: int = 0


class TooOld(Exception):
    """The version asked for is no longer known; `oldest` is the first that is."""

    def __init__(self, oldest: int) -> None:
        super().__init__(oldest)
        self.oldest = oldest


class Shelf:
    """Objects by key, sorted keys, and changes in order of version."""

    def __init__(self, *, window: int = WINDOW_EVENTS) -> None:
        self.objects: dict[str, Stored] = {}
        self.oldest = 0
        self._window = window
        self._order: list[str] = []
        self._log: list[Change] = []

    def load(self, stored: Iterable[Stored]) -> None:
        """Take objects that were always there: nothing is logged."""
        dictionary = b""
        for number, each in enumerate(stored):
            dictionary = dictionary or each.body
            kept = each if number < UNPACKED else each.packed(dictionary)
            self.objects[each.key] = kept
        self._order = sorted(self.objects)

    def record(self, change: Change) -> None:
        key = change.stored.key
        if change.type == DELETED:
            del self.objects[key]
            del self._order[bisect_left(self._order, key)]
        else:
            if key not in self.objects:
                insort(self._order, key)
            self.objects[key] = change.stored
        self._log.append(change)
        if len(self._log) > 2 * self._window:
            self.forget(self._log[-self._window - 1].version)

    def forget(self, version: int) -> None:
        """Drop all changes up to and with this version."""
        self.oldest = max(self.oldest, version)
        del self._log[: bisect_right(self._log, version, key=attrgetter("version"))]

    def changes(self, after: int) -> list[Change]:
        """Return the changes with a greater version, in order; TooOld when unknown."""
        if after < self.oldest:
            raise TooOld(self.oldest)
        return self._log[bisect_right(self._log, after, key=attrgetter("version")) :]

    def undone(self, version: int) -> dict[str, Stored | None]:
        """Return what was otherwise at that version: None where nothing was."""
        later = reversed(self.changes(version))
        return {change.stored.key: change.previous for change in later}

    def undo(self, version: int) -> None:
        """Go back to that version, as a restored etcd does."""
        for key, previous in self.undone(version).items():
            if previous is None:
                self.objects.pop(key, None)
            else:
                self.objects[key] = previous
        self._order = sorted(self.objects)
        del self._log[bisect_right(self._log, version, key=attrgetter("version")) :]

    def read(self, wanted: Slice) -> tuple[list[Stored], int]:
        """Return the objects of a slice and how many come after them."""
        first, end = _bounds(wanted)
        low = bisect_left(self._order, first)
        high = bisect_left(self._order, end) if end else len(self._order)
        undone = self.undone(wanted.version)
        if not undone:
            stop = min(high, low + wanted.limit) if wanted.limit else high
            found = [self.objects[key] for key in self._order[low:stop]]
            return found, max(0, high - stop)
        inside = {
            key: was
            for key, was in undone.items()
            if key >= first and (not end or key < end)
        }
        gone = sorted(k for k, was in inside.items() if was and k not in self.objects)
        new = sum(1 for was in inside.values() if was is None)
        keys = heapq.merge(islice(self._order, low, high), gone)
        as_of = (inside[k] if k in inside else self.objects[k] for k in keys)
        there = (stored for stored in as_of if stored is not None)
        found = list(islice(there, wanted.limit or None))
        return found, high - low - new + len(gone) - len(found)


def _bounds(wanted: Slice) -> tuple[str, str]:
    """Return the first key and the key after the last ("" for no end)."""
    if not wanted.namespace:
        return wanted.start, ""
    # "0" is the character after "/": the first key behind the namespace.
    return f"{wanted.namespace}/{wanted.start}", f"{wanted.namespace}0"
