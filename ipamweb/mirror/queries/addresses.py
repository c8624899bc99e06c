"""One address: where it lies, who holds it, who held it, and why nobody does."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Literal, Protocol, TypeVar

from ipamweb.addressing import capacity
from ipamweb.addressing.ranges import Range
from ipamweb.mirror import holders
from ipamweb.mirror.holders import Answer, Coverage
from ipamweb.mirror.queries import allocations, blocks, gaps, pools, reservations
from ipamweb.mirror.queries.allocation_rows import AllocationRow
from ipamweb.mirror.queries.blocks import BlockRow
from ipamweb.mirror.queries.clusters import ClusterRow
from ipamweb.mirror.queries.gaps import GapRow
from ipamweb.mirror.queries.paging import FIRST_PAGE, Page, Window
from ipamweb.mirror.queries.pools import PoolRow
from ipamweb.mirror.queries.reservations import ReservationRow
from ipamweb.mirror.scope import Scope

# Empty when somebody holds it. "reserved-by-rule": the allocator never hands it out
# (network, broadcast); "reserved": an object says so; "not-read": we never saw the
# cluster.
WhyNobody = Literal[
    "", "not-read", "free", "reserved-by-rule", "reserved", "no-block",
    "outside-all-pools",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class AddressAnswer:
    """What a cluster knows of an address.

    `block` is the smallest it lies in, `near` are those of its neighbours too.
    `history` are those who held it and ended, newest first, with `gaps` beside it;
    `asked` is the answer for the instant asked about, None when none was.
    """

    cluster: ClusterRow
    address: int
    pool: PoolRow | None
    pool_range: Range | None
    block: BlockRow | None
    near: tuple[BlockRow, ...]
    reservation: ReservationRow | None
    holders: tuple[AllocationRow, ...]
    why_nobody: WhyNobody
    history: Page[AllocationRow]
    gaps: tuple[GapRow, ...]
    asked: Answer[AllocationRow] | None


def about(
    address: int,
    *,
    cluster: ClusterRow,
    scope: Scope,
    at: datetime | None = None,
    window: Window = FIRST_PAGE,
) -> AddressAnswer:
    """Return what a cluster knows of an address; `window` pages its history.

    Nine queries at most.
    """
    return across(address, clusters=[cluster], scope=scope, at=at, window=window)[0]


def across(
    address: int,
    *,
    clusters: Sequence[ClusterRow],
    scope: Scope,
    at: datetime | None = None,
    window: Window = FIRST_PAGE,
) -> tuple[AddressAnswer, ...]:
    """Return what each of the clusters knows of an address, in their order.

    The history of all of them together is one page: its cursors fit `across` only.
    Nine queries at most, however many clusters.
    """
    ids = [cluster.id for cluster in clusters]
    place = _Place(
        address=address,
        pools=pools.of_clusters(clusters, scope=scope),
        blocks=blocks.near(address, cluster_ids=ids, scope=scope),
        reservations=reservations.of_address(address, cluster_ids=ids, scope=scope),
    )
    past = _past(ids, address, scope=scope, window=window)
    asked = _asked(ids, address, scope=scope, at=at) if at else None
    return tuple(
        _answer(cluster, place=place, past=past, asked=asked) for cluster in clusters
    )


@dataclass(frozen=True, slots=True)
class _Place:
    """Where an address lies, in each of the clusters."""

    address: int
    pools: dict[int, tuple[PoolRow, ...]]
    blocks: dict[int, list[BlockRow]]
    reservations: tuple[ReservationRow, ...]


@dataclass(frozen=True, slots=True)
class _Past:
    """Who holds it, who held it, and when we were blind."""

    holders: tuple[AllocationRow, ...]
    history: Page[AllocationRow]
    gaps: tuple[GapRow, ...]


@dataclass(frozen=True, slots=True)
class _Asked:
    """What bears on one instant."""

    at: datetime
    ended: tuple[AllocationRow, ...]
    gaps: tuple[GapRow, ...]


def _past(ids: list[int], address: int, *, scope: Scope, window: Window) -> _Past:
    held = allocations.of_address(address, cluster_ids=ids, scope=scope)
    history = allocations.past_of_address(
        address, cluster_ids=ids, window=window, scope=scope
    )
    begins = [row.from_earliest for row in (*held, *history.rows)]
    oldest = min(begins, default=datetime.max.replace(tzinfo=UTC))
    return _Past(held, history, gaps.since(oldest, cluster_ids=ids, scope=scope))


def _asked(ids: list[int], address: int, *, scope: Scope, at: datetime) -> _Asked:
    return _Asked(
        at=at,
        ended=allocations.past_at(address, cluster_ids=ids, at=at, scope=scope),
        gaps=gaps.at(at, cluster_ids=ids, scope=scope),
    )


def _answer(
    cluster: ClusterRow, *, place: _Place, past: _Past, asked: _Asked | None
) -> AddressAnswer:
    pool, pool_range = _pool_of(place.address, place.pools[cluster.id])
    near = tuple(place.blocks.get(cluster.id, ()))
    inside = [each for each in near if each.range.contains(place.address)]
    block = inside[-1] if inside else None
    reservation = next(_of(cluster, place.reservations), None)
    held = tuple(_of(cluster, past.holders))
    history = tuple(_of(cluster, past.history.rows))
    why = _why_nobody(place.address, block=block, reservation=reservation, pool=pool)
    return AddressAnswer(
        cluster=cluster,
        address=place.address,
        pool=pool,
        pool_range=pool_range,
        block=block,
        near=near,
        reservation=reservation,
        holders=held,
        why_nobody="" if held else why if cluster.freshness.as_of else "not-read",
        history=replace(past.history, rows=history),
        gaps=tuple(_of(cluster, past.gaps)),
        asked=_who_held(cluster, held, asked) if asked else None,
    )


def _who_held(
    cluster: ClusterRow, held: tuple[AllocationRow, ...], asked: _Asked
) -> Answer[AllocationRow]:
    blind = tuple(
        (gap.started_at, gap.ended_at)
        for gap in _of(cluster, asked.gaps)
        if gap.lost_events
    )
    fresh = cluster.freshness
    return holders.who_held(
        (*held, *_of(cluster, asked.ended)),
        at=asked.at,
        coverage=Coverage(fresh.history_from, fresh.as_of, blind),
    )


def _why_nobody(
    address: int,
    *,
    block: BlockRow | None,
    reservation: ReservationRow | None,
    pool: PoolRow | None,
) -> WhyNobody:
    """Return why nobody holds an address: the first reason that is enough."""
    if reservation:
        return "reserved"
    if block:
        by_rule = capacity.reserved_addresses(block.range, block.capacity_rule)
        return "reserved-by-rule" if address in by_rule else "free"
    return "no-block" if pool else "outside-all-pools"


def _pool_of(
    address: int, found: tuple[PoolRow, ...]
) -> tuple[PoolRow | None, Range | None]:
    """Return the pool an address lies in and the range of it, the smallest range."""
    inside = [
        (each.range.size, pool, each.range)
        for pool in found
        for each in pool.ranges
        if each.range.contains(address)
    ]
    if not inside:
        return None, None
    _, pool, pool_range = min(inside, key=lambda candidate: candidate[0])
    return pool, pool_range


class _OfACluster(Protocol):
    @property
    def cluster_id(self) -> int: ...


AnyRow = TypeVar("AnyRow", bound=_OfACluster)


def _of(cluster: ClusterRow, rows: Iterable[AnyRow]) -> Iterator[AnyRow]:
    return (row for row in rows if row.cluster_id == cluster.id)
