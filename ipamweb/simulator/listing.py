"""Gets and lists: pages of one version under a continue token, and prepared pages.

Pages are joined from the bytes of each object; nothing is encoded again. Not here: the
Table form (tables.py), who may ask (rights.py).
"""

from collections.abc import Mapping
from dataclasses import dataclass

import msgspec

from ipamweb.simulator.continuation import INCONSISTENT, read_token, write_token
from ipamweb.simulator.kinds import KINDS, Kind
from ipamweb.simulator.routes import Target
from ipamweb.simulator.selectors import Selection, read_selection
from ipamweb.simulator.shelf import Slice, Stored, TooOld
from ipamweb.simulator.statuses import (
    Response,
    bad_request,
    bad_version,
    expired_list,
    expired_page,
    future_version,
    not_found,
    refused,
)
from ipamweb.simulator.store import Store
from ipamweb.simulator.wire import compressed

PageKey = tuple[str, int, str, int]
# What may be asked of a prepared page: nothing that changes what is in it.
PLAIN_QUERY = {"limit", "continue", "timeout", "timeoutSeconds"}


@dataclass(frozen=True, slots=True)
class Page:
    """A part of a list, not yet encoded; `token` is empty on the last."""

    kind: Kind
    version: int
    objects: list[Stored]
    token: str = ""
    remaining: int | None = None


@dataclass(frozen=True, slots=True)
class Position:
    """Where a list stands: as of which version, from which key on."""

    version: int
    start: str = ""
    continued: bool = False


def get_object(store: Store, target: Target) -> bytes:
    """Return one object with kind and apiVersion; refused with 404 when it is not."""
    try:
        stored = store.stored(
            target.kind.resource, target.name, namespace=target.namespace
        )
    except KeyError:
        kind = target.kind
        answer = not_found(kind.resource, name=target.name, group=kind.group)
        raise refused(answer) from None
    return with_kind(stored.body, kind=target.kind)


def with_kind(body: bytes, *, kind: Kind) -> bytes:
    """Return an object as it looks outside a list; custom ones always look so."""
    if kind.is_custom:
        return body
    head = f'{{"kind":"{kind.name}","apiVersion":"{kind.api_version}",'.encode()
    return head + body[1:]


def read_page(
    store: Store, target: Target, *, query: Mapping[str, str], stale: int
) -> Page:
    """Return the page asked for; `stale` is the version resourceVersion=0 gets."""
    selection = read_selection(target, query)
    position = read_position(store, query, stale=stale)
    limit = _number(query.get("limit", "") or "0")
    if query.get("resourceVersion") == "0" and not position.continued:
        limit = 0
    wanted = Slice(
        kind=target.kind.resource,
        version=position.version,
        namespace=target.namespace,
        start=position.start,
        limit=limit if selection.is_everything else 0,
    )
    try:
        objects, remaining = store.read(wanted)
    except TooOld as error:
        raise refused(_expired(position, target=target)) from error
    if not selection.is_everything:
        return _selected(
            objects, position=position, target=target, limits=(selection, limit)
        )
    if not remaining:
        return Page(target.kind, position.version, objects)
    token = _token_after(objects[-1], position=position, target=target)
    return Page(target.kind, position.version, objects, token, remaining)


def read_position(store: Store, query: Mapping[str, str], *, stale: int) -> Position:
    token = query.get("continue", "")
    text = query.get("resourceVersion", "")
    if token:
        return _continued(store, token, text=text)
    if not text:
        return Position(store.version)
    version = parse_version(text)
    if version == 0:
        return Position(stale)
    if version > store.version:
        raise refused(future_version(version, current=store.version))
    exact = query.get("resourceVersionMatch") == "Exact"
    return Position(version if exact else store.version)


def parse_version(text: str) -> int:
    """Return a resourceVersion; refused with the recorded 500 when it is no number."""
    if not (text.isascii() and text.isdigit()):
        raise refused(bad_version(text))
    return int(text)


