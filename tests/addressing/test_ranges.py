import pytest
from hypothesis import given
from hypothesis import strategies as st

from ipamweb.addressing.ranges import (
    LAST_ADDRESS,
    Range,
    family_of,
    format_address,
    parse_address,
    parse_cidr,
    parse_cidrs,
    parse_wide_cidr,
)


@pytest.mark.parametrize(
    ("text", "address"),
    [
        pytest.param("0.0.0.0", 0xFFFF_0000_0000, id="first-ipv4"),
        pytest.param("10.0.2.163", 0xFFFF_0A00_02A3, id="ipv4"),
        pytest.param("255.255.255.255", 0xFFFF_FFFF_FFFF, id="last-ipv4"),
        pytest.param("::ffff:10.0.2.163", 0xFFFF_0A00_02A3, id="mapped"),
        pytest.param("::ffff:a00:2a3", 0xFFFF_0A00_02A3, id="mapped-in-hex"),
        pytest.param("::", 0, id="first-ipv6"),
        pytest.param("fd00:10:244::c", (0xFD00_0010_0244 << 80) | 12, id="ipv6"),
        pytest.param("FD00:0010:0244:0::C", (0xFD00_0010_0244 << 80) | 12, id="long"),
        pytest.param("f" * 4 + ":ffff" * 7, 2**128 - 1, id="last-ipv6"),
    ],
)
def test_an_address_is_one_integer_in_every_spelling(text: str, address: int) -> None:
    assert parse_address(text) == address


@pytest.mark.parametrize(
    "text",
    ["", "10.0.0", "10.0.0.256", "010.0.0.1", " 10.0.0.1", "10.0.0.1/32", ":::", "x"],
)
def test_what_is_no_address_is_refused_by_name(text: str) -> None:
    with pytest.raises(ValueError, match="is not an IP address"):
        parse_address(text)


def test_an_address_with_a_zone_id_is_refused_and_the_zone_is_named() -> None:
    with pytest.raises(ValueError, match="zone id"):
        parse_address("fe80::1%eth0")


@pytest.mark.parametrize(
    ("address", "text"),
    [
        (0xFFFF_0A00_02A3, "10.0.2.163"),
        (0xFFFF_FFFF_FFFF, "255.255.255.255"),
        (0, "::"),
        (1, "::1"),
        (0x0001_0000, "::1:0"),
        (0x0102_0304, "::102:304"),
        (0x2001_0DB8 << 96 | 1 << 64 | 1, "2001:db8:0:1::1"),
        (0xFD00_0010_0244 << 80, "fd00:10:244::"),
        # RFC 5952 section 4.2.2: one zero group alone is written out.
        (
            parse_address("2001:db8:0:1:1:1:1:1"),
            "2001:db8:0:1:1:1:1:1",
        ),
        (LAST_ADDRESS, "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff"),
    ],
)
def test_an_address_has_one_text(address: int, text: str) -> None:
    assert format_address(address) == text


@given(st.integers(0, LAST_ADDRESS))
def test_the_text_of_an_address_parses_to_it(address: int) -> None:
    assert parse_address(format_address(address)) == address


def test_mapped_addresses_are_ipv4_and_their_neighbours_are_not() -> None:
    first, last = 0xFFFF_0000_0000, 0xFFFF_FFFF_FFFF

    families = [family_of(a) for a in (first - 1, first, last, last + 1)]

    assert families == [6, 4, 4, 6]


@pytest.mark.parametrize(
    ("text", "first", "last", "size"),
    [
        ("10.0.2.0/24", "10.0.2.0", "10.0.2.255", 256),
        ("0.0.0.0/0", "0.0.0.0", "255.255.255.255", 2**32),
        ("255.255.255.0/24", "255.255.255.0", "255.255.255.255", 256),
        ("255.255.255.255/32", "255.255.255.255", "255.255.255.255", 1),
        (
            "fd00:10:244::/64",
            "fd00:10:244::",
            "fd00:10:244:0:ffff:ffff:ffff:ffff",
            2**64,
        ),
        ("::/0", "::", "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", 2**128),
    ],
)
def test_a_cidr_is_its_first_and_last_address(
    text: str, first: str, last: str, size: int
) -> None:
    cidr = parse_cidr(text)

    assert (format_address(cidr.first), format_address(cidr.last)) == (first, last)
    assert cidr.size == size
    assert str(cidr) == text


def test_the_top_of_ipv6_is_a_range_like_any_other() -> None:
    top = parse_cidr("ffff:ffff:ffff:ffff:ffff:ffff:ffff:ff00/120")

    assert top == Range(2**128 - 256, 2**128 - 1)
    assert (top.family, top.size, top.prefix_length) == (6, 256, 120)


def test_a_cidr_with_host_bits_is_refused_with_the_cidr_that_was_meant() -> None:
    with pytest.raises(ValueError, match=r"'10\.0\.0\.5/24' .* is 10\.0\.0\.0/24"):
        parse_cidr("10.0.0.5/24")


def test_host_bits_can_be_ignored_as_kubernetes_ignores_them() -> None:
    assert str(parse_wide_cidr("10.0.0.5/24")) == "10.0.0.0/24"
    assert str(parse_wide_cidr("fd00::5/64")) == "fd00::/64"


@pytest.mark.parametrize(
    "text",
    ["10.0.0.0", "10.0.0.0/", "10.0.0.0/33", "fd00::/129", "10.0.0.0/-1", "/24",
     "10.0.0.0/٢٤", "::ffff:10.0.0.0/64"],
)  # fmt: skip
def test_what_is_no_cidr_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        parse_cidr(text)


def test_lists_of_cidrs_are_parted_by_blanks_and_commas() -> None:
    ranges = parse_cidrs("10.0.0.0/16 10.1.0.0/16,fd00::/56, fd01::/56")

    assert [str(r) for r in ranges] == [
        "10.0.0.0/16",
        "10.1.0.0/16",
        "fd00::/56",
        "fd01::/56",
    ]
    assert parse_cidrs("") == []


def test_a_range_that_is_no_cidr_is_written_from_first_to_last() -> None:
    odd = Range(parse_address("10.0.0.1"), parse_address("10.0.0.9"))

    assert str(odd) == "10.0.0.1-10.0.0.9"
    assert odd.prefix_length is None


def test_ipv4_is_not_contained_in_the_whole_of_ipv6() -> None:
    everything = parse_cidr("::/0")
    ipv4 = parse_cidr("10.0.0.0/8")

    assert not everything.contains(ipv4.first)
    assert not everything.covers(ipv4)
    assert not everything.overlaps(ipv4)


def test_ranges_contain_cover_and_overlap_by_their_ends() -> None:
    wide, narrow = parse_cidr("10.0.0.0/16"), parse_cidr("10.0.255.0/24")
    beside = parse_cidr("10.1.0.0/16")

    assert wide.contains(narrow.last)
    assert not wide.contains(beside.first)
    assert wide.covers(narrow)
    assert not narrow.covers(wide)
    assert wide.overlaps(narrow)
    assert not wide.overlaps(beside)
