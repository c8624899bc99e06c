"""The pools of a cluster, and one pool with its blocks."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass

from ipamweb.mirror.queries.blocks import BlockRow
from ipamweb.mirror.queries.clusters import ClusterRow
from ipamweb.mirror.queries.pools import PoolFilter, PoolRow
from ipamweb.mirror.queries.slots import NodeSlots, Slots
from ipamweb.usage.queries import PoolsUsage
from ipamweb.web import drawing, sparks
from ipamweb.web.drawing import Bar
from ipamweb.web.pages.lists import Pager
from ipamweb.web.pages.tables import TablePart, ViewTools
from ipamweb.web.pages.usage import UsagePart
from ipamweb.web.paths import path_to
from ipamweb.web.shell import Shell
from ipamweb.web.sparks import Spark


@dataclass(frozen=True, slots=True)
class PoolLine:
    """A pool in a table. `blocks` is None where it is not cut into blocks; `held` is
    None in IPv6, whose addresses have no share. `slots` and `spark` are None where they
    were not asked for, `spark` before the first sample too."""

    pool: PoolRow
    path: str
    block_size: str
    tiers: Bar
    blocks: Bar | None
    held: Bar | None
    slots: Bar | None = None
    spark: Spark | None = None


@dataclass(frozen=True, slots=True)
class PoolLines:
    """Pools with slots and lines over `span`: "14 days"; empty before any sample.

    `with_slots` is False of the past: which of its nodes' slots were used is told on
    the map.
    """

    lines: tuple[PoolLine, ...]
    span: str
    with_slots: bool = True


@dataclass(frozen=True, slots=True)
class PoolsPage:
    shell: Shell
    cluster: ClusterRow
    table: TablePart
    tools: ViewTools
    # What of all pools is shown, in words; "" all.
    filtered_by: str
    pager: Pager


def filter_words(wanted: PoolFilter) -> str:
    """Return what a filter lets through, in words: "family 4, system cilium"."""
    return ", ".join(
        f"{name} {value}" for name, value in asdict(wanted).items() if value
    )


@dataclass(frozen=True, slots=True)
class BlockLine:
    """A block in the table of its pool; `held` is None in IPv6."""

    block: BlockRow
    held: Bar | None


@dataclass(frozen=True, slots=True)
class MapLink:
    """The map of one CIDR of the pool."""

    words: str
    path: str


@dataclass(frozen=True, slots=True)
class PoolPage:
    shell: Shell
    cluster: ClusterRow
    line: PoolLine
    maps: tuple[MapLink, ...]
    blocks: tuple[BlockLine, ...]
    pager: Pager
    usage: UsagePart | None


def pool_lines(
    cluster: ClusterRow,
    pools: Sequence[PoolRow],
    *,
    slots: NodeSlots | None,
    usage: PoolsUsage,
) -> PoolLines:
    """Return the pools, each with its line."""
    courses = {
        pool: sparks.headline(each)
        for pool, each in usage.by_pool.items()
        if pool in {each.id for each in pools}
    }
    first = next((course for _, course in courses.values()), None)
    return PoolLines(
        lines=tuple(
            pool_line(
                cluster,
                pool,
                slots=slots.by_pool.get(pool.id, Slots()) if slots else None,
                spark=sparks.spark(*courses[pool.id]) if pool.id in courses else None,
            )
            for pool in pools
        ),
        span=sparks.span_words(first.start, first.end) if first else "",
        with_slots=slots is not None,
    )


def caption(pools: PoolLines) -> str:
    """Return how the table is read: what the bar and the lines say."""
    words = (
        "Pools. In the bar, light is blocks assigned to nodes, solid is IPv4 addresses "
        "held; the tick stands at 85 %."
    )
    if pools.with_slots:
        words += " Pod slots are those of the nodes with a block of the pool."
    if pools.with_slots and pools.span:
        words += " The lines show how the slots used went, each in its own scale."
    return words


def pool_line(
    cluster: ClusterRow,
    pool: PoolRow,
    *,
    slots: Slots | None = None,
    spark: Spark | None = None,
) -> PoolLine:
    numbers = pool.numbers
    held = None
    if pool.family == 4:
        held = drawing.bar(numbers.allocated, numbers.capacity)
    blocks = None
    tiers = held or drawing.Bar(words="", share="", used="")
    if pool.blocks_total is not None:
        assigned = (pool.blocks_assigned, pool.blocks_total)
        used = (numbers.allocated, numbers.capacity) if held else None
        blocks = drawing.bar(*assigned)
        tiers = drawing.two_tiers(assigned, used=used)
    return PoolLine(
        pool=pool,
        path=path_to("pool", cluster.slug, pool.slug),
        block_size=block_size(pool),
        tiers=tiers,
        blocks=blocks,
        held=held,
        slots=drawing.bar(slots.used, slots.total) if slots else None,
        spark=spark,
    )


def map_links(cluster: ClusterRow, pool: PoolRow) -> tuple[MapLink, ...]:
    ranges = [each.range for each in pool.ranges]
    return tuple(
        MapLink(
            words=str(each),
            path=f"{path_to('pool', cluster.slug, pool.slug)}map/{each}",
        )
        for each in ranges
        if each.prefix_length is not None
    )


def block_line(block: BlockRow) -> BlockLine:
    numbers = block.numbers
    is_v4 = numbers.family == 4
    return BlockLine(
        block, drawing.bar(numbers.allocated, numbers.capacity) if is_v4 else None
    )


def block_size(pool: PoolRow) -> str:
    """Return the prefix length of a pool's blocks: "/24", "/24 and /26"."""
    lengths = {each.block_prefix_length for each in pool.ranges}
    return " and ".join(f"/{length}" for length in sorted(filter(None, lengths)))
