"""What decides opened / closed for blocks, node addresses and pool ranges. Pure.

An object that was seen states all of its blocks and addresses: what is mirrored of it
and not stated any more has ended. Not here: pods (plan.py), writing (apply_space.py).
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from ipamweb.addressing import records
from ipamweb.addressing.ranges import Range
from ipamweb.sync.changes import Bounds, Gone, GoneHow, SeenHow
from ipamweb.sync.plan import Closing, Ending, KnownAllocation, Opening

NODE_KINDS: tuple[records.Kind, ...] = ("router", "health", "ingress", "node")


def owner_key(object_uid: str, kind: str) -> str:
    """Return the owner of an address that a node's object states (data model, 2)."""
    return f"node:{object_uid}:{kind}"


@dataclass(slots=True)
class SpaceObject:
    """A Node or a CiliumNode as it was seen: its blocks and its addresses, and of a
    CiliumNode what else it says of its node.

    `is_doubtful`: a field of it could not be read, so what it does not state may be
    there all the same, and ends nothing.
    """

    uid: str
    sequence: int
    blocks: list[records.Block] = field(default_factory=list)
    addresses: list[records.NodeAddress] = field(default_factory=list)
    is_doubtful: bool = False
    record: records.NodeRecord | None = None

    @property
    def how(self) -> SeenHow:
        """What it was seen in: only a stream has an order."""
        return "watch" if self.sequence else "list"


@dataclass(slots=True)
class KnownBlock:
    """An open block as it is mirrored."""

    id: int
    object_uid: str
    range: Range
    node: str
    valid_from: datetime
    system: str = ""
    capacity_rule: str = ""


@dataclass(slots=True)
class KnownAddress(KnownAllocation):
    """An open allocation of a node's object; `node` is None while it is not known."""

    owner_key: str = ""
    node: int | None = None


@dataclass(slots=True)
class SpacePlan:
    """What to write: new blocks, ended ones, openings with their record, closings."""

    new_blocks: list[records.Block] = field(default_factory=list)
    ended_blocks: list[KnownBlock] = field(default_factory=list)
    openings: list[tuple[Opening, records.NodeAddress]] = field(default_factory=list)
    closings: list[Closing] = field(default_factory=list)

    @property
    def changes_anything(self) -> bool:
        return bool(
            self.new_blocks or self.ended_blocks or self.openings or self.closings
        )


def plan_space(
    seen: Sequence[SpaceObject],
    *,
    gone: Sequence[Gone],
    blocks: Iterable[KnownBlock],
    addresses: Iterable[KnownAddress],
    bounds: Bounds,
) -> SpacePlan:
    """Return what the objects, as they are now, make of mirrored blocks and addresses.

    `blocks` and `addresses` must hold all that is open of the objects seen and gone. Of
    several states of one object inside a drain the last counts.
    """
    plan = SpacePlan()
    by_object = _by_object(blocks)
    by_owner = _by_owner(addresses)
    for each in {each.uid: each for each in seen}.values():
        _plan_blocks(plan, each, by_object.get(each.uid, []))
        _plan_addresses(plan, each, by_owner.get(each.uid, []), bounds)
    for change in gone:
        plan.ended_blocks += by_object.get(change.uid, [])
        plan.closings += [
            _closing(known, change.how, change.sequence, bounds)
            for known in by_owner.get(change.uid, [])
        ]
    return plan


def _by_object(blocks: Iterable[KnownBlock]) -> dict[str, list[KnownBlock]]:
    grouped: dict[str, list[KnownBlock]] = {}
    for block in blocks:
        grouped.setdefault(block.object_uid, []).append(block)
    return grouped


def _by_owner(addresses: Iterable[KnownAddress]) -> dict[str, list[KnownAddress]]:
    grouped: dict[str, list[KnownAddress]] = {}
    for known in addresses:
        uid = known.owner_key.removeprefix("node:").rpartition(":")[0]
        grouped.setdefault(uid, []).append(known)
    return grouped


def _plan_blocks(plan: SpacePlan, seen: SpaceObject, known: list[KnownBlock]) -> None:
    wanted = {_block_identity(block): block for block in seen.blocks}
    for block in known:
        stated = wanted.pop(_block_identity(block), None) is not None
        if not stated and not seen.is_doubtful:
            plan.ended_blocks.append(block)
    plan.new_blocks += wanted.values()


def _block_identity(block: records.Block | KnownBlock) -> tuple[Range, str, str]:
    return block.range, block.node, block.capacity_rule


def _plan_addresses(
    plan: SpacePlan, seen: SpaceObject, known: list[KnownAddress], bounds: Bounds
) -> None:
    wanted = {
        (owner_key(seen.uid, each.kind), each.address): each for each in seen.addresses
    }
    for held in known:
        stated = wanted.pop((held.owner_key, held.address), None) is not None
        if not stated and not seen.is_doubtful:
            plan.closings.append(_closing(held, "ip-change", seen.sequence, bounds))
    for (key, address), record in wanted.items():
        from_earliest, valid_from = bounds.opening(None)
        opening = Opening(
            address, key, seen.how, seen.sequence, from_earliest, valid_from
        )
        plan.openings.append((opening, record))


def _closing(
    known: KnownAddress, how: GoneHow, sequence: int, bounds: Bounds
) -> Closing:
    valid_to, to_latest = bounds.closing(known.valid_from)
    return Closing(known, Ending(how, sequence, valid_to, to_latest))


@dataclass(frozen=True, slots=True)
class KnownRange:
    """An open range of a pool as it is mirrored."""

    id: int
    range: Range
    block_prefix_length: int | None


def plan_ranges(
    wanted: Sequence[records.PoolRange], *, known: Sequence[KnownRange]
) -> tuple[list[records.PoolRange], list[KnownRange]]:
    """Return the ranges to open and those to end, so that the pool has those wanted.

    A range whose block size changed is another range.
    """
    have = {(each.range, each.block_prefix_length): each for each in known}
    new = [
        each
        for each in wanted
        if have.pop((each.range, each.block_prefix_length), None) is None
    ]
    return new, list(have.values())
