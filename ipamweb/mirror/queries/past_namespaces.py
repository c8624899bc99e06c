"""The namespaces of an instant, with their labels of then and what they held."""

from collections import Counter
from collections.abc import Iterable
from datetime import datetime

from django.db.models import Count, QuerySet

from ipamweb.mirror.models import Namespace, NamespaceVersion, Pod
from ipamweb.mirror.queries import past_counts
from ipamweb.mirror.queries.clusters import ClusterRow
from ipamweb.mirror.queries.namespaces import NamespaceRow
from ipamweb.mirror.queries.paging import FIRST_PAGE, Order, Page, Window, read_page
from ipamweb.mirror.queries.visibility import only_shown
from ipamweb.mirror.scope import Scope

# Counters know the present only: there is nothing else to sort by.
BY_NAME = Order("namespaces.name", ("name", "id"))


def listed(
    cluster: ClusterRow,
    *,
    at: datetime,
    scope: Scope,
    window: Window = FIRST_PAGE,
    q: str = "",
) -> Page[NamespaceRow]:
    """Return a page of the namespaces of an instant inside the scope, by name.

    Five queries.
    """
    at = cluster.seen_at(at)
    query = namespaces_at(cluster, at).filter(name__contains=q.lower())
    return read_page(
        only_shown(query, scope, cluster_id=cluster.id, field="uid"),
        order=BY_NAME,
        window=window,
        build=lambda found: _rows(found, cluster=cluster, at=at, scope=scope),
    )


def every(
    cluster: ClusterRow, *, at: datetime, scope: Scope
) -> tuple[NamespaceRow, ...]:
    """Return all namespaces of an instant inside the scope, by name. Five queries."""
    at = cluster.seen_at(at)
    query = only_shown(
        namespaces_at(cluster, at), scope, cluster_id=cluster.id, field="uid"
    )
    found = list(query.order_by(*BY_NAME.fields))
    return tuple(_rows(found, cluster=cluster, at=at, scope=scope))


def with_ids(
    ids: Iterable[int], *, cluster: ClusterRow, at: datetime, scope: Scope
) -> dict[int, NamespaceRow]:
    """Return those of some namespaces that were there at an instant, and are inside
    the scope. Five queries."""
    query = namespaces_at(cluster, at).filter(pk__in=list(ids))
    found = list(only_shown(query, scope, cluster_id=cluster.id, field="uid"))
    rows = _rows(found, cluster=cluster, at=at, scope=scope)
    return {row.id: row for row in rows}


def one(
    name: str, *, cluster: ClusterRow, at: datetime, scope: Scope
) -> NamespaceRow | None:
    """Return the namespace that had a name; None outside the scope. Five queries."""
    at = cluster.seen_at(at)
    query = namespaces_at(cluster, at).filter(name=name).order_by("-id")
    found = list(only_shown(query, scope, cluster_id=cluster.id, field="uid")[:1])
    rows = _rows(found, cluster=cluster, at=at, scope=scope)
    return rows[0] if rows else None


def namespaces_at(cluster: ClusterRow, at: datetime) -> QuerySet[Namespace, Namespace]:
    """Return the query of the namespaces of an instant."""
    return Namespace.objects.there_at(at, cluster_id=cluster.id)


def _rows(
    found: list[Namespace], *, cluster: ClusterRow, at: datetime, scope: Scope
) -> list[NamespaceRow]:
    uids = [each.uid for each in found]
    counts = past_counts.of_namespaces(uids, cluster=cluster, at=at, scope=scope)
    pods = Pod.objects.there_at(at, cluster_id=cluster.id, namespace_uid__in=uids)
    grouped = pods.order_by().values("namespace_uid").annotate(n=Count("pk"))
    there = Counter(dict(grouped.values_list("namespace_uid", "n")))
    ids = [each.pk for each in found]
    versions = NamespaceVersion.objects.valid_at(at, namespace_id__in=ids)
    labels = {each.namespace_id: each.labels for each in versions}
    return [
        NamespaceRow(
            id=each.pk,
            uid=each.uid,
            name=each.name,
            labels=tuple(sorted(labels.get(each.pk, each.labels).items())),
            pods=there[each.uid],
            allocated=tuple(
                (family, counts[each.uid, family])
                for family in (4, 6)
                if counts[each.uid, family] or family in cluster.families
            ),
            first_seen=each.first_seen,
            gone_at=None,
        )
        for each in found
    ]
