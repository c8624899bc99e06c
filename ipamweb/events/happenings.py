"""What is told of a finding or a crossing: its key, its time, and its words.

Beside the subject nobody is named: a finding's evidence stays on its page.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from django.conf import settings
from django.urls import NoReverseMatch, reverse

from ipamweb.events import kinds
from ipamweb.events.crossings import (
    ADDRESSES,
    BLOCKS,
    CLUSTER,
    NODE,
    POOL,
    Crossing,
)
from ipamweb.events.thresholds import LEVELS
from ipamweb.findings.queries import FindingRow

LONGEST_KEY = 400
# Nodes of one cluster that are told one by one; of more, as many are named.
MOST_ALONE = 20
_ADVICE_FOR_MANY = "Sort the nodes by addresses, and find out what they have in common."
_ADVICE = {
    kinds.POOL: "Find out who holds most of it, and plan a further range or pool.",
    kinds.NODE: "Cordon the node, or let pods go, before pods wait for addresses.",
    kinds.STALE: "See on its page why it cannot be read; all numbers are of the past.",
}


@dataclass(frozen=True, slots=True)
class Happening:
    """Something that is told once, by its key."""

    kind: str
    key: str
    moment: datetime
    data: dict[str, Any] = field(default_factory=dict)
    finding: FindingRow | None = None

    def body(self) -> dict[str, Any]:
        """Return what is sent, as JSON can hold it: the same at every attempt."""
        return {"type": self.kind, "timestamp": text_of(self.moment), "data": self.data}


def of_finding(row: FindingRow, *, since: datetime) -> Iterator[Happening]:
    """Yield that a finding was confirmed and resolved, of what turned since a time.

    Of what is resolved, that it was confirmed is told if it is as new: else it was told
    long ago.
    """
    told = []
    if row.confirmed_at and (row.resolved_at is None or row.confirmed_at >= since):
        told.append((kinds.CONFIRMED, row.confirmed_at))
    if row.resolved_at:
        told.append((kinds.RESOLVED, row.resolved_at))
    for kind, moment in told:
        key = f"{kind}:{row.id}"
        yield Happening(kind, key, moment, _of_finding(row, kind), finding=row)


def of_crossings(
    crossings: Iterable[Crossing], *, now: datetime
) -> Iterator[Happening]:
    """Yield each crossing, but those of many nodes of a cluster at once as one.

    A shorter mask or a rollout moves thousands at once: nobody reads as many messages.
    """
    of_nodes: dict[str, list[Crossing]] = {}
    for each in crossings:
        if each.kind == NODE:
            of_nodes.setdefault(each.cluster, []).append(each)
        else:
            yield _of_crossing(each, now=now)
    for nodes in of_nodes.values():
        if len(nodes) > MOST_ALONE:
            yield _of_many(nodes, now=now)
        else:
            yield from (_of_crossing(each, now=now) for each in nodes)


def _of_crossing(crossing: Crossing, *, now: datetime) -> Happening:
    kind, words = _words(crossing)
    key = (
        f"{kind}:{crossing.cluster}:{crossing.subject}:{crossing.measure}"
        f":{now.isoformat()}"
    )
    data: dict[str, Any] = {
        "summary": f"{crossing.cluster}: {words}",
        "cluster": crossing.cluster,
        "as_of": text_of(crossing.as_of) if crossing.as_of else None,
    }
    if crossing.level and kind in _ADVICE:
        data["action"] = _ADVICE[kind]
    if crossing.kind != CLUSTER:
        data |= {
            "subject": {"kind": crossing.kind, "name": crossing.subject},
            "measure": crossing.measure,
            "family": crossing.family,
            "level": crossing.level,
            "before": crossing.before,
            "used": crossing.used,
            # Blocks of an IPv6 pool may be more than a number of JSON holds.
            "total": str(crossing.total),
        }
    return Happening(
        kind, key[:LONGEST_KEY], now, {**data, **_link(*_page_of(crossing))}
    )


def of_test(name: str, *, uid: str, now: datetime) -> Happening:
    """Return what is sent to see whether it arrives."""
    summary = f"A test of the webhook {name}: it arrived."
    return Happening(kinds.TEST, f"{kinds.TEST}:{uid}", now, {"summary": summary})


def text_of(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat().replace("+00:00", "Z")


def _of_finding(row: FindingRow, kind: str) -> dict[str, Any]:
    state = "resolved" if kind == kinds.RESOLVED else "confirmed"
    data = {
        "summary": f"{row.cluster}: {row.rule.title} ({row.severity}), {state}:"
        f" {row.message}",
        "cluster": row.cluster,
        "finding": {
            "id": row.id,
            "rule": row.rule.id,
            "kind": row.rule.kind,
            "severity": row.severity,
            "subject": {"kind": row.subject_kind, "name": row.subject},
            "message": row.message,
            "first_seen": text_of(row.first_seen),
            "resolved_at": text_of(row.resolved_at)
            if kind == kinds.RESOLVED and row.resolved_at
            else None,
        },
        **_link("finding", row.id),
    }
    if kind == kinds.CONFIRMED:
        data["action"] = row.rule.step
    return data


def _of_many(nodes: list[Crossing], *, now: datetime) -> Happening:
    """Return that many nodes of a cluster crossed at once; some are named."""
    cluster, as_of = nodes[0].cluster, nodes[0].as_of
    counts = sorted(Counter(map(_did, nodes)).items(), key=lambda each: -each[1])
    did = ", ".join(f"{count:,} {words}" for words, count in counts)
    data: dict[str, Any] = {
        "summary": f"{cluster}: {len(nodes):,} nodes crossed at once: {did} of their"
        " addresses.",
        "cluster": cluster,
        "as_of": text_of(as_of) if as_of else None,
        "subject": {"kind": CLUSTER, "name": cluster},
        "measure": ADDRESSES,
        "family": nodes[0].family,
        "level": max(each.level for each in nodes),
        "count": len(nodes),
        "nodes": sorted(each.subject for each in nodes)[:MOST_ALONE],
    }
    if any(each.level > each.before for each in nodes):
        data["action"] = _ADVICE_FOR_MANY
    key = f"{kinds.NODE}:{cluster}::many:{now.isoformat()}"
    return Happening(kinds.NODE, key, now, {**data, **_link("nodes", cluster)})


def _words(crossing: Crossing) -> tuple[str, str]:
    """Return the kind of a crossing, and what it is in words."""
    if crossing.kind == CLUSTER:
        if crossing.level:
            return kinds.STALE, f"not seen since {text_of(crossing.as_of)}."  # type: ignore[arg-type]
        return kinds.RECOVERED, "seen again."
    kind = kinds.POOL if crossing.kind == POOL else kinds.NODE
    what = "blocks" if crossing.measure == BLOCKS else "addresses"
    numbers = f"{crossing.used:,} of {crossing.total:,}"
    who = f"{crossing.kind} {crossing.subject}"
    return kind, f"{who} {_did(crossing)} of its {what}: {numbers}."


def _did(crossing: Crossing) -> str:
    if crossing.level > crossing.before:
        return f"reached {crossing.level} %"
    return f"fell below {min(each for each in LEVELS if each > crossing.level)} %"


def _page_of(crossing: Crossing) -> tuple[str, ...]:
    if crossing.kind == CLUSTER:
        return "cluster", crossing.cluster
    return crossing.kind, crossing.cluster, crossing.subject


def _link(page: str, *names: str | int) -> dict[str, str]:
    """Return the URL of a page; nothing where it is not known how we are asked."""
    if not settings.IPAMWEB_PUBLIC_URL:
        return {}
    try:
        return {"url": f"{settings.IPAMWEB_PUBLIC_URL}{reverse(page, args=names)}"}
    except NoReverseMatch:
        # No page has a name like this; what happened is told all the same.
        return {}
