"""What changed in one scope since a version: a watch, drained up to a known instant.

A list of one object first says how far the cluster is (R0): the drain is exact as of
that answer. Only an event or a bookmark moves the version on, never a list's item.
Streaming lists (sendInitialEvents) are not used: their first events have no order.
Not here: complete lists (pages.py), several namespaces (reading.py).
"""

import math
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, NoReturn, cast

import msgspec

from ipamweb.addressing.records import Problem
from ipamweb.cluster import shapes
from ipamweb.cluster.access import Session
from ipamweb.cluster.answers import error_of, read_status
from ipamweb.cluster.connections import Quiet, Stream
from ipamweb.cluster.decoding import (
    DECODE_ERRORS,
    Decoded,
    decode_head,
    identify,
    object_decoder,
)
from ipamweb.cluster.errors import BadAnswer, Expired, Unreachable
from ipamweb.cluster.pages import Clock, list_question, resource_of
from ipamweb.cluster.questions import Question
from ipamweb.cluster.readers.contract import Kind

# Measured: a hundred pending events arrive within 25 ms of opening a watch.
QUIET_SECONDS = 0.2
QUIET_ROUND_TRIPS = 3
# Bounds the memory of a drain after a long pause; the next one goes on from there.
EVENT_LIMIT = 20_000
# Far above etcd's limit of 1.5 MB for one object.
LINE_BYTES = 16 * 1024 * 1024

EventType = Literal["ADDED", "MODIFIED", "DELETED"]
EVENT_TYPES = frozenset({"ADDED", "MODIFIED", "DELETED"})

_EVENT = msgspec.json.Decoder(shapes.WatchEvent)


@dataclass(frozen=True, slots=True)
class Event:
    type: EventType
    object: msgspec.Struct
    resource_version: str


@dataclass(frozen=True, slots=True)
class Drain:
    """The changes after a cursor, in order, and the cursor to go on from.

    `is_caught_up`: everything up to `answered_at` is in it. False: the stream ended or
    grew too long before that; its events stand, but what they lead to is not the state
    as of `answered_at`.
    """

    kind: Kind
    events: list[Event]
    problems: list[Problem]
    resource_version: str
    asked_at: datetime
    answered_at: datetime
    unidentified: int
    is_caught_up: bool = True


@dataclass(frozen=True, slots=True)
class _Head:
    """How far the cluster is, when that was, and over which connection it was told."""

    version: int
    asked_at: datetime
    answered_at: datetime
    round_trip_seconds: float
    opened_count: int


def drain_scope(
    session: Session, kind: Kind, scope: str, *, cursor: str, clock: Clock
) -> Drain:
    """Return what changed since the cursor; raises Expired when a list is needed.

    Cost: one list of one object, and a watch on the same connection when it has moved.
    """
    head = _read_head(session, kind, scope, clock=clock)
    action = f"watch {resource_of(kind)}"
    known = parse_version(cursor, cluster=session.name, action=action)
    if head.version < known:
        why = f"the cluster is at version {head.version}, behind {known}"
        raise Expired(session.name, action=action, why=why, reason="rewound")
    changes = _Changes(session.name, kind, known=known, goal=head.version)
    is_caught_up = True
    if head.version > known:
        is_caught_up = _watch(session, scope, changes, head=head)
    return Drain(
        kind,
        changes.events,
        changes.decoded.problems,
        str(changes.version),
        head.asked_at,
        head.answered_at,
        changes.decoded.unidentified,
        is_caught_up,
    )


def parse_version(text: str, *, cluster: str, action: str) -> int:
    """Return a version as a number greater than 0; raises Expired for anything else.

    Versions of one kind are comparable since Kubernetes 1.35 (KEP-5504); before that
    they were numbers all the same. 0 would be a watch from any cache.
    """
    if text.isascii() and text.isdigit() and int(text) > 0:
        return int(text)
    why = f"{text!r} is no version that could be compared"
    raise Expired(cluster, action=action, why=why, reason="unparsable")


def _read_head(session: Session, kind: Kind, scope: str, *, clock: Clock) -> _Head:
    question = list_question(session, kind, scope, limit=1)
    connection = session.connection(question.resource)
    asked_at = clock()
    body = session.ask(question)
    answered_at = clock()
    metadata = decode_head(
        body, kind=kind, cluster=session.name, action=question.action
    ).metadata
    version = parse_version(
        metadata.resource_version, cluster=session.name, action=question.action
    )
    return _Head(
        version,
        asked_at,
        answered_at,
        connection.answer_seconds,
        connection.opened_count,
    )


