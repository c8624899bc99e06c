"""The question for what is held, now or then, with its filters."""

from datetime import datetime
from typing import Any

from ipamweb.addressing.records import KINDS
from ipamweb.api import compared_rows, instants, parameters, serializers
from ipamweb.api.errors import BadParameter
from ipamweb.api.question import Asked, ListQuestion
from ipamweb.mirror.queries import compared_allocations, past_allocations, snapshots
from ipamweb.mirror.queries.allocation_filters import AllocationFilter
from ipamweb.mirror.queries.allocation_rows import POSSIBLE, STATES
from ipamweb.mirror.queries.paging import Page
from ipamweb.mirror.queries.past_filters import Times

_TEXTS = {
    "node": "In the blocks of, or held by, the node of this name.",
    "namespace": "Held by pods of the namespace of this name.",
    "pod": "Held by pods of this name.",
    "uid": "Held by the pod of this UID.",
    "workload_kind": "Held by pods of this kind of workload, as Deployment.",
    "workload_name": "Held by pods of the workload of this name.",
    "pool": "In the pool of this slug.",
    "q": "An address, a CIDR, namespace/pod, or a part of a pod's or a node's name.",
}
_SAME = (*_TEXTS, "family", "kind", "state", "network", "within", "address")


class Allocations(ListQuestion):
    """What is held, in address order: now, at an instant (`at`), or at any time in a
    window (`since`, `until`); or what differs between two instants (`vs`). All pages of
    what is held now are as of the first."""

    serializer_class = serializers.Allocation
    table = "allocations"
    row = staticmethod(compared_rows.allocation)
    has_past = True
    stands_still = True
    parameters = (
        instants.VS,
        instants.SINCE,
        instants.UNTIL,
        parameters.family(),
        parameters.choice("kind", "Held by this kind of owner.", accepted=KINDS),
        parameters.choice(
            "state",
            "In this state, now or at an instant; `possible` is one of the past.",
            accepted=(*STATES, POSSIBLE),
        ),
        *(parameters.text(name, words) for name, words in _TEXTS.items()),
        parameters.text("network", "In this network."),
        parameters.cidr("within", "Inside this CIDR."),
        parameters.address("address", "This address, in any spelling."),
        parameters.duration("older_than", "Held for longer than this."),
    )

    def tells_of_polls(self, asked: Asked) -> bool:
        # An age is told from the last poll; a window may end now.
        window = asked.values["since"] or asked.values["until"]
        return asked.values["older_than"] is not None or window is not None

    def as_of(self, asked: Asked) -> datetime | None:
        if any(asked.values[name] for name in ("at", "since", "until", "vs")):
            return super().as_of(asked)
        return snapshots.taken(asked.cluster, window=asked.window).as_of

    def page(self, asked: Asked) -> Page[Any]:
        question: dict[str, Any] = {
            "scope": asked.scope,
            "wanted": _wanted(asked, self.as_of(asked)),
            "window": asked.window,
        }
        beside = instants.beside(asked.values, cluster=asked.cluster, scope=asked.scope)
        if beside:
            _check_beside(asked)
            return compared_allocations.listed(asked.cluster, times=beside, **question)
        times = instants.times(asked.values, clusters=asked.clusters, now=asked.now)
        check_state(asked.values["state"], times)
        if times:
            return past_allocations.listed(asked.cluster, times=times, **question)
        return snapshots.listed(asked.cluster, **question)


def _check_beside(asked: Asked) -> None:
    for name in ("state", "older_than"):
        if asked.values[name]:
            raise BadParameter(
                f"Between two instants nothing has one {name}: leave it, or leave vs.",
                parameter=name,
            )


def check_state(state: str, times: Times | None) -> None:
    if times and state and not times.is_instant:
        raise BadParameter(
            "In a window an allocation passes through several states: ask for a state "
            "at an instant (at).",
            parameter="state",
        )
    if times is None and state == POSSIBLE:
        raise BadParameter(
            "What is held now is no matter of possibility: possible is asked with at.",
            parameter="state",
            accepted=list(STATES),
        )


def _wanted(asked: Asked, as_of: datetime | None) -> AllocationFilter:
    age = asked.values["older_than"]
    known = asked.cluster.seen_at(asked.at or as_of or asked.now)
    return AllocationFilter(
        **{name: asked.values[name] for name in _SAME},
        held_before=known - age if age else None,
    )
