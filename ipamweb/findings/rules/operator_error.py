"""F14: Cilium's operator says that it cannot give a node its CIDRs."""

from collections.abc import Iterator
from datetime import timedelta

from ipamweb.findings import sides
from ipamweb.findings.candidates import HIGH, Candidate, Rule, Subject
from ipamweb.findings.facts import Facts, NodeRecord

RULE = Rule(
    id="F14",
    kind="operator-error",
    title="Operator cannot allocate",
    sentence="Cilium's operator says in a CiliumNode that it cannot give it its CIDRs.",
    guard=(
        "Of nodes that exist and are not to be ignored. Five minutes: the operator "
        "tries again, and takes the error away when it succeeds. An error of a "
        "CiliumNode that was written for an earlier node of the name is left out."
    ),
    step="Read the error and what the operator logs; a CIDR that two nodes claim, or "
    "that lies in no pool, goes with the CiliumNode of the node that joined last.",
    grace=timedelta(minutes=5),
)
# What a part of the error means: cilium operator/pkg/ipam/allocator/podcidr/podcidr.go.
# Ours to say: the error itself may name anything.
MEANINGS = (
    ("allocator full", "no pool has a free CIDR"),
    ("is already allocated", "the CIDR it asks for is another node's"),
    ("not configured for the requested", "the CIDR it asks for lies in no pool"),
    ("conflict with requested", "its CIDRs were changed by hand"),
    ("does not exist", "a family has no pool"),
    ("IPAMInfo", "no pool is configured at all"),
)


def find(facts: Facts) -> Iterator[Candidate]:
    """Yield each node with an error. Costs a walk over nodes."""
    for node in facts.nodes:
        record = facts.record_of.get(node.name)
        if record is None or not record.error or record.is_ignored:
            continue
        if node.name in facts.unreadable or record.node_uid not in ("", node.uid):
            continue
        yield Candidate(
            key=f"{node.uid} {_meaning(record)}",
            subject=Subject("node", node.name),
            severity=HIGH,
            message=f"Cilium's operator cannot give {node.name} its CIDRs: "
            f"{_meaning(record)}.",
            records=(sides.of_node(node), sides.of_record(record)),
            command=sides.show_node(facts, node.name),
        )


def _meaning(record: NodeRecord) -> str:
    for part, meaning in MEANINGS:
        if part in record.error:
            return meaning
    return "see its error"
