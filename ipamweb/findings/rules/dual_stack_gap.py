"""F29: a node or a pod has one family only in a cluster that has two."""

import shlex
from collections.abc import Iterator
from datetime import timedelta

from ipamweb.addressing.ranges import family_of
from ipamweb.findings import sides
from ipamweb.findings.candidates import MEDIUM, Candidate, Rule, Subject
from ipamweb.findings.facts import Facts, Holder

RULE = Rule(
    id="F29",
    kind="dual-stack-gap",
    title="Dual-stack gap",
    sentence=(
        "The cluster has both families, and a node has a CIDR, or a pod an address, of "
        "only one."
    ),
    guard=(
        "Only where other nodes have both. A pod counts when its node had both CIDRs "
        "before the pod was made: older pods keep the family they began with."
    ),
    step="See why the allocator gives the node none of the other family; make the pod"
    " again when its node has both.",
    grace=timedelta(minutes=5),
)


def find(facts: Facts) -> Iterator[Candidate]:
    """Yield nodes, then pods. Costs a walk over nodes and blocks; the database finds
    the pods by grouping what is held."""
    if len(facts.families) < 2:
        return
    whole = {node.id for node in facts.nodes if _families(facts, node.id) == {4, 6}}
    if not whole:
        return
    for node in facts.nodes:
        families = _families(facts, node.id)
        if len(families) != 1 or node.name in facts.unreadable:
            continue
        lacking = ({4, 6} - families).pop()
        blocks = facts.blocks_of[node.id]
        yield Candidate(
            key=f"node {node.uid} {lacking}",
            subject=Subject("node", node.name),
            severity=MEDIUM,
            message=f"{node.name} has no IPv{lacking} CIDR.",
            records=(
                *map(sides.of_block, blocks),
                sides.absent(
                    f"IPv{lacking} CIDR", node.name, looked_in=blocks[0].read_from
                ),
            ),
            command=sides.show_node(facts, node.name),
        )
    for holder in facts.of_one_family:
        if holder.node in whole and _is_younger(facts, holder):
            yield _pod(facts, holder)


def _families(facts: Facts, node: int) -> set[int]:
    return {each.range.family for each in facts.blocks_of.get(node, [])}


def _is_younger(facts: Facts, holder: Holder) -> bool:
    """Say whether the pod was made when its node had both CIDRs already."""
    made = holder.created_at
    blocks = facts.blocks_of.get(holder.node or 0, [])
    return made is not None and all(each.valid_from <= made for each in blocks)


def _pod(facts: Facts, holder: Holder) -> Candidate:
    lacking = 10 - family_of(holder.address)
    return Candidate(
        key=f"pod {holder.uid} {lacking}",
        subject=sides.pod(holder),
        severity=MEDIUM,
        message=f"The pod has no IPv{lacking} address, and its node has CIDRs of both.",
        records=(
            sides.of_holder(holder),
            *map(sides.of_block, facts.blocks_of[holder.node or 0]),
        ),
        command=f"kubectl -n {shlex.quote(holder.namespace)} get pod "
        f"{shlex.quote(holder.name)} -o jsonpath='{{.status.podIPs}}'",
    )
