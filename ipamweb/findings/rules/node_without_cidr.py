"""F01: a node that was given no CIDR in any family, so its pods get no address."""

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
        "Only where nodes get CIDRs at all: another node has one. Left out are nodes "
        "that another CNI serves, for pods on them have addresses; nodes that Cilium's "
        "agent asks no CIDR for, or its operator is told to ignore; of plain "
        "Kubernetes, ready nodes where nobody is known to give CIDRs; and nodes whose "
        "object could not be read whole. What the operator says it cannot do is another"
        " finding. A new node waits up to two minutes."
    ),
    step=(
        "See why the allocator gives none: kube-controller-manager writes an event "
        "CIDRNotAvailable or CIDRAssignmentFailed to the Node."
    ),
    steps=(
        (
            "cluster-pool",
            "See whether Cilium's operator runs (kubectl -n kube-system get deployment "
            "cilium-operator) and what it logs of this node.",
        ),
    ),
)


def find(facts: Facts) -> Iterator[Candidate]:
    """Yield the nodes without a block. Costs a walk over nodes and blocks."""
    if not facts.owned:
        return
    where = facts.owned[0].read_from
    for node in facts.nodes:
        record = facts.record_of.get(node.name)
        is_explained = record is not None and bool(record.error)
        if node.id in facts.blocks_of or is_explained or not facts.expects_cidr(node):
            continue
        yield Candidate(
            key=node.uid,
            subject=Subject("node", node.name),
            severity=HIGH,
            message=f"{node.name} has no CIDR for pods.",
            records=(
                sides.of_node(node),
                sides.of_record(record)
                if record
                else sides.absent("node CIDR", node.name, looked_in=where),
            ),
            command=sides.show_node(facts, node.name),
        )
