"""A cluster's overview: sentences first, then pools, nodes, namespaces and churn."""

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from urllib.parse import urlencode

from django.urls import reverse

from ipamweb.mirror.queries import namespaces
from ipamweb.mirror.queries.clusters import ClusterRow, Fact
from ipamweb.mirror.queries.namespaces import NamespaceRow
from ipamweb.mirror.queries.paging import Order, Page
from ipamweb.mirror.queries.pools import PoolRow
from ipamweb.mirror.queries.problems import ProblemRow
from ipamweb.mirror.queries.slots import NodeSlots, Slots
from ipamweb.usage.queries import Churn
from ipamweb.web import drawing, formatting
from ipamweb.web.pages.nodes import NodeLine
from ipamweb.web.pages.pools import PoolLine, PoolLines, block_size
from ipamweb.web.paths import path_to
from ipamweb.web.shell import Shell
from ipamweb.web.sparks import ChurnChart, Histogram

# Fewer free slots than this is worth a sentence (ui: "needs attention").
FEW_SLOTS = 5
# Pools nearly given away that get a sentence each; the table below has all of them.
MOST_POOLS = 3


@dataclass(frozen=True, slots=True)
class Attention:
    """A sentence with a mark; `path` is where to look."""

    words: str
    path: str
    is_well: bool = False


@dataclass(frozen=True, slots=True)
class Room:
    """What is left of a pool: its name, and how the sentence goes on."""

    pool: str
    path: str
    words: str


@dataclass(frozen=True, slots=True)
class NamespaceLine:
    """A namespace in a short table, with a width for what it holds."""

    namespace: NamespaceRow
    width: str


@dataclass(frozen=True, slots=True)
class OverviewPage:
    """`room` says how much is left of the fullest pool; None where there is no pool.

    `is_known` is False of an instant before history starts.
    """

    shell: Shell
    cluster: ClusterRow
    systems: str
    room: Room | None
    attention: tuple[Attention, ...]
    pools: PoolLines
    fullest: tuple[NodeLine, ...]
    histogram: Histogram | None
    spread: str
    namespaces: tuple[NamespaceLine, ...]
    churn: ChurnChart | None
    last_hour: str
    facts: tuple[Fact, ...]
    is_known: bool = True


def by_size(cluster: ClusterRow) -> Order:
    """Return the order of namespaces by addresses held, in the first family."""
    is_v6_only = 6 in cluster.families and 4 not in cluster.families
    return namespaces.ORDERS["-allocated_v6" if is_v6_only else "-allocated_v4"]


def largest(found: Iterable[NamespaceRow], *, most: int) -> tuple[NamespaceRow, ...]:
    """Return the namespaces that hold most in the first family, the largest first."""

    def size(namespace: NamespaceRow) -> tuple[int, int]:
        held = next((number for _, number in namespace.allocated), 0)
        return -held, namespace.id

    return tuple(sorted(found, key=size)[:most])


def namespace_lines(found: tuple[NamespaceRow, ...]) -> tuple[NamespaceLine, ...]:
    """Return the namespaces with widths by what they hold in the first family."""
    held = [dict(each.allocated) for each in found]
    numbers = [next(iter(each.values()), 0) for each in held]
    most = max(numbers, default=0)
    return tuple(
        NamespaceLine(namespace, drawing.width(number, most))
        for namespace, number in zip(found, numbers, strict=True)
    )


def room(
    cluster: ClusterRow, pools: Iterable[PoolRow], *, slots: NodeSlots
) -> Room | None:
    """Return what is left of the pool that is given away most: its blocks, or its
    addresses where it is not cut, and the slots of its nodes."""
    fullest = max(pools, key=_share_given_away, default=None)
    if fullest is None:
        return None
    of_nodes = slots.by_pool.get(fullest.id, Slots())
    words = f"is the fullest pool: {_left(fullest)}"
    if of_nodes.nodes:
        free = formatting.part_of(of_nodes.total - of_nodes.used, of_nodes.total)
        words += f", and {free} pod slots of its nodes are free"
    path = path_to("pool", cluster.slug, fullest.slug)
    return Room(fullest.slug, path, f"{words}.")


