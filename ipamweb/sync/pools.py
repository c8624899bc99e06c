"""Writes pools with their ranges, and moves what lies in another pool than before.

Pools are written before what lies in them; what is open then, and lies elsewhere now,
is moved last: what ended meanwhile keeps the pool it had. What is moved is found again
after a kill, in the rows themselves.
"""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from typing import Any

from django.db.models import F, Q

from ipamweb.addressing import records
from ipamweb.addressing.ranges import Range
from ipamweb.mirror.models import Allocation, Block, Pool, PoolRange
from ipamweb.sync import bulk, lease, places
from ipamweb.sync.counters import Counters
from ipamweb.sync.plan_space import KnownRange, plan_ranges
from ipamweb.sync.write import ROWS


def write_pools(
    cluster_id: int,
    pools: Iterable[records.Pool],
    *,
    systems: Collection[str],
    now: datetime,
) -> int:
    """Write the pools that were read, with their ranges as versions.

    Returns how many ranges began or ended. Of `systems` these are all pools: another
    one of them has ended. Of other systems one that is not among them stays. Called
    inside a transaction that holds the lease.
    """
    known = places.pools_of(cluster_id)
    changed = 0
    for record in pools:
        row = known.pop(record.slug, None)
        if row is None:
            row = Pool(cluster_id=cluster_id, slug=record.slug, first_seen=now)
        _write_pool(row, record)
        changed += _write_ranges(row, record, now)
    ended = [
        row.pk
        for row in known.values()
        if row.gone_at is None and row.system in systems
    ]
    Pool.objects.filter(pk__in=ended).update(gone_at=now)
    ranges = PoolRange.objects.filter(pool__in=ended, valid_to=None)
    return changed + ranges.update(valid_to=now)


def _write_pool(row: Pool, record: records.Pool) -> None:
    facts = {
        "name": record.name,
        "system": record.system,
        "family": record.family,
        "network": record.network,
        "capacity_rule": record.capacity_rule,
        "read_from": record.read_from,
        "gone_at": None,
    }
    if row.pk and all(getattr(row, name) == value for name, value in facts.items()):
        return
    for name, value in facts.items():
        setattr(row, name, value)
    row.save(update_fields=list(facts) if row.pk else None)


def _write_ranges(row: Pool, record: records.Pool, now: datetime) -> int:
    known = [
        KnownRange(pk, Range(first, last), length)
        for pk, first, last, length in row.ranges.filter(valid_to=None).values_list(
            "id", "first", "last", "block_prefix_length"
        )
    ]
    new, ended = plan_ranges(record.ranges, known=known)
    PoolRange.objects.filter(pk__in=[each.id for each in ended]).update(valid_to=now)
    for each in new:
        row.ranges.create(
            family=each.range.family,
            first=each.range.first,
            last=each.range.last,
            block_prefix_length=each.block_prefix_length,
            valid_from=now,
        )
    return len(new) + len(ended)


def move_into_pools(held: lease.Held) -> None:
    """Put open blocks and allocations into the pool that holds them now, or none.

    In transactions of at most ROWS rows; costs a pass over what is open.
    """
    pools = places.open_pools(held.cluster_id)
    last = 0
    while moves := _misplaced_blocks(held.cluster_id, pools, after=last):
        last = moves[-1][-1]
        with lease.writing(held):
            _move_blocks(held.cluster_id, moves)
    last = 0
    while rows := list(_doubtful(held.cluster_id).filter(id__gt=last)[:ROWS]):
        last = rows[-1][0]
        with lease.writing(held):
            _move_allocations(held.cluster_id, rows, pools)


Move = tuple[int | None, int | None, int]


def _misplaced_blocks(
    cluster_id: int, pools: Sequence[tuple[Range, int]], *, after: int
) -> list[Move]:
    """Return (pool now, pool before, id) of ROWS open blocks in another pool."""
    blocks = Block.objects.filter(cluster=cluster_id, valid_to=None, id__gt=after)
    moves: list[Move] = []
    for pk, first, last, before in (
        blocks.order_by("id").values_list("id", "first", "last", "pool_id").iterator()
    ):
        pool = places.pool_holding(pools, Range(first, last))
        if pool != before:
            moves.append((pool, before, pk))
        if len(moves) == ROWS:
            break
    return moves


def _move_blocks(cluster_id: int, moves: list[Move]) -> None:
    counters = Counters(cluster_id)
    for pool, before, _ in moves:
        for each, sign in ((before, -1), (pool, 1)):
            if each is not None:
                counters.pool_blocks[each] += sign
    bulk.update(Block, ("pool_id",), [(pool, pk) for pool, _, pk in moves])
    counters.write()


def _doubtful(cluster_id: int) -> Any:
    """Return allocations whose pool is not that of their block, or that lie in none."""
    of_block = "block__pool_id"
    elsewhere = (
        Q(block=None)
        | Q(pool=None, block__pool__isnull=False)
        | Q(pool__isnull=False, block__pool=None)
        | Q(pool_id__lt=F(of_block))
        | Q(pool_id__gt=F(of_block))
    )
    return (
        Allocation.objects.filter(elsewhere, cluster=cluster_id)
        .order_by("id")
        .values_list(
            "id", "address", "kind", "block_id", of_block, "pool_id", "counted"
        )
    )


def _move_allocations(
    cluster_id: int,
    rows: Sequence[tuple[Any, ...]],
    pools: Sequence[tuple[Range, int]],
) -> None:
    """Put allocations into the pool of their block, else the one they lie in."""
    counters = Counters(cluster_id)
    moves = []
    for pk, address, kind, block, of_block, before, counted in rows:
        pool = of_block if block else places.pool_holding(pools, address)
        if pool == before:
            continue
        moves.append((pool, pk))
        if counted:
            counters.address(-1, address=address, kind=kind, block=block, pool=before)
            counters.address(1, address=address, kind=kind, block=block, pool=pool)
    bulk.update(Allocation, ("pool_id",), moves)
    counters.write()
