"""F01: a node that was given no CIDR in any family, so its pods get no address."""

import shlex
from collections.abc import Iterator

from ipamweb.findings import sides
from ipamweb.findings.candidates import HIGH, Candidate, Rule, Subject
from ipamweb.findings.facts import Facts

RULE = Rule(
    id="F01",
    kind="node-without-cidr",
    title="Node without a CIDR",
    sentence="A node has no CIDR for pods, so no pod on it can get an address.",
    guard=(
        "Only where nodes get CIDRs at all: another node has one. A node whose object "
        "could not be read whole is left out. A new node waits up to two minutes."
    ),
    step=(
        "See why the allocator gives none: Cilium's operator writes its error to the "
        "CiliumNode, kube-controller-manager to an event CIDRNotAvailable."
    ),
)


def find(facts: Facts) -> Iterator[Candidate]:
    """Yield the nodes without a block. Costs a walk over nodes and blocks."""
    if not facts.owned:
        return
    where = facts.owned[0].read_from
    for node in facts.nodes:
        if node.id in facts.blocks_of or node.name in facts.unreadable:
            continue
        yield Candidate(
            key=node.uid,
            subject=Subject("node", node.name),
            severity=HIGH,
            message=f"{node.name} has no CIDR for pods.",
            records=(
                sides.of_node(node),
                sides.absent("node CIDR", node.name, looked_in=where),
            ),
            command=f"kubectl get node,ciliumnode {shlex.quote(node.name)} -o yaml",
        )
