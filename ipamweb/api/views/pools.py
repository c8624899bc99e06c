"""Questions about the pools of a cluster."""

from typing import Any

from ipamweb.api import serializers
from ipamweb.api.question import Asked, ListQuestion, Question
from ipamweb.exports import rows
from ipamweb.mirror.queries import past_pools, pools
from ipamweb.mirror.queries.paging import Page


class Pools(ListQuestion):
    """The pools of a cluster, now or at an instant, by slug."""

    serializer_class = serializers.Pool
    has_past = True
    table = "pools"
    row = staticmethod(rows.pool)

    def page(self, asked: Asked) -> Page[Any]:
        question: dict[str, Any] = {"scope": asked.scope, "window": asked.window}
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
