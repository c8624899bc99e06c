import pytest
from hypothesis import given
from hypothesis import strategies as st

from ipamweb.addressing import capacity
from ipamweb.addressing.capacity import Numbers, Slots
from ipamweb.addressing.ranges import LAST_ADDRESS, Range, format_address, parse_cidr
from ipamweb.addressing.records import PoolRange

TOP4 = "255.255.255.0/24"
TOP6 = "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ff00/120"
# 2**64, 2**64 - 2 and so on, written out.
ALL_64 = 18_446_744_073_709_551_616

# rule, block: size, reserved, unreachable, capacity
BLOCKS = [
    ("cilium-host-scope", "10.0.2.0/24", (256, 2, 0, 254)),
    ("cilium-host-scope", "10.0.0.0/8", (16_777_216, 2, 0, 16_777_214)),
    ("cilium-host-scope", "10.0.2.0/30", (4, 2, 0, 2)),
    ("cilium-host-scope", "10.0.2.0/31", (2, 2, 0, 0)),
    ("cilium-host-scope", "10.0.2.0/32", (1, 1, 0, 0)),
    ("cilium-host-scope", "fd00::/127", (2, 2, 0, 0)),
    ("cilium-host-scope", "fd00::/128", (1, 1, 0, 0)),
    ("cilium-host-scope", "fd00::/120", (256, 2, 0, 254)),
    ("cilium-host-scope", "fd00::/112", (65_536, 2, 0, 65_534)),
    ("cilium-host-scope", "fd00::/111", (131_072, 2, 65_536, 65_534)),
    (
        "cilium-host-scope",
        "fd00::/64",
        (ALL_64, 2, 18_446_744_073_709_486_080, 65_534),
    ),
    ("cilium-host-scope", TOP4, (256, 2, 0, 254)),
    ("cilium-host-scope", TOP6, (256, 2, 0, 254)),
    ("cilium-multi-pool", "10.0.2.0/24", (256, 2, 0, 254)),
    ("cilium-multi-pool", "10.0.2.0/30", (4, 2, 0, 2)),
    ("cilium-multi-pool", "10.0.2.0/31", (2, 0, 0, 2)),
    ("cilium-multi-pool", "10.0.2.0/32", (1, 0, 0, 1)),
    ("cilium-multi-pool", "fd00::/127", (2, 0, 0, 2)),
    ("cilium-multi-pool", "fd00::/128", (1, 0, 0, 1)),
    ("cilium-multi-pool", "fd00::/111", (131_072, 2, 65_536, 65_534)),
    ("cilium-multi-pool", TOP4, (256, 2, 0, 254)),
    ("cilium-multi-pool", TOP6, (256, 2, 0, 254)),
    ("host-local", "10.0.2.0/24", (256, 3, 0, 253)),
    ("host-local", "10.0.2.0/30", (4, 3, 0, 1)),
    ("host-local", "10.0.2.0/31", (2, 2, 0, 0)),
    ("host-local", "10.0.2.0/32", (1, 1, 0, 0)),
    ("host-local", "fd00::/120", (256, 2, 0, 254)),
    ("host-local", "fd00::/126", (4, 2, 0, 2)),
    ("host-local", "fd00::/127", (2, 2, 0, 0)),
    ("host-local", "fd00::/64", (ALL_64, 2, 0, 18_446_744_073_709_551_614)),
    ("host-local", TOP4, (256, 3, 0, 253)),
    ("host-local", TOP6, (256, 2, 0, 254)),
    ("calico-block", "10.244.0.64/26", (64, 0, 0, 64)),
    ("calico-block", "10.244.0.64/32", (1, 0, 0, 1)),
    ("calico-block", "fd00::/122", (64, 0, 0, 64)),
    ("calico-block", TOP4, (256, 0, 0, 256)),
    ("calico-block", TOP6, (256, 0, 0, 256)),
    ("calico-block-windows", "10.244.0.64/26", (64, 4, 0, 60)),
    ("calico-block-windows", "10.244.0.64/31", (2, 2, 0, 0)),
    ("calico-block-windows", "fd00::/122", (64, 4, 0, 60)),
    ("calico-block-windows", TOP4, (256, 4, 0, 252)),
    ("calico-block-windows", TOP6, (256, 4, 0, 252)),
    ("whereabouts", "192.0.2.0/24", (256, 2, 0, 254)),
    ("whereabouts", "192.0.2.0/31", (2, 2, 0, 0)),
    ("whereabouts", "192.0.2.0/32", (1, 1, 0, 0)),
    ("whereabouts", "fd00::/120", (256, 2, 0, 254)),
    ("whereabouts", TOP4, (256, 2, 0, 254)),
    ("whereabouts", TOP6, (256, 2, 0, 254)),
    ("ovn-kubernetes", "10.128.0.0/23", (512, 4, 0, 508)),
    ("ovn-kubernetes", "10.128.0.0/30", (4, 4, 0, 0)),
    ("ovn-kubernetes", "10.128.0.0/31", (2, 2, 0, 0)),
    ("ovn-kubernetes", "fd00::/120", (256, 3, 0, 253)),
    (
        "ovn-kubernetes",
        "fd00::/64",
        (ALL_64, 3, 18_446_744_073_709_486_080, 65_533),
    ),
    ("ovn-kubernetes", TOP4, (256, 4, 0, 252)),
    ("ovn-kubernetes", TOP6, (256, 3, 0, 253)),
    ("ovn-kubernetes-hybrid", "10.128.0.0/23", (512, 5, 0, 507)),
    ("ovn-kubernetes-hybrid", "fd00::/120", (256, 4, 0, 252)),
    ("ovn-kubernetes-hybrid", TOP4, (256, 5, 0, 251)),
    ("ovn-kubernetes-hybrid", TOP6, (256, 4, 0, 252)),
    ("kube-ovn", "10.16.0.0/16", (65_536, 2, 0, 65_534)),
    ("kube-ovn", "10.16.0.0/31", (2, 0, 0, 2)),
    ("kube-ovn", "10.16.0.0/32", (1, 0, 0, 1)),
    ("kube-ovn", "fd00::/112", (65_536, 2, 0, 65_534)),
    ("kube-ovn", "fd00::/64", (ALL_64, 2, 0, 18_446_744_073_709_551_614)),
    ("kube-ovn", TOP4, (256, 2, 0, 254)),
    ("kube-ovn", TOP6, (256, 2, 0, 254)),
    ("antrea", "10.10.0.0/24", (256, 3, 0, 253)),
    ("antrea", "fd00::/120", (256, 2, 0, 254)),
    ("antrea", TOP4, (256, 3, 0, 253)),
    ("antrea", TOP6, (256, 2, 0, 254)),
    ("service-cidr", "10.96.0.0/16", (65_536, 2, 0, 65_534)),
    ("service-cidr", "fd00:10:96::/112", (65_536, 1, 0, 65_535)),
    ("service-cidr", TOP4, (256, 2, 0, 254)),
    ("service-cidr", TOP6, (256, 1, 0, 255)),
    ("metallb", "203.0.113.0/28", (16, 0, 0, 16)),
    ("metallb", "fd00::/126", (4, 0, 0, 4)),
    ("metallb", TOP4, (256, 0, 0, 256)),
    ("metallb", TOP6, (256, 0, 0, 256)),
    ("assumed", "10.0.0.0/24", (256, 2, 0, 254)),
    ("assumed", "10.0.0.0/32", (1, 1, 0, 0)),
    ("assumed", "fd00::/64", (ALL_64, 2, 0, 18_446_744_073_709_551_614)),
    ("assumed", TOP4, (256, 2, 0, 254)),
    ("assumed", TOP6, (256, 2, 0, 254)),
]


