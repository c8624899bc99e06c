"""What every reader reads alike: namespaces, nodes, pods, and the addresses nodes have.

A field that cannot be understood becomes a Problem and the rest of its object is read.
Not here: blocks of a system (the readers), which pod's address lies in which (sync).
"""

import re
from collections.abc import Collection, Iterable, Iterator
from datetime import datetime
from functools import partial
from sys import intern

from ipamweb.addressing import ranges, records
from ipamweb.cluster import shapes
from ipamweb.cluster.readers.contract import (
    NAMESPACES,
    NODES,
    PODS,
    Kind,
    Listed,
    ReaderSettings,
    problem_of,
    read_each,
)

Problems = list[records.Problem]

ZONE_LABELS = (
    "topology.kubernetes.io/zone",
    "failure-domain.beta.kubernetes.io/zone",
)
INSTANCE_TYPE_LABELS = (
    "node.kubernetes.io/instance-type",
    "beta.kubernetes.io/instance-type",
)
# The suffixes a count can carry: kubernetes apimachinery pkg/api/resource/suffix.go.
COUNT_SUFFIXES = {"k": 1000, "Ki": 1024, "M": 1_000_000}
# A CronJob names its Jobs by the minute since 1970: cilium pkg/k8s/utils/workload.go.
CRON_JOB = re.compile(r"(.+)-\d{8,10}")

NO_NODE_STATUS = shapes.NodeStatus()
NO_POD_SPEC = shapes.PodSpec()
NO_POD_STATUS = shapes.PodStatus()


def read_namespaces_and_pods(reading: records.Reading, listed: Listed) -> None:
    """Add what a Listed says of namespaces and pods to the reading."""
    problems = reading.problems
    read_each(
        listed.namespaces,
        partial(_read_namespace, reading),
        kind=NAMESPACES,
        problems=problems,
    )
    read_each(listed.pods, partial(_read_pod, reading), kind=PODS, problems=problems)


def read_node(
    reading: records.Reading, node: shapes.Node, *, settings: ReaderSettings
) -> None:
    """Add a Node and its internal addresses to the reading.

    Source: Node status.addresses of type InternalIP, status.allocatable.pods,
    status.conditions of type Ready; the labels of zone, instance type and node pool.
    """
    metadata = node.metadata
    labels = metadata.labels or {}
    status = node.status or NO_NODE_STATUS
    reading.nodes.append(
        records.Node(
            uid=metadata.uid,
            name=intern(metadata.name),
            zone=_first_label(labels, ZONE_LABELS),
            node_pool=_first_label(labels, settings.node_pool_labels),
            instance_type=_first_label(labels, INSTANCE_TYPE_LABELS),
            max_pods=_max_pods(node, status, reading.problems),
            ready=_ready(status),
            created_at=_created_at(NODES, metadata, reading.problems),
            resource_version=metadata.resource_version,
        )
    )
    reading.node_addresses.extend(_internal_addresses(node, status, reading.problems))


def read_blocks(
    texts: Iterable[str],
    metadata: shapes.Metadata,
    *,
    kind: Kind,
    field: str,
    problems: Problems,
) -> list[ranges.Range]:
    """Return the ranges of an object's list of CIDRs, in its order, each once.

    Kubernetes accepts a podCIDR with host bits and ignores them (validation parses it
    "sloppily"), and so do we, with a Problem that names it.
    """
    found: list[ranges.Range] = []
    for text in texts:
        try:
            block = ranges.parse_wide_cidr(text)
            if block not in found:
                found.append(block)
            ranges.parse_cidr(text)
        except ValueError as error:
            problems.append(problem_of(kind, metadata, field=field, why=error))
    return found


def read_addresses(
    texts: Collection[str],
    metadata: shapes.Metadata,
    *,
    kind: Kind,
    field: str,
    problems: Problems,
) -> tuple[int, ...]:
    """Return the addresses of the texts that are addresses, in order, each once.

    An empty text is no address and no problem.
    """
    try:
        if len(texts) == 1:
            # Most objects state one address; this is done for each of them.
            return tuple(map(ranges.parse_address, filter(None, texts)))
        return tuple(dict.fromkeys(map(ranges.parse_address, filter(None, texts))))
    except ValueError:
        return tuple(
            _readable_addresses(
                texts, metadata, kind=kind, field=field, problems=problems
            )
        )


def _readable_addresses(
    texts: Collection[str],
    metadata: shapes.Metadata,
    *,
    kind: Kind,
    field: str,
    problems: Problems,
) -> dict[int, None]:
    """Return what is readable of texts that are not; a Problem for each other one."""
    found: dict[int, None] = {}
    for text in filter(None, texts):
        try:
            found[ranges.parse_address(text)] = None
        except ValueError as error:
            problems.append(problem_of(kind, metadata, field=field, why=error))
    return found


def workload_of(pod: shapes.Pod) -> tuple[str, str]:
    """Return kind and name of what a pod belongs to; the pod itself if to nothing.

    ReplicaSet web-5d59d67564 with pod-template-hash 5d59d67564 -> Deployment, web. A
    pod whose name was not generated is its own, also with a controller (static pods).
    Source: cilium pkg/k8s/utils/workload.go GetWorkloadMetaFromPod.
    """
    metadata = pod.metadata
    if metadata.generate_name:
        for owner in metadata.owner_references or ():
            if owner.controller:
                return _workload_of_controller(owner, metadata.labels)
    return "Pod", metadata.name


