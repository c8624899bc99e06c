"""Every present node with one number: what the node wall is drawn from.

Rows are slim, for there may be thousands. Not here: steps, colours and the order on the
wall (web/wall.py).
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Min, Q

from ipamweb.addressing import capacity
from ipamweb.addressing.ranges import Range
from ipamweb.mirror.models import Allocation, Block, PastAllocation, Pod, SyncRun
from ipamweb.mirror.queries import nodes
from ipamweb.mirror.queries.clusters import ClusterRow
from ipamweb.mirror.queries.nodes import NodeFilter
from ipamweb.mirror.queries.numbers import family_numbers
from ipamweb.mirror.scope import Scope

GROUPS = ("zone", "node_pool", "instance_type", "pool", "none")
FILLS = ("slots", "addresses", "churn", "age")
CHURN_SPAN = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class WallNode:
    """A node: `value` of `whole` pod slots or IPv4 addresses; of churn and age, whose
    whole is None, how many allocations began or ended in an hour, and the age of the
    oldest pod in seconds. None without such a number. `group` may be empty.
    """

    id: int
    name: str
    group: str
    value: int | None
    whole: int | None


@dataclass(frozen=True, slots=True)
class Shown:
    """What the wall shows: one of GROUPS, one of FILLS."""

    group: str
    fill: str


def of_cluster(
    cluster: ClusterRow,
    *,
    scope: Scope,
    wanted: NodeFilter,
    shown: Shown,
    now: datetime,
) -> tuple[WallNode, ...]:
    """Return all nodes that match, by name. One query, and up to four for the group and
    the fill."""
    grouped_by = shown.group if shown.group not in ("pool", "none") else "id"
    rows = nodes.matching(cluster, scope=scope, wanted=wanted).order_by("name", "id")
    pools = _pools(cluster) if shown.group == "pool" else {}
    values = _values(shown.fill, cluster, now)
    found = []
    for pk, name, group, used, total in rows.values_list(
        "id", "name", grouped_by, "slots_used", "slots_total"
    ):
        if grouped_by == "id":
            group = pools.get(pk, "")
        value, whole = (used, total) if values is None else values.get(pk, NOTHING)
        if shown.fill == "churn":
            value = value or 0
        found.append(WallNode(pk, name, group, value, whole))
    return tuple(found)


NOTHING: tuple[int | None, int | None] = (None, None)
_Values = Mapping[int, tuple[int | None, int | None]]


def _values(fill: str, cluster: ClusterRow, now: datetime) -> _Values | None:
    """Return value and whole by node; None for slots, which stand with the nodes."""
    if fill == "addresses":
        return _addresses(cluster)
    if fill == "churn":
        return {pk: (count, None) for pk, count in _churn(cluster, now).items()}
    return _ages(cluster, now) if fill == "age" else None


def _pools(cluster: ClusterRow) -> dict[int, str]:
    """Return the pools of each node's blocks, with commas between. One query."""
    query = Block.objects.filter(
        cluster_id=cluster.id, valid_to=None, node__isnull=False, pool__isnull=False
    )
    found: dict[int, set[str]] = {}
    for node, pool in query.values_list("node_id", "pool__slug"):
        found.setdefault(node, set()).add(pool)
    return {node: ", ".join(sorted(slugs)) for node, slugs in found.items()}


def _addresses(cluster: ClusterRow) -> _Values:
    """Return allocated and capacity of the IPv4 blocks of each node. One query."""
    query = Block.objects.filter(
        cluster_id=cluster.id, valid_to=None, family=4, node__isnull=False
    )
    held: Counter[int] = Counter()
    wholes: Counter[int] = Counter()
    for node, first, last, rule, allocated, reserved in query.values_list(
        "node_id", "first", "last", "capacity_rule", "allocated", "allocated_reserved"
    ):
        numbers = family_numbers(
            capacity.block_numbers(Range(first, last), rule),
            family=4,
            allocated=allocated,
            allocated_reserved=reserved,
            by_kind={},
        )
        held[node] += numbers.allocated
        wholes[node] += numbers.capacity
    return {node: (held[node], whole) for node, whole in wholes.items()}


def _churn(cluster: ClusterRow, now: datetime) -> Counter[int]:
    """Return how many allocations of each node began or ended in CHURN_SPAN: by
    generation, which has an index. Three queries."""
    since = _generation_at(now - CHURN_SPAN, cluster)
    begun = Q(opened_generation__gt=since)
    found: Counter[int] = Counter()
    for query in (
        Allocation.objects.filter(begun, changed_generation__gt=since),
        PastAllocation.objects.filter(closed_generation__gt=since),
    ):
        counted = query.filter(cluster_id=cluster.id, node__isnull=False)
        # What began and ended inside the span is two changes.
        numbers = (
            counted.order_by()
            .values("node_id")
            .annotate(all=Count("id"), begun=Count("id", filter=begun))
        )
        is_past = query.model is PastAllocation
        for row in numbers:
            found[row["node_id"]] += row["begun"] + (row["all"] if is_past else 0)
    return found


def _generation_at(moment: datetime, cluster: ClusterRow) -> int:
    """Return the generation at an instant; that of the first list where it was later,
    for those it found did not come then. One query."""
    did_something = Q(opened__gt=0) | Q(changed__gt=0) | Q(closed__gt=0)
    runs = SyncRun.objects.filter(did_something, cluster_id=cluster.id)
    found = runs.aggregate(
        first=Min("generation"),
        # The newest before is the one before the oldest after.
        after=Min("generation", filter=Q(started_at__gt=moment)),
    )
    if found["first"] is None or found["after"] is None:
        return cluster.freshness.generation
    return int(max(found["first"], found["after"] - 1))


def _ages(cluster: ClusterRow, now: datetime) -> _Values:
    """Return the age of the oldest pod of each node that has one. One query."""
    query = Pod.objects.filter(
        cluster_id=cluster.id, gone_at=None, node__isnull=False, created_at__lte=now
    )
    oldest = query.order_by().values_list("node_id").annotate(Min("created_at"))
    return {
        node: (int((now - created).total_seconds()), None) for node, created in oldest
    }
