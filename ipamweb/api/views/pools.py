"""Questions about the pools of a cluster."""

from typing import Any

from ipamweb.api import compared_rows, instants, parameters, serializers
from ipamweb.api.question import Asked, ListQuestion, Question
from ipamweb.exports import rows
from ipamweb.mirror.queries import compared_places, past_pools, pools
from ipamweb.mirror.queries.clusters import ClusterRow
from ipamweb.mirror.queries.compared_places import Compared
from ipamweb.mirror.queries.paging import Page
from ipamweb.mirror.queries.pools import PoolFilter


def _row(found: Any, of: ClusterRow) -> dict[str, Any]:
    if not isinstance(found, Compared):
        return rows.pool(found, of)
    shown = rows.pool(found.shown(is_later=True), of)
    return {**shown, "compared": compared_rows.of_pools(found)}


class Pools(ListQuestion):
    """The pools of a cluster, now, at an instant, or at two side by side, by slug."""

    serializer_class = serializers.Pool
    has_past = True
    table = "pools"
    row = staticmethod(_row)
    parameters = (
        instants.VS,
        parameters.text(
            "q",
            "A part of the slug or the name, or an address or a CIDR that lies in one "
            "of the ranges.",
        ),
        parameters.family(),
        parameters.text("system", "Pools of this IPAM system, as cilium."),
        parameters.text("network", "Pools of this network."),
    )

    def page(self, asked: Asked) -> Page[Any]:
        names = ("q", "family", "system", "network")
        question: dict[str, Any] = {
            "scope": asked.scope,
            "wanted": PoolFilter(**{name: asked.values[name] for name in names}),
            "window": asked.window,
        }
        beside = instants.beside(asked.values, cluster=asked.cluster, scope=asked.scope)
        if beside:
            return compared_places.pools(asked.cluster, times=beside, **question)
        if asked.at:
            return past_pools.listed(asked.cluster, at=asked.at, **question)
        return pools.listed(asked.cluster, **question)


class Pool(Question):
    """A pool."""

    serializer_class = serializers.Pool
    has_past = True

    def found(self, asked: Asked) -> dict[str, Any] | None:
        cluster = asked.cluster
        question: dict[str, Any] = {"cluster": cluster, "scope": asked.scope}
        if asked.at:
            pool = past_pools.one(asked.path["slug"], at=asked.at, **question)
        else:
            pool = pools.one(asked.path["slug"], **question)
        return rows.pool(pool, cluster) if pool else None
