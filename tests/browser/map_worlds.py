"""Other pools than the cast's, made of the cast's rows: what maps must also show."""

from ipamweb.addressing.ranges import parse_cidr
from ipamweb.mirror.models import Allocation, Block, Node, PoolRange
from tests import cast


def cut(cidr: str, length: int, *, pool: int = 1) -> None:
    """Let the pool be of one range, cut into blocks of a length."""
    bounds = parse_cidr(cidr)
    PoolRange.objects.filter(pool_id=pool).update(
        first=bounds.first, last=bounds.last, block_prefix_length=length
    )


def move_block(number: int, cidr: str) -> None:
    bounds = parse_cidr(cidr)
    Block.objects.filter(pk=number).update(first=bounds.first, last=bounds.last)


def with_large_blocks(cidr: str = "10.0.0.0/12") -> None:
    """A pool of /24s in which three nodes have the first three."""
    cut(cidr, 24)
    for number in (1, 2, 3):
        move_block(number, f"10.0.{number - 1}.0/24")
    Allocation.objects.filter(block_id__in=(2, 3)).update(block_id=1, node_id=1)


def with_wide_ipv6_blocks() -> None:
    """A pool of /64s; one address is held far from the others of its block."""
    cut("fd00::/56", 64, pool=2)
    for number in (4, 5, 6):
        move_block(number, f"fd00:0:0:{number - 4:x}::/64")
    Allocation.objects.filter(block_id__in=(5, 6)).update(block_id=4, node_id=1)
    far = Allocation.objects.filter(block_id=4).order_by("-address")[0]
    far.address = parse_cidr("fd00::3:1a07/128").first
    far.save()


def without_blocks() -> None:
    Block.objects.update(valid_to=cast.NOW, to_latest=cast.NOW)


def full() -> None:
    Node.objects.update(slots_used=14, slots_total=14, slots_free=0)


def overlapping() -> None:
    """Two blocks of /24s in one place."""
    with_large_blocks()
    move_block(2, "10.0.0.0/25")


def large() -> None:
    with_large_blocks("10.0.0.0/8")
