"""Beside a pod: the others of its workload, and the others that had its addresses."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from ipamweb.mirror.queries.allocation_rows import AllocationRow
from ipamweb.web import formatting
from ipamweb.web.pages.nodes import HeldLine, held_line
from ipamweb.web.paths import path_to

# Pods of a workload, and of the past of an address: what a person reads on this page.
MOST_SIBLINGS = 24
MOST_PAST = 20


@dataclass(frozen=True, slots=True)
class Sibling:
    """Another pod of the workload, with what it holds."""

    words: str
    path: str
    node: str
    held: tuple[HeldLine, ...]
    since: datetime


@dataclass(frozen=True, slots=True)
class OtherHolder:
    """Somebody else who holds or held an address of the pod, and when beside it."""

    held: HeldLine
    when: str


def siblings(rows: Sequence[AllocationRow], *, slug: str) -> tuple[Sibling, ...]:
    """Return the pods that hold some addresses, by name."""
    by_pod: dict[str, list[AllocationRow]] = {}
    for row in rows:
        by_pod.setdefault(row.uid, []).append(row)
    found = [
        Sibling(
            words=held[0].pod,
            path=path_to("pod_of_uid", slug, uid),
            node=held[0].node,
            held=tuple(held_line(row, cluster=slug) for row in held),
            since=min(row.valid_from for row in held),
        )
        for uid, held in by_pod.items()
    ]
    return tuple(sorted(found, key=lambda each: (each.words, each.path)))


def other_holders(
    rows: Sequence[AllocationRow], *, own: Sequence[AllocationRow], slug: str
) -> tuple[OtherHolder, ...]:
    """Return the others with when they had the address, beside when the pod had it."""
    return tuple(
        OtherHolder(
            held_line(row, cluster=slug),
            _when(row, [each for each in own if each.address == row.address]),
        )
        for row in rows
    )


def addresses_of(rows: Sequence[AllocationRow]) -> tuple[int, ...]:
    """Return the addresses of some rows, each once, the latest held first."""
    latest = sorted(rows, key=lambda row: row.valid_from, reverse=True)
    return tuple(dict.fromkeys(row.address for row in latest))


def _when(other: AllocationRow, own: Sequence[AllocationRow]) -> str:
    """Return how the time of another lies to the nearest time of the pod.

    Between two observations lies the event itself: the distance is what was seen.
    """
    if any(_meet(other, each) for each in own):
        return "at the same time"
    before = [_since(other.valid_to, each.valid_from) for each in own]
    after = [_since(each.valid_to, other.valid_from) for each in own]
    distances = [(seconds, "before") for seconds in before if seconds is not None]
    distances += [(seconds, "after") for seconds in after if seconds is not None]
    if not distances:
        return ""
    seconds, side = min(distances)
    return f"{formatting.duration(seconds)} {side} this pod"


def _meet(one: AllocationRow, other: AllocationRow) -> bool:
    return _begins_within(one, other) and _begins_within(other, one)


def _begins_within(one: AllocationRow, other: AllocationRow) -> bool:
    return other.valid_to is None or one.valid_from <= other.valid_to


def _since(end: datetime | None, begin: datetime) -> float | None:
    """Return the seconds from an end to a begin; None where it is not before."""
    if end is None or end > begin:
        return None
    return (begin - end).total_seconds()