@pytest.mark.parametrize(
    ("rule", "block", "numbers"), BLOCKS, ids=[f"{r} {b}" for r, b, _ in BLOCKS]
)
def test_every_allocator_counts_its_block_in_its_own_way(
    rule: str, block: str, numbers: tuple[int, int, int, int]
) -> None:
    assert capacity.block_numbers(parse_cidr(block), rule) == Numbers(*numbers)


def test_every_rule_stands_in_the_table_of_blocks_at_the_top_of_both_spaces() -> None:
    tops = {(rule, block) for rule, block, _ in BLOCKS if block in (TOP4, TOP6)}

    assert tops == {(rule, top) for rule in capacity.RULES for top in (TOP4, TOP6)}


def test_a_rule_that_is_not_known_is_refused_with_those_that_are() -> None:
    with pytest.raises(ValueError, match="'guessed' is no capacity rule.*assumed"):
        capacity.block_numbers(parse_cidr("10.0.0.0/24"), "guessed")


def test_numbers_that_do_not_add_up_cannot_be_made() -> None:
    with pytest.raises(ValueError, match="does not add up"):
        Numbers(size=256, reserved=2, unreachable=0, capacity=256)


@pytest.mark.parametrize(
    ("rule", "block", "reserved"),
    [
        ("cilium-host-scope", "10.0.2.0/24", ["10.0.2.0", "10.0.2.255"]),
        ("cilium-host-scope", "10.0.2.4/31", ["10.0.2.4", "10.0.2.5"]),
        ("cilium-host-scope", "10.0.2.4/32", ["10.0.2.4"]),
        ("cilium-multi-pool", "10.0.2.4/31", []),
        ("host-local", "10.0.2.0/24", ["10.0.2.0", "10.0.2.1", "10.0.2.255"]),
        ("host-local", "fd00::/120", ["fd00::", "fd00::1"]),
        ("calico-block-windows", "10.0.0.64/31", ["10.0.0.64", "10.0.0.65"]),
        ("calico-block", "10.0.0.64/26", []),
        ("assumed", TOP4, ["255.255.255.0", "255.255.255.255"]),
    ],
)
def test_the_addresses_set_aside_are_named(
    rule: str, block: str, reserved: list[str]
) -> None:
    addresses = capacity.reserved_addresses(parse_cidr(block), rule)

    assert [format_address(a) for a in addresses] == reserved


