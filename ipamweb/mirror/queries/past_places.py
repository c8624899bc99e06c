"""In which block and pool of an instant addresses lay, and how many were held there.

A row of an allocation knows the block it lies in now; that of then is found by the
address. The database counts by runs of addresses that no block of then cuts: /120s
where blocks are no smaller.
"""

from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol

from django.db.models import BinaryField, Case, Count, F, Q, QuerySet, When
from django.db.models.functions import Substr

from ipamweb.addressing import capacity
from ipamweb.addressing.ranges import Range
from ipamweb.mirror.fields import AddressField
from ipamweb.mirror.models import Block
from ipamweb.mirror.queries import past_counts
from ipamweb.mirror.queries.allocation_filters import inside
from ipamweb.mirror.queries.blocks import Held
from ipamweb.mirror.queries.clusters import ClusterRow
from ipamweb.mirror.queries.past_counts import Where
from ipamweb.mirror.queries.past_filters import FEW_ADDRESSES
from ipamweb.mirror.scope import Scope

# So few blocks are found sooner by their addresses than by the bins of time.
FEW_BLOCKS = 8
# Sets nothing aside: for blocks of which that is not asked.
RULE = "calico-block"
_BYTES = 16
_COLUMNS = (
    "id", "network", "first", "last", "node_id", "pool_id", "capacity_rule",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Spot:
    """A block of an instant."""

    id: int
    network: str
    range: Range
    node_id: int | None
    pool_id: int | None
    capacity_rule: str

    def sets_aside(self, address: int) -> bool:
        """Say whether its rule sets an address aside."""
        return address in capacity.reserved_addresses(self.range, self.capacity_rule)


class Placed(Protocol):
    """A block with its node."""

    @property
    def id(self) -> int: ...
    @property
    def range(self) -> Range: ...
    @property
    def node_id(self) -> int | None: ...


@dataclass(frozen=True, slots=True)
class Share:
    """`number` addresses held at an instant in the run that begins at `first`, by one
    kind of owner; `spot` is the block they lay in, None in no block.

    `is_reserved`: the allocator sets them aside.
    """

    spot: Spot | None
    network: str
    first: int
    kind: str
    number: int
    is_reserved: bool


@dataclass(slots=True)
class Tally:
    """How many addresses of something were held."""

    total: int = 0
    reserved: int = 0
    kinds: dict[str, int] = field(default_factory=dict)

    def add(self, share: Share) -> None:
        self.total += share.number
        self.kinds[share.kind] = self.kinds.get(share.kind, 0) + share.number
        self.reserved += share.number * share.is_reserved

    @property
    def held(self) -> Held:
        return Held(self.total, self.reserved, self.kinds)


class Spots:
    """Blocks of one network by address. Of several that hold an address it lies in that
    of its own node, else in the one that begins last."""

    def __init__(self, spots: Iterable[Spot]) -> None:
        self.spots = sorted(
            spots, key=lambda each: (each.range.first, -each.range.last)
        )
        self._firsts = [each.range.first for each in self.spots]
        self._around = self._outer()

    def holding(self, address: int, *, node_id: int | None = None) -> Spot | None:
        around = [each for each in self._back(address) if each.range.last >= address]
        own = (each for each in around if each.node_id == node_id)
        return next(own, around[0] if around else None)

    def _back(self, address: int) -> Iterator[Spot]:
        place = bisect_right(self._firsts, address) - 1
        while place >= 0:
            yield self.spots[place]
            place = self._around[place]

    def _outer(self) -> list[int]:
        """Return for each block the place of the one before it that ends no sooner: an
        address behind the end of the first can lie in none between."""
        found: list[int] = []
        open_: list[int] = []
        for place, each in enumerate(self.spots):
            while open_ and self.spots[open_[-1]].range.last < each.range.last:
                open_.pop()
            found.append(open_[-1] if open_ else -1)
            open_.append(place)
        return found


def with_nodes(
    rows: Iterable[tuple[Any, ...]], blocks: Sequence[Placed]
) -> Iterator[tuple[Any, ...]]:
    """Yield rows of (address, …, node, node of its block) with the node that had the
    block around the address at the instant that the blocks are of."""
    spots = Spots(
        Spot(each.id, "", each.range, each.node_id, None, RULE) for each in blocks
    )
    for address, *facts, node_id, _ in rows:
        spot = spots.holding(address, node_id=node_id)
        yield address, *facts, node_id, spot.node_id if spot else None


def of_blocks(query: QuerySet[Block, Any]) -> list[Spot]:
    """Return the blocks of a query. One query."""
    rows = query.order_by("first", "id").values_list(*_COLUMNS)
    return [
        Spot(pk, network, Range(first, last), *rest)
        for pk, network, first, last, *rest in rows
    ]


def by_block(shares: Iterable[Share]) -> dict[int, Tally]:
    """Return what was held in each block, by the block's id."""
    tallies: dict[int, Tally] = defaultdict(Tally)
    for share in shares:
        if share.spot:
            tallies[share.spot.id].add(share)
    return tallies


def strays(shares: Iterable[Share], bounds: Range, *, size: int) -> Counter[int]:
    """Return how many addresses were held in each part of a range, parts of one size by
    number, outside of all blocks and in blocks that are larger than a part."""
    found: Counter[int] = Counter()
    for share in shares:
        is_inside = share.spot is not None and share.spot.range.size <= size
        if share.network == "" and not is_inside and bounds.contains(share.first):
            found[(share.first - bounds.first) // size] += share.number
    return found


def shares(
    ranges: Sequence[Range],
    *,
    spots: Sequence[Spot],
    cluster: ClusterRow,
    at: datetime,
    scope: Scope,
) -> Iterator[Share]:
    """Yield what was held for certain in some ranges, part by part: no part lies in two
    blocks, and none in two ranges. One query.

    Where there are many ranges, what lies between them is told too.
    """
    if not ranges:
        return
    length = _run_bytes([*ranges, *(each.range for each in spots)])
    by_network: dict[str, list[Spot]] = defaultdict(list)
    for each in spots:
        by_network[each.network].append(each)
    index = {network: Spots(those) for network, those in by_network.items()}
    nowhere = Spots(())
    for network, start, edge, node_id, kind, number in _counted(
        _where(ranges), length, _last_bytes_aside(spots), cluster=cluster, at=at
    ):
        first = int.from_bytes(bytes(start), "big") << 8 * (_BYTES - length)
        spot = index.get(network, nowhere).holding(first, node_id=node_id)
        is_reserved = spot is not None and edge is not None and spot.sets_aside(edge)
        yield Share(spot, network, first, kind, number, is_reserved)


def _counted(
    where: Where, length: int, tails: list[int], *, cluster: ClusterRow, at: datetime
) -> Iterable[Any]:
    """Return (network, run, address, node, kind, how many); `address` is that of a row
    that ends in one of some bytes, else None."""
    last_byte = Substr("address", _BYTES, 1, output_field=BinaryField())
    ends = [bytes([each]) for each in tails]
    edge = Case(
        When(last_byte__in=ends, then=F("address")),
        default=None,
        output_field=AddressField(),
    )
    # Of open ones `held` has one for each address.
    numbers = (Count("*"), Count("address", distinct=True))
    parts = [
        query.annotate(
            run=Substr("address", 1, length, output_field=BinaryField()),
            last_byte=last_byte,
        )
        .annotate(edge=edge)
        .values("network", "run", "edge", "node_id", "kind")
        .annotate(n=number)
        .values_list("network", "run", "edge", "node_id", "kind", "n")
        for query, number in zip(
            past_counts.held(where, cluster=cluster, at=at), numbers, strict=True
        )
    ]
    rows: Iterable[Any] = parts[0].union(*parts[1:], all=True)
    return rows


def _where(ranges: Sequence[Range]) -> Where:
    condition = Q()
    if len(ranges) <= FEW_BLOCKS and all(map(_is_small, ranges)):
        for each in ranges:
            condition |= inside(each)
        return Where(condition, is_narrow=True)
    runs: dict[int, Range] = {}
    for each in ranges:
        run = runs.get(each.family, each)
        runs[each.family] = Range(min(run.first, each.first), max(run.last, each.last))
    for run in runs.values():
        condition |= inside(run)
    return Where(condition)


def _is_small(bounds: Range) -> bool:
    """Say whether a range is no more than a node is given."""
    return bounds.size <= (FEW_ADDRESSES if bounds.family == 4 else 1 << 64)


def _run_bytes(ranges: Iterable[Range]) -> int:
    """Return how many bytes the addresses of a run share: the fewest for which no run
    crosses the bounds of a range."""
    cut = 0
    for each in ranges:
        cut |= each.first | each.last + 1
    trailing = (cut & -cut).bit_length() - 1
    return max(1, _BYTES - trailing // 8)


def _last_bytes_aside(spots: Iterable[Spot]) -> list[int]:
    """Return the last bytes of the addresses that allocators set aside.

    They stand at the ends of a block: blocks of one rule and size have the same, but
    for small ones, which are cut at any byte.
    """
    found: set[int] = set()
    known = set()
    for each in spots:
        first, last = each.range.first, each.range.last
        like = (each.capacity_rule, last - first, first >> 32, first & 0xFF)
        if like not in known:
            known.add(like)
            aside = capacity.reserved_addresses(each.range, each.capacity_rule)
            found |= {address & 0xFF for address in aside}
    return sorted(found)
