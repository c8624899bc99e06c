"""An address: who holds it, who held it when, who had it at an instant asked about.

The sentences stand here, because they are the answer: one for each case, none for two.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise

from ipamweb.addressing.ranges import (
    ADDRESS_BITS,
    LAST_ADDRESS,
    MAPPED_FIRST,
    MAPPED_LAST,
    Range,
    family_of,
    format_address,
)
from ipamweb.mirror.holders import Answer
from ipamweb.mirror.queries.addresses import AddressAnswer
from ipamweb.mirror.queries.allocation_rows import AllocationRow
from ipamweb.mirror.queries.blocks import NEAR
from ipamweb.mirror.queries.clusters import ClusterRow
from ipamweb.web import drawing, formatting
from ipamweb.web.drawing import Interval, Timeline
from ipamweb.web.pages.lists import Pager
from ipamweb.web.pages.nodes import HeldLine, held_line
from ipamweb.web.paths import path_to
from ipamweb.web.shell import Shell
from ipamweb.web.tiles import Cell, owner_words

# How many addresses on either side are shown as neighbours.
BESIDE = NEAR


@dataclass(frozen=True, slots=True)
class OwnerLine:
    """An owner in the table of all; `anchor` is what the timeline links to."""

    held: HeldLine
    anchor: str
    is_certain: bool


@dataclass(frozen=True, slots=True)
class AddressPage:
    """An address in one cluster. `asked` is the sentence on the instant asked about."""

    shell: Shell
    cluster: ClusterRow
    answer: AddressAnswer
    text: str
    expanded: str
    now_words: str
    asked_text: str
    asked: str
    reuse: str
    timeline: Timeline | None
    owners: tuple[OwnerLine, ...]
    pager: Pager
    neighbours: tuple[Cell, ...]
    node_path: str
    pool_path: str


@dataclass(frozen=True, slots=True)
class EverywhereLine:
    """What one cluster says of the address."""

    cluster: ClusterRow
    path: str
    now_words: str
    asked: str


@dataclass(frozen=True, slots=True)
class EverywherePage:
    shell: Shell
    text: str
    asked_text: str
    lines: tuple[EverywhereLine, ...]


def now_words(answer: AddressAnswer) -> str:
    """Return who holds the address, or why nobody does, in one sentence."""
    if len(answer.holders) > 1:
        owners = " and ".join(owner_words(row) for row in answer.holders)
        return f"Held now by {len(answer.holders)} owners at once: {owners}."
    if answer.holders:
        row = answer.holders[0]
        ending = {
            "terminating": ", which is terminating",
            "cooling-down": ", released and not yet free",
        }.get(row.state, "")
        since = formatting.instant(row.valid_from)
        return f"Held now by {owner_words(row)}{ending}, since {since}."
    return _why_nobody(answer)


def _why_nobody(answer: AddressAnswer) -> str:
    block, pool = answer.block, answer.pool
    if answer.why_nobody == "not-read":
        return f"Nobody can tell: {answer.cluster.slug} was never read."
    if answer.why_nobody == "reserved-by-rule" and block:
        return (
            f"Nobody holds it: the allocator sets it aside in block {block.range} "
            f"(rule {block.capacity_rule})."
        )
    if answer.why_nobody == "reserved" and answer.reservation:
        return f"Nobody holds it: it is reserved ({answer.reservation.why})."
    if answer.why_nobody == "no-block" and pool:
        return (
            f"Nobody holds it: it lies in pool {pool.slug}, in a part that no node has."
        )
    if block:
        owner = f" of node {block.node}" if block.node else ""
        return f"Nobody holds it: it is free in block {block.range}{owner}."
    return f"Nobody holds it: it lies outside all pools of {answer.cluster.slug}."


def asked_words(answer: AddressAnswer, *, asked: Answer[AllocationRow]) -> str:
    """Return who had the address at the instant asked about, in one sentence."""
    at = f"At {formatting.instant(asked.at)}"
    if not asked.certain and not asked.possible:
        return _nobody_words(answer, asked)
    if len(asked.certain) > 1:
        owners = " and ".join(_named(row) for row in asked.certain)
        return f"{at} it had {len(asked.certain)} owners at once: {owners}."
    if asked.certain:
        row = asked.certain[0]
        return f"{at} it was held by {_named(row)}, for certain {_certainly(row)}."
    owners = " or ".join(f"{_named(row)} ({_possibly(row)})" for row in asked.possible)
    if asked.blind == "gap":
        return (
            f"{at} it was possibly held by {owners}: that lies in a time in which we "
            "did not see the cluster, so others may have held it too."
        )
    return f"{at} it was possibly held by {owners}: that lies between two reads."


def _nobody_words(answer: AddressAnswer, asked: Answer[AllocationRow]) -> str:
    """Return that nobody had it, or why that cannot be told."""
    at = formatting.instant(asked.at)
    fresh = answer.cluster.freshness
    if not asked.blind:
        return f"At {at} nobody held it."
    if asked.blind == "gap":
        why = f"At {at} we did not see the cluster"
    elif fresh.history_from is None or fresh.as_of is None:
        why = f"{answer.cluster.slug} was never read"
    elif asked.blind == "before-history":
        start = formatting.instant(fresh.history_from)
        why = f"{at} is before history starts ({start})"
    else:
        why = f"{at} is after the last read ({formatting.instant(fresh.as_of)})"
    return f"{why}, so who held it is not known."


def _named(row: AllocationRow) -> str:
    return f"{owner_words(row)} (uid {row.uid})" if row.uid else owner_words(row)


def _certainly(row: AllocationRow) -> str:
    start = formatting.instant(row.valid_from)
    if row.valid_to is None:
        return f"from {start} until now"
    return f"{start} – {formatting.instant(row.valid_to)}"


def _possibly(row: AllocationRow) -> str:
    start = formatting.instant(row.from_earliest)
    if row.to_latest is None:
        return f"from {start} at the earliest"
    return f"{start} – {formatting.instant(row.to_latest)} at the most"


def reuse_words(answer: AddressAnswer, *, now: datetime) -> str:
    """Return how often the address changed hands in the day before `now`, and how soon;
    "" where it did not. Only of owners whose times are certain."""
    since = now - timedelta(days=1)
    certain = sorted(
        (row.valid_from, row.valid_to or now)
        for row in (*answer.holders, *answer.history.rows)
        if row.valid_from <= now and (row.valid_to is None or row.valid_to >= since)
    )
    pauses = [
        (begin - end).total_seconds()
        for (_, end), (begin, _) in pairwise(certain)
        if begin >= end
    ]
    if not pauses:
        return ""
    shortest = formatting.duration(min(pauses))
    return f"{len(certain)} owners in 24 h; the shortest pause between two: {shortest}."


def timeline_of(
    answer: AddressAnswer, *, now: datetime, asked: datetime | None
) -> Timeline | None:
    intervals = [
        Interval(
            owner=owner_words(row),
            anchor=f"owner-{row.id}",
            possible_from=row.from_earliest,
            certain_from=row.valid_from,
            certain_to=row.valid_to,
            possible_to=row.to_latest,
        )
        for row in (*answer.holders, *answer.history.rows)
    ]
    gaps = [(gap.started_at, gap.ended_at) for gap in answer.gaps]
    return drawing.timeline(intervals, gaps=gaps, now=now, asked=asked)


def owner_lines(answer: AddressAnswer) -> tuple[OwnerLine, ...]:
    """Return a line for each owner, those of now first, then newest first."""
    return tuple(
        OwnerLine(
            held=held_line(row, cluster=answer.cluster.slug),
            anchor=f"owner-{row.id}",
            is_certain=row.valid_to is None or row.valid_from <= row.valid_to,
        )
        for row in (*answer.holders, *answer.history.rows)
    )


def around(address: int) -> Range:
    """Return the neighbours' range, cut where the address's family ends."""
    lowest, highest = 0, LAST_ADDRESS
    if family_of(address) == 4:
        lowest, highest = MAPPED_FIRST, MAPPED_LAST
    return Range(max(lowest, address - BESIDE), min(highest, address + BESIDE))


def expanded(address: int) -> str:
    """Return all eight groups of an IPv6 address; "" for IPv4."""
    if family_of(address) == 4:
        return ""
    digits = f"{address:0{ADDRESS_BITS[6] // 4}x}"
    return ":".join(digits[place : place + 4] for place in range(0, 32, 4))


def everywhere_line(answer: AddressAnswer, *, at: str) -> EverywhereLine:
    """Return a cluster's line; `at` is kept in the link to its own page."""
    path = path_to("address", answer.cluster.slug, format_address(answer.address))
    return EverywhereLine(
        cluster=answer.cluster,
        path=path + at,
        now_words=now_words(answer),
        asked=asked_words(answer, asked=answer.asked) if answer.asked else "",
    )


def ways(answer: AddressAnswer) -> dict[str, str]:
    """Return the paths to the node and the pool the address lies in, empty without."""
    slug = answer.cluster.slug
    node = answer.block.node if answer.block else ""
    return {
        "node_path": path_to("node", slug, node) if node else "",
        "pool_path": path_to("pool", slug, answer.pool.slug) if answer.pool else "",
    }
