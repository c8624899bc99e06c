"""F08: a pod has an address of a node: router, health, ingress, or its own."""

from collections.abc import Iterator

from ipamweb.addressing.ranges import format_address
from ipamweb.findings import sides
from ipamweb.findings.candidates import CRITICAL, Candidate, Rule, Subject, digest
from ipamweb.findings.facts import Facts

RULE = Rule(
    id="F08",
    kind="infra-collision",
    title="Pod with an address of a node",
    sentence=(
        "A pod holds an address that is also the router, health, ingress or own address"
        " of a node."
    ),
    guard=(
        "Pods on the host network have their node's address by right, finished pods "
        "and those being deleted hold none: none of them counts."
    ),
    step="Delete the pod, so that it is made again with another address.",
    anywhere=True,
)


def find(facts: Facts) -> Iterator[Candidate]:
    """Yield each such address. The database finds them by its index of addresses."""
    for holders in facts.shared:
        pods = [each for each in holders if each.kind == "pod"]
        nodes = [each for each in holders if each.kind != "pod"]
        if not pods or not nodes:
            continue
        address = format_address(pods[0].address)
        yield Candidate(
            key=f"{address} {digest(each.uid for each in pods)}",
            subject=Subject("address", address),
            severity=CRITICAL,
            message=f"{address} is held by a pod, and is the {nodes[0].kind} address of"
            f" {nodes[0].node_name}.",
            records=tuple(map(sides.of_holder, [*pods, *nodes])),
            command=sides.who_has(pods[0].address),
        )
