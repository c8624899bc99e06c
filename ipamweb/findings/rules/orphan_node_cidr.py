"""F03: a CIDR held for a node that does not exist, so that the pool lacks it."""

import shlex
from collections.abc import Iterator
from datetime import timedelta

from ipamweb.findings import sides
from ipamweb.findings.candidates import HIGH, Candidate, Rule, Subject
from ipamweb.findings.facts import Facts, blocks_by_name

RULE = Rule(
    id="F03",
    kind="orphan-ciliumnode",
    title="CIDR of a node that is gone",
    sentence="A CiliumNode holds a CIDR, and there is no Node of its name.",
    guard=(
        "Ten minutes, for a node that is being replaced; a Node that could not be read "
        "whole counts as there, and a CiliumNode whose pods still run is left out."
    ),
    step="When the machine is gone for good: kubectl delete ciliumnode of that name;"
    " the operator then gives its CIDR to others.",
    grace=timedelta(minutes=10),
)


def find(facts: Facts) -> Iterator[Candidate]:
    """Yield each name that has blocks and no Node. Costs a walk over the blocks."""
    if facts.is_confined or not facts.nodes:
        return
    for name, blocks in blocks_by_name(facts.orphans).items():
        if not name or name in facts.unreadable or any(each.pods for each in blocks):
            continue
        cidrs = ", ".join(str(each.range) for each in blocks)
        yield Candidate(
            key=f"{name} {blocks[0].object_uid}",
            subject=Subject("node", name),
            severity=HIGH,
            message=f"{cidrs} is held for {name}, and there is no such node.",
            records=(
                *(sides.of_block(each) for each in blocks),
                sides.absent("node", name, looked_in="Nodes"),
            ),
            command=f"kubectl get node,ciliumnode {shlex.quote(name)}",
        )