def _share_given_away(pool: PoolRow) -> Fraction:
    part, whole = pool.blocks_assigned, pool.blocks_total
    if whole is None:
        part, whole = pool.numbers.allocated, pool.numbers.capacity
    return Fraction(part, whole) if whole else Fraction(0)


def _left(pool: PoolRow) -> str:
    if pool.blocks_total is None:
        free = formatting.addresses(pool.numbers.free, pool.family)
        return f"{free} of its addresses are free"
    left = max(0, pool.blocks_total - pool.blocks_assigned)
    whole = f"{formatting.count(pool.blocks_total)} {block_size(pool)} blocks"
    if not left:
        return f"none of its {whole} is left, so a further node gets none"
    verb = "is" if left == 1 else "are"
    return f"{formatting.count(left)} of its {whole} {verb} left"


def attention(
    cluster: ClusterRow,
    fullest: tuple[NodeLine, ...],
    *,
    pools: tuple[PoolLine, ...],
    problems: Page[ProblemRow],
) -> tuple[Attention, ...]:
    """Return the sentences that come first: what a person should look at."""
    found = list(_near_full(pools))
    few = [line for line in fullest if line.node.slots_free < FEW_SLOTS]
    if few:
        number = _number_of(few, fullest, noun="node")
        verb = "has" if number == "1 node" else "have"
        words = f"{number} {verb} fewer than {FEW_SLOTS} free pod slots"
        nodes_path = f"{path_to('nodes', cluster.slug)}?sort=slots_free"
        found.append(Attention(words, nodes_path))
    if cluster.findings:
        number = formatting.plural(cluster.findings, "finding")
        verb = "is" if cluster.findings == 1 else "are"
        query = urlencode({"cluster": cluster.slug})
        path = f"{reverse('findings')}?{query}"
        found.append(Attention(f"{number} {verb} open", path))
    if problems.rows:
        number = formatting.plural(len(problems.rows), "object")
        beginning = f"More than {number}" if problems.next else number
        words = f"{beginning} could not be read whole"
        found.append(Attention(words, path_to("problems", cluster.slug)))
    if not found and _is_seen(cluster):
        words = (
            f"Every node has at least {FEW_SLOTS} free pod slots, and every object "
            "could be read."
        )
        found.append(Attention(words, "", is_well=True))
    return tuple(found)


def _is_seen(cluster: ClusterRow) -> bool:
    """Say whether nothing stands in the way of calling it well; of an instant, whether
    it does not lie in a gap."""
    fresh = cluster.freshness
    if cluster.at:
        return fresh.gap_since is None
    return bool(fresh.as_of and not fresh.stale and not fresh.last_error)


def spread(slots: NodeSlots) -> str:
    """Return how the nodes are spread, in a sentence; "" of no node."""
    if not slots.of_nodes:
        return ""
    half, most, fullest = (
        formatting.share(*slots.at_share(share)) for share in (0.5, 0.95, 1.0)
    )
    return (
        f"Half of the nodes use {half} of their pod slots or less, 19 in 20 use {most} "
        f"or less; the fullest uses {fullest}."
    )


def last_hour(churn: Churn) -> str:
    """Return what came and went in the last hour; "" where nothing was seen."""
    opened, closed = churn.hours[-1]
    if opened is None or closed is None:
        return ""
    return f"+{formatting.count(opened)} −{formatting.count(closed)}"


def _near_full(pools: tuple[PoolLine, ...]) -> Iterable[Attention]:
    full = [line for line in pools if line.blocks and line.blocks.mark]
    for line in full[:MOST_POOLS]:
        if line.blocks:
            words = (
                f"{line.pool.slug} has {line.blocks.words} {line.block_size} blocks "
                "assigned"
            )
            yield Attention(words, line.path)


def _number_of(few: list[NodeLine], shown: tuple[NodeLine, ...], *, noun: str) -> str:
    """Return how many, or "At least" that many where all that were asked for are."""
    number = formatting.plural(len(few), noun)
    return f"At least {number}" if len(few) == len(shown) > 1 else number
