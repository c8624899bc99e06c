"""What a question about the past has: its parameters, and how exactly it is known."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from ipamweb.api import parameters
from ipamweb.api.errors import BadParameter
from ipamweb.exports import rows
from ipamweb.mirror.queries import compared_allocations, past
from ipamweb.mirror.queries.clusters import ClusterRow
from ipamweb.mirror.queries.past_filters import NoWindow, Times, instant, window_of
from ipamweb.mirror.scope import Scope

AT = parameters.instant("at", "As it was at this instant.")
VS = parameters.instant(
    "vs",
    "Beside this other instant: what differs of what was held for certain. Rows then"
    " have `compared`, those of allocations `change`, `side` and `is_certain`.",
)
SINCE = parameters.instant("since", "Held at this instant or later.")
UNTIL = parameters.instant("until", "Held at this instant or before.")


def times(
    values: Mapping[str, Any], *, clusters: Sequence[ClusterRow], now: datetime
) -> Times | None:
    """Return the instant or the window asked about; None: the present. Raises
    BadParameter, of a window before all history of the clusters too."""
    at = values.get("at")
    since, until = bounds(values)
    if at:
        return instant(at)
    if since is None and until is None:
        return None
    try:
        return window_of(clusters, since=since, until=until, now=now)
    except NoWindow as error:
        raise BadParameter(str(error), parameter=error.end) from error


def bounds(values: Mapping[str, Any]) -> tuple[datetime | None, datetime | None]:
    """Return `since` and `until`, each None where it is not given. Raises BadParameter
    where they lie the wrong way round, or stand beside `at`."""
    since, until = values.get("since"), values.get("until")
    if values.get("at") and (since or until):
        raise BadParameter("at is one instant: leave since and until.", parameter="at")
    if since and until and since > until:
        raise BadParameter("since lies behind until.", parameter="since")
    return since, until


def other(values: Mapping[str, Any], *, cluster: ClusterRow) -> datetime | None:
    """Return the instant to compare with; None where nothing is compared. Before
    history starts nobody is known to have held anything: that is refused."""
    vs: datetime | None = values.get("vs")
    if vs is None:
        return None
    start = cluster.freshness.history_from
    if start is None or min(vs, values.get("at") or vs) < start:
        since = f"starts {start:%Y-%m-%dT%H:%M:%SZ}" if start else "has not begun"
        raise BadParameter(
            f"History {since}; of an instant before it there is nothing to compare.",
            parameter="vs",
        )
    return vs


def beside(
    values: Mapping[str, Any], *, cluster: ClusterRow, scope: Scope
) -> Times | None:
    """Return the two instants to compare, the earlier first; None for one alone."""
    vs = other(values, cluster=cluster)
    if vs is None:
        return None
    if values.get("since") or values.get("until"):
        raise BadParameter(
            "vs is beside one instant: leave since and until.", parameter="vs"
        )
    return compared_allocations.between(
        cluster, at=values.get("at"), vs=vs, scope=scope
    )


def only_by_name(values: Mapping[str, Any]) -> None:
    """Refuse another order than by name: counters know the present only."""
    if values["ordering"] != "name":
        raise BadParameter(
            "At an instant of the past this list is sorted by name only.",
            parameter="ordering",
            accepted=["name"],
        )


def known(
    at: datetime, *, clusters: Sequence[ClusterRow], scope: Scope
) -> dict[str, Any]:
    """Return how exactly an instant is known, as a part of an answer; of several
    clusters how it is of the first that was not seen. One query for each before it."""
    part: dict[str, Any] = {"at": at, "blind": "", "gap": None}
    for cluster in clusters:
        found = past.known(cluster, at=at, scope=scope)
        gap = rows.gap(found.gap, cluster) if found.gap else None
        part = {"at": at, "blind": found.blind, "gap": gap}
        if found.blind:
            break
    return part
