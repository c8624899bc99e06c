"""F06: a pod whose address lies in no CIDR of its node."""

import shlex
from collections.abc import Iterator

from ipamweb.addressing.ranges import format_address
from ipamweb.findings import sides
from ipamweb.findings.candidates import HIGH, Candidate, Rule
from ipamweb.findings.facts import Block, Facts, Holder

RULE = Rule(
    id="F06",
    kind="pod-outside-node-cidrs",
    title="Pod address outside its node's CIDRs",
    sentence="A pod holds an address that is in no CIDR of the node it runs on.",
    guard=(
        "Only on nodes most of whose pods have addresses of its CIDRs. Pods on the "
        "host network, finished ones and those being deleted are left out, and so are "
        "pods older than the node's CIDR or than a change of the mode."
    ),
    step="Replies to this address are routed to another node. Delete the pod, so that"
    " it is made again with an address of its node.",
)


def find(facts: Facts) -> Iterator[Candidate]:
    """Yield each such address. The database finds them; here only the few are seen."""
    for holder in facts.strays:
        blocks = _blocks(facts, holder)
        inside = any(each.range.contains(holder.address) for each in blocks)
        if not blocks or inside or _is_older(facts, holder, blocks):
            continue
        address = format_address(holder.address)
        name = f"{holder.namespace}/{holder.name}"
        yield Candidate(
            key=f"{holder.uid} {address}",
            subject=sides.pod(holder),
            severity=HIGH,
            message=f"{address} is in no CIDR of {holder.node_name}.",
            records=(sides.of_holder(holder), *map(sides.of_block, blocks)),
            command=f"kubectl -n {shlex.quote(holder.namespace)} get pod "
            f"{shlex.quote(name.partition('/')[2])} -o wide",
        )


def _blocks(facts: Facts, holder: Holder) -> list[Block]:
    """Return the node's blocks of the address's family."""
    if holder.node is None or holder.node_name in facts.unreadable:
        return []
    return [
        each
        for each in facts.blocks_of.get(holder.node, [])
        if each.range.contains(holder.address)
        or each.range.family == (4 if "." in format_address(holder.address) else 6)
    ]


def _is_older(facts: Facts, holder: Holder, blocks: list[Block]) -> bool:
    """A pod that was there before its node's CIDR, or before the mode."""
    made = holder.created_at or holder.from_earliest
    mode_since = max((each.valid_from for each in facts.versions[1:]), default=None)
    if mode_since and made < mode_since:
        return True
    new = [each for each in blocks if each.valid_from > facts.first_as_of]
    return any(made < each.valid_from for each in new)
