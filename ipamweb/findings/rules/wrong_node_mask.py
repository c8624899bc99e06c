"""F05: a node whose CIDR has another size than its pool gives out."""

from collections.abc import Iterator

from ipamweb.findings import sides
from ipamweb.findings.candidates import LOW, Candidate, Rule, Subject
from ipamweb.findings.facts import Block, Facts, PoolRange

RULE = Rule(
    id="F05",
    kind="wrong-node-mask",
    title="Node CIDR of another size",
    sentence="A node's CIDR is larger or smaller than those its pool gives out.",
    guard=(
        "Only where the size is written in the configuration, not assumed. Where it "
        "was changed since, that is another finding, and older CIDRs are left out."
    ),
    step="A node that joins again gets a CIDR of the configured size.",
    configuration=True,
)


def find(facts: Facts) -> Iterator[Candidate]:
    """Yield each such block. Costs blocks times ranges of pools, which are few."""
    for block in facts.owned:
        pool = facts.pool_of(block.range)
        length = block.range.prefix_length
        if pool is None or not _is_stated(pool) or _is_older(block, pool):
            continue
        if not facts.was_configured_after(block.valid_from):
            continue
        if length is None or length == pool.block_prefix_length:
            continue
        yield Candidate(
            key=f"{block.object_uid} {block.range}",
            subject=Subject("node", block.node_name),
            severity=LOW,
            message=(
                f"{block.node_name} has {block.range}; {pool.pool} gives out "
                f"/{pool.block_prefix_length}."
            ),
            records=(sides.of_block(block), sides.of_pool(pool)),
            command=sides.configuration(facts),
        )


def _is_stated(pool: PoolRange) -> bool:
    """A block as large as the pool itself is another finding."""
    return pool.block_prefix_length is not None and "default of" not in pool.read_from


def _is_older(block: Block, pool: PoolRange) -> bool:
    is_whole = block.range == pool.range
    return is_whole or pool.pool_first_seen < pool.valid_from > block.valid_from
