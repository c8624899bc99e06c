"""F19: the mode was changed under running pods, or two configurations disagree."""

from collections.abc import Iterator

from ipamweb.findings import sides
from ipamweb.findings.candidates import HIGH, MEDIUM, Candidate, Record, Rule, Subject
from ipamweb.findings.facts import Facts, Node, NodeRecord, Setting, Version

RULE = Rule(
    id="F19",
    kind="mode-mismatch",
    title="Modes or ranges that disagree",
    sentence=(
        "The IPAM mode was changed while pods of the earlier mode still run, nodes have"
        " their addresses in the way of another mode, or kubeadm and "
        "kube-controller-manager name different ranges."
    ),
    guard=(
        "A migration that the configuration itself announces is lawful. A CiliumNode "
        "that was written for an earlier node of its name is left out. A changed mode "
        "is well again when no pod from before it runs. Ranges that nobody hands out "
        "of are not compared."
    ),
    step="Make the two configurations say the same; make pods of the earlier mode anew,"
    " node by node.",
    anywhere=True,
    configuration=True,
)
MIGRATION = "enable-cluster-pool-to-multi-pool-migration"
# The flag of kube-controller-manager, and what kubeadm calls it.
PAIRS = (
    ("cluster-cidr", "networking.podSubnet"),
    ("service-cluster-ip-range", "networking.serviceSubnet"),
)


def find(facts: Facts) -> Iterator[Candidate]:
    """Yield the last change of the mode, nodes that are of another one, and the
    settings that disagree. Costs a walk over nodes."""
    yield from _changed_mode(facts)
    if not facts.is_set(MIGRATION, "true"):
        yield from _of_another_mode(facts)
        yield from _other_cidrs(facts)
    for flag, subnet in PAIRS:
        if flag == "cluster-cidr" and _is_unused(facts):
            continue
        yield from _disagreement(facts, flag, subnet)


def _is_unused(facts: Facts) -> bool:
    """Say whether nothing is handed out of the cluster CIDR of Kubernetes."""
    return facts.mode != "kubernetes" or facts.is_set("allocate-node-cidrs", "false")


def _changed_mode(facts: Facts) -> Iterator[Candidate]:
    changes = [
        (before, after)
        for before, after in zip(facts.versions, facts.versions[1:], strict=False)
        if before.mode != after.mode and _is_known(before) and _is_known(after)
    ]
    if not changes or facts.is_set(MIGRATION, "true"):
        return
    before, after = changes[-1]
    pods = facts.pods_of_before.get(after.valid_from, 0)
    if after.mode != facts.mode or not pods:
        return
    yield Candidate(
        key=f"mode {before.mode} {after.mode} {after.valid_from.isoformat()}",
        subject=sides.cluster(facts),
        severity=HIGH,
        message=f"The mode was changed from {before.mode} to {after.mode}; {pods} pods "
        "are from before.",
        records=(_of_version(before), _of_version(after)),
        command="kubectl -n kube-system get configmap cilium-config -o yaml",
    )


def _of_another_mode(facts: Facts) -> Iterator[Candidate]:
    """Yield one candidate for all nodes that have pools, and no CIDR, in a mode in
    which they have CIDRs."""
    if facts.mode != "cluster-pool":
        return
    found = [
        (node, record)
        for node, record in _records(facts)
        if record.pools and not record.cidrs and node.id not in facts.blocks_of
    ]
    settings = facts.settings_named("ipam")
    if not found or not settings:
        return
    yield Candidate(
        key="pools in cluster-pool",
        subject=sides.cluster(facts),
        severity=HIGH,
        message=f"The mode is cluster-pool, and {len(found)} nodes have addresses out "
        "of pools, as in multi-pool.",
        records=(
            sides.of_setting(settings[0]),
            *(sides.of_record(record) for _, record in found[: sides.FEW]),
        ),
        command="kubectl get ciliumnode -o custom-columns=NAME:.metadata.name,"
        "CIDRS:.spec.ipam.podCIDRs,POOLS:.spec.ipam.pools.allocated[*].pool",
    )


def _other_cidrs(facts: Facts) -> Iterator[Candidate]:
    """Yield nodes whose CiliumNode has other CIDRs than the Node it was written for, in
    a mode in which it copies them."""
    if facts.mode != "kubernetes":
        return
    for node, record in _records(facts):
        blocks = facts.blocks_of.get(node.id, [])
        ours = {str(each.range) for each in blocks if each.object_uid == node.uid}
        theirs = set(record.cidrs.split())
        if not ours or not theirs or ours & theirs:
            # One family more or less is no other CIDR.
            continue
        yield Candidate(
            key=f"cidrs {node.uid}",
            subject=Subject("node", node.name),
            severity=HIGH,
            message=f"{node.name} has {', '.join(sorted(ours))}, and its CiliumNode "
            f"{', '.join(sorted(theirs))}.",
            records=(*map(sides.of_block, blocks), sides.of_record(record)),
            command=sides.show_node(facts, node.name),
        )


def _records(facts: Facts) -> Iterator[tuple[Node, NodeRecord]]:
    """Yield each node with the record that was written for it, and for no earlier one
    of its name."""
    for node in facts.nodes:
        record = facts.record_of.get(node.name)
        if record and record.node_uid == node.uid and node.name not in facts.unreadable:
            yield node, record


def _is_known(version: Version) -> bool:
    return version.mode not in ("", "unknown")


def _of_version(version: Version) -> Record:
    [*_, said] = [
        "what the API serves",
        *(each.read_from for each in version.settings if each.name == "ipam"),
    ]
    return Record(
        what="mode",
        name=version.mode,
        read_from=said,
        since=version.valid_from,
    )


def _disagreement(facts: Facts, flag: str, subnet: str) -> Iterator[Candidate]:
    named = facts.settings_named(flag)
    flags = [each for each in named if each.is_flag]
    # What kubeadm passes on explicitly stands above its subnet.
    planned = [each for each in named if not each.is_flag]
    planned = planned or facts.settings_named(subnet)
    for one in flags:
        for other in planned:
            if _differ(one, other):
                yield Candidate(
                    key=f"{flag} {one.value} {other.value}",
                    subject=sides.cluster(facts),
                    severity=MEDIUM,
                    message=f"kube-controller-manager runs with --{flag}={one.value}, "
                    f"and kubeadm was told {other.value}.",
                    records=(sides.of_setting(one), sides.of_setting(other)),
                    command="kubectl -n kube-system get configmap kubeadm-config "
                    "-o yaml",
                )


def _differ(one: Setting, other: Setting) -> bool:
    """Say whether both are understood and are not the same ranges in any order."""
    ours, theirs = one.ranges(), other.ranges()
    return bool(ours) and bool(theirs) and ours != theirs
