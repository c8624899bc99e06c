"""From the bytes of a page or a watch line to objects; a bad one spoils only itself.

Not here: where the bytes come from (pages.py, watching.py), what fields mean (readers).
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cache
from typing import Any

import msgspec

from ipamweb.addressing.records import Problem
from ipamweb.cluster import shapes
from ipamweb.cluster.errors import BadAnswer
from ipamweb.cluster.readers.contract import Kind, problem_of

# msgspec says invalid UTF-8 by UnicodeDecodeError and deep nesting by RecursionError.
DECODE_ERRORS = (msgspec.DecodeError, UnicodeDecodeError, RecursionError)


class _LooseMetadata(msgspec.Struct, rename="camel"):
    uid: Any = None
    name: Any = None
    namespace: Any = None
    resource_version: Any = None


class _LooseObject(msgspec.Struct):
    metadata: _LooseMetadata = msgspec.field(default_factory=_LooseMetadata)


_RAW_LIST = msgspec.json.Decoder(shapes.RawList)
_LOOSE = msgspec.json.Decoder(_LooseObject)


@dataclass(slots=True)
class Decoded:
    """Objects, and what could not be understood of the others.

    `unidentified` counts those whose UID is unreadable: nobody knows which they are.
    """

    objects: list[msgspec.Struct] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    unidentified: int = 0

    def refuse(self, kind: Kind, metadata: shapes.Metadata, error: Exception) -> None:
        """Note an object that does not decode."""
        why, _, place = str(error).partition(" - at `")
        path = place.rstrip("`").removeprefix("$").removeprefix(".")
        self.problems.append(problem_of(kind, metadata, field=path, why=why))
        if not metadata.uid:
            self.unidentified += 1

    def refuse_nameless(self, kind: Kind, metadata: shapes.Metadata) -> None:
        """Note an object that decodes, but has no UID."""
        self.unidentified += 1
        self.problems.append(
            problem_of(kind, metadata, field="metadata.uid", why="it has no UID")
        )


@cache
def object_decoder(shape: type[msgspec.Struct]) -> msgspec.json.Decoder[Any]:
    """Return the decoder of one object of the shape."""
    return msgspec.json.Decoder(shape)


@cache
def _list_decoder(shape: type[msgspec.Struct]) -> msgspec.json.Decoder[Any]:
    return msgspec.json.Decoder(shapes.ObjectList[shape])  # type: ignore[valid-type]


def decode_head(
    body: bytes, *, kind: Kind, cluster: str, action: str
) -> shapes.RawList:
    """Return a list with its objects undecoded; raises BadAnswer when it is none."""
    try:
        listed = _RAW_LIST.decode(body)
    except DECODE_ERRORS as error:
        why = f"the answer is no whole list in JSON ({error})"
        raise BadAnswer(cluster, action=action, why=why) from error
    _check_kind(listed.kind, kind, cluster=cluster, action=action)
    return listed


def decode_page(
    body: bytes, *, kind: Kind, cluster: str, action: str
) -> tuple[shapes.ListMetadata, Decoded]:
    """Return a page's metadata and objects; raises BadAnswer unless it is whole.

    Only when the page does not decode at once is it decoded again object by object.
    """
    try:
        listed = _list_decoder(kind.shape).decode(body)
    except DECODE_ERRORS:
        head = decode_head(body, kind=kind, cluster=cluster, action=action)
        return head.metadata, _decode_each(head.items or [], kind)
    _check_kind(listed.kind, kind, cluster=cluster, action=action)
    return listed.metadata, _with_uid(listed.items or [], kind)


def _check_kind(found: str, kind: Kind, *, cluster: str, action: str) -> None:
    if found != kind.list_name:
        why = f"the answer is {found or 'nothing'!r} instead of {kind.list_name!r}"
        raise BadAnswer(cluster, action=action, why=why)


def _with_uid(objects: list[Any], kind: Kind) -> Decoded:
    if all(one.metadata.uid for one in objects):
        return Decoded(objects)
    decoded = Decoded([one for one in objects if one.metadata.uid])
    for one in objects:
        if not one.metadata.uid:
            decoded.refuse_nameless(kind, one.metadata)
    return decoded


def _decode_each(raws: Iterable[msgspec.Raw], kind: Kind) -> Decoded:
    decoded = Decoded()
    decoder = object_decoder(kind.shape)
    for raw in raws:
        try:
            one = decoder.decode(raw)
        except DECODE_ERRORS as error:
            decoded.refuse(kind, identify(raw), error)
            continue
        if one.metadata.uid:
            decoded.objects.append(one)
        else:
            decoded.refuse_nameless(kind, one.metadata)
    return decoded


def identify(raw: msgspec.Raw | bytes) -> shapes.Metadata:
    """Return who an undecodable object is; what is no text comes out empty."""
    try:
        found = _LOOSE.decode(raw).metadata
    except DECODE_ERRORS:
        return shapes.Metadata()
    return shapes.Metadata(
        _text(found.uid),
        _text(found.name),
        _text(found.namespace),
        _text(found.resource_version),
    )


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""
