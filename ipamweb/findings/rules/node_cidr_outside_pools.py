"""F04: a node whose CIDR lies in no pool that is configured."""

from collections.abc import Iterator

from ipamweb.findings import sides
from ipamweb.findings.candidates import MEDIUM, Candidate, Rule, Subject
from ipamweb.findings.facts import Block, Facts

RULE = Rule(
    id="F04",
    kind="node-cidr-outside-pools",
    title="Node CIDR outside every pool",
    sentence="A node's CIDR lies in no range that the cluster is configured with.",
    guard=(
        "Only where the ranges of that family are known and hold the CIDRs of most "
        "nodes: elsewhere it is the ranges that were read wrongly. A CIDR waits until "
        "the configuration was read again after it: the range may have been appended. "
        "A range that was taken out of a pool is another finding."
    ),
    step="Find out who wrote the CIDR: a hand, an earlier configuration, or another"
    " controller. A node that joins again gets one out of the pool.",
    configuration=True,
)


def find(facts: Facts) -> Iterator[Candidate]:
    """Yield each such block. Costs blocks times ranges of pools, which are few."""
    for family in facts.families:
        known = [each for each in facts.ranges if each.range.family == family]
        blocks = [each for each in facts.owned if each.range.family == family]
        outside = [each for each in blocks if facts.pool_of(each.range) is None]
        if not known or len(outside) * 2 >= len(blocks):
            continue
        for block in outside:
            if _was_inside(facts, block) or not _is_known(facts, block):
                continue
            yield Candidate(
                key=f"{block.object_uid} {block.range}",
                subject=Subject("node", block.node_name),
                severity=MEDIUM,
                message=f"{block.node_name} has {block.range}, which is in no pool.",
                records=(
                    sides.of_block(block),
                    *(sides.of_pool(each) for each in known),
                ),
                command=sides.configuration(facts),
            )


def _is_known(facts: Facts, block: Block) -> bool:
    """Say whether the ranges were read after the block was there to be seen."""
    return facts.was_configured_after(block.valid_from)


def _was_inside(facts: Facts, block: Block) -> bool:
    return any(each.range.covers(block.range) for each in facts.past_ranges)