class _Changes:
    """Takes the lines of a watch in and keeps what lies in (known, goal]."""

    def __init__(self, cluster: str, kind: Kind, *, known: int, goal: int) -> None:
        self.cluster = cluster
        self.kind = kind
        self.known = known
        self.goal = goal
        self.version = known
        self.events: list[Event] = []
        self.decoded = Decoded()
        self._taken_count = 0
        self._decoder = object_decoder(kind.shape)

    @property
    def is_at_goal(self) -> bool:
        return self.version >= self.goal

    @property
    def is_garbage(self) -> bool:
        """Lines came, and none of them was JSON: this is no watch."""
        return self._taken_count == 0 and bool(self.decoded.problems)

    def take(self, line: bytes, question: Question) -> None:
        """Take one line in; raises ClusterError for an ERROR event."""
        try:
            event = _EVENT.decode(line)
        except DECODE_ERRORS as error:
            self.decoded.refuse(self.kind, shapes.Metadata(), error)
            return
        self._taken_count += 1
        if event.type in EVENT_TYPES:
            self._take_object(cast(EventType, event.type), event.object)
        elif event.type == "BOOKMARK":
            self._move_to(identify(event.object).resource_version)
        elif event.type == "ERROR":
            self._raise_error(event.object, question)
        else:
            why = f"the watch sent an event of type {event.type!r}"
            raise BadAnswer(self.cluster, action=question.action, why=why)

    def _take_object(self, event_type: EventType, raw: msgspec.Raw) -> None:
        try:
            one = self._decoder.decode(raw)
        except DECODE_ERRORS as error:
            metadata = identify(raw)
            if not metadata.resource_version or self._move_to(
                metadata.resource_version
            ):
                self.decoded.refuse(self.kind, metadata, error)
                if event_type == "DELETED" and metadata.uid:
                    # Its state is unknown; that it is gone, a list will tell.
                    self.decoded.unidentified += 1
            return
        version = one.metadata.resource_version
        if not self._move_to(version):
            return
        if one.metadata.uid:
            self.events.append(Event(event_type, one, version))
        else:
            self.decoded.refuse_nameless(self.kind, one.metadata)

    def _move_to(self, text: str) -> bool:
        """Move on to a version; False when what has it is not ours to return."""
        action = f"watch {resource_of(self.kind)}"
        version = parse_version(text, cluster=self.cluster, action=action)
        if version > self.version:
            self.version = min(version, self.goal)
        return self.known < version <= self.goal

    def _raise_error(self, raw: msgspec.Raw, question: Question) -> NoReturn:
        status = read_status(bytes(raw))
        raise error_of(
            status,
            code=status.code,
            headers={},
            cluster=self.cluster,
            question=question,
        )


def _watch(session: Session, scope: str, changes: _Changes, *, head: _Head) -> bool:
    """Take changes in until the goal, or quiet; False when neither was reached."""
    question = _watch_question(session, changes.kind, scope, version=changes.known)
    quiet = max(QUIET_SECONDS, QUIET_ROUND_TRIPS * head.round_trip_seconds)
    is_quiet = False
    with session.watch(question) as stream:
        try:
            for line in _lines(stream, session, question, quiet_seconds=quiet):
                changes.take(line, question)
                if changes.is_at_goal or len(changes.events) >= EVENT_LIMIT:
                    break
        except Quiet:
            is_quiet = True
    if changes.is_garbage:
        why = "the watch sent nothing that is JSON"
        raise BadAnswer(session.name, action=question.action, why=why)
    # Quiet proves something only where the list has brought the cache up to date.
    is_same = session.connection(question.resource).opened_count == head.opened_count
    return changes.is_at_goal or (is_quiet and is_same)


def _watch_question(
    session: Session, kind: Kind, scope: str, *, version: int
) -> Question:
    return Question(
        kind.path_in(scope) if scope else kind.path,
        {
            "watch": "1",
            "resourceVersion": str(version),
            "allowWatchBookmarks": "true",
            "timeoutSeconds": str(math.ceil(session.timeout_seconds)),
        },
        verb="watch",
        resource=resource_of(kind),
        scope=scope,
    )


def _lines(
    stream: Stream, session: Session, question: Question, *, quiet_seconds: float
) -> Iterator[bytes]:
    """Yield the whole lines of a watch, until the server ends it or time is over.

    Raises Quiet between two lines; BadAnswer when the server ends before any line.
    """
    name, action = session.name, question.action
    deadline = time.monotonic() + session.timeout_seconds
    pending, has_come = b"", False
    while time.monotonic() < deadline:
        try:
            data = stream.read(session.idle_seconds if pending else quiet_seconds)
        except Quiet:
            if not pending:
                raise
            why = "the watch stopped inside a line"
            raise Unreachable(name, action=action, why=why) from None
        if not data:
            break
        has_come = True
        *lines, pending = (pending + data).split(b"\n")
        yield from filter(None, lines)
        if len(pending) > LINE_BYTES:
            raise BadAnswer(name, action=action, why="an event is larger than 16 MiB")
    if pending:
        raise BadAnswer(name, action=action, why="the watch was cut inside a line")
    if not has_come:
        raise BadAnswer(name, action=action, why="the server ended the watch early")
