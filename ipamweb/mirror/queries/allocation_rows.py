"""One row for what is held and what was held, read as plain columns of either table.

Outside the scope a row says that an address is held, by what kind and since when, and
not by whom.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from ipamweb.addressing.ranges import Range
from ipamweb.mirror.queries.visibility import shows_owner
from ipamweb.mirror.scope import Scope

STATES = ("held", "terminating", "cooling-down")
# Of an instant between two reads, or after the last: it may have been held, or not.
POSSIBLE = "possible"

_COLUMNS = (
    "id", "cluster_id", "network", "family", "address", "owner_key", "kind",
    "namespace_uid", "source", "confidence", "from_earliest", "valid_from",
    "opened_by", "terminating_at", "released_at",
    "node__name", "block__first", "block__last", "pool__slug",
    "pod__namespace_name", "pod__name", "pod__workload_kind", "pod__workload_name",
)  # fmt: skip
OPEN_COLUMNS = (*_COLUMNS, "counted")
PAST_COLUMNS = (*_COLUMNS, "valid_to", "to_latest", "closed_by", "closed_generation")


@dataclass(frozen=True, slots=True)
class AllocationRow:
    """An address held by an owner, between bounds (docs, "What we promise").

    `state` is one of STATES; at an instant of the past POSSIBLE too; ended once it is
    past, and then `valid_to`, `to_latest` and `closed_by` are set. Where
    `owner_hidden`, everything that names the owner is empty. `uid` is a pod's;
    `owner_key` also names owners that are none. `counted` is False for the further
    owners of an address that has several. `in_numbers`: numbers of the instant that
    is asked about count it.
    """

    id: int
    cluster_id: int
    address: int
    family: int
    network: str
    kind: str
    state: str
    node: str
    block: Range | None
    pool: str
    owner_hidden: bool
    owner_key: str
    namespace: str
    namespace_uid: str
    pod: str
    uid: str
    workload_kind: str
    workload_name: str
    source: str
    confidence: str
    from_earliest: datetime
    valid_from: datetime
    valid_to: datetime | None
    to_latest: datetime | None
    opened_by: str
    closed_by: str
    terminating_at: datetime | None
    counted: bool
    released_at: datetime | None = None
    in_numbers: bool = True

    @property
    def is_certain(self) -> bool:
        """Whether it was held for certain at the instant that is asked about."""
        return self.state != POSSIBLE


def open_rows(found: QuerySet[Any, Any], scope: Scope) -> tuple[AllocationRow, ...]:
    """Return the rows of a query on Allocation. One query."""
    columns = found.values_list(*OPEN_COLUMNS, named=True)
    return tuple(open_row(each, scope) for each in columns)


def past_rows(found: QuerySet[Any, Any], scope: Scope) -> tuple[AllocationRow, ...]:
    """Return the rows of a query on PastAllocation. One query."""
    columns = found.values_list(*PAST_COLUMNS, named=True)
    return tuple(past_row(each, scope) for each in columns)


def open_row(found: Any, scope: Scope) -> AllocationRow:
    """Return the row of one set of OPEN_COLUMNS."""
    return AllocationRow(
        **_place(found),
        **_owner(found, scope),
        **_times(found),
        state=state_of(found),
        valid_to=None,
        to_latest=None,
        closed_by="",
        counted=found.counted,
    )


def past_row(found: Any, scope: Scope) -> AllocationRow:
    """Return the row of one set of PAST_COLUMNS."""
    return AllocationRow(
        **_place(found),
        **_owner(found, scope),
        **_times(found),
        state="ended",
        valid_to=found.valid_to,
        to_latest=found.to_latest,
        closed_by=found.closed_by,
        counted=True,
    )


def state_of(found: Any) -> str:
    """Return the state of what is held, of one set of columns."""
    if found.released_at:
        return "cooling-down"
    return "terminating" if found.terminating_at else "held"


def _place(found: Any) -> dict[str, Any]:
    block = None
    if found.block__first is not None:
        block = Range(found.block__first, found.block__last)
    return {
        "id": found.id,
        "cluster_id": found.cluster_id,
        "address": found.address,
        "family": found.family,
        "network": found.network,
        "kind": found.kind,
        "node": found.node__name or "",
        "block": block,
        "pool": found.pool__slug or "",
        "source": found.source,
        "confidence": found.confidence,
    }


def _times(found: Any) -> dict[str, Any]:
    return {
        "from_earliest": found.from_earliest,
        "valid_from": found.valid_from,
        "opened_by": found.opened_by,
        "terminating_at": found.terminating_at,
        "released_at": found.released_at,
    }


def _owner(found: Any, scope: Scope) -> dict[str, Any]:
    shown = shows_owner(scope, kind=found.kind, namespace_uid=found.namespace_uid)
    is_pod = shown and found.kind == "pod"
    return {
        "owner_hidden": not shown,
        "owner_key": found.owner_key if shown else "",
        "namespace": found.pod__namespace_name or "" if shown else "",
        "namespace_uid": found.namespace_uid if shown else "",
        "pod": found.pod__name or "" if shown else "",
        "uid": found.owner_key if is_pod else "",
        "workload_kind": found.pod__workload_kind or "" if shown else "",
        "workload_name": found.pod__workload_name or "" if shown else "",
    }
