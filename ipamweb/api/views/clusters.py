"""Questions about the clusters."""

from dataclasses import replace
from typing import Any

from ipamweb.api import serializers
from ipamweb.api.question import Asked, ListQuestion, Question
from ipamweb.api.views.cluster_changes import AddsClusters, ChangesCluster
from ipamweb.exports import rows
from ipamweb.findings import queries as findings
from ipamweb.mirror.queries import clusters, past_clusters
from ipamweb.mirror.queries.clusters import ClusterRow
from ipamweb.mirror.queries.paging import Page


class Clusters(AddsClusters, ListQuestion):
    """The clusters, by slug, now or as they were at an instant."""

    has_past = True
    serializer_class = serializers.Cluster
    row = staticmethod(rows.cluster)

    def tells_of_polls(self, asked: Asked) -> bool:
        return True

    def page(self, asked: Asked) -> Page[Any]:
        found = clusters.listed(
            scope=asked.scope,
            now=asked.now,
            window=asked.window,
            findings=findings.open_of_cluster(scope=asked.scope),
        )
        shown = tuple(_shown(each, asked) for each in found.rows)
        return Page(shown, next=found.next, previous=found.previous)


class Cluster(ChangesCluster, Question):
    """A cluster, now or as it was at an instant."""

    has_past = True
    serializer_class = serializers.Cluster

    def tells_of_polls(self, asked: Asked) -> bool:
        return True

    def found(self, asked: Asked) -> dict[str, Any]:
        return rows.cluster(_shown(asked.cluster, asked), None)


def _shown(cluster: ClusterRow, asked: Asked) -> ClusterRow:
    """Return a cluster as it is, or as it was at the instant that is asked about."""
    if asked.at is None:
        return cluster
    return replace(
        past_clusters.as_of(cluster, at=asked.at, scope=asked.scope),
        findings=findings.open_at(asked.at, cluster_id=cluster.id, scope=asked.scope),
    )
