"""Questions about the clusters."""

from dataclasses import replace
from typing import Any

from ipamweb.api import parameters, serializers
from ipamweb.api.question import Asked, ListQuestion, Question
from ipamweb.api.views.cluster_changes import AddsClusters, ChangesCluster
from ipamweb.exports import rows
from ipamweb.findings import queries as findings
from ipamweb.mirror.queries import clusters, past_clusters
from ipamweb.mirror.queries.clusters import ClusterFilter, ClusterRow
from ipamweb.mirror.queries.paging import Page


class Clusters(AddsClusters, ListQuestion):
    """The clusters, by slug, now or as they were at an instant. How old the answer is
    goes by all clusters, whatever the filter."""

    has_past = True
    serializer_class = serializers.Cluster
    row = staticmethod(rows.cluster)
    parameters = (
        parameters.text("q", "A part of the slug or the name."),
        parameters.text("system", "With this IPAM system, as cilium; `at`: then."),
        parameters.truth("stale", "Those whose data is old now, or is not."),
    )

    def tells_of_polls(self, asked: Asked) -> bool:
        return True

    def page(self, asked: Asked) -> Page[Any]:
        found = clusters.listed(
            scope=asked.scope,
            now=asked.now,
            window=asked.window,
            findings=findings.open_of_cluster(scope=asked.scope),
            ids=_chosen(asked),
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


def _chosen(asked: Asked) -> list[int] | None:
    """Return the ids of the clusters that pass the filter by what is shown of them;
    None: of all. One query at most."""
    names = ("q", "system", "stale")
    wanted = ClusterFilter(**{name: asked.values[name] for name in names})
    if wanted == ClusterFilter():
        return None
    known = asked.clusters
    if asked.at and wanted.system:
        known = past_clusters.with_systems(known, at=asked.at, scope=asked.scope)
    return [each.id for each in clusters.chosen(known, wanted=wanted)]


def _shown(cluster: ClusterRow, asked: Asked) -> ClusterRow:
    """Return a cluster as it is, or as it was at the instant that is asked about."""
    if asked.at is None:
        return cluster
    return replace(
        past_clusters.as_of(cluster, at=asked.at, scope=asked.scope),
        findings=findings.open_at(asked.at, cluster_id=cluster.id, scope=asked.scope),
    )
