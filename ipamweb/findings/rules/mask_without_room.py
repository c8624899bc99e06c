"""C02: a configured block size with which nodes, or their pods, find no room."""

from collections.abc import Iterator

from ipamweb.addressing import capacity, records
from ipamweb.addressing.ranges import ADDRESS_BITS, Range
from ipamweb.findings import sides
from ipamweb.findings.candidates import HIGH, Candidate, Record, Rule, Subject
from ipamweb.findings.facts import Facts, PoolRange

RULE = Rule(
    id="C02",
    kind="mask-without-room",
    title="Mask that leaves no room",
    sentence=(
        "The configured size of node CIDRs leaves no address for pods, gives no node a "
        "CIDR, or splits an IPv6 range further than allocators can."
    ),
    guard=(
        "It follows from the configuration alone. That a pool has fewer blocks than "
        "there are nodes is found when the last one is given."
    ),
    step="Choose a mask between the range and an address: a /24 has room for 254 pods."
    " It holds for nodes that join later.",
    configuration=True,
)
# kubernetes pkg/controller/nodeipam/ipam/cidrset; cilium operator: no more bits than 16
# between the range and a node's part of it.
MOST_BITS = 16


def find(facts: Facts) -> Iterator[Candidate]:
    """Yield each range with such a mask. Costs a walk over the ranges of pools."""
    for pool in facts.ranges:
        why = _why(pool)
        if why:
            yield Candidate(
                key=f"{pool.pool} {pool.range} {pool.block_prefix_length}",
                subject=Subject("pool", pool.pool),
                severity=HIGH,
                message=f"{pool.pool}: {pool.range} in blocks of "
                f"/{pool.block_prefix_length} {why}.",
                records=(sides.of_pool(pool), _sum(pool)),
                command=sides.configuration(facts),
            )


def _why(pool: PoolRange) -> str:
    """Return what is wrong with the mask; "" where it has room."""
    length, whole = pool.block_prefix_length, pool.range.prefix_length
    if length is None or whole is None:
        return ""
    if length < whole:
        return "holds not one block"
    if pool.range.family == 6 and length - whole > MOST_BITS:
        return f"needs {length - whole} bits for nodes, and {MOST_BITS} are the most"
    if _room(pool) <= sides.INFRASTRUCTURE:
        return "leaves no address for pods"
    return ""


def _room(pool: PoolRange) -> int:
    """Return how many addresses one block hands out."""
    bits = ADDRESS_BITS[pool.range.family] - (pool.block_prefix_length or 0)
    block = Range(pool.range.first, pool.range.first + (1 << bits) - 1)
    return capacity.block_numbers(block, pool.capacity_rule).capacity


def _sum(pool: PoolRange) -> Record:
    blocks = capacity.block_count(
        records.PoolRange(pool.range, pool.block_prefix_length)
    )
    return Record(
        what="sum",
        name=pool.pool,
        read_from="range and block size",
        since=pool.valid_from,
        values=(("blocks", str(blocks)), ("addresses in each", str(_room(pool)))),
    )
