"""F12: a node that has pods' slots left, and no addresses for them."""

import shlex
from collections.abc import Iterator
from datetime import timedelta

from ipamweb.findings import sides
from ipamweb.findings.candidates import HIGH, MEDIUM, Candidate, Rule, Subject
from ipamweb.findings.facts import Block, Facts, Node

RULE = Rule(
    id="F12",
    kind="node-full",
    title="Node out of addresses",
    sentence=(
        "A node has used at least 95 % of the addresses of its CIDR while it may still"
        " be given pods."
    ),
    guard=(
        "A node that has as many pods as it takes, or an address for each pod it "
        "still takes, is busy, not short of addresses, and a CIDR without room for any "
        "pod is another finding."
    ),
    step="Lower the node's max pods below its addresses, or give nodes larger CIDRs:"
    " a new mask holds for nodes that join later.",
    grace=timedelta(minutes=5),
)
NEARLY_PERCENT = 95


def find(facts: Facts) -> Iterator[Candidate]:
    """Yield each family of a node that is short. Costs a walk over the blocks."""
    for node in facts.nodes:
        if node.max_pods is not None and node.slots_used >= node.max_pods:
            continue
        for family in facts.families:
            blocks = [
                each
                for each in facts.blocks_of.get(node.id, [])
                if each.range.family == family
            ]
            yield from _short(node, family, blocks)


def _short(node: Node, family: int, blocks: list[Block]) -> Iterator[Candidate]:
    allocated = sum(each.allocated for each in blocks)
    room = sum(each.capacity for each in blocks)
    pods = sum(each.pods for each in blocks)
    if not pods or allocated * 100 < room * NEARLY_PERCENT:
        return
    free = max(0, room - allocated)
    if node.max_pods is not None and free >= node.max_pods - node.slots_used:
        return
    most = "not known" if node.max_pods is None else str(node.max_pods)
    yield Candidate(
        key=f"{node.uid} {family}",
        subject=Subject("node", node.name),
        severity=MEDIUM if free else HIGH,
        message=f"{node.name} holds {allocated} of {room} IPv{family} addresses.",
        records=(
            sides.of_node(
                node,
                ("max pods", most),
                ("slots used", str(node.slots_used)),
            ),
            *(sides.of_block(each) for each in blocks),
        ),
        command="kubectl get pod -A -o wide --field-selector "
        f"spec.nodeName={shlex.quote(node.name)}",
    )
