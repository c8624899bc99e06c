"""Writes the first list of pods and endpoints: most of what a first poll does.

Of a cluster of which none is mirrored nothing is known, replaced or closed, so rows
follow from what was staged, without plan.py between. They are the rows that apply.py
would write of the same list; tests/sync/test_first_list.py holds the two together.
"""

from collections.abc import Sequence
from typing import Any

from ipamweb.addressing import ranges, records
from ipamweb.mirror.models import Endpoint, Pod
from ipamweb.sync import bulk, places
from ipamweb.sync.apply import POD, Tally, Writing
from ipamweb.sync.apply_places import ENDPOINT
from ipamweb.sync.counters import Counters
from ipamweb.sync.history import History
from ipamweb.sync.staging import StagedEndpoint, StagedPod

# Ids and UID of a namespace that was not seen.
_NOWHERE = (None, "")


def write_first_pods(writing: Writing, pods: Sequence[StagedPod]) -> Tally:
    """Write pods and what they hold. A fixed number of statements."""
    ids = list(bulk.reserve_ids(Pod, len(pods)))
    nodes = places.nodes_by_name(writing.cluster_id, {pod.node for pod in pods})
    namespaces = places.namespaces_by_name(
        writing.cluster_id, {pod.namespace for pod in pods}
    )
    where = [
        (*namespaces.get(pod.namespace, _NOWHERE), nodes.get(pod.node)) for pod in pods
    ]
    counters = Counters(writing.cluster_id)
    for pod, (_, namespace_uid, node) in zip(pods, where, strict=True):
        counters.pod(
            1,
            node=node,
            namespace_uid=namespace_uid,
            takes_slot=pod.phase not in records.TERMINAL_PHASES,
        )
    opening = writing.bounds.opening
    bulk.insert(
        Pod,
        POD,
        [
            (
                pk, writing.cluster_id, pod.uid, pod.namespace, pod.name,
                pod.created_at, *opening(pod.created_at), *place, pod.node, pod.phase,
                pod.host_network, pod.workload_kind, pod.workload_name,
                pod.terminating_at, ranges.format_addresses(pod.addresses),
                pod.resource_version, pod.digest, None, None, "",
            )
            for pk, pod, place in zip(ids, pods, where, strict=True)
        ],
    )  # fmt: skip
    opened = _allocations(writing, pods, ids, where)
    History(writing.cluster_id, writing.generation, counters).write_open(opened)
    counters.write()
    return Tally(opened=len(opened))


def _allocations(
    writing: Writing,
    pods: Sequence[StagedPod],
    ids: Sequence[int],
    where: Sequence[tuple[Any, ...]],
) -> list[tuple[Any, ...]]:
    """Return the rows of what the pods hold, as history.SHARED names their columns."""
    held = [
        (address, pk, pod, place)
        for pk, pod, place in zip(ids, pods, where, strict=True)
        if pod.addresses
        and not pod.host_network
        and pod.phase not in records.TERMINAL_PHASES
        for address in pod.addresses
    ]
    lies = places.places_of(
        writing.cluster_id,
        {address for address, *_ in held},
        nodes={place[2] for *_, place in held if place[2] is not None},
        pools=places.open_pools(writing.cluster_id),
    )
    family_of, opening = ranges.family_of, writing.bounds.opening
    return [
        (
            writing.cluster_id, "", family_of(address), address, pod.uid, "pod", pk,
            namespace_uid, node, *lies[address], "pod-status", "derived",
            *opening(pod.created_at), "list", 0, writing.generation,
            pod.terminating_at, None,
        )
        for address, pk, pod, (_, namespace_uid, node) in held
    ]  # fmt: skip


def write_first_endpoints(
    writing: Writing, endpoints: Sequence[StagedEndpoint]
) -> Tally:
    """Write what the CNI says of pods. One statement."""
    seen = writing.bounds.answered_at
    bulk.insert(
        Endpoint,
        ("cluster_id", "uid", *ENDPOINT, "first_seen"),
        [
            (
                writing.cluster_id, each.uid, each.namespace, each.name, each.pod_uid,
                each.state, ranges.format_addresses(each.addresses),
                each.resource_version, each.digest, seen,
            )
            for each in endpoints
        ],
    )  # fmt: skip
    return Tally(changed=len(endpoints))
