"""Questions about the namespaces of a cluster."""

from typing import Any

from ipamweb.api import instants, parameters, serializers
from ipamweb.api.question import Asked, ListQuestion, Question
from ipamweb.exports import rows
from ipamweb.mirror.queries import namespaces, past_namespaces
from ipamweb.mirror.queries.namespaces import NamespaceRow
from ipamweb.mirror.queries.paging import Page
from ipamweb.usage import queries as usage


class Namespaces(ListQuestion):
    """The namespaces of a cluster that are there, or were there at an instant."""

    serializer_class = serializers.Namespace
    has_past = True
    table = "namespaces"
    row = staticmethod(rows.namespace)
    parameters = (
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
        if asked.at:
            instants.only_by_name(asked.values)
            found = past_namespaces.listed(asked.cluster, at=asked.at, **question)
        else:
            order = namespaces.ORDERS[asked.values["ordering"]]
            found = namespaces.listed(asked.cluster, order=order, **question)
        rows_with_peaks = _with_peaks(found.rows, asked)
        return Page(rows_with_peaks, next=found.next, previous=found.previous)

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
        (shown,) = _with_peaks((found,), asked)
        return rows.namespace(shown, cluster)

    def further_state(self, asked: Asked) -> object:
        return usage.state(asked.clusters, scope=asked.scope)


def _with_peaks(
    found: tuple[NamespaceRow, ...], asked: Asked
) -> tuple[tuple[NamespaceRow, dict[int, int]], ...]:
    now = asked.at or asked.now
    peaks = usage.peaks_of_namespaces(found, now=now, scope=asked.scope)
    return tuple((each, peaks.get(each.id, {})) for each in found)
