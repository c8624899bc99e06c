"""F18: a pool that shares addresses with another, with services, or with nodes."""

from collections import defaultdict
from collections.abc import Iterator

from ipamweb.addressing.overlaps import overlaps
from ipamweb.addressing.ranges import Range, format_address
from ipamweb.findings import sides
from ipamweb.findings.candidates import CRITICAL, HIGH, Candidate, Record, Rule, Subject
from ipamweb.findings.facts import SERVICE_SETTINGS, Facts, Holder, PoolRange

RULE = Rule(
    id="F18",
    kind="overlapping-pools",
    title="Overlapping pools",
    sentence=(
        "A pool of pods shares addresses with another pool, with the range of services,"
        " or with nodes themselves."
    ),
    guard=(
        "Equal ranges of one pool are one. Ranges of other clusters are not compared: "
        "two clusters may use the same addresses on purpose; the address plan shows it."
    ),
    step="Nothing can be moved under running pods. Append a range that overlaps with"
    " nothing, and let nodes join again until the old range is empty.",
    configuration=True,
)
COMMAND = (
    "kubectl -n kube-system get configmap cilium-config kubeadm-config -o yaml; "
    "kubectl get node -o wide"
)


def find(facts: Facts) -> Iterator[Candidate]:
    """Yield each pair of ranges. Costs a walk over the blocks for each pair; both are
    few. Nodes' addresses in pools are found by an index."""
    for pair in overlaps(facts.ranges):
        if pair.one.pool != pair.other.pool or pair.one.range != pair.other.range:
            yield _of(facts, pair.one, pair.shared, sides.of_pool(pair.other))
    services: dict[Range, Record] = {}
    for setting in facts.settings_named(*SERVICE_SETTINGS):
        for each in setting.ranges():
            services.setdefault(each, sides.of_setting(setting))
    for service, record in services.items():
        for pool in facts.ranges:
            if pool.range.overlaps(service):
                yield _of(facts, pool, _shared(pool.range, service), record)
    yield from _nodes(facts)


def _shared(one: Range, other: Range) -> Range:
    return Range(max(one.first, other.first), min(one.last, other.last))


def _of(facts: Facts, pool: PoolRange, shared: Range, other: Record) -> Candidate:
    """Return the candidate: critical where a node has some of what is shared."""
    in_use = any(each.range.overlaps(shared) for each in facts.blocks)
    return Candidate(
        key=f"{pool.pool} {other.what} {other.name} {shared}",
        subject=Subject("pool", pool.pool),
        severity=CRITICAL if in_use else HIGH,
        message=f"{pool.pool} shares {shared} with {other.what} {other.name}.",
        records=(sides.of_pool(pool), other),
        command=COMMAND,
    )


def _nodes(facts: Facts) -> Iterator[Candidate]:
    """Yield one candidate for each pool with nodes in it, with some of them."""
    inside: dict[PoolRange, list[Holder]] = defaultdict(list)
    for holder in facts.nodes_in_pools:
        pool = facts.pool_of(Range(holder.address, holder.address))
        if pool:
            inside[pool].append(holder)
    for pool, holders in inside.items():
        in_use = any(
            block.range.contains(holder.address)
            for holder in holders
            for block in facts.blocks
        )
        first = format_address(holders[0].address)
        yield Candidate(
            key=f"{pool.pool} nodes {pool.range}",
            subject=Subject("pool", pool.pool),
            severity=CRITICAL if in_use else HIGH,
            message=f"{len(holders)} addresses of nodes lie in {pool.pool}, the first "
            f"is {first}.",
            records=(
                sides.of_pool(pool),
                *map(sides.of_holder, holders[: sides.FEW]),
            ),
            command=COMMAND,
        )
