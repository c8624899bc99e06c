"""What stands beside the map: the numbers of one CIDR, or who holds one address."""

from collections import Counter
from dataclasses import asdict, dataclass, replace

from ipamweb.addressing.ranges import format_address
from ipamweb.mirror.queries.map_addresses import AddressRow
from ipamweb.mirror.queries.map_children import Level
from ipamweb.mirror.queries.map_ground import GroundBlock
from ipamweb.web import drawing, formatting
from ipamweb.web.drawing import Bar
from ipamweb.web.pages.map_rows import AddressLine, address_lines, name_of
from ipamweb.web.paths import path_to
from ipamweb.web.tiles import MEANINGS

MOST_NAMESPACES = 5
CHANGES = {
    "new": ("+", "New"),
    "gone": ("−", "Gone"),
    "changed": ("~", "Changed hands"),
}


@dataclass(frozen=True, slots=True)
class Fact:
    words: str
    value: str
    path: str = ""


@dataclass(frozen=True, slots=True)
class Panel:
    """`sentence` says at once what it is; `dive` is empty for an address."""

    title: str
    sentence: str
    facts: tuple[Fact, ...]
    slots: Bar | None
    dive: str
    address_path: str


def of_blocks(level: Level, *, cluster: str) -> Panel:
    """Return the panel of a CIDR from the blocks that share addresses with it."""
    blocks = level.blocks
    inside = [block for block in blocks if level.bounds.covers(block.range)]
    nodes = {block.node_id: block for block in inside or blocks}.values()
    used = sum(block.slots_used for block in nodes)
    total = sum(block.slots_total for block in nodes)
    facts = [*_where(list(nodes), level, cluster=cluster)]
    if len(inside) != 1 or inside[0].range != level.bounds:
        facts.append(Fact("Blocks assigned", _assigned(level, inside)))
    held = sum(block.allocated for block in inside)
    room = sum(block.capacity for block in inside)
    if inside:
        family = level.bounds.family
        free = formatting.addresses(sum(block.free for block in inside), family)
        facts += [
            Fact("Addresses held", formatting.count(held)),
            Fact("Capacity", formatting.addresses(room, family)),
            Fact("Free", free),
        ]
    facts += _owners(level.addresses)
    facts += _differences(level)
    return Panel(
        title=name_of(level.bounds),
        sentence=_sentence(level, blocks),
        facts=tuple(facts),
        slots=drawing.bar(used, max(used, total)) if nodes else None,
        dive=f"{path_to('pool', cluster, level.where.pool)}map/{level.bounds}",
        address_path="",
    )


def beside_windows(panel: Panel) -> Panel:
    """Return the panel of a block too large for shares: without them."""
    if panel.slots is None:
        return panel
    slots = Fact("Pod slots used", panel.slots.words)
    return replace(panel, slots=None, facts=(slots, *panel.facts))


def of_address(level: Level, *, cluster: str) -> Panel:
    """Return the panel of one address, from the level of it alone."""
    (line,) = address_lines(level.addresses, cluster=cluster)
    return Panel(
        title=line.name,
        sentence=line.words,
        facts=tuple(_address_facts(line)),
        slots=None,
        dive="",
        address_path=line.path,
    )


def _address_facts(line: AddressLine) -> list[Fact]:
    facts = []
    owner = line.row.owner
    if owner:
        facts.append(Fact("Held by", line.owner, line.owner_path))
        facts.append(Fact("Since", formatting.instant(owner.valid_from)))
    if line.row.node:
        facts.append(Fact("Node of the block", line.row.node, line.node_path))
    if line.row.block:
        facts.append(Fact("Block", str(line.row.block)))
    return facts


def _where(nodes: list[GroundBlock], level: Level, *, cluster: str) -> list[Fact]:
    if len(nodes) != 1:
        return [Fact("Nodes", formatting.count(len(nodes)))] if nodes else []
    block = nodes[0]
    facts = []
    if block.node:
        facts.append(Fact("Node", block.node, path_to("node", cluster, block.node)))
    if block.zone:
        facts.append(Fact("Zone", block.zone))
    if block.range != level.bounds:
        facts.append(Fact("Block", str(block.range)))
    return facts


def _differences(level: Level) -> list[Fact]:
    """Return how much differs between two instants; nothing where one is shown."""
    if level.is_of_addresses:
        counts = Counter(row.change for row in level.addresses if row.change)
        is_compared = any(row.compared for row in level.addresses)
    else:
        counts = Counter()
        found = [row.differences for row in level.rows if row.differences]
        for each in found:
            counts.update(asdict(each))
        is_compared = bool(found)
    if not is_compared:
        return []
    return [
        Fact(f"{mark} {words}", formatting.count(counts[name]))
        for name, (mark, words) in CHANGES.items()
    ]


def _assigned(level: Level, inside: list[GroundBlock]) -> str:
    length = level.where.block_prefix_length
    own = level.bounds.prefix_length or 0
    if length is None or length < own:
        return formatting.count(len(inside))
    return formatting.part_of(len(inside), 1 << (length - own))


def _sentence(level: Level, blocks: tuple[GroundBlock, ...]) -> str:
    if blocks:
        return ""
    length = level.where.block_prefix_length
    if length is None or level.bounds != level.where.range:
        return f"No node has a block here. Pool {level.where.pool} may hand it out."
    total = 1 << (length - (level.bounds.prefix_length or 0))
    free = formatting.addresses(total, level.bounds.family)
    first = format_address(level.bounds.first)
    return (
        f"No node has a block here: {free} blocks free; "
        f"the first node may take {first}/{length}."
    )


def _owners(rows: tuple[AddressRow, ...]) -> list[Fact]:
    """Return how many addresses each kind and the first namespaces hold."""
    held = [row.owner for row in rows if row.owner]
    kinds = Counter(MEANINGS.get(owner.kind, owner.kind) for owner in held)
    facts = [
        Fact(kind.capitalize(), formatting.count(n)) for kind, n in kinds.most_common()
    ]
    ending = sum(owner.state == "terminating" for owner in held)
    facts += [Fact("Terminating", formatting.count(ending))] if ending else []
    names = Counter(owner.namespace for owner in held if owner.namespace)
    top = names.most_common(MOST_NAMESPACES)
    if top:
        words = ", ".join(f"{name} {formatting.count(number)}" for name, number in top)
        facts.append(Fact("Most in", words))
    return facts
