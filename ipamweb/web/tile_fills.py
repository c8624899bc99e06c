"""What the cells of a node's tiles are filled by: the kind of owner, one namespace
against the rest, or age. The letters in the cells stay the same.

Not here: the cells (tiles.py), the colours (static/css/grid.css).
"""

from dataclasses import dataclass
from datetime import datetime

from ipamweb.mirror.queries.allocation_rows import AllocationRow
from ipamweb.web import scales

FILLS = ("owner", "ns", "age")
WORDS = {"owner": "owner", "ns": "namespace", "age": "age"}


@dataclass(frozen=True, slots=True)
class Key:
    """An entry of the legend: the class of a cell, what stands in it, what it means."""

    style: str
    code: str
    words: str


@dataclass(frozen=True, slots=True)
class Fill:
    """One of FILLS. `namespace` is the one that is lit; ages are those at `now`.

    `is_past`: the grid shows an instant, at which some are only possibly held.
    """

    name: str
    now: datetime
    namespace: str = ""
    is_past: bool = False

    def style(self, row: AllocationRow) -> str:
        """Return the class of an address that is held by one owner."""
        if self.name == "owner":
            return f"kind-{row.kind}"
        if self.name == "age":
            age = (self.now - row.valid_from).total_seconds()
            return f"fill-level-{scales.age_level(age)}"
        is_lit = row.namespace and row.namespace == self.namespace
        return "kind-pod" if is_lit else "kind-rest"

    @property
    def reserved(self) -> str:
        return "kind-reserved" if self.name == "owner" else "kind-rest"


OWNERS = (
    Key("kind-pod", "pod", "pod"),
    Key("kind-router", "gw", "router"),
    Key("kind-health", "hc", "health check"),
    Key("kind-ingress", "ing", "ingress"),
    Key("kind-reserved", "res", "reserved"),
)
ALWAYS = (
    Key("kind-conflict", "dup", "several owners"),
    Key("key-free", "7", "free"),
)

POSSIBLE = Key("possible-key", "pod", "possibly held (between two reads)")


def legend(fill: Fill) -> tuple[Key, ...]:
    """Return the legend of the fill in use, and of that alone."""
    keys = _of_fill(fill)
    return (*keys, POSSIBLE) if fill.is_past else keys


def _of_fill(fill: Fill) -> tuple[Key, ...]:
    if fill.name == "age":
        steps = tuple(
            Key(f"fill-level-{level}", "", f"held {step.words}")
            for level, step in enumerate(scales.AGES)
        )
        return (
            *steps,
            Key("kind-rest", "res", "reserved"),
            *_ending(steps[1]),
            *ALWAYS,
        )
    if fill.name == "ns":
        lit = Key("kind-pod", "pod", fill.namespace or "no namespace")
        rest = Key("kind-rest", "pod", "everything else that is held or reserved")
        return (lit, rest, *_ending(lit), *ALWAYS)
    return (*OWNERS, *_ending(OWNERS[0]), *ALWAYS)


def _ending(key: Key) -> tuple[Key, ...]:
    style = f"{key.style} terminating-key"
    return (Key(style, "trm", "terminating (cut corner)"),)
