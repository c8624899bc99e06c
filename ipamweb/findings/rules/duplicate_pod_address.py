"""F07: one address, held by two pods."""

from collections.abc import Iterator

from ipamweb.addressing.ranges import format_address
from ipamweb.findings import sides
from ipamweb.findings.candidates import CRITICAL, Candidate, Rule, Subject, digest
from ipamweb.findings.facts import Facts, Holder

RULE = Rule(
    id="F07",
    kind="duplicate-pod-address",
    title="Duplicate pod address",
    sentence="Two pods hold the same address at the same time.",
    guard=(
        "Finished pods keep an old address in their status, and pods being deleted may "
        "have lost theirs: neither counts. A virtual machine that moves has one address"
        " on two pods on purpose."
    ),
    step="Delete the younger pod, so that it is made again with an address of its own;"
    " then look for what made it: overlapping node CIDRs, or a restored node.",
    anywhere=True,
)
MACHINE = "VirtualMachineInstance"


def find(facts: Facts) -> Iterator[Candidate]:
    """Yield each such address. The database finds them by its index of addresses."""
    for holders in facts.shared:
        pods = [each for each in holders if each.kind == "pod"]
        if len(pods) < 2 or _is_one_machine(pods):
            continue
        address = format_address(pods[0].address)
        ordered = sorted(pods, key=lambda each: (each.valid_from, each.node_name))
        yield Candidate(
            key=f"{address} {digest(each.uid for each in pods)}",
            subject=Subject("address", address),
            severity=CRITICAL,
            message=f"{address} is held by {len(pods)} pods.",
            records=tuple(sides.of_holder(each) for each in ordered),
            command=sides.who_has(pods[0].address),
        )


def _is_one_machine(pods: list[Holder]) -> bool:
    """Source and target of a migration have the same owner."""
    owners = {(each.namespace_uid, each.workload) for each in pods}
    return len(owners) == 1 and pods[0].workload.startswith(f"{MACHINE} ")
