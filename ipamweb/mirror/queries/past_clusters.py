"""A cluster as it was at an instant: how many of everything, and what was detected.

The version of Kubernetes, errors and pauses of then are not kept: they are empty.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from django.db.models import Q

from ipamweb.mirror.models import ClusterVersion, CoverageGap, Node, Pod
from ipamweb.mirror.queries import gaps, past_counts, past_pools
from ipamweb.mirror.queries.clusters import ClusterRow, Fact
from ipamweb.mirror.scope import Scope


def is_known(cluster: ClusterRow, at: datetime) -> bool:
    """Say whether history reaches back to an instant."""
    start = cluster.freshness.history_from
    return start is not None and start <= at


def as_of(cluster: ClusterRow, *, at: datetime, scope: Scope) -> ClusterRow:
    """Return a cluster with the numbers of an instant; all are 0 where it is not known.

    Allocations count what was held for certain. Seven queries.
    """
    at, asked = cluster.seen_at(at), at
    version = ClusterVersion.objects.valid_at(at, cluster_id=cluster.id).last()
    blind = gaps.at(at, cluster_ids=[cluster.id], scope=scope)
    return replace(
        cluster,
        at=asked,
        server_version="",
        systems=tuple(version.systems) if version else (),
        mode=version.mode if version else "",
        nodes=Node.objects.there_at(at, cluster_id=cluster.id).count(),
        pods=Pod.objects.there_at(at, cluster_id=cluster.id).count(),
        allocations=past_counts.everywhere(cluster=cluster, at=at, scope=scope),
        pools=past_pools.pools_at(at).filter(cluster_id=cluster.id).count(),
        gaps=CoverageGap.objects.filter(
            cluster_id=cluster.id, started_at__lte=at
        ).count(),
        freshness=replace(
            cluster.freshness,
            gap_since=blind[0].started_at if blind else None,
            gap_reason=blind[0].reason if blind else "",
        ),
        held_release=None,
    )


def with_systems(
    clusters: Sequence[ClusterRow], *, at: datetime, scope: Scope
) -> tuple[ClusterRow, ...]:
    """Return clusters with the systems of an instant, as `as_of` tells them, and all
    else as it is. One query."""
    seen = {each.id: each.seen_at(at) for each in clusters}
    lasted = Q(valid_to=None) | Q(valid_to__gt=min(seen.values(), default=at))
    found = ClusterVersion.objects.filter(
        lasted, cluster_id__in=seen, valid_from__lte=at
    )
    systems: dict[int, tuple[str, ...]] = {}
    for version in found.order_by("pk"):
        moment = seen[version.cluster_id]
        is_over = version.valid_to is not None and version.valid_to <= moment
        if version.valid_from <= moment and not is_over:
            systems[version.cluster_id] = tuple(version.systems)
    return tuple(replace(each, systems=systems.get(each.id, ())) for each in clusters)


def facts(cluster: ClusterRow, *, at: datetime, scope: Scope) -> tuple[Fact, ...]:
    """Return what was detected of the cluster at an instant. One query."""
    seen = cluster.seen_at(at)
    version = ClusterVersion.objects.valid_at(seen, cluster_id=cluster.id).last()
    return tuple(Fact(*fact) for fact in version.facts) if version else ()
