"""Complete lists and drains of a kind, over the whole cluster or some namespaces.

`list_pages` and `drain` are all that sync reads a cluster with. They retry nothing but
a request answered 401, once, with the credential read again; sync decides the rest.
Not here: how one scope is listed (pages.py) or watched (watching.py).
"""

from collections.abc import Generator, Mapping
from dataclasses import replace

import msgspec

from ipamweb.cluster.access import Session
from ipamweb.cluster.errors import Expired
from ipamweb.cluster.pages import Clock, Page, list_scope, resource_of
from ipamweb.cluster.readers.contract import Kind
from ipamweb.cluster.watching import Drain, Event, drain_scope

__all__ = ["Clock", "Drain", "Event", "Page", "drain", "list_pages"]

WHOLE_CLUSTER = ("",)


def list_pages(
    session: Session, kind: Kind, *, clock: Clock
) -> Generator[Page, None, None]:
    """Yield the pages of a complete list; raises ClusterError when it is not complete.

    Only when the page that `is_last` has come may absence be believed; its
    `resource_version` is the cursor for `drain`. Of several namespaces, one list
    follows the other. Closing the generator stops the fetching ahead.
    """
    scopes = _scopes(session, kind)
    if scopes == WHOLE_CLUSTER:
        yield from list_scope(session, kind, "", clock=clock)
        return
    versions: dict[str, str] = {}
    for scope in scopes:
        for page in list_scope(session, kind, scope, clock=clock):
            versions[scope] = page.resource_version
            yield replace(
                page,
                resource_version=_join(versions),
                is_last=page.is_last and len(versions) == len(scopes),
            )


def drain(session: Session, kind: Kind, *, cursor: str, clock: Clock) -> Drain:
    """Return what changed since the cursor, exact as of its `answered_at`.

    Several namespaces are several instants: from the first's `asked_at` to the last's
    `answered_at`.

    Raises Expired when only a complete list helps, another ClusterError when nothing is
    known; the cursor is then still good. Cost: one or two requests for each namespace.
    """
    scopes = _scopes(session, kind)
    if scopes == WHOLE_CLUSTER:
        return drain_scope(session, kind, "", cursor=cursor, clock=clock)
    versions = _split(cursor, scopes=scopes, session=session, kind=kind)
    drains = [
        drain_scope(session, kind, scope, cursor=versions[scope], clock=clock)
        for scope in scopes
    ]
    return Drain(
        kind,
        [event for one in drains for event in one.events],
        [problem for one in drains for problem in one.problems],
        _join({s: d.resource_version for s, d in zip(scopes, drains, strict=True)}),
        drains[0].asked_at,
        drains[-1].answered_at,
        sum(one.unidentified for one in drains),
        all(one.is_caught_up for one in drains),
    )


def _scopes(session: Session, kind: Kind) -> tuple[str, ...]:
    if kind.namespaced and session.namespaces:
        return tuple(dict.fromkeys(session.namespaces))
    return WHOLE_CLUSTER


def _join(versions: Mapping[str, str]) -> str:
    return msgspec.json.encode(versions, order="sorted").decode()


def _split(
    cursor: str, *, scopes: tuple[str, ...], session: Session, kind: Kind
) -> dict[str, str]:
    """Return the version of each namespace; raises Expired when they are others."""
    try:
        versions = msgspec.json.decode(cursor, type=dict[str, str])
    except msgspec.DecodeError:
        versions = {}
    if versions.keys() != set(scopes):
        raise Expired(
            session.name,
            action=f"watch {resource_of(kind)}",
            why="other namespaces are mirrored than at the last complete list",
            reason="scope",
        )
    return versions
