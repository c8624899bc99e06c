"""What the find box found: hits in groups, each with where it leads."""

from dataclasses import dataclass

from ipamweb.addressing.ranges import format_address
from ipamweb.mirror.queries.search import EXACT, Found, Hit
from ipamweb.web.paths import path_to
from ipamweb.web.shell import Shell

GROUPS = {
    "address": "Addresses",
    "block": "Blocks",
    "pool": "Pools",
    "cluster": "Clusters",
    "namespace": "Namespaces",
    "node": "Nodes",
    "pod": "Pods",
}
# Below the find box: as many as are read at a glance.
MOST_SUGGESTIONS = 8


@dataclass(frozen=True, slots=True)
class HitLine:
    """A hit with its words and its page."""

    words: str
    path: str
    cluster: str
    note: str


@dataclass(frozen=True, slots=True)
class Group:
    heading: str
    lines: tuple[HitLine, ...]


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A hit below the find box, while a person types: what it is, and its page."""

    kind: str
    line: HitLine


@dataclass(frozen=True, slots=True)
class SearchPage:
    """`refusal`: why the text is not what it looks like; `note`: how it was taken."""

    shell: Shell
    text: str
    refusal: str
    note: str
    groups: tuple[Group, ...]


def only_exact(found: Found) -> Hit | None:
    """Return the one hit that is the text exactly; None when there are none or more."""
    exact = [hit for hit in found.hits if hit.rank == EXACT]
    return exact[0] if len(exact) == 1 else None


def groups(found: Found) -> tuple[Group, ...]:
    """Return the hits by kind, the kind of the best hit first."""
    kinds = list(dict.fromkeys(hit.kind for hit in found.hits))
    return tuple(
        Group(
            GROUPS[kind],
            tuple(_line(hit, found) for hit in found.hits if hit.kind == kind),
        )
        for kind in kinds
    )


def suggestions(found: Found) -> tuple[Suggestion, ...]:
    """Return the best hits, MOST_SUGGESTIONS at most."""
    return tuple(
        Suggestion(hit.kind, _line(hit, found)) for hit in found.hits[:MOST_SUGGESTIONS]
    )


def path(hit: Hit) -> str:
    """Return the page of a hit."""
    if hit.kind == "address" and hit.address is not None:
        return path_to("address", hit.cluster, format_address(hit.address))
    if hit.kind == "block":
        return _block_path(hit)
    if hit.kind == "pod" and hit.gone:
        return path_to("pod_of_uid", hit.cluster, hit.uid)
    if hit.kind == "pod":
        return path_to("pod", hit.cluster, hit.namespace, hit.name)
    if hit.kind == "cluster":
        return path_to("cluster", hit.cluster)
    return path_to(hit.kind, hit.cluster, hit.name)


def _block_path(hit: Hit) -> str:
    """Return the page of a block's node; of its first address where no node has it."""
    if hit.node:
        return path_to("node", hit.cluster, hit.node)
    first = hit.range.first if hit.range else 0
    return path_to("address", hit.cluster, format_address(first))


def _line(hit: Hit, found: Found) -> HitLine:
    words = hit.name
    note = "gone" if hit.gone else ""
    if hit.address is not None:
        words = format_address(hit.address)
    elif hit.kind == "pod":
        words = f"{hit.namespace}/{hit.name}"
    elif hit.range is not None:
        words = f"{hit.name} {hit.range}".strip()
        note = f"of node {hit.node}" if hit.node else note
    return HitLine(words, path(hit), hit.cluster, note)
