"""Questions about the namespaces of a cluster."""

from typing import Any

from ipamweb.api import (
    compared_rows,
    instants,
    parameters,
    serializers,
)
from ipamweb.api.question import Asked, ListQuestion, Question
from ipamweb.exports import rows
from ipamweb.mirror.queries import (
    compared_places,
    namespace_use,
    namespaces,
    past_namespaces,
)
from ipamweb.mirror.queries.clusters import ClusterRow
from ipamweb.mirror.queries.namespace_use import WorkloadUse
from ipamweb.mirror.queries.namespaces import NamespaceRow
from ipamweb.mirror.queries.paging import Page
from ipamweb.usage import queries as usage

# Of each namespace; its page and pods/ have all of them.
MOST_WORKLOADS = 10


def _row(found: Any, of: ClusterRow) -> dict[str, Any]:
    """`found`: a namespace with its peaks, and what differs of it, if that is asked."""
    shown, compared = found
    row = rows.namespace(shown, of)
    if compared is None:
        return row
    return {**row, "compared": compared_rows.of_namespaces(compared)}


class Namespaces(ListQuestion):
    """The namespaces of a cluster that are there, or were there at an instant, or at
    any of two side by side."""

    serializer_class = serializers.Namespace
    has_past = True
    table = "namespaces"
    row = staticmethod(_row)
    parameters = (
        instants.VS,
        parameters.text("q", "A part of the name."),
        parameters.choice(
            "ordering",
            "The order; - turns it.",
            accepted=namespaces.ORDERS,
            absent="name",
        ),
    )

    def page(self, asked: Asked) -> Page[Any]:
        question: dict[str, Any] = {
            "scope": asked.scope,
            "window": asked.window,
            "q": asked.values["q"],
        }
        beside = instants.beside(asked.values, cluster=asked.cluster, scope=asked.scope)
        if beside:
            instants.only_by_name(asked.values)
            both = compared_places.namespaces(asked.cluster, times=beside, **question)
            shown = tuple(each.shown(is_later=True) for each in both.rows)
            pairs = tuple(zip(_with_use(shown, asked), both.rows, strict=True))
            return Page(pairs, next=both.next, previous=both.previous)
        if asked.at:
            instants.only_by_name(asked.values)
            found = past_namespaces.listed(asked.cluster, at=asked.at, **question)
        else:
            order = namespaces.ORDERS[asked.values["ordering"]]
            found = namespaces.listed(asked.cluster, order=order, **question)
        alone = tuple((each, None) for each in _with_use(found.rows, asked))
        return Page(alone, next=found.next, previous=found.previous)

    def further_state(self, asked: Asked) -> object:
        return usage.state(asked.clusters, scope=asked.scope)


class Namespace(Question):
    """A namespace; where none has the name now, the last that had it."""

    serializer_class = serializers.Namespace
    has_past = True

    def found(self, asked: Asked) -> dict[str, Any] | None:
        cluster = asked.cluster
        name = asked.path["namespace"]
        question: dict[str, Any] = {"cluster": cluster, "scope": asked.scope}
        if asked.at:
            found = past_namespaces.one(name, at=asked.at, **question)
        else:
            found = namespaces.one(name, **question)
        if found is None:
            return None
        (shown,) = _with_use((found,), asked)
        return rows.namespace(shown, cluster)

    def further_state(self, asked: Asked) -> object:
        return usage.state(asked.clusters, scope=asked.scope)


def _with_use(found: tuple[NamespaceRow, ...], asked: Asked) -> tuple[Any, ...]:
    """Return namespaces, each with its peaks and its largest workloads."""
    now = asked.at or asked.now
    peaks = usage.peaks_of_namespaces(
        found, cluster=asked.cluster, now=now, scope=asked.scope
    )
    uses = _workloads(found, asked)
    return tuple(
        (each, peaks.get(each.id, {}), None if uses is None else uses.get(each.uid, ()))
        for each in found
    )


def _workloads(
    found: tuple[NamespaceRow, ...], asked: Asked
) -> dict[str, tuple[WorkloadUse, ...]] | None:
    """Return them by namespace; None of the past, and where they are not asked for."""
    wanted = asked.values.get("fields")
    if asked.at or (wanted and "workloads" not in wanted):
        return None
    return namespace_use.by_workload_of_each(
        [each.uid for each in found],
        cluster=asked.cluster,
        most=MOST_WORKLOADS,
        scope=asked.scope,
    )
