"""The filters of allocation lists: what may be asked, and the conditions it comes to.

Names are looked up first, so that the list itself is read along an index. A filter that
names an owner is answered for owners inside the scope only: it must not tell whether a
hidden pod exists.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q, QuerySet

from ipamweb.addressing import ranges
from ipamweb.addressing.ranges import MAPPED_FIRST, MAPPED_LAST, Range
from ipamweb.mirror.models import Allocation, Namespace, Node, Pod, PoolRange
from ipamweb.mirror.queries.visibility import only_shown
from ipamweb.mirror.scope import Scope

Allocations = QuerySet[Allocation, Allocation]

# With more owners than this the list is dense enough to be read through.
MOST_OWNERS = 500

STATES = {
    "held": Q(terminating_at=None, released_at=None),
    "terminating": Q(terminating_at__isnull=False, released_at=None),
    "cooling-down": Q(released_at__isnull=False),
}


@dataclass(frozen=True, slots=True)
class AllocationFilter:
    """What is asked for; empty means all. `node` and `namespace` are names, `pool` is a
    slug, `uid` a pod's, `held_before` the end of the time from which a row is wanted.

    `q` is an address, a CIDR, `namespace/pod`, or a part of a pod's or a node's name.
    """

    family: int | None = None
    kind: str = ""
    state: str = ""
    node: str = ""
    namespace: str = ""
    namespace_uid: str = ""
    pod: str = ""
    uid: str = ""
    workload_kind: str = ""
    workload_name: str = ""
    pool: str = ""
    network: str | None = None
    within: Range | None = None
    address: int | None = None
    held_before: datetime | None = None
    q: str = ""

    @property
    def pods_named(self) -> Q:
        """The condition for the pods that it names."""
        asked = {
            "namespace_name": self.namespace,
            "name": self.pod,
            "workload_kind": self.workload_kind,
            "workload_name": self.workload_name,
        }
        return Q(**{column: value for column, value in asked.items() if value})


ALL = AllocationFilter()

NAMES_AN_OWNER = (
    "namespace", "namespace_uid", "pod", "uid", "workload_kind", "workload_name",
)  # fmt: skip


def matching(wanted: AllocationFilter, *, cluster_id: int, scope: Scope) -> Allocations:
    """Return the query for the open allocations of a cluster that a filter asks for.

    Names and a family cost up to seven queries.
    """
    # The cluster is not named beside a condition that finds few rows: SQLite would read
    # through all of the cluster, because that index has the order of the list.
    narrow = list(_narrow(wanted, cluster_id=cluster_id, scope=scope))
    query = Allocation.objects.filter(*(narrow or [Q(cluster_id=cluster_id)]))
    query = _plain(query, wanted)
    if wanted.family:
        query = _of_family(query, wanted.family, cluster_id=cluster_id)
    if wanted.namespace:
        query = query.filter(in_namespace(wanted.namespace, cluster_id))
    if wanted.pool:
        query = _in_pool(query, wanted.pool, cluster_id)
    if any(getattr(wanted, name) for name in NAMES_AN_OWNER):
        query = only_shown(query, scope, cluster_id=cluster_id)
    return query


def _narrow(wanted: AllocationFilter, *, cluster_id: int, scope: Scope) -> Iterator[Q]:
    """Yield the conditions that find few rows; each keeps to the cluster by itself."""
    if wanted.node:
        nodes = Node.objects.filter(cluster_id=cluster_id, name=wanted.node)
        yield Q(node_id__in=list(nodes.values_list("id", flat=True)))
    if wanted.uid:
        yield _held_by([wanted.uid], cluster_id)
    if wanted.pod or wanted.workload_kind or wanted.workload_name:
        yield _of_pods(wanted.pods_named, cluster_id)
    if text := wanted.q.strip().lower():
        yield _free_text(text, cluster_id=cluster_id, scope=scope)


def _plain(query: Allocations, wanted: AllocationFilter) -> Allocations:
    """Add the conditions on the row itself."""
    if wanted.kind:
        query = query.filter(kind=wanted.kind)
    if wanted.kind and wanted.kind != "pod":
        # Said for the index on what is no pod's.
        query = query.exclude(kind="pod")
    if wanted.namespace_uid:
        query = query.filter(namespace_uid=wanted.namespace_uid)
    if wanted.network is not None:
        query = query.filter(network=wanted.network)
    if wanted.state:
        query = query.filter(STATES[wanted.state])
    if wanted.held_before:
        query = query.filter(valid_from__lte=wanted.held_before)
    if wanted.address is not None:
        query = query.filter(address=wanted.address)
    if wanted.within:
        query = query.filter(inside(wanted.within))
    return query


def _of_family(query: Allocations, family: int, *, cluster_id: int) -> Allocations:
    """Add a family, said of the address too: IPv4 is one run in its index, IPv6 what
    lies behind it, and what lies before it where anything does. One query."""
    query = query.filter(family=family)
    if family == 4:
        return query.filter(address__gte=MAPPED_FIRST, address__lte=MAPPED_LAST)
    before = Q(address__lt=MAPPED_FIRST)
    if Allocation.objects.filter(before, cluster_id=cluster_id).exists():
        return query.filter(before | Q(address__gt=MAPPED_LAST))
    return query.filter(address__gt=MAPPED_LAST)


def inside(bounds: Range) -> Q:
    """Return the condition for allocations in a range."""
    return Q(address__gte=bounds.first, address__lte=bounds.last, family=bounds.family)


def _in_pool(query: Allocations, slug: str, cluster_id: int) -> Allocations:
    """Add a pool, and the run of addresses that its ranges, past ones too, lie in."""
    found = PoolRange.objects.filter(pool__cluster_id=cluster_id, pool__slug=slug)
    bounds = list(found.values_list("pool_id", "first", "last"))
    if not bounds:
        return query.filter(pool__slug=slug)
    return query.filter(
        pool_id=bounds[0][0],
        address__gte=min(first for _, first, _ in bounds),
        address__lte=max(last for _, _, last in bounds),
    )


def in_namespace(name: str, cluster_id: int) -> Q:
    """Return the condition for allocations, open or ended, of pods in the namespaces
    that have or had a name. One query."""
    uids = Namespace.objects.filter(cluster_id=cluster_id, name=name)
    known = list(uids.order_by("-id").values_list("uid", flat=True))
    # Pods may be seen before their namespace is.
    return Q(namespace_uid__in=known) if known else Q(pod__namespace_name=name)


def _of_pods(asked: Q, cluster_id: int) -> Q:
    """Return the condition for allocations of some pods that are there: by their UIDs
    where these are few, else by reading through the cluster."""
    pods = Pod.objects.filter(asked, cluster_id=cluster_id, gone_at=None)
    uids = list(pods.values_list("uid", flat=True)[: MOST_OWNERS + 1])
    if len(uids) <= MOST_OWNERS:
        return _held_by(uids, cluster_id)
    return Q(cluster_id=cluster_id, pod__in=pods)


def _held_by(uids: list[str], cluster_id: int) -> Q:
    held = Allocation.objects.filter(cluster_id=cluster_id, owner_key__in=uids)
    return Q(pk__in=held.order_by().values("pk"))


def _free_text(text: str, *, cluster_id: int, scope: Scope) -> Q:
    if asked := as_range(text):
        return Q(cluster_id=cluster_id) & inside(asked)
    namespace, slash, name = text.partition("/")
    pod = Q(name__contains=text)
    if slash:
        pod = Q(namespace_name=namespace, name__contains=name)
    owner = _of_pods(pod, cluster_id)
    if not scope.everything:
        owner &= Q(namespace_uid__in=scope.uids_in(cluster_id))
    if slash:
        return owner
    nodes = Node.objects.filter(cluster_id=cluster_id, name__contains=text)
    ids = list(nodes.values_list("id", flat=True)[: MOST_OWNERS + 1])
    if len(ids) <= MOST_OWNERS:
        return owner | Q(node_id__in=ids)
    return owner | Q(cluster_id=cluster_id, node__in=nodes)


def as_range(text: str) -> Range | None:
    """Return the range a text names, an address or a CIDR; None where it is none."""
    try:
        if "/" in text:
            return ranges.parse_wide_cidr(text)
        address = ranges.parse_address(text)
    except ValueError:
        return None
    return Range(address, address)
