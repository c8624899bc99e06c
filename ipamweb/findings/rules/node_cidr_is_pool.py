"""C01: one node has the whole range that all nodes should share."""

from collections.abc import Iterator

from ipamweb.findings import sides
from ipamweb.findings.candidates import CRITICAL, HIGH, Candidate, Rule, Subject
from ipamweb.findings.facts import Facts

RULE = Rule(
    id="C01",
    kind="node-cidr-is-cluster-cidr",
    title="Node CIDR equals the cluster CIDR",
    sentence="A node's CIDR is the whole range that nodes get their CIDRs out of.",
    guard=(
        "A cluster of one node, whose range is meant for it alone and is given out "
        "whole by its configuration, is left out."
    ),
    step="Set the size of node CIDRs (node-cidr-mask-size, cluster-pool mask size) to"
    " less than the range, and let the node join again.",
    configuration=True,
)


def find(facts: Facts) -> Iterator[Candidate]:
    """Yield each such block. Costs blocks times ranges of pools, which are few."""
    for block in facts.owned:
        pool = facts.pool_of(block.range)
        if pool is None or pool.range != block.range:
            continue
        is_meant = pool.block_prefix_length == pool.range.prefix_length
        if len(facts.nodes) == 1 and is_meant:
            continue
        yield Candidate(
            key=f"{block.object_uid} {block.range}",
            subject=Subject("node", block.node_name),
            severity=CRITICAL if len(facts.nodes) > 1 else HIGH,
            message=f"{block.node_name} has {block.range}, all of {pool.pool}.",
            records=(sides.of_block(block), sides.of_pool(pool)),
            command=sides.show_node(facts, block.node_name),
        )
