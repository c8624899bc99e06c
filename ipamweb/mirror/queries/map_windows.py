"""The /120s of a large IPv6 range in which something is held, and what is between.

Counted by the database: a range may hold as many windows as pods.
"""

from collections import Counter
from dataclasses import dataclass
from typing import Any

from django.db.models import BinaryField, Count, Q
from django.db.models.functions import Substr

from ipamweb.addressing.ranges import Range
from ipamweb.mirror.models import Allocation
from ipamweb.mirror.queries import map_addresses, map_cells, past_cells
from ipamweb.mirror.queries.clusters import ClusterRow
from ipamweb.mirror.queries.map_addresses import AddressRow
from ipamweb.mirror.queries.map_cells import Ground, inside
from ipamweb.mirror.queries.map_ground import GroundBlock
from ipamweb.mirror.scope import Scope

WINDOW = 256
MOST_WINDOWS = 256
# The first 15 of an address's 16 bytes: its /120.
_BYTES = 15


@dataclass(frozen=True, slots=True)
class Window:
    """A /120 with `held` addresses held, and how many addresses lie before it since the
    window before, or since the start."""

    range: Range
    held: int
    gap_before: int


@dataclass(frozen=True, slots=True)
class Windows:
    """The first MOST_WINDOWS of `total` windows in order; `rest` follows the last.

    `held` counts the addresses held in all of them.
    """

    bounds: Range
    windows: tuple[Window, ...]
    total: int
    held: int
    rest: int


def windows(bounds: Range, *, cluster: ClusterRow, scope: Scope) -> Windows:
    """Return the windows of a range of whole /120s. Two queries."""
    if cluster.at:
        return _windows_then(bounds, cluster)
    query = Allocation.objects.filter(
        inside(bounds), cluster_id=cluster.id, network=""
    ).annotate(window=Substr("address", 1, _BYTES, output_field=BinaryField()))
    sums = query.aggregate(
        held=Count("address", distinct=True), total=Count("window", distinct=True)
    )
    found = _windows(query, bounds)
    after = found[-1].range.last + 1 if found else bounds.first
    return Windows(
        bounds=bounds,
        windows=found,
        total=sums["total"],
        held=sums["held"],
        rest=bounds.last + 1 - after,
    )


def rows_in(
    found: Windows,
    *,
    blocks: tuple[GroundBlock, ...],
    cluster: ClusterRow,
    scope: Scope,
) -> tuple[tuple[AddressRow, ...], ...]:
    """Return the addresses of each window as rows. Three queries."""
    reserved = map_cells.reserved_in(found.bounds, cluster=cluster, scope=scope)
    ranges = [window.range for window in found.windows]
    ground = Ground(blocks, reserved)
    return map_addresses.rows_on(ground, ranges, cluster=cluster, scope=scope)


def _windows_then(bounds: Range, cluster: ClusterRow) -> Windows:
    """Return the same of the instant that the cluster is looked at."""
    rows = past_cells.columns(
        inside(bounds) & Q(network=""), ("address",), cluster=cluster, is_wide=True
    )
    held = Counter(address & ~(WINDOW - 1) for address in {each for (each,) in rows})
    found = []
    after = bounds.first
    for first in sorted(held)[:MOST_WINDOWS]:
        run = Range(first, first + WINDOW - 1)
        found.append(Window(run, held[first], first - after))
        after = run.last + 1
    return Windows(
        bounds=bounds,
        windows=tuple(found),
        total=len(held),
        held=held.total(),
        rest=bounds.last + 1 - after,
    )


def _windows(query: Any, bounds: Range) -> tuple[Window, ...]:
    counts = (
        query.order_by("window")
        .values_list("window")
        .annotate(held=Count("address", distinct=True))
    )
    found = []
    after = bounds.first
    for prefix, held in counts[:MOST_WINDOWS]:
        first = int.from_bytes(bytes(prefix), "big") << 8
        found.append(Window(Range(first, first + WINDOW - 1), held, first - after))
        after = first + WINDOW
    return tuple(found)
