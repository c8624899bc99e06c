"""Where a server that somebody named on a page may be: not on this machine or its link.

The name is resolved once and that address is connected to: a name that answers another
address a moment later changes nothing. Servers in private networks are what we are for:
they are allowed.
"""

import socket
from dataclasses import dataclass
from ipaddress import (
    IPv4Address,
    IPv4Network,
    IPv6Address,
    IPv6Network,
    ip_address,
    ip_network,
)

from ipamweb.cluster.errors import Misconfigured

Network = IPv4Network | IPv6Network
# RFC 6052: the last 32 bits are an IPv4 address.
NAT64 = ip_network("64:ff9b::/96")
# Metadata of clouds that is no link-local address: AWS by IPv6, Alibaba, Oracle, Azure.
METADATA = tuple(
    ip_network(each)
    for each in (
        "fd00:ec2::254", "100.100.100.200", "192.0.0.192", "168.63.129.16",
    )
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Guard:
    """`networks` are the only ones allowed, where there are any."""

    cluster: str
    networks: tuple[Network, ...] = ()

    def address_of(self, host: str, port: int) -> str:
        """Return the address to connect to. Raises Misconfigured where one that the
        name has is not allowed, OSError where it has none."""
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        addresses = [str(each[4][0]) for each in found]
        for address in addresses:
            if not self.allows(address):
                raise Misconfigured(
                    self.cluster,
                    action="connect",
                    why="the URL leads to an address that is not allowed here",
                )
        return addresses[0]

    def allows(self, address: str) -> bool:
        ip = ip_address(address.partition("%")[0])
        if isinstance(ip, IPv6Address):
            ip = _inside(ip)
        if self.networks:
            return any(ip in network for network in self.networks)
        return not (
            ip.is_loopback
            or ip.is_link_local
            or ip.is_multicast
            or ip.is_unspecified
            or ip.is_reserved
            or any(ip in network for network in METADATA)
        )


def _inside(ip: IPv6Address) -> IPv4Address | IPv6Address:
    """Return the IPv4 address that an IPv6 one leads to, else the address."""
    if ip in NAT64:
        return IPv4Address(int(ip) & 0xFFFF_FFFF)
    return ip.ipv4_mapped or ip.sixtofour or ip
