"""F13: a pool that has no block left for a further node."""

from collections import defaultdict
from collections.abc import Iterator

from ipamweb.addressing.overlaps import union
from ipamweb.addressing.ranges import ADDRESS_BITS
from ipamweb.findings import sides
from ipamweb.findings.candidates import CRITICAL, HIGH, Candidate, Rule, Subject
from ipamweb.findings.facts import Facts, PoolRange

RULE = Rule(
    id="F13",
    kind="pool-exhausted",
    title="Pool exhausted",
    sentence="Every block of a pool is given away: a further node gets none.",
    guard=(
        "What is left is counted in addresses, so that blocks of another size do not "
        "make a pool look full; it is full when less than one block is left, by a "
        "configuration that was read after the last one was given. A node that has all "
        "of it is another finding."
    ),
    step="Append a range to the pool; never edit the ranges it has. CIDRs of nodes that"
    " are gone can be freed at once.",
    steps=(
        (
            "cluster-pool",
            "Append a range to clusterPoolIPv4PodCIDRList or its twin of IPv6, never "
            "edit the ranges there are, and start cilium-operator again. The CIDR of a "
            "node that is gone is free when its CiliumNode is deleted.",
        ),
        (
            "kubernetes",
            "The CIDR of a node that is gone is free when its Node is deleted; "
            "kube-controller-manager cuts nodes' CIDRs out of one --cluster-cidr for "
            "each family, which cannot be appended to.",
        ),
    ),
    configuration=True,
)


def find(facts: Facts) -> Iterator[Candidate]:
    """Yield each full pool. Costs a walk over the blocks for each range of a pool."""
    pools: dict[str, list[PoolRange]] = defaultdict(list)
    for each in facts.ranges:
        if each.block_prefix_length is not None:
            pools[each.pool].append(each)
    for pool, ranges in pools.items():
        if any(_has_room(facts, each) for each in ranges):
            continue
        family = ranges[0].range.family
        waiting = [
            node
            for node in facts.nodes
            if not _is_served(facts, node.id, family) and facts.expects_cidr(node)
        ]
        orphans = [each for each in facts.orphans if each.range.family == family]
        inside = [each for each in facts.blocks if facts.pool_of(each.range) in ranges]
        whole = {each.range for each in ranges}
        if not inside or any(each.range in whole for each in inside):
            continue
        if not facts.was_configured_after(max(each.valid_from for each in inside)):
            continue
        yield Candidate(
            key=pool,
            subject=Subject("pool", pool),
            severity=CRITICAL if waiting else HIGH,
            message=f"{pool} has no block left; {len(waiting)} nodes wait for one, "
            f"{len(orphans)} blocks are held for nodes that are gone.",
            records=(
                *map(sides.of_pool, ranges),
                *map(sides.of_block, orphans[: sides.FEW]),
                *map(sides.of_node, waiting[: sides.FEW]),
                *map(sides.of_block, inside[: 0 if orphans or waiting else 1]),
            ),
            command="kubectl get ciliumnode -o custom-columns="
            "NAME:.metadata.name,CIDRS:.spec.ipam.podCIDRs,"
            "ERROR:.status.ipam.operator-status.error",
        )


def _has_room(facts: Facts, pool: PoolRange) -> bool:
    length = pool.block_prefix_length or 0
    block = 1 << (ADDRESS_BITS[pool.range.family] - length)
    inside = [each.range for each in facts.blocks if pool.range.covers(each.range)]
    taken = sum(run.size for run in union(inside))
    return pool.range.size - taken >= block


def _is_served(facts: Facts, node: int, family: int) -> bool:
    return any(each.range.family == family for each in facts.blocks_of.get(node, []))
