"""One box that finds: an address in any spelling, a CIDR, a pod, namespace/pod, a UID,
a node, a namespace, a pool or a cluster, in all clusters at once.

Hits are typed and ranked; where a hit leads is for pages and REST to say.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

from django.db.models import Case, F, IntegerField, QuerySet, Value, When

from ipamweb.addressing import ranges
from ipamweb.addressing.ranges import Range
from ipamweb.mirror.models import Namespace, Node, Pod, Pool
from ipamweb.mirror.queries import addresses, blocks, pools
from ipamweb.mirror.queries.addresses import AddressAnswer
from ipamweb.mirror.queries.clusters import ClusterRow
from ipamweb.mirror.queries.visibility import only_shown_anywhere
from ipamweb.mirror.scope import Scope

# Of each kind of hit: what a person reads before typing more.
MOST_OF_A_KIND = 20

HitKind = Literal["address", "block", "pool", "cluster", "namespace", "node", "pod"]
# Of equal rank, what there are fewer of comes first.
_KINDS: tuple[HitKind, ...] = (
    "address", "block", "pool", "cluster", "namespace", "node", "pod",
)  # fmt: skip
# How well the text fits: the same, the beginning (or part of a CIDR), inside.
EXACT, BEGINS, INSIDE = 0, 1, 2

_LOOKS_NUMERIC = re.compile(r"[0-9a-fA-F]*[:.][0-9a-fA-F:.]*([/%].*)?$|[0-9.]+/")
_UID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


@dataclass(frozen=True, slots=True)
class Hit:
    """Something found. What identifies it, by kind: `address`; `range` (a block, with
    its `node`); `name` (a pool's slug, a cluster's slug, a namespace, a node); a pod's
    `namespace`, `name` and `uid`. `gone`: it is there no more."""

    kind: HitKind
    cluster: str
    rank: int
    name: str = ""
    namespace: str = ""
    uid: str = ""
    node: str = ""
    address: int | None = None
    range: Range | None = None
    gone: bool = False


@dataclass(frozen=True, slots=True)
class Found:
    """What a text was understood as, and the hits, best first.

    `answers` tells of an address in each cluster that knows it. `refusal` is a sentence
    where the text looks like an address or a CIDR and is none.
    """

    text: str
    address: int | None
    range: Range | None
    hits: tuple[Hit, ...]
    answers: tuple[AddressAnswer, ...] = ()
    refusal: str = ""


def find(text: str, *, clusters: Sequence[ClusterRow], scope: Scope) -> Found:
    """Return what a text finds in the clusters, best first; eight queries at most.

    An empty text finds nothing. Names are compared without regard to case.
    """
    text = text.strip()
    meant, refusal = _understood(text)
    if isinstance(meant, int):
        return _find_address(text, address=meant, clusters=clusters, scope=scope)
    if meant is not None:
        hits = _hits_in_range(meant, clusters=clusters, scope=scope)
        return Found(text, None, meant, hits)
    if not text:
        return Found(text, None, None, ())
    hits = _hits_by_name(text.lower(), clusters=clusters, scope=scope)
    return Found(text, None, None, hits, refusal="" if hits else refusal)


def _understood(text: str) -> tuple[int | Range | None, str]:
    """Return the address or range that a text is, else None and why it is none."""
    try:
        return ranges.parse_address(text), ""
    except ValueError as error:
        refusal = str(error)
    try:
        return ranges.parse_wide_cidr(text), ""
    except ValueError as error:
        refusal = str(error) if "/" in text else refusal
    # Only what was meant as an address deserves a lesson on addresses.
    return None, refusal if _LOOKS_NUMERIC.match(text) else ""


def _find_address(
    text: str, *, address: int, clusters: Sequence[ClusterRow], scope: Scope
) -> Found:
    answers = tuple(
        answer
        for answer in addresses.across(address, clusters=clusters, scope=scope)
        if answer.pool or answer.block or answer.holders or answer.history.rows
    )
    in_use_first = sorted(answers, key=lambda answer: not answer.holders)
    hits = tuple(
        Hit("address", answer.cluster.slug, EXACT, address=address)
        for answer in in_use_first
    )
    return Found(text, address, None, hits, answers)


def _hits_in_range(
    asked: Range, *, clusters: Sequence[ClusterRow], scope: Scope
) -> tuple[Hit, ...]:
    """Return the blocks and pools that share addresses with a range. Two queries."""
    slugs = {cluster.id: cluster.slug for cluster in clusters}
    hits = [
        Hit(
            "block",
            slugs[cluster_id],
            _fit(block.range, asked),
            node=block.node,
            range=block.range,
        )
        for cluster_id, block in blocks.overlapping(
            asked, cluster_ids=list(slugs), most=MOST_OF_A_KIND, scope=scope
        )
    ]
    for cluster_id, pool, found in pools.overlapping(
        asked, cluster_ids=list(slugs), most=MOST_OF_A_KIND, scope=scope
    ):
        rank = _fit(found, asked)
        hits.append(Hit("pool", slugs[cluster_id], rank, name=pool, range=found))
    return tuple(sorted(hits, key=lambda hit: hit.rank))


def _fit(found: Range, asked: Range) -> int:
    if found == asked:
        return EXACT
    return BEGINS if asked.covers(found) else INSIDE


def _hits_by_name(
    text: str, *, clusters: Sequence[ClusterRow], scope: Scope
) -> tuple[Hit, ...]:
    """Return what a name finds: exact, then beginning with it, then with it inside; of
    equals what is there before what is gone. Four queries."""
    slugs = {cluster.id: cluster.slug for cluster in clusters}
    hits = _pods(text, slugs=slugs, scope=scope)
    if "/" not in text:
        hits += [
            Hit("cluster", slug, _rank(slug, text), name=slug)
            for slug in slugs.values()
            if text in slug
        ]
        hits += _places(text, slugs=slugs, scope=scope)
    return tuple(
        sorted(hits, key=lambda hit: (hit.rank, hit.gone, _KINDS.index(hit.kind)))
    )


def _places(text: str, *, slugs: dict[int, str], scope: Scope) -> list[Hit]:
    namespaces = only_shown_anywhere(Namespace.objects.all(), scope, field="uid")
    tables: tuple[tuple[HitKind, str, QuerySet[Any, Any]], ...] = (
        ("pool", "slug", Pool.objects.all()),
        ("namespace", "name", namespaces),
        ("node", "name", Node.objects.all()),
    )
    return [
        Hit(kind, slugs[row.cluster_id], _rank(name, text), name=name)
        for kind, field, table in tables
        for row in _best(table.filter(gone_at=None), text, field=field, slugs=slugs)
        for name in [getattr(row, field)]
    ]


def _pods(text: str, *, slugs: dict[int, str], scope: Scope) -> list[Hit]:
    """Return the pods of a name, of `namespace/name`, or of a UID: the last two also
    when they are gone. One query."""
    pods = only_shown_anywhere(Pod.objects.all(), scope)
    namespace, slash, name = text.partition("/")
    if _UID.fullmatch(text):
        found = pods.filter(cluster_id__in=slugs, uid=text)
    elif slash:
        pods = pods.filter(namespace_name=namespace)
        found = _best(pods, name, field="name", slugs=slugs)
    else:
        found = _best(pods.filter(gone_at=None), text, field="name", slugs=slugs)
    return [
        Hit(
            "pod",
            slugs[pod.cluster_id],
            EXACT if pod.uid == text else _rank(pod.name, name if slash else text),
            name=pod.name,
            namespace=pod.namespace_name,
            uid=pod.uid,
            node=pod.node_name,
            gone=pod.gone_at is not None,
        )
        for pod in found
    ]


def _best(
    query: QuerySet[Any, Any], text: str, *, field: str, slugs: dict[int, str]
) -> QuerySet[Any, Any]:
    """Return the rows of the clusters whose field fits a text best."""
    rank = Case(
        When(**{field: text}, then=Value(EXACT)),
        When(**{f"{field}__startswith": text}, then=Value(BEGINS)),
        default=Value(INSIDE),
        output_field=IntegerField(),
    )
    fitting = query.filter(cluster_id__in=slugs, **{f"{field}__contains": text})
    there_first = F("gone_at").desc(nulls_first=True)
    return fitting.order_by(rank, there_first, field, "id")[:MOST_OF_A_KIND]


def _rank(name: str, text: str) -> int:
    if name == text:
        return EXACT
    return BEGINS if name.startswith(text) else INSIDE