@given(st.sampled_from(sorted(capacity.RULES)), st.integers(0, 128), st.booleans())
def test_as_many_addresses_are_named_as_are_counted(
    rule: str, host_bits: int, ipv4: bool
) -> None:
    size = 1 << (min(host_bits, 32) if ipv4 else host_bits)
    last = 0xFFFF_FFFF_FFFF if ipv4 else LAST_ADDRESS
    block = Range(last - size + 1, last)

    named = capacity.reserved_addresses(block, rule)

    assert len(set(named)) == capacity.block_numbers(block, rule).reserved
    assert all(block.contains(address) for address in named)


def cut(cidr: str, block_prefix_length: int | None) -> PoolRange:
    return PoolRange(parse_cidr(cidr), block_prefix_length)


@pytest.mark.parametrize(
    ("ranges", "rule", "blocks", "numbers"),
    [
        pytest.param(
            [cut("10.244.0.0/16", 24)],
            "cilium-host-scope",
            256,
            (65_536, 512, 0, 65_024),
            id="256 blocks of 254",
        ),
        pytest.param(
            [cut("10.0.0.0/16", 24), cut("10.1.0.0/16", 25)],
            "cilium-host-scope",
            768,
            (131_072, 1_536, 0, 129_536),
            id="two ranges, two lengths",
        ),
        pytest.param(
            [cut("fd00:10:244::/56", 64)],
            "cilium-host-scope",
            256,
            # 2**72 = 4722366482869645213696; 256 blocks of 2 and of 65,534.
            (
                4_722_366_482_869_645_213_696,
                512,
                4_722_366_482_869_628_436_480,
                16_776_704,
            ),
            id="ipv6, 65,534 of each /64",
        ),
        pytest.param(
            [cut("fd00:10:244::/56", 64)],
            "assumed",
            256,
            (
                4_722_366_482_869_645_213_696,
                512,
                0,
                4_722_366_482_869_645_213_184,
            ),
            id="ipv6, all but two of each /64",
        ),
        pytest.param(
            [cut("10.0.0.0/8", 31)],
            "cilium-host-scope",
            8_388_608,
            (16_777_216, 16_777_216, 0, 0),
            id="blocks without capacity",
        ),
        pytest.param(
            [cut("10.0.0.0/25", 24)],
            "assumed",
            0,
            (128, 0, 128, 0),
            id="block larger than the range",
        ),
        pytest.param(
            [cut(TOP4, 26)],
            "host-local",
            4,
            (256, 12, 0, 244),
            id="top of ipv4",
        ),
        pytest.param(
            [cut(TOP6, 124)],
            "cilium-host-scope",
            16,
            (256, 32, 0, 224),
            id="top of ipv6",
        ),
        pytest.param(
            [cut("10.0.0.0/24", None)],
            "assumed",
            0,
            (256, 2, 0, 254),
            id="not cut",
        ),
        pytest.param([], "assumed", 0, (0, 0, 0, 0), id="no ranges"),
    ],
)
def test_a_pool_is_its_blocks_times_the_numbers_of_one(
    ranges: list[PoolRange],
    rule: str,
    blocks: int,
    numbers: tuple[int, int, int, int],
) -> None:
    assert capacity.blocks_total(ranges) == blocks
    assert capacity.pool_numbers(ranges, rule) == Numbers(*numbers)