def encode_page(page: Page) -> bytes:
    """Return the list as JSON, with its fields in the order of the real server."""
    items = b",".join([stored.body for stored in page.objects])
    version = str(page.version)
    if page.kind.is_custom:
        metadata: dict[str, object] = {"continue": page.token}
        if page.remaining is not None:
            metadata["remainingItemCount"] = page.remaining
        metadata["resourceVersion"] = version
        return b'{"apiVersion":"%b","items":[%b],"kind":"%bList","metadata":%b}' % (
            page.kind.api_version.encode(),
            items,
            page.kind.name.encode(),
            msgspec.json.encode(metadata),
        )
    return b'{"kind":"%bList","apiVersion":"v1","metadata":%b,"items":[%b]}' % (
        page.kind.name.encode(),
        msgspec.json.encode(list_metadata(page)),
        items,
    )


def list_metadata(page: Page) -> dict[str, object]:
    metadata: dict[str, object] = {"resourceVersion": str(page.version)}
    if page.token:
        metadata["continue"] = page.token
    if page.remaining is not None:
        metadata["remainingItemCount"] = page.remaining
    return metadata


@dataclass(frozen=True, slots=True)
class Prepared:
    """A compressed page and the token of the next."""

    body: bytes
    token: str

    def as_response(self) -> Response:
        encoding = {"Content-Encoding": "gzip", "Vary": "Accept-Encoding"}
        return Response(200, self.body, headers=encoding)


class PreparedPages:
    """Compressed pages of whole lists, made once; good until anything changes."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._pages: dict[PageKey, Prepared] = {}

    def prepare(self, resource: str, page_size: int) -> int:
        """Compress every page of a cluster-wide list; return how many there are."""
        target, query, made = Target(KINDS[resource]), {"limit": str(page_size)}, 0
        while True:
            page = read_page(self._store, target, query=query, stale=0)
            key = (resource, page_size, query.get("continue", ""), page.version)
            self._pages[key] = Prepared(compressed(encode_page(page)), page.token)
            made += 1
            if not page.token:
                return made
            query = {"limit": str(page_size), "continue": page.token}

    def find(self, target: Target, query: Mapping[str, str]) -> "Prepared | None":
        """Return the prepared page of a plain cluster-wide list, if there is one."""
        asked = {name for name, text in query.items() if text}
        if not self._pages or target.namespace or asked - PLAIN_QUERY:
            return None
        limit = _number(query.get("limit", "") or "0")
        token = query.get("continue", "")
        version = self._store.version
        return self._pages.get((target.kind.resource, limit, token, version))


def _continued(store: Store, token: str, *, text: str) -> Position:
    if text not in ("", "0"):
        message = "specifying resource version is not allowed when using continue"
        raise refused(bad_request(message))
    try:
        found = read_token(token)
    except ValueError as error:
        raise refused(bad_request(str(error))) from error
    version = store.version if found.rv == INCONSISTENT else found.rv
    return Position(version, found.start.lstrip("/"), continued=True)


def _expired(position: Position, *, target: Target) -> Mapping[str, object]:
    if not position.continued:
        return expired_list()
    return expired_page(write_token(INCONSISTENT, start=position.start))


def _token_after(last: Stored, *, position: Position, target: Target) -> str:
    # The key relative to the namespace asked for; from the second page on with a slash,
    # as recorded. The NUL makes it the first key behind the last one.
    key = last.name if target.namespace else last.key
    slash = "/" if position.continued else ""
    return write_token(position.version, start=f"{slash}{key}\0")


def _selected(
    objects: list[Stored],
    *,
    position: Position,
    target: Target,
    limits: tuple[Selection, int],
) -> Page:
    selection, limit = limits
    found = [stored for stored in objects if selection.takes(stored)]
    if not limit or len(found) <= limit:
        return Page(target.kind, position.version, found)
    token = _token_after(found[limit - 1], position=position, target=target)
    return Page(target.kind, position.version, found[:limit], token)


def _number(text: str) -> int:
    if not text.isascii() or not text.isdigit():
        message = f'strconv.ParseInt: parsing "{text}": invalid syntax'
        raise refused(bad_request(message))
    return int(text)
