"""The addresses of a small range, one byte each: what a map's tile is painted from.

The bytes: cidrmap/legend.py. Owners are not named here, so the bytes are the same for
every reader.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Q

from ipamweb.addressing import capacity
from ipamweb.addressing.ranges import Range
from ipamweb.cidrmap import legend
from ipamweb.mirror.models import Allocation, Reservation
from ipamweb.mirror.queries import map_compared, map_ground, past_cells, past_places
from ipamweb.mirror.queries.clusters import ClusterRow
from ipamweb.mirror.queries.map_ground import GroundBlock
from ipamweb.mirror.queries.past_filters import FEW_ADDRESSES
from ipamweb.mirror.scope import Scope

# One answer holds so many addresses: an IPv4 /16, an IPv6 /112.
MOST_ADDRESSES = 65_536
FREE, RESERVED = (bytes([legend.STATES[each].value]) for each in ("free", "reserved"))

_COLUMNS = (
    "address", "kind", "terminating_at", "released_at", "node_id", "block__node_id",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Ground:
    """What of some space is in blocks, and what of it is set aside."""

    blocks: tuple[GroundBlock, ...]
    reservations: tuple[Range, ...]

    def cells(self, bounds: Range) -> bytearray:
        """Return the bytes of a range's addresses as if nobody held any."""
        found = bytearray([legend.OUTSIDE]) * bounds.size
        for each, byte in _painted(self, bounds):
            first, last = each.first - bounds.first, each.last - bounds.first
            found[first : last + 1] = bytes([byte]) * each.size
        return found


def cells(bounds: Range, *, cluster: ClusterRow, scope: Scope) -> bytes:
    """Return the bytes of a range's addresses in order. Three queries.

    Raises ValueError for a range of more than MOST_ADDRESSES.
    """
    if bounds.size > MOST_ADDRESSES:
        raise ValueError(f"{bounds} has more than {MOST_ADDRESSES} addresses")
    found = Ground(
        map_ground.bare_blocks_in(bounds, cluster=cluster, scope=scope),
        reserved_in(bounds, cluster=cluster, scope=scope),
    )
    return cells_on(found, bounds, cluster=cluster, scope=scope)


def cells_on(
    ground: Ground, bounds: Range, *, cluster: ClusterRow, scope: Scope
) -> bytes:
    """Return the same, on ground that is known already. One query."""
    found = ground.cells(bounds)
    if cluster.vs:
        # Nobody held it at either instant: set aside or not is no difference.
        found = found.replace(RESERVED, FREE)
    held = held_bytes(
        inside(bounds),
        cluster=cluster,
        scope=scope,
        is_wide=is_wide(bounds),
        blocks=ground.blocks,
    )
    for address, byte in held:
        found[address - bounds.first] = byte
    return bytes(found)


def ground(bounds: Range, *, cluster: ClusterRow, scope: Scope) -> Ground:
    """Return the blocks and reservations of some space. Two queries."""
    return Ground(
        map_ground.blocks_in(bounds, cluster=cluster, scope=scope),
        reserved_in(bounds, cluster=cluster, scope=scope),
    )


def reserved_in(
    bounds: Range, *, cluster: ClusterRow, scope: Scope
) -> tuple[Range, ...]:
    """Return the present reservations that share addresses with a range. One query."""
    within = Q(family=bounds.family, first__lte=bounds.last, last__gte=bounds.first)
    return _reservations(within, cluster=cluster)


def reserved(*, cluster: ClusterRow, scope: Scope) -> tuple[Range, ...]:
    """Return all present reservations of a cluster. One query."""
    return _reservations(Q(), cluster=cluster)


def inside(bounds: Range) -> Q:
    """Return the condition for allocations in a range."""
    return Q(address__gte=bounds.first, address__lte=bounds.last, family=bounds.family)


def is_wide(bounds: Range) -> bool:
    """Say whether an instant of so much space is found sooner by the bins of time."""
    return bounds.size > FEW_ADDRESSES


def held_bytes(
    asked: Q,
    *,
    cluster: ClusterRow,
    scope: Scope,
    is_wide: bool = False,
    blocks: Sequence[GroundBlock] = (),
) -> Iterator[tuple[int, int]]:
    """Yield (address, byte) of what is held, in address order; one for each address,
    that of the owner that counts; of two instants side by side what differs. One query,
    two for an instant, ten for two.

    `blocks`: those of an instant, in one of which an address lay.
    """
    if cluster.vs:
        yield from map_compared.held_bytes(
            asked, cluster=cluster, scope=scope, is_wide=is_wide
        )
        return
    before: int | None = None
    byte = 0
    for address, *facts in _held(asked, cluster, is_wide, blocks):
        if address == before:
            byte |= legend.CONFLICT
            continue
        if before is not None:
            yield before, byte
        before, byte = address, _byte(*facts)
    if before is not None:
        yield before, byte


def _held(
    asked: Q, cluster: ClusterRow, is_wide: bool, blocks: Sequence[GroundBlock]
) -> Iterable[tuple[Any, ...]]:
    """Return the columns of what is held in address order, who counts first."""
    asked &= Q(network="")
    if cluster.at:
        rows = past_cells.columns(asked, _COLUMNS, cluster=cluster, is_wide=is_wide)
        return past_places.with_nodes(rows, blocks)
    query = Allocation.objects.filter(asked, cluster_id=cluster.id)
    return query.order_by("address", "-counted", "id").values_list(*_COLUMNS)


def byte_of_nobody(address: int, *, ground: Ground) -> int:
    """Return the byte of an address that nobody holds."""
    spot = Range(address, address)
    return _last_painted(_painted(ground, spot))


def _reservations(asked: Q, *, cluster: ClusterRow) -> tuple[Range, ...]:
    asked &= Q(cluster_id=cluster.id, network="")
    if cluster.at:
        query = Reservation.objects.valid_at(cluster.at, asked)
    else:
        query = Reservation.objects.filter(asked, valid_to=None)
    bounds = query.order_by("first").values_list("first", "last")
    return tuple(Range(first, last) for first, last in bounds)


def _byte(
    kind: str,
    terminating_at: object,
    released_at: object,
    node_id: int | None,
    block_node_id: int | None,
) -> int:
    return legend.held_byte(
        kind,
        terminating=terminating_at is not None,
        cooling_down=released_at is not None,
        borrowed=None not in (node_id, block_node_id) and node_id != block_node_id,
    )


def _painted(ground: Ground, bounds: Range) -> Iterator[tuple[Range, int]]:
    """Yield (part of the bounds, byte) of what is free and reserved; later ones lie
    over earlier ones. Reserved is only what lies in a block."""
    parts = [(each, _common(each.range, bounds)) for each in ground.blocks]
    inside = [(block, part) for block, part in parts if part]
    for _, part in inside:
        yield part, legend.STATES["free"].value
    reserved = legend.STATES["reserved"].value
    for block, part in inside:
        for address in capacity.reserved_addresses(block.range, block.capacity_rule):
            if part.contains(address):
                yield Range(address, address), reserved
        for each in ground.reservations:
            if common := _common(each, part):
                yield common, reserved


def _last_painted(parts: Iterable[tuple[Range, int]]) -> int:
    byte = legend.OUTSIDE
    for _, byte in parts:  # noqa: B007
        pass
    return byte


def _common(one: Range, other: Range) -> Range | None:
    if not one.overlaps(other):
        return None
    return Range(max(one.first, other.first), min(one.last, other.last))
