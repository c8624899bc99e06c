"""Questions about the blocks that nodes have."""

from typing import Any

from ipamweb.api import parameters, serializers
from ipamweb.api.question import Asked, ListQuestion
from ipamweb.exports import rows
from ipamweb.mirror.queries import blocks, past_blocks
from ipamweb.mirror.queries.blocks import BlockFilter
from ipamweb.mirror.queries.paging import Page


class Blocks(ListQuestion):
    """The blocks that nodes have, or had at an instant, in address order."""

    serializer_class = serializers.Block
    has_past = True
    table = "blocks"
    row = staticmethod(rows.block)
    parameters = (
        parameters.family(),
        parameters.text("node", "Blocks of the node of this name."),
        parameters.text("pool", "Blocks of the pool of this slug."),
        parameters.text("network", "Blocks of this network."),
        parameters.text("system", "Blocks of this IPAM system, as cilium."),
        parameters.cidr("within", "Blocks inside this CIDR."),
    )

    def page(self, asked: Asked) -> Page[Any]:
        values = asked.values
        names = ("family", "node", "pool", "network", "system", "within")
        question: dict[str, Any] = {
            "scope": asked.scope,
            "wanted": BlockFilter(**{name: values[name] for name in names}),
            "window": asked.window,
        }
        if asked.at:
            return past_blocks.listed(asked.cluster, at=asked.at, **question)
        return blocks.listed(asked.cluster, **question)