def test_a_block_length_that_the_family_cannot_have_is_refused() -> None:
    with pytest.raises(ValueError, match="/64 is no prefix length"):
        capacity.pool_numbers([cut("10.0.0.0/16", 64)], "assumed")


@pytest.mark.parametrize(
    ("block", "total"),
    [
        ("10.0.2.0/24", 254),
        ("10.0.2.0/31", 0),
        ("10.0.2.0/32", 0),
        ("fd00::/120", 254),
        ("fd00::/64", 18_446_744_073_709_551_614),
        ("fd00::/127", 0),
        ("fd00::/128", 0),
    ],
)
def test_the_status_line_prints_the_power_of_two_minus_two(
    block: str, total: int
) -> None:
    assert capacity.status_total(parse_cidr(block)) == total


@pytest.mark.parametrize(
    ("max_pods", "used", "free", "expected"),
    [
        pytest.param(110, 30, [224], Slots(30, 80, 110), id="max pods bind"),
        pytest.param(250, 30, [20], Slots(30, 20, 50), id="addresses bind"),
        pytest.param(110, 30, [224, 5], Slots(30, 5, 35), id="one family binds"),
        pytest.param(110, 120, [224], Slots(120, 0, 120), id="over max pods"),
        pytest.param(110, 30, [0], Slots(30, 0, 30), id="addresses exhausted"),
        pytest.param(None, 30, [224], Slots(30, 224, 254), id="max pods unknown"),
        pytest.param(110, 30, [], Slots(30, 80, 110), id="addresses unknown"),
        pytest.param(None, 30, [], Slots(30, 0, 30), id="nothing known"),
        pytest.param(0, 0, [254], Slots(0, 0, 0), id="takes no pods"),
    ],
)
def test_slots_are_the_least_of_max_pods_and_free_addresses(
    max_pods: int | None, used: int, free: list[int], expected: Slots
) -> None:
    slots = capacity.slots(max_pods, slots_used=used, free_by_family=free)

    assert slots == expected
    assert slots.total == slots.used + slots.free
