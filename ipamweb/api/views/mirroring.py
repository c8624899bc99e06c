"""Questions about mirroring itself: problems, gaps, runs; and reservations."""

from typing import Any

from ipamweb.api import instants, parameters, serializers
from ipamweb.api.question import Asked, ListQuestion
from ipamweb.exports import rows
from ipamweb.mirror.queries import gaps, problems, reservations, runs
from ipamweb.mirror.queries.gaps import GapFilter
from ipamweb.mirror.queries.paging import Page
from ipamweb.mirror.queries.problems import ProblemFilter
from ipamweb.mirror.queries.reservations import ReservationFilter
from ipamweb.mirror.queries.runs import RunFilter


class Problems(ListQuestion):
    """What could not be read, newest first; `at`: what was open, or over, then."""

    has_past = True

    serializer_class = serializers.Problem
    row = staticmethod(rows.problem)
    parameters = (
        parameters.truth("resolved", "Those that are over, or the open.", absent=False),
        parameters.text("kind", "Of this kind of object, as pods."),
    )

    def tells_of_polls(self, asked: Asked) -> bool:
        return True

    def page(self, asked: Asked) -> Page[Any]:
        question: dict[str, Any] = {
            "scope": asked.scope,
            "wanted": ProblemFilter(asked.values["resolved"], asked.values["kind"]),
            "window": asked.window,
        }
        if asked.at:
            return problems.listed_at(asked.cluster, at=asked.at, **question)
        return problems.listed(asked.cluster, **question)


class Gaps(ListQuestion):
    """When we did not see the cluster, newest first; `at`: what had begun by then."""

    has_past = True

    serializer_class = serializers.Gap
    row = staticmethod(rows.gap)
    parameters = (
        parameters.instant("since", "Not ended by this instant; an open one never is."),
        parameters.instant("until", "Begun by this instant."),
    )

    def page(self, asked: Asked) -> Page[Any]:
        return gaps.listed(
            asked.cluster,
            scope=asked.scope,
            wanted=GapFilter(*instants.bounds(asked.values)),
            window=asked.window,
            at=asked.at,
        )


class Runs(ListQuestion):
    """What each poll did, newest first; `at`: those that had ended by then."""

    has_past = True

    serializer_class = serializers.Run
    row = staticmethod(rows.run)
    parameters = (
        parameters.choice("kind", "Polls of this kind.", accepted=runs.KINDS),
        parameters.choice("outcome", "That ended so.", accepted=runs.OUTCOMES),
        parameters.instant("since", "Not ended before this instant."),
        parameters.instant("until", "Begun by this instant."),
    )

    def tells_of_polls(self, asked: Asked) -> bool:
        return True

    def page(self, asked: Asked) -> Page[Any]:
        since, until = instants.bounds(asked.values)
        kind, outcome = asked.values["kind"], asked.values["outcome"]
        return runs.listed(
            asked.cluster,
            scope=asked.scope,
            wanted=RunFilter(kind, outcome, since, until),
            window=asked.window,
            at=asked.at,
        )


class Reservations(ListQuestion):
    """The addresses that will not be handed out because an object says so, or said so
    at an instant."""

    has_past = True

    serializer_class = serializers.Reservation
    row = staticmethod(rows.reservation)
    parameters = (
        parameters.family(),
        parameters.text("pool", "In the pool of this slug."),
        parameters.cidr("within", "Inside this CIDR."),
    )

    def page(self, asked: Asked) -> Page[Any]:
        names = ("family", "pool", "within")
        return reservations.listed(
            asked.cluster,
            scope=asked.scope,
            wanted=ReservationFilter(**{name: asked.values[name] for name in names}),
            window=asked.window,
            at=asked.at,
        )
