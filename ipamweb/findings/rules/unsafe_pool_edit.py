"""F20: a range of a pool was changed or taken out while nodes have blocks of it."""

from collections.abc import Iterator

from ipamweb.findings import sides
from ipamweb.findings.candidates import HIGH, Candidate, Rule, Subject
from ipamweb.findings.facts import Facts, PoolRange

RULE = Rule(
    id="F20",
    kind="unsafe-pool-edit",
    title="Unsafe edit of a pool",
    sentence=(
        "A range of a pool was changed or taken out, or its block size was changed, "
        "while nodes have blocks of it."
    ),
    guard=(
        "To append a range is safe and is no finding. A range that no node has a block "
        "of can be taken out. The finding ends when the last such block does, or when "
        "the range is put back."
    ),
    step="Put the range back as it was and append another; nodes that join again get"
    " blocks of what is configured then.",
    configuration=True,
)


def find(facts: Facts) -> Iterator[Candidate]:
    """Yield each former range with blocks in it. Costs a walk over the blocks for each
    former range; edits are few."""
    present = {
        (each.pool, each.range, each.block_prefix_length) for each in facts.ranges
    }
    found: dict[str, PoolRange] = {}
    for each in facts.past_ranges:
        if (each.pool, each.range, each.block_prefix_length) not in present:
            found[f"{each.pool} {each.range} {each.block_prefix_length}"] = each
    for key, former in found.items():
        now = [each for each in facts.ranges if each.pool == former.pool]
        inside = [
            each
            for each in facts.owned
            if former.range.covers(each.range)
            and former.valid_to
            and each.valid_from < former.valid_to
            and each.range.prefix_length == former.block_prefix_length
        ]
        if not now or not inside:
            continue
        yield Candidate(
            key=key,
            subject=Subject("pool", former.pool),
            severity=HIGH,
            message=f"{former.pool} had {former.range} in blocks of "
            f"/{former.block_prefix_length}; {len(inside)} nodes' blocks are of it.",
            records=(
                sides.of_pool(former),
                *map(sides.of_pool, now),
                *map(sides.of_block, inside[: sides.FEW]),
            ),
            command=sides.configuration(facts),
        )
