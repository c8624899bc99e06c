"""F30: nodes that take more pods than their CIDRs have addresses."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import timedelta

from ipamweb.findings import sides
from ipamweb.findings.candidates import LOW, Candidate, Rule
from ipamweb.findings.facts import Block, Facts, Node

RULE = Rule(
    id="F30",
    kind="max-pods-mismatch",
    title="More pods than addresses",
    sentence="Nodes accept more pods than their CIDRs have addresses for.",
    guard=(
        "Pods on the host network take a slot and no address: those a node runs now "
        "are taken off. Nodes alike are one finding."
    ),
    step="Lower max pods of these nodes, or let them join again with larger CIDRs;"
    " until then pods beyond the addresses hang in ContainerCreating.",
    grace=timedelta(minutes=5),
)


def find(facts: Facts) -> Iterator[Candidate]:
    """Yield one candidate for each size of CIDR and number of pods that do not fit.

    Costs a walk over nodes and blocks.
    """
    alike: dict[tuple[str, int], list[tuple[Node, Block]]] = defaultdict(list)
    for node in facts.nodes:
        for block in facts.blocks_of.get(node.id, []):
            family = block.range.family
            if _is_only(facts, node, block) and _is_short(node, block):
                size = f"IPv{family} /{block.range.prefix_length}"
                alike[size, node.max_pods or 0].append((node, block))
    for (size, most), found in alike.items():
        yield Candidate(
            key=f"{size} {most}",
            subject=sides.cluster(facts),
            severity=LOW,
            message=f"{len(found)} nodes take {most} pods and have {size} CIDRs with "
            f"{found[0][1].capacity} addresses.",
            records=tuple(
                record
                for node, block in found[: sides.FEW]
                for record in (
                    sides.of_node(node, ("max pods", str(most))),
                    sides.of_block(block),
                )
            ),
            command="kubectl get node -o custom-columns=NAME:.metadata.name,"
            "PODS:.status.allocatable.pods,CIDRS:.spec.podCIDRs",
        )


def _is_only(facts: Facts, node: Node, block: Block) -> bool:
    """Say whether this is all the node has of the family, and has room at all."""
    beside = [
        each
        for each in facts.blocks_of[node.id]
        if each.range.family == block.range.family
    ]
    return len(beside) == 1 and block.capacity > sides.INFRASTRUCTURE


def _is_short(node: Node, block: Block) -> bool:
    if node.max_pods is None:
        return False
    of_node = block.allocated - block.pods
    on_host = max(0, node.slots_used - block.pods)
    return node.max_pods - on_host > block.capacity - of_node
