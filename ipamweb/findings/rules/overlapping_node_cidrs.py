"""F02: two nodes whose CIDRs share addresses, so both may give one to a pod."""

from collections.abc import Iterator

from ipamweb.addressing.overlaps import overlaps
from ipamweb.findings import sides
from ipamweb.findings.candidates import CRITICAL, Candidate, Rule, Subject
from ipamweb.findings.facts import Facts

RULE = Rule(
    id="F02",
    kind="overlapping-node-cidrs",
    title="Overlapping node CIDRs",
    sentence="Two nodes were given CIDRs that share addresses.",
    guard=(
        "CIDRs of nodes that do not exist any more are another finding, and two "
        "objects about one node are no overlap."
    ),
    step="Drain one of the two nodes, delete its Node and CiliumNode, and let it join"
    " again: it gets another CIDR.",
    steps=(
        (
            "kubernetes",
            "Drain one of the two nodes, delete its Node, and let it join again: "
            "kube-controller-manager gives it another CIDR.",
        ),
    ),
)


def find(facts: Facts) -> Iterator[Candidate]:
    """Yield each pair once. Costs a sort of the blocks, and the pairs."""
    for pair in overlaps(facts.owned):
        one, other = pair.one, pair.other
        if one.node == other.node:
            continue
        first, second = sorted((one.object_uid, other.object_uid))
        yield Candidate(
            key=f"{pair.shared} {first} {second}",
            subject=Subject("block", str(pair.shared)),
            severity=CRITICAL,
            message=(f"{one.node_name} and {other.node_name} both have {pair.shared}."),
            records=(sides.of_block(one), sides.of_block(other)),
            command=(
                "kubectl get node,ciliumnode -o custom-columns="
                "NAME:.metadata.name,NODE:.spec.podCIDRs,CILIUM:.spec.ipam.podCIDRs"
            ),
        )
