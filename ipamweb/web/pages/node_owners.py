"""Beside the grid of a node: how many addresses each kind of owner holds, the oldest
pod, and the command that asks Kubernetes the same."""

import shlex
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from ipamweb.mirror.queries.allocation_rows import AllocationRow
from ipamweb.mirror.queries.pods import PodRow
from ipamweb.web.tiles import CODES, MEANINGS


@dataclass(frozen=True, slots=True)
class OwnerCount:
    """How many addresses owners of a kind hold; `code` is what their cells say."""

    kind: str
    code: str
    words: str
    number: int


@dataclass(frozen=True, slots=True)
class Owners:
    """`terminating` are those of the addresses whose pods are ending; `oldest` is None
    without a pod whose age is known."""

    counts: tuple[OwnerCount, ...]
    terminating: int
    oldest: PodRow | None
    command: str


def owners(
    name: str, *, allocations: Sequence[AllocationRow], pods: Sequence[PodRow]
) -> Owners:
    """Return the owners on a node, the most frequent kind first."""
    counted = Counter(row.kind for row in allocations)
    known = [pod for pod in pods if pod.created_at]
    return Owners(
        counts=tuple(
            OwnerCount(kind, CODES.get(kind, "?"), MEANINGS.get(kind, kind), number)
            for kind, number in counted.most_common()
        ),
        terminating=sum(row.state == "terminating" for row in allocations),
        oldest=min(known, key=_age, default=None),
        command=(
            "kubectl get pods --all-namespaces -o wide --field-selector "
            f"{shlex.quote(f'spec.nodeName={name}')}"
        ),
    )


def _age(pod: PodRow) -> tuple[object, int]:
    return (pod.created_at, pod.id)
