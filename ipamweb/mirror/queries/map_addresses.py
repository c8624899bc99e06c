"""The addresses of one tile as rows: who holds each, and runs of what nobody holds."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from django.db.models import Q

from ipamweb.addressing.ranges import Range
from ipamweb.cidrmap import legend
from ipamweb.mirror.models import Allocation
from ipamweb.mirror.queries import map_cells, past_cells
from ipamweb.mirror.queries.allocation_rows import AllocationRow, open_rows
from ipamweb.mirror.queries.clusters import ClusterRow
from ipamweb.mirror.queries.map_cells import Ground
from ipamweb.mirror.queries.map_ground import GroundBlock
from ipamweb.mirror.scope import Scope

_CHANGES = (
    (legend.GONE, "gone"), (legend.NEW, "new"), (legend.CHANGED, "changed"),
)  # fmt: skip
_OF_NOBODY = ("free", "reserved", "outside")


@dataclass(frozen=True, slots=True)
class AddressRow:
    """An address with its owner that counts, or a run of addresses without one.

    `kind` is held, reserved, free or outside; `byte` as in the map's cells. Of two
    instants side by side (`compared`) `change` is gone, new, changed or empty, `other`
    who held it at the other instant, and `kind` and `owner` are of the instant shown.
    """

    kind: str
    range: Range
    byte: int
    block: Range | None
    node: str
    owner: AllocationRow | None = None
    owners: int = 0
    change: str = ""
    other: AllocationRow | None = None
    compared: bool = False


def rows_on(
    ground: Ground,
    ranges: Sequence[Range],
    *,
    cluster: ClusterRow,
    scope: Scope,
) -> tuple[tuple[AddressRow, ...], ...]:
    """Return the rows of each of some small ranges, in order. Two queries, four for an
    instant, twelve for two."""
    asked = Q()
    for bounds in ranges:
        asked |= map_cells.inside(bounds)
    held = _held(asked, cluster=cluster, scope=scope)
    other = None
    if cluster.vs:
        then = replace(cluster, at=cluster.vs, vs=None)
        other = _held(asked, cluster=then, scope=scope)
    painted = dict(
        map_cells.held_bytes(asked, cluster=cluster, scope=scope, blocks=ground.blocks)
    )
    return tuple(
        tuple(_merged(_rows(bounds, ground, held=held, other=other, painted=painted)))
        for bounds in ranges
    )


def _rows(
    bounds: Range,
    ground: Ground,
    *,
    held: dict[int, list[AllocationRow]],
    other: dict[int, list[AllocationRow]] | None,
    painted: dict[int, int],
) -> Iterator[AddressRow]:
    for address, byte in enumerate(ground.cells(bounds), start=bounds.first):
        here = held.get(address, [])
        if other is None:
            byte = painted.get(address, byte)
        row = _row(address, byte, held=here, blocks=ground.blocks)
        if other is not None:
            row = _compared(row, painted.get(address), other.get(address, []))
        yield row


def _compared(
    row: AddressRow, byte: int | None, other: list[AllocationRow]
) -> AddressRow:
    """Return the row of an address with what differs of it between two instants."""
    row = replace(row, kind="held" if row.owner else row.kind, compared=True)
    if byte is None:
        return row
    change = next((word for flag, word in _CHANGES if byte & flag), "")
    return replace(row, byte=byte, change=change, other=other[0] if other else None)


def _held(
    asked: Q, *, cluster: ClusterRow, scope: Scope
) -> dict[int, list[AllocationRow]]:
    if cluster.at:
        return past_cells.rows(asked, cluster=cluster, at=cluster.at, scope=scope)
    query = Allocation.objects.filter(asked, cluster_id=cluster.id, network="")
    found: dict[int, list[AllocationRow]] = {}
    for row in open_rows(query.order_by("address", "-counted", "id"), scope):
        found.setdefault(row.address, []).append(row)
    return found


def _row(
    address: int,
    byte: int,
    *,
    held: list[AllocationRow],
    blocks: tuple[GroundBlock, ...],
) -> AddressRow:
    # The narrowest: blocks may overlap.
    around = [block for block in blocks if block.range.contains(address)]
    block = min(around, key=lambda each: each.range.size, default=None)
    state = legend.state_of_byte(byte) or "outside"
    return AddressRow(
        kind=state if state in _OF_NOBODY else "held",
        range=Range(address, address),
        byte=byte,
        block=block.range if block else None,
        node=block.node if block else "",
        owner=held[0] if held else None,
        owners=len(held),
    )


def _merged(found: Iterator[AddressRow]) -> Iterator[AddressRow]:
    """Yield the rows; neighbours that nobody holds, alike and of one block, as one."""
    run: AddressRow | None = None
    for row in found:
        if run and _is_alike(run, row):
            run = replace(run, range=Range(run.range.first, row.range.last))
            continue
        if run:
            yield run
        run = row
    if run:
        yield run


def _is_alike(one: AddressRow, other: AddressRow) -> bool:
    if one.change or other.change:
        return False
    return one.kind in _OF_NOBODY and replace(one, range=other.range) == other
