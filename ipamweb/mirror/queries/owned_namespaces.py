"""The present namespaces inside a scope, across clusters: what a team owns now.

Not here: the namespaces of one cluster (namespaces.py), who owns them (access).
"""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Count, Sum
from django.db.models.functions import Coalesce

from ipamweb.mirror.models import Namespace
from ipamweb.mirror.queries import namespaces
from ipamweb.mirror.queries.clusters import ClusterRow
from ipamweb.mirror.queries.namespaces import NamespaceRow
from ipamweb.mirror.queries.paging import FIRST_PAGE, Order, Page, Window, read_page
from ipamweb.mirror.queries.visibility import only_shown_anywhere
from ipamweb.mirror.scope import Scope

BY_CLUSTER = Order("namespaces.owned", ("cluster_id", "name", "id"))


@dataclass(frozen=True, slots=True)
class OwnedNamespace:
    cluster: ClusterRow
    namespace: NamespaceRow


@dataclass(frozen=True, slots=True)
class Held:
    """What all of them hold together; `allocated` are (family, count), IPv4 first."""

    namespaces: int
    clusters: int
    pods: int
    allocated: tuple[tuple[int, int], ...]


def listed(
    clusters: Sequence[ClusterRow], *, scope: Scope, window: Window = FIRST_PAGE
) -> Page[OwnedNamespace]:
    """Return a page of the present namespaces, cluster by cluster. One query."""
    known = {cluster.id: cluster for cluster in clusters}
    query = Namespace.objects.filter(cluster_id__in=known, gone_at=None)
    return read_page(
        only_shown_anywhere(query, scope, field="uid"),
        order=BY_CLUSTER,
        window=window,
        build=lambda found: [
            OwnedNamespace(
                known[each.cluster_id], namespaces.row(each, known[each.cluster_id])
            )
            for each in found
        ],
    )


def held(*, scope: Scope) -> Held:
    """Return what the present namespaces inside a scope hold. One query."""
    query = Namespace.objects.filter(gone_at=None)
    sums = only_shown_anywhere(query, scope, field="uid").aggregate(
        namespaces=Count("id"),
        clusters=Count("cluster", distinct=True),
        pods=Coalesce(Sum("pod_count"), 0),
        v4=Coalesce(Sum("allocated_v4"), 0),
        v6=Coalesce(Sum("allocated_v6"), 0),
    )
    return Held(
        sums["namespaces"],
        sums["clusters"],
        sums["pods"],
        ((4, sums["v4"]), (6, sums["v6"])),
    )
