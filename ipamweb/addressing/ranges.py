"""Addresses and ranges as integers, both families in one order.

An address is one integer of 128 bits; IPv4 is mapped into ::ffff:0:0/96 (RFC 4291,
section 2.5.5.2), so that `first <= address <= last` is the only comparison there is.
Everything is done in integers: netaddr raises at the top of an address space.
"""

import socket
from collections.abc import Iterable
from dataclasses import dataclass
from socket import inet_ntop, inet_pton

# RFC 4291 section 2.5.5.2: IPv4-mapped addresses are ::ffff:0:0/96.
MAPPED_FIRST = 0xFFFF << 32
MAPPED_LAST = MAPPED_FIRST | 0xFFFFFFFF
MAPPED_PREFIX = MAPPED_FIRST.to_bytes(16, "big")[:12]
LAST_ADDRESS = 2**128 - 1
ADDRESS_BITS = {4: 32, 6: 128}
# Plain integers: the enum's members cost as much as the parsing.
AF_INET, AF_INET6 = int(socket.AF_INET), int(socket.AF_INET6)


def parse_address(text: str) -> int:
    """Return the 128-bit integer of an address in any legal spelling.

    IPv4 and IPv4-mapped IPv6 come out alike: "10.0.0.1" and "::ffff:10.0.0.1" are both
    0xffff0a000001. Raises ValueError for everything else: a zone id (`fe80::1%eth0`), a
    prefix length, white space, an octet with a leading zero.
    """
    try:
        if ":" in text:
            return int.from_bytes(inet_pton(AF_INET6, text))
        return MAPPED_FIRST | int.from_bytes(inet_pton(AF_INET, text))
    except (OSError, TypeError, ValueError) as error:
        if isinstance(text, str) and "%" in text:
            raise ValueError(
                f"{text!r} carries a zone id; an address in a cluster has none"
            ) from error
        raise ValueError(f"{text!r} is not an IP address") from error


def family_of(address: int) -> int:
    """Return 4 or 6. Mapped addresses are IPv4: family_of(0xffff0a000001) == 4."""
    return 4 if MAPPED_FIRST <= address <= MAPPED_LAST else 6


def format_address(address: int) -> str:
    """Return the one text of an address: dotted quad, or RFC 5952."""
    if MAPPED_FIRST <= address <= MAPPED_LAST:
        return inet_ntop(AF_INET, (address & 0xFFFFFFFF).to_bytes(4))
    if address >> 32:
        return inet_ntop(AF_INET6, address.to_bytes(16))
    # inet_ntop writes ::1.2.3.4 for these, which RFC 5952 does not ask for.
    high, low = address >> 16, address & 0xFFFF
    if high:
        return f"::{high:x}:{low:x}"
    return f"::{low:x}" if low else "::"


def format_addresses(addresses: Iterable[int]) -> str:
    """Return the texts of addresses with blanks between; nothing of none."""
    return " ".join(map(format_address, addresses))


@dataclass(frozen=True, slots=True, order=True)
class Range:
    """A run of addresses of one family; both ends belong to it."""

    first: int
    last: int

    @property
    def family(self) -> int:
        return family_of(self.first)

    @property
    def size(self) -> int:
        """The number of addresses: 256 for a /24, 2**64 for a /64."""
        return self.last - self.first + 1

    @property
    def prefix_length(self) -> int | None:
        """The prefix length in the range's own family; None when it is no CIDR."""
        size = self.size
        if size & (size - 1) or self.first & (size - 1):
            return None
        return ADDRESS_BITS[self.family] - size.bit_length() + 1

    def __str__(self) -> str:
        """The CIDR, or `first-last` when the range is none."""
        length = self.prefix_length
        if length is None:
            return f"{format_address(self.first)}-{format_address(self.last)}"
        return f"{format_address(self.first)}/{length}"

    def contains(self, address: int) -> bool:
        """Say whether the address lies inside; False across families."""
        return self.first <= address <= self.last and family_of(address) == self.family

    def covers(self, other: "Range") -> bool:
        """Say whether all of the other range lies inside; False across families."""
        return (
            self.first <= other.first
            and other.last <= self.last
            and self.family == other.family
        )

    def overlaps(self, other: "Range") -> bool:
        """Say whether both share an address; False across families."""
        return (
            self.first <= other.last
            and other.first <= self.last
            and self.family == other.family
        )


def parse_cidr(text: str) -> Range:
    """Return the range of a CIDR.

    Raises ValueError when it is none and when host bits are set, naming the CIDR that
    may have been meant: parse_cidr("10.0.0.5/24") says 10.0.0.0/24.
    """
    wide = parse_wide_cidr(text)
    address = parse_address(text.partition("/")[0])
    if wide.first != address:
        raise ValueError(f"{text!r} has host bits set; the CIDR is {wide}")
    return wide


def parse_wide_cidr(text: str) -> Range:
    """Return the range of a CIDR, host bits ignored, as Kubernetes ignores them."""
    head, slash, tail = text.partition("/")
    if not slash or not tail.isascii() or not tail.isdigit():
        raise ValueError(f"{text!r} is not a CIDR such as 10.0.0.0/8 or fd00::/104")
    address = parse_address(head)
    bits = ADDRESS_BITS[family_of(address) if ":" not in head else 6]
    length = int(tail)
    if length > bits:
        raise ValueError(f"{text!r}: the prefix length is at most {bits}")
    size = 1 << (bits - length)
    first = address & ~(size - 1)
    if ":" in head and size > 1 << 32 and family_of(address) == 4:
        raise ValueError(f"{text!r} mixes IPv4-mapped and IPv6 addresses")
    return Range(first, first + size - 1)


def parse_cidrs(text: str) -> list[Range]:
    """Return the ranges of a list written with blanks or commas; empty for ""."""
    return [parse_cidr(part) for part in text.replace(",", " ").split()]
