"""From a path to what it names: a kind, in a namespace or not, one object or all.

Not here: whether the caller may (rights.py), what is answered (listing.py,
watching.py).
"""

from collections.abc import Collection
from dataclasses import dataclass

from ipamweb.simulator.kinds import KINDS, Kind
from ipamweb.simulator.rights import Attributes
from ipamweb.simulator.wire import Request


@dataclass(frozen=True, slots=True)
class Target:
    """What a path names; an empty name means all of the kind."""

    kind: Kind
    namespace: str = ""
    name: str = ""


def find_target(path: str, *, groups: Collection[str]) -> Target | None:
    """Return what the path names; None when no installed group serves it."""
    parts = path.strip("/").split("/")
    if parts[0] == "api" and len(parts) > 2:
        api_version, rest = parts[1], parts[2:]
    elif parts[0] == "apis" and len(parts) > 3:
        api_version, rest = f"{parts[1]}/{parts[2]}", parts[3:]
    else:
        return None
    namespace = ""
    if rest[0] == "namespaces" and len(rest) > 2:
        namespace, rest = rest[1], rest[2:]
    kind = KINDS.get(rest[0])
    if kind is None or len(rest) > 2 or kind.group not in groups:
        return None
    if kind.api_version != api_version or (namespace and not kind.namespaced):
        return None
    return Target(kind, namespace, rest[1] if len(rest) == 2 else "")


def attributes_of(request: Request) -> Attributes | None:
    """Return what a request wants as rights see it; None when it names no resource.

    The resource need not exist: who may not ask does not learn whether it does.
    """
    group, rest = _split(request.path)
    if not rest:
        return None
    namespace = ""
    if rest[0] == "namespaces" and len(rest) > 2:
        namespace, rest = rest[1], rest[2:]
    name = rest[1] if len(rest) > 1 else ""
    return Attributes(
        verb=_verb_of(request, name=name),
        resource=rest[0],
        group=group,
        namespace=namespace,
        name=name,
    )


def _verb_of(request: Request, *, name: str) -> str:
    if request.method != "GET":
        return _WRITING_VERBS.get(request.method, "get")
    if request.query.get("watch", "") in ("1", "true", "True"):
        return "watch"
    return "get" if name else "list"


_WRITING_VERBS = {
    "POST": "create",
    "PUT": "update",
    "PATCH": "patch",
    "DELETE": "delete",
}


def _split(path: str) -> tuple[str, list[str]]:
    """Return the group of a path and what comes after its version."""
    parts = path.strip("/").split("/")
    if parts[0] == "api":
        return "", parts[2:]
    return (parts[1], parts[3:]) if parts[0] == "apis" and len(parts) > 1 else ("", [])
