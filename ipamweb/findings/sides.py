"""The sides of a finding: what each kind of row says, as a record. Pure."""

import shlex

from ipamweb.addressing.ranges import format_address
from ipamweb.findings.candidates import CNI_RECORD, Record, Subject, Values
from ipamweb.findings.facts import (
    Block,
    Endpoint,
    Facts,
    Holder,
    Node,
    NodeRecord,
    PoolRange,
    Setting,
)

# Examples of many things alike.
FEW = 5
# Cilium's router and health check take an address each of every node's CIDR.
INFRASTRUCTURE = 2


def of_block(block: Block) -> Record:
    return Record(
        what="node CIDR",
        name=block.node_name,
        read_from=block.read_from,
        uid=block.object_uid,
        since=block.valid_from,
        values=(("CIDR", str(block.range)), ("pods in it", str(block.pods))),
    )


def of_record(record: NodeRecord) -> Record:
    """Return what the CNI says of a node; its words may name anything."""
    private = (("error", record.error),) if record.error else ()
    return Record(
        what=CNI_RECORD,
        name=record.node_name,
        read_from="CiliumNode spec.ipam, status.ipam.operator-status",
        uid=record.uid,
        since=record.since,
        values=(
            ("CIDRs", record.cidrs or "none"),
            ("pools", record.pools or "none"),
        ),
        private=private,
    )


def of_node(node: Node, *values: tuple[str, str]) -> Record:
    return Record(
        what="node",
        name=node.name,
        read_from="Node",
        uid=node.uid,
        since=node.first_seen,
        values=values,
    )


def of_pool(range_: PoolRange) -> Record:
    length = range_.block_prefix_length
    ended = range_.valid_to
    values: Values = (
        ("range", str(range_.range)),
        ("given out in blocks of", f"/{length}" if length is not None else "–"),
    )
    if ended:
        values = (*values, ("configured until", ended.isoformat()))
    return Record(
        what="former range of a pool" if ended else "range of a pool",
        name=range_.pool,
        read_from=range_.read_from,
        since=range_.valid_from,
        values=values,
    )


def of_holder(holder: Holder) -> Record:
    """Return who holds an address: the pod's name and workload may be hidden."""
    address = ("address", format_address(holder.address))
    if holder.kind != "pod":
        return Record(
            what=f"{holder.kind} address of a node",
            name=holder.node_name,
            read_from=holder.source,
            since=holder.valid_from,
            values=(address,),
        )
    private = (("workload", holder.workload),) if holder.workload else ()
    return Record(
        what="pod",
        name=f"{holder.namespace}/{holder.name}",
        read_from=holder.source,
        uid=holder.uid,
        namespace_uid=holder.namespace_uid,
        since=holder.valid_from,
        values=(address, ("node", holder.node_name)),
        private=private,
    )


def of_endpoint(endpoint: Endpoint) -> Record:
    return Record(
        what="endpoint",
        name=f"{endpoint.namespace}/{endpoint.name}",
        read_from="CiliumEndpoint status.networking.addressing",
        uid=endpoint.uid,
        namespace_uid=endpoint.namespace_uid,
        since=endpoint.first_seen,
        values=(("addresses", endpoint.addresses), ("state", endpoint.state)),
    )


def of_setting(setting: Setting) -> Record:
    return Record(
        what="setting",
        name=setting.name,
        read_from=setting.read_from,
        values=(("value", setting.value),),
    )


def show_node(facts: Facts, name: str) -> str:
    """Return the command that shows the objects a node has in this cluster."""
    kinds = "node,ciliumnode" if "ciliumnodes" in facts.kinds else "node"
    return f"kubectl get {kinds} {shlex.quote(name)} -o yaml"


def configuration(facts: Facts) -> str:
    """Return the command that shows where the ranges of the cluster are configured."""
    names = "cilium-config" if facts.mode == "cluster-pool" else "kubeadm-config"
    return f"kubectl -n kube-system get configmap {names} -o yaml"


def absent(what: str, name: str, *, looked_in: str) -> Record:
    """Return the side that is not there: what was looked for, and where."""
    return Record(
        what=what, name=name, read_from=looked_in, values=(("", "not there"),)
    )


def who_has(address: int) -> str:
    """Return the command that lists the pods with an address; a field selector knows
    a pod's first address only."""
    text = format_address(address)
    if ":" not in text:
        return f"kubectl get pod -A -o wide --field-selector status.podIP={text}"
    columns = "POD:.metadata.name,NS:.metadata.namespace,IPS:.status.podIPs[*].ip"
    return f"kubectl get pod -A -o custom-columns='{columns}' | grep -wF {text}"


def pod(holder: Holder) -> Subject:
    name = f"{holder.namespace}/{holder.name}"
    return Subject("pod", name, holder.uid, holder.namespace_uid)


def cluster(facts: Facts) -> Subject:
    return Subject("cluster", facts.slug)
