"""F25: Kubernetes and Cilium disagree about a pod: its address, or that it is there."""

import shlex
from collections.abc import Iterator
from datetime import timedelta

from ipamweb.findings import sides
from ipamweb.findings.candidates import MEDIUM, Candidate, Record, Rule, Subject
from ipamweb.findings.facts import Endpoint, Facts

RULE = Rule(
    id="F25",
    kind="endpoint-disagrees",
    title="Pod and CiliumEndpoint disagree",
    sentence=(
        "A CiliumEndpoint has other addresses than its pod, has no pod, or a pod has "
        "no CiliumEndpoint."
    ),
    guard=(
        "Fifteen minutes: Cilium's operator collects what is left over every five. "
        "Endpoints that are being made or removed, pods on the host network, and pods "
        "from before Cilium or from before we looked are left out."
    ),
    step="Look at the agent of the node; when the pod is well otherwise, delete it, so"
    " that both are made again.",
    grace=timedelta(minutes=15),
    anywhere=True,
)
SETTLED = frozenset({"ready", "not-ready", "regenerating", "waiting-to-regenerate"})


def find(facts: Facts) -> Iterator[Candidate]:
    """Yield the three kinds of disagreement; the database has joined the two sides."""
    for endpoint in facts.torn_endpoints:
        if endpoint.state in SETTLED and _differ(endpoint):
            yield _torn(endpoint)
    for endpoint in facts.orphan_endpoints:
        if endpoint.state in SETTLED and not _is_unreadable(facts, endpoint):
            yield _orphan(endpoint)
    for holder in facts.without_endpoint:
        name = f"{holder.namespace}/{holder.name}"
        if name in facts.unreadable:
            continue
        yield Candidate(
            key=f"none {holder.uid}",
            subject=sides.pod(holder),
            severity=MEDIUM,
            message="The pod holds an address and has no CiliumEndpoint.",
            records=(
                sides.of_holder(holder),
                _none(name, holder.namespace_uid, what="endpoint"),
            ),
            command=_command(holder.namespace, holder.name),
        )


def _differ(endpoint: Endpoint) -> bool:
    """Say whether the addresses differ, not their order alone."""
    return set(endpoint.addresses.split()) != set(endpoint.pod_addresses.split())


def _is_unreadable(facts: Facts, endpoint: Endpoint) -> bool:
    return f"{endpoint.namespace}/{endpoint.name}" in facts.unreadable


def _torn(endpoint: Endpoint) -> Candidate:
    name = f"{endpoint.namespace}/{endpoint.name}"
    pod = Record(
        what="pod",
        name=name,
        read_from="Pod status.podIPs",
        uid=endpoint.pod_uid,
        namespace_uid=endpoint.namespace_uid,
        since=endpoint.pod_first_seen,
        values=(("addresses", endpoint.pod_addresses),),
    )
    return Candidate(
        key=f"torn {endpoint.uid}",
        subject=Subject("pod", name, endpoint.pod_uid, endpoint.namespace_uid),
        severity=MEDIUM,
        message=f"The pod reports {endpoint.pod_addresses}, its CiliumEndpoint "
        f"{endpoint.addresses}.",
        records=(pod, sides.of_endpoint(endpoint)),
        command=_command(endpoint.namespace, endpoint.name),
    )


def _orphan(endpoint: Endpoint) -> Candidate:
    name = f"{endpoint.namespace}/{endpoint.name}"
    return Candidate(
        key=f"orphan {endpoint.uid}",
        subject=Subject("pod", name, endpoint.pod_uid, endpoint.namespace_uid),
        severity=MEDIUM,
        message="There is a CiliumEndpoint and no pod it belongs to.",
        records=(
            sides.of_endpoint(endpoint),
            _none(name, endpoint.namespace_uid, what="pod"),
        ),
        command=_command(endpoint.namespace, endpoint.name),
    )


def _none(name: str, namespace_uid: str, *, what: str) -> Record:
    where = {"pod": "Pods", "endpoint": "CiliumEndpoints"}[what]
    return Record(
        what=what,
        name=name,
        read_from=where,
        namespace_uid=namespace_uid,
        values=(("", "not there"),),
    )


def _command(namespace: str, name: str) -> str:
    names = f"-n {shlex.quote(namespace)} get pod,ciliumendpoint {shlex.quote(name)}"
    return f"kubectl {names} -o wide"
