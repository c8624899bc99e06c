"""What changed on a cluster's maps since a generation: for pages that stay open.

Asked every few seconds by every open page: where nothing changed, nothing is asked of
the database. Who holds an address is not told here, so all readers get the same.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Q

from ipamweb.mirror.models import Allocation, PastAllocation
from ipamweb.mirror.queries import map_cells, map_ground
from ipamweb.mirror.queries.clusters import ClusterRow
from ipamweb.mirror.queries.map_cells import Ground
from ipamweb.mirror.queries.map_ground import GroundBlock
from ipamweb.mirror.scope import Scope

MOST_CELLS = 500
# Half a day of polls that each changed something: what ended longer ago may have been
# pruned, and nobody could tell.
MOST_GENERATIONS = 10_000


@dataclass(frozen=True, slots=True)
class ChangedCell:
    """An address whose byte may have changed, and the present block it lies in."""

    address: int
    block: GroundBlock | None
    byte: int


@dataclass(frozen=True, slots=True)
class Changes:
    """What changed; with `reset`, more than can be told: ask anew for what is shown."""

    reset: bool
    cells: tuple[ChangedCell, ...] = ()

    @property
    def blocks(self) -> tuple[GroundBlock, ...]:
        """The blocks the cells lie in, in address order."""
        found = {cell.block.id: cell.block for cell in self.cells if cell.block}
        return tuple(found.values())


RESET = Changes(reset=True)


def since(generation: int, *, cluster: ClusterRow, scope: Scope) -> Changes | None:
    """Return what changed since a generation; None where that is the present one.

    No query when nothing changed, else six at most.
    """
    present = cluster.freshness.generation
    if generation == present:
        return None
    if not present - MOST_GENERATIONS <= generation < present:
        return RESET
    found = _changed(generation, cluster)
    if found is None:
        return RESET
    return Changes(False, tuple(_cells(found, cluster=cluster, scope=scope)))


def _changed(generation: int, cluster: ClusterRow) -> dict[int, int | None] | None:
    """Return the addresses, each with the id of its last block; None where they are
    too many. Two queries."""
    ended = PastAllocation.objects.filter(
        cluster_id=cluster.id, closed_generation__gt=generation, network=""
    )
    begun = Allocation.objects.filter(
        cluster_id=cluster.id, changed_generation__gt=generation, network=""
    )
    past = ended.values_list("address", "block_id")[: MOST_CELLS + 1]
    now = begun.values_list("address", "block_id")[: MOST_CELLS + 1]
    found: dict[int, int | None] = {}
    for rows in (list(past), list(now)):
        found |= dict(rows)
        if len(rows) > MOST_CELLS or len(found) > MOST_CELLS:
            return None
    return found


def _cells(
    changed: dict[int, int | None], *, cluster: ClusterRow, scope: Scope
) -> Iterable[ChangedCell]:
    """Yield the cells in address order. Three queries, and one where a block ended."""
    blocks = _blocks(changed, cluster=cluster, scope=scope)
    reserved = map_cells.reserved(cluster=cluster, scope=scope)
    held = dict(
        map_cells.held_bytes(Q(address__in=list(changed)), cluster=cluster, scope=scope)
    )
    for address in sorted(changed):
        block = blocks.get(address)
        byte = held.get(address)
        if byte is None:
            ground = Ground((block,) if block else (), reserved)
            byte = map_cells.byte_of_nobody(address, ground=ground)
        yield ChangedCell(address, block, byte)


def _blocks(
    changed: dict[int, int | None], *, cluster: ClusterRow, scope: Scope
) -> dict[int, GroundBlock]:
    """Return the present block of each address that is in one."""
    ids = {number for number in changed.values() if number is not None}
    known = {
        block.id: block
        for block in map_ground.blocks_with(ids=ids, cluster=cluster, scope=scope)
    }
    found = {
        address: known[number] for address, number in changed.items() if number in known
    }
    missing = sorted(set(changed) - set(found))
    if missing:
        found |= _around(missing, cluster=cluster, scope=scope)
    return found


def _around(
    addresses: list[int], *, cluster: ClusterRow, scope: Scope
) -> dict[int, GroundBlock]:
    """Return the present blocks around addresses whose last block is not there."""
    blocks = map_ground.blocks_around(addresses, cluster=cluster, scope=scope)
    return {
        address: block
        for block in blocks
        for address in addresses
        if block.range.contains(address)
    }