def _workload_of_controller(
    owner: shapes.OwnerReference, labels: shapes.PodLabels | None
) -> tuple[str, str]:
    kind, name = owner.kind, owner.name
    if kind == "ReplicaSet" and labels and labels.pod_template_hash:
        stem = name.removesuffix("-" + labels.pod_template_hash)
        if stem != name:
            kind, name = "Deployment", stem
    elif kind == "Job" and (match := CRON_JOB.fullmatch(name)):
        kind, name = "CronJob", match[1]
    elif kind == "ReplicationController" and labels and labels.deploymentconfig:
        kind, name = "DeploymentConfig", labels.deploymentconfig
    return kind, name


def _read_namespace(reading: records.Reading, namespace: shapes.Namespace) -> None:
    metadata = namespace.metadata
    reading.namespaces.append(
        records.Namespace(
            metadata.uid,
            intern(metadata.name),
            tuple(sorted((metadata.labels or {}).items())),
            metadata.resource_version,
            _created_at(NAMESPACES, metadata, reading.problems),
        )
    )


def _read_pod(reading: records.Reading, pod: shapes.Pod) -> None:
    metadata = pod.metadata
    spec = pod.spec or NO_POD_SPEC
    status = pod.status or NO_POD_STATUS
    workload_kind, workload_name = workload_of(pod)
    reading.pods.append(
        records.Pod(
            metadata.uid,
            metadata.namespace,
            metadata.name,
            spec.node_name,
            status.phase,
            spec.host_network is True,
            _pod_addresses(pod, status, reading.problems),
            workload_kind,
            workload_name,
            _deleted_at(PODS, metadata, reading.problems),
            _created_at(PODS, metadata, reading.problems),
            metadata.resource_version,
        )
    )


def _pod_addresses(
    pod: shapes.Pod, status: shapes.PodStatus, problems: Problems
) -> tuple[int, ...]:
    """Return all of status.podIPs; of a server that sends none, status.podIP."""
    if not status.pod_ips:
        texts = [status.pod_ip] if status.pod_ip else []
    else:
        texts = [each.ip for each in status.pod_ips]
    return read_addresses(
        texts, pod.metadata, kind=PODS, field="status.podIPs", problems=problems
    )


def _created_at(
    kind: Kind, metadata: shapes.Metadata, problems: Problems
) -> datetime | None:
    text = metadata.creation_timestamp
    if text is None:
        return None
    return _time(text, metadata, kind=kind, name="creationTimestamp", problems=problems)


def _deleted_at(
    kind: Kind, metadata: shapes.Metadata, problems: Problems
) -> datetime | None:
    text = metadata.deletion_timestamp
    if text is None:
        return None
    return _time(text, metadata, kind=kind, name="deletionTimestamp", problems=problems)


def _time(
    text: str,
    metadata: shapes.Metadata,
    *,
    kind: Kind,
    name: str,
    problems: Problems,
) -> datetime | None:
    """Return a time of the metadata; None, and a Problem, where it does not parse."""
    try:
        moment = datetime.fromisoformat(text)
        if moment.tzinfo is None:
            raise ValueError(f"{text!r} has no time zone")
    except ValueError as error:
        field = f"metadata.{name}"
        problems.append(problem_of(kind, metadata, field=field, why=error))
        return None
    return moment


def _first_label(labels: dict[str, str], names: tuple[str, ...]) -> str:
    return intern(next((labels[name] for name in names if labels.get(name)), ""))


def _max_pods(
    node: shapes.Node, status: shapes.NodeStatus, problems: Problems
) -> int | None:
    """Return status.allocatable.pods, a quantity such as "110" or "1k"."""
    quantity = status.allocatable.pods if status.allocatable else None
    if quantity is None:
        return None
    text = str(quantity)
    digits = text.rstrip("kKiM")
    factor = COUNT_SUFFIXES.get(text[len(digits) :]) if digits != text else 1
    if factor is None or not digits.isascii() or not digits.isdigit():
        problems.append(
            problem_of(
                NODES,
                node.metadata,
                field="status.allocatable.pods",
                why=f"{text!r} is not a number of pods",
            )
        )
        return None
    return int(digits) * factor


def _ready(status: shapes.NodeStatus) -> bool | None:
    for condition in status.conditions or ():
        if condition.type == "Ready":
            return condition.status == "True"
    return None


def _internal_addresses(
    node: shapes.Node, status: shapes.NodeStatus, problems: Problems
) -> Iterator[records.NodeAddress]:
    metadata = node.metadata
    addresses = read_addresses(
        [each.address for each in status.addresses or () if each.type == "InternalIP"],
        metadata,
        kind=NODES,
        field="status.addresses",
        problems=problems,
    )
    for address in addresses:
        yield records.NodeAddress(
            address,
            "node",
            f"node:{metadata.uid}:node",
            intern(metadata.name),
            metadata.uid,
            "node.status.addresses",
        )
