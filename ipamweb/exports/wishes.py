"""What is wished for: which list, of which clusters, by which filter, in which format.

A wish can be kept as JSON and read again: a file may be made later, by another process.
"""

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

import msgspec

from ipamweb.access.audit_entries import EntryFilter
from ipamweb.findings.filters import FindingFilter
from ipamweb.mirror.queries.allocation_filters import AllocationFilter
from ipamweb.mirror.queries.blocks import BlockFilter
from ipamweb.mirror.queries.clusters import ClusterRow
from ipamweb.mirror.queries.nodes import NodeFilter
from ipamweb.mirror.queries.pools import PoolFilter
from ipamweb.usage.queries import SampleFilter

FORMATS = ("csv", "ndjson", "json", "zip", "parquet")


@dataclass(frozen=True, slots=True)
class Wish:
    """`cluster` is a slug, "" all clusters; `asked` the parameters as they were given,
    for people. Of the filters the one of `what` counts. `older_than` is told from the
    last read of each cluster, or from `at`. `fields` are those of REST; none: all."""

    what: str
    format: str
    raw: bool = False
    cluster: str = ""
    at: datetime | None = None
    since: datetime | None = None
    until: datetime | None = None
    older_than: timedelta | None = None
    ordering: str = "name"
    fields: tuple[str, ...] = ()
    allocations: AllocationFilter = AllocationFilter()
    nodes: NodeFilter = NodeFilter()
    pools: PoolFilter = PoolFilter()
    blocks: BlockFilter = BlockFilter()
    findings: FindingFilter = FindingFilter()
    usage: SampleFilter = SampleFilter()
    audit: EntryFilter = EntryFilter()
    asked: dict[str, str] = field(default_factory=dict)

    def allocations_of(self, cluster: ClusterRow) -> AllocationFilter:
        if self.older_than is None:
            return self.allocations
        known = self.at or cluster.freshness.as_of
        if known is None:
            return self.allocations
        held_before = cluster.seen_at(known) - self.older_than
        return replace(self.allocations, held_before=held_before)


def kept(wish: Wish) -> dict[str, Any]:
    """Return a wish as JSON can hold it."""
    found: dict[str, Any] = msgspec.to_builtins(wish)
    return found


def read(found: dict[str, Any]) -> Wish:
    return msgspec.convert(found, Wish)
