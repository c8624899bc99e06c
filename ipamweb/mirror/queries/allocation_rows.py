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
_End = tuple[datetime | None, datetime | None, str]
_OPEN: _End = (None, None, "")


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
    return _row(found, scope, state=state_of(found), counted=found.counted)


def past_row(found: Any, scope: Scope) -> AllocationRow:
    """Return the row of one set of PAST_COLUMNS."""
    end = (found.valid_to, found.to_latest, found.closed_by)
    return _row(found, scope, state="ended", end=end, counted=True)


def state_of(found: Any) -> str:
    """Return the state of what is held, of one set of columns."""
    if found.released_at:
        return "cooling-down"
    return "terminating" if found.terminating_at else "held"


def _row(
    found: Any, scope: Scope, *, state: str, counted: bool, end: _End = _OPEN
) -> AllocationRow:
    """Return a row. Its fields are given by their place, without dicts between: lists
    are read through to their end, 1,000 rows at a time."""
    valid_to, to_latest, closed_by = end
    shown = shows_owner(
        scope,
        kind=found.kind,
        namespace_uid=found.namespace_uid,
        cluster_id=found.cluster_id,
    )
    first = found.block__first
    return AllocationRow(
        found.id,
        found.cluster_id,
        found.address,
        found.family,
        found.network,
        found.kind,
        state,
        found.node__name or "",
        None if first is None else Range(first, found.block__last),
        found.pool__slug or "",
        not shown,
        found.owner_key if shown else "",
        (shown and found.pod__namespace_name) or "",
        found.namespace_uid if shown else "",
        (shown and found.pod__name) or "",
        found.owner_key if shown and found.kind == "pod" else "",
        (shown and found.pod__workload_kind) or "",
        (shown and found.pod__workload_name) or "",
        found.source,
        found.confidence,
        found.from_earliest,
        found.valid_from,
        valid_to,
        to_latest,
        found.opened_by,
        closed_by,
        found.terminating_at,
        counted,
        found.released_at,
    )
