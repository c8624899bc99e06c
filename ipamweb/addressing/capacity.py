"""How many addresses an allocator can hand out of a range: the sums, only here.

size = reserved + unreachable + capacity, for a block, a pool, both families alike.
The names of rules are stored (`capacity_rule`); a name never changes its meaning.
Not here: what is allocated, and reservations that an object states (Whereabouts
`exclude`, Kube-OVN `excludeIps`, Calico IPReservation): those are records.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from ipamweb.addressing.ranges import ADDRESS_BITS, Range
from ipamweb.addressing.records import PoolRange


@dataclass(frozen=True, slots=True)
class Numbers:
    """The parts of a range. size == reserved + unreachable + capacity, always.

    `reserved` is set aside by rule (network, broadcast, gateway); `unreachable` is what
    the allocator cannot hand out whatever happens.
    """

    size: int
    reserved: int
    unreachable: int
    capacity: int

    def __post_init__(self) -> None:
        if self.size != self.reserved + self.unreachable + self.capacity:
            raise ValueError(f"{self} does not add up")


@dataclass(frozen=True, slots=True)
class Slots:
    """How many pods a node runs, and how many more it takes. total == used + free."""

    used: int
    free: int
    total: int


@dataclass(frozen=True, slots=True)
class Rule:
    """What an allocator sets aside of each range it hands out from.

    `first` and `last`: how many addresses at either end, for IPv4 and for IPv6. A range
    of up to `whole` addresses loses none. `bitmap`: an IPv6 range is handed out from a
    bitmap of 65,536 bits, and what lies beyond is unreachable.
    """

    first: tuple[int, int]
    last: tuple[int, int]
    whole: int = 0
    bitmap: bool = False


IPV6_BITMAP = 65_536

RULES = {
    # 2^h - 2; nothing of /31, /32, /127, /128; IPv6 at most 65,534. Source: cilium
    # pkg/ipam/service/ipallocator/allocator.go.
    "cilium-host-scope": Rule((1, 1), (1, 1), bitmap=True),
    # The same, but /31 -> 2 and /32 -> 1. Source: cilium operator/pkg/ipam/allocator/
    # multipool/pool_allocator_test.go; the agent has the same bitmap.
    "cilium-multi-pool": Rule((1, 1), (1, 1), whole=2, bitmap=True),
    # Network and gateway, and the IPv4 broadcast. Source: containernetworking/plugins
    # plugins/ipam/host-local/backend/allocator/range.go.
    "host-local": Rule((2, 2), (1, 0)),
    # All of them on Linux; Windows takes the first three and the last. Source: calico
    # libcalico-go/lib/ipam/ipam_block.go.
    "calico-block": Rule((0, 0), (0, 0)),
    "calico-block-windows": Rule((3, 3), (1, 1)),
    # Network and broadcast in both families; the gateway is handed out unless excluded.
    # Source: whereabouts pkg/iphelpers.
    "whereabouts": Rule((1, 1), (1, 1)),
    # Network, gateway .1, management port .2 (hybrid overlay .3), IPv4 broadcast.
    # Source: ovn-kubernetes go-controller/pkg/allocator/ip/allocator.go,
    # go-controller/pkg/util/net.go.
    "ovn-kubernetes": Rule((3, 3), (1, 0), bitmap=True),
    "ovn-kubernetes-hybrid": Rule((4, 4), (1, 0), bitmap=True),
    # 2^h - 2, all where h < 2; the gateway stands in `excludeIps`. Source: kube-ovn
    # pkg/controller/subnet_status.go.
    "kube-ovn": Rule((1, 1), (1, 1), whole=2),
    # antrea-gw0 takes the first host, the rest is host-local's. Source: antrea
    # pkg/agent/agent.go.
    "antrea": Rule((2, 2), (1, 0)),
    # IPv4 2^h - 2, IPv6 2^h - 1. Source: kubernetes
    # pkg/registry/core/service/ipallocator/ipallocator.go.
    "service-cidr": Rule((1, 1), (1, 0)),
    # All of them (`avoidBuggyIPs` makes reservations). Source: metallb
    # internal/allocator.
    "metallb": Rule((0, 0), (0, 0)),
    # An allocator we do not know (data model, section 4).
    "assumed": Rule((1, 1), (1, 1)),
}


def block_numbers(block: Range, rule: str) -> Numbers:
    """Return the numbers of one block.

    10.0.2.0/24, cilium-host-scope -> size 256, reserved 2, unreachable 0, capacity 254.
    Raises ValueError for a rule that has no name here.
    """
    size = block.size
    first, last = _set_aside(block, rule)
    reserved = min(size, first + last)
    reachable = min(size, IPV6_BITMAP) if _has_bitmap(block, rule) else size
    capacity = max(0, reachable - first - last)
    return Numbers(size, reserved, size - reserved - capacity, capacity)


def reserved_addresses(block: Range, rule: str) -> tuple[int, ...]:
    """Return the addresses of a block that its rule sets aside, in order.

    As many as block_numbers counts: 10.0.2.0/24, cilium-host-scope -> .0 and .255.
    """
    first, last = _set_aside(block, rule)
    return (
        *range(block.first, min(block.first + first, block.last + 1)),
        *range(max(block.last + 1 - last, block.first + first), block.last + 1),
    )


def rule_named(rule: str) -> Rule:
    """Return the rule of a name; raises ValueError for one that has no name here."""
    try:
        return RULES[rule]
    except KeyError:
        raise ValueError(
            f"{rule!r} is no capacity rule; there are {', '.join(sorted(RULES))}"
        ) from None


def _set_aside(block: Range, rule: str) -> tuple[int, int]:
    """Return how many addresses at either end of a block are not handed out."""
    named = rule_named(rule)
    if block.size <= named.whole:
        return 0, 0
    index = 0 if block.family == 4 else 1
    return named.first[index], named.last[index]


def _has_bitmap(block: Range, rule: str) -> bool:
    return block.family == 6 and rule_named(rule).bitmap


def block_count(pool_range: PoolRange) -> int:
    """Return how many blocks a range of a pool is cut into; 1 if it is not cut.

    10.244.0.0/16 in blocks of /24 -> 256. 0 where the block is larger than the range.
    """
    size = _block_size(pool_range)
    first = -(-pool_range.range.first // size) * size
    return max(0, (pool_range.range.last + 1 - first) // size)


def blocks_total(ranges: Iterable[PoolRange]) -> int:
    """Return how many blocks a pool is cut into, over its ranges that are cut."""
    return sum(
        block_count(each) for each in ranges if each.block_prefix_length is not None
    )


def pool_numbers(ranges: Iterable[PoolRange], rule: str) -> Numbers:
    """Return the numbers of a pool: of each range, its blocks times those of one block.

    10.244.0.0/16 in /24, cilium-host-scope -> 65536, 512, 0, 65024. What is left of a
    range beside whole blocks is unreachable. A range that is not cut counts as one.
    """
    size = reserved = capacity = 0
    for each in ranges:
        count = block_count(each)
        one = block_numbers(_first_block(each), rule)
        size += each.range.size
        reserved += count * one.reserved
        capacity += count * one.capacity
    return Numbers(size, reserved, size - reserved - capacity, capacity)


def _block_size(pool_range: PoolRange) -> int:
    if pool_range.block_prefix_length is None:
        return pool_range.range.size
    bits = ADDRESS_BITS[pool_range.range.family]
    if not 0 <= pool_range.block_prefix_length <= bits:
        raise ValueError(f"/{pool_range.block_prefix_length} is no prefix length")
    return 1 << (bits - pool_range.block_prefix_length)


def _first_block(pool_range: PoolRange) -> Range:
    first = pool_range.range.first
    return Range(first, first + _block_size(pool_range) - 1)


def status_total(block: Range) -> int:
    """Return the total that Cilium's status line prints: 2^h - 2, in both families.

    254 for a /24, 18446744073709551614 for a /64 (65,534 of which can be handed out), 0
    for /31, /32, /127 and /128. Source: cilium pkg/ip/ip.go CountIPsInCIDR.
    """
    return max(0, block.size - 2)


def slots(
    max_pods: int | None, *, slots_used: int, free_by_family: Sequence[int]
) -> Slots:
    """Return a node's slots for pods (data model, section 4).

    `free_by_family`: the free addresses of each enabled family; 0 for one without a
    block, empty where addresses are not known. Where `max_pods` is None the slots are
    the addresses. slots(110, slots_used=30, free_by_family=[249]) -> 30, 80, 110.
    """
    limits = list(free_by_family)
    if max_pods is not None:
        limits.append(max_pods - slots_used)
    free = max(0, min(limits, default=0))
    return Slots(slots_used, free, slots_used + free)
