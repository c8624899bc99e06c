"""The question for how full things were."""

from typing import Any

from ipamweb.api import parameters, serializers
from ipamweb.api.question import Asked, ListQuestion
from ipamweb.exports import rows
from ipamweb.mirror.queries.paging import Page
from ipamweb.usage import queries
from ipamweb.usage.queries import SampleFilter

_SAME = ("scope", "scope_id", "name", "family", "resolution", "since", "until")


class Usage(ListQuestion):
    """Samples of pools, nodes and namespaces, thing by thing, oldest first.

    A sample is written where a value changed: until the next one it still holds. Where
    the cluster was not seen a row says so.
    """

    serializer_class = serializers.Usage
    row = staticmethod(rows.usage)
    parameters = (
        parameters.text("cluster", "Of the cluster of this slug."),
        parameters.choice("scope", "Of these things only.", accepted=queries.KINDS),
        parameters.text("scope_id", "A pool's slug; the UID of a node or namespace."),
        parameters.text("name", "The name of a pool, node or namespace."),
        parameters.family(),
        parameters.choice(
            "resolution", "How long a row stands for.", accepted=queries.RESOLUTIONS
        ),
        parameters.instant("since", "Not before this time."),
        parameters.instant("until", "Before this time."),
    )

    def further_state(self, asked: Asked) -> object:
        return queries.state(asked.clusters, scope=asked.scope)

    def page(self, asked: Asked) -> Page[Any]:
        name = asked.values["cluster"]
        return queries.listed(
            [each for each in asked.clusters if name in ("", each.slug)],
            scope=asked.scope,
            wanted=SampleFilter(**{each: asked.values[each] for each in _SAME}),
            window=asked.window,
        )
