"""C03: flags of kube-controller-manager with which it refuses to start."""

from collections.abc import Iterator

from ipamweb.findings import sides
from ipamweb.findings.candidates import HIGH, Candidate, Rule
from ipamweb.findings.facts import Facts

RULE = Rule(
    id="C03",
    kind="flags-that-exclude",
    title="Flags that cannot work together",
    sentence=(
        "kube-controller-manager is given --node-cidr-mask-size with ranges of two "
        "families, and exits."
    ),
    guard=(
        "What the running kube-controller-manager says stands above what kubeadm was "
        "told; where it has no such flag there is nothing wrong."
    ),
    step="Use --node-cidr-mask-size-ipv4 and --node-cidr-mask-size-ipv6 instead.",
    anywhere=True,
    configuration=True,
)
MASK, RANGE, SUBNET = "node-cidr-mask-size", "cluster-cidr", "networking.podSubnet"


def find(facts: Facts) -> Iterator[Candidate]:
    """Yield the flag and the range that exclude each other. Costs nothing."""
    if facts.is_set("allocate-node-cidrs", "false"):
        return
    masks = facts.settings_named(MASK)
    is_running = any(each.is_flag for each in facts.settings)
    masks = [each for each in masks if each.is_flag == is_running and each.value != "0"]
    ranges = facts.settings_named(RANGE) or facts.settings_named(SUBNET)
    ranges = [each for each in ranges if each.is_flag] or ranges
    for mask in masks[:1]:
        for told in ranges[:1]:
            if len({each.family for each in told.ranges()}) < 2:
                continue
            yield Candidate(
                key=f"{mask.value} {told.value}",
                subject=sides.cluster(facts),
                severity=HIGH,
                message=f"--{MASK}={mask.value} is given beside {told.value}, which "
                "has two families.",
                records=(sides.of_setting(mask), sides.of_setting(told)),
                command="kubectl -n kube-system get pod -l "
                "component=kube-controller-manager -o yaml",
            )
