"""Questions about the clusters."""

from typing import Any

from ipamweb.api import serializers
from ipamweb.api.question import Asked, ListQuestion, Question
from ipamweb.exports import rows
from ipamweb.findings import queries as findings
from ipamweb.mirror.queries import clusters
from ipamweb.mirror.queries.paging import Page


class Clusters(ListQuestion):
    """The clusters, by slug."""

    serializer_class = serializers.Cluster
    row = staticmethod(rows.cluster)

    def tells_of_polls(self, asked: Asked) -> bool:
        return True

    def page(self, asked: Asked) -> Page[Any]:
        return clusters.listed(
            scope=asked.scope,
            now=asked.now,
            window=asked.window,
            findings=findings.open_of_cluster(scope=asked.scope),
        )


class Cluster(Question):
    """A cluster."""

    serializer_class = serializers.Cluster

    def tells_of_polls(self, asked: Asked) -> bool:
        return True

    def found(self, asked: Asked) -> dict[str, Any]:
        return rows.cluster(asked.cluster, None)
