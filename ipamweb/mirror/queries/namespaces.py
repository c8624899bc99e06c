"""The namespaces with their counters. Not here: their allocations (allocations.py)."""

from dataclasses import dataclass, replace
from datetime import datetime

from django.db.models import Expression, F, Value

from ipamweb.mirror.models import Namespace
from ipamweb.mirror.queries.clusters import ClusterRow
from ipamweb.mirror.queries.paging import FIRST_PAGE, Order, Page, Window, read_page
from ipamweb.mirror.queries.visibility import only_shown
from ipamweb.mirror.scope import Scope

NO_FINDINGS = Value(0)
_SORTED_BY = ("name", "pod_count", "allocated_v4", "allocated_v6")
ORDERS = {
    sign + field: Order(f"namespaces.{sign}{field}", (field, "id"), sign == "-")
    for field in _SORTED_BY
    for sign in ("", "-")
}


@dataclass(frozen=True, slots=True)
class NamespaceRow:
    """A namespace UID. `allocated` are (family, count) of the cluster's families.

    `findings` is what the caller counts with `one`.
    """

    id: int
    uid: str
    name: str
    labels: tuple[tuple[str, str], ...]
    pods: int
    allocated: tuple[tuple[int, int], ...]
    first_seen: datetime
    gone_at: datetime | None
    findings: int = 0


def listed(
    cluster: ClusterRow,
    *,
    scope: Scope,
    order: Order = ORDERS["name"],
    window: Window = FIRST_PAGE,
    q: str = "",
) -> Page[NamespaceRow]:
    """Return a page of the present namespaces inside the scope. One query."""
    query = Namespace.objects.filter(cluster_id=cluster.id, gone_at=None)
    if q:
        query = query.filter(name__contains=q.lower())
    return read_page(
        only_shown(query, scope, cluster_id=cluster.id, field="uid"),
        order=order,
        window=window,
        build=lambda found: [row(each, cluster) for each in found],
    )


def one(
    name: str,
    *,
    cluster: ClusterRow,
    scope: Scope,
    findings: Expression = NO_FINDINGS,
) -> NamespaceRow | None:
    """Return the present namespace of a name, else the last that had it.

    None outside the scope. `findings` is a sub-select of what is counted with it. One
    query.
    """
    named = Namespace.objects.filter(cluster_id=cluster.id, name=name)
    query = named.annotate(finding_count=findings)
    newest_first = query.order_by(F("gone_at").desc(nulls_first=True), "-id")
    found = only_shown(newest_first, scope, cluster_id=cluster.id, field="uid").first()
    if found is None:
        return None
    return replace(row(found, cluster), findings=found.finding_count)


def row(namespace: Namespace, cluster: ClusterRow) -> NamespaceRow:
    """Return the row of a namespace that was found inside a scope."""
    counts = {4: namespace.allocated_v4, 6: namespace.allocated_v6}
    return NamespaceRow(
        id=namespace.pk,
        uid=namespace.uid,
        name=namespace.name,
        labels=tuple(sorted(namespace.labels.items())),
        pods=namespace.pod_count,
        allocated=tuple(
            (family, count)
            for family, count in counts.items()
            if count or family in cluster.families
        ),
        first_seen=namespace.first_seen,
        gone_at=namespace.gone_at,
    )
