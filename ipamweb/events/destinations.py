"""Where a webhook may lead: public https, and what the operator allows besides.

The name is resolved once, and that address is connected to: a name that answers another
address a moment later changes nothing (DNS rebinding). Not here: sending (sending.py).
"""

import re
import socket
from dataclasses import dataclass
from ipaddress import (
    IPv4Address,
    IPv6Address,
    ip_address,
    ip_network,
)
from urllib.parse import urlsplit

from django.conf import settings

# Of a name of the DNS (RFC 1035), and of an address of a mail (RFC 5321).
LONGEST_URL, LONGEST_HOST, LONGEST_MAILBOX = 1000, 253, 254
PORTS = {"https": 443, "http": 80}
# RFC 6052: the last 32 bits are an IPv4 address.
NAT64 = ip_network("64:ff9b::/96")
# All that is assigned of IPv6 as global unicast: what lies outside (site-local,
# IPv4-compatible, NAT64 of a site) looks public to ipaddress, and is not.
GLOBAL_UNICAST = ip_network("2000::/3")
# Metadata of Azure, and of Oracle Cloud with other special addresses (RFC 6890); the
# relay of 6to4. To ipaddress they are public, by its version.
NEVER = (
    ip_network("168.63.129.16"),
    ip_network("192.0.0.0/24"),
    ip_network("192.88.99.0/24"),
    ip_network("3fff::/20"),
)
MAILBOX = re.compile(r"[^@\s<>\",;:\\]{1,64}@[A-Za-z0-9.-]{1,253}")
_PRINTABLE = re.compile(r"[\x21-\x7e]+")


class NotAllowed(ValueError):
    """A destination that may not be sent to, as one sentence for a person."""


@dataclass(frozen=True, slots=True)
class Destination:
    """A URL in its parts; `target` is the path with the query."""

    scheme: str
    host: str
    port: int
    target: str

    @property
    def authority(self) -> str:
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == PORTS[self.scheme] else f"{host}:{self.port}"

    @property
    def shown(self) -> str:
        """Return what may be shown: the path of a URL may be its password."""
        return f"{self.scheme}://{self.authority}/{'…' if self.target != '/' else ''}"


def parsed(url: str) -> Destination:
    """Return the parts of a URL. Raises NotAllowed, without a query to any server."""
    if not _PRINTABLE.fullmatch(url) or len(url) > LONGEST_URL:
        raise NotAllowed(f"Give a URL of at most {LONGEST_URL} characters of ASCII.")
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise NotAllowed("This is no URL.") from None
    if parts.scheme not in PORTS or not parts.hostname:
        raise NotAllowed("Give a URL that begins with https://.")
    if len(parts.hostname) > LONGEST_HOST:
        raise NotAllowed(f"The name of a host has at most {LONGEST_HOST} characters.")
    if parts.username is not None or parts.password is not None:
        raise NotAllowed("Give a URL without a user and a password.")
    target = parts.path or "/"
    if parts.query:
        target += f"?{parts.query}"
    found = Destination(
        parts.scheme, parts.hostname, port or PORTS[parts.scheme], target
    )
    if found.scheme == "http" and not settings.IPAMWEB_WEBHOOK_NETWORKS:
        raise NotAllowed(
            "Give a URL that begins with https://; http is for networks of"
            " IPAMWEB_WEBHOOK_NETWORKS."
        )
    return found


def mailbox(url: str) -> str:
    """Return the address of `mailto:ops@example.org`. Raises NotAllowed."""
    address = url.removeprefix("mailto:")
    if not MAILBOX.fullmatch(address) or len(address) > LONGEST_MAILBOX:
        raise NotAllowed("Give an e-mail address, as ops@example.org.")
    return address


def address_of(destination: Destination) -> str:
    """Return the address to connect to. Raises NotAllowed where one that the name has
    is not allowed, OSError where it has none."""
    found = socket.getaddrinfo(
        destination.host, destination.port, type=socket.SOCK_STREAM
    )
    addresses = [str(each[4][0]) for each in found]
    for address in addresses:
        if not _allows(address, is_plain=destination.scheme == "http"):
            raise NotAllowed("The URL leads to an address that is not allowed here.")
    return addresses[0]


def _allows(text: str, *, is_plain: bool) -> bool:
    ip = _inside(ip_address(text.partition("%")[0]))
    if any(ip in network for network in settings.IPAMWEB_WEBHOOK_NETWORKS):
        return True
    if is_plain or any(ip in network for network in NEVER):
        return False
    if isinstance(ip, IPv6Address) and ip not in GLOBAL_UNICAST:
        return False
    return ip.is_global and not ip.is_multicast


def _inside(ip: IPv4Address | IPv6Address) -> IPv4Address | IPv6Address:
    """Return the IPv4 address that an IPv6 one leads to, else the address."""
    if isinstance(ip, IPv4Address):
        return ip
    if ip in NAT64:
        return IPv4Address(int(ip) & 0xFFFF_FFFF)
    return ip.ipv4_mapped or ip.sixtofour or ip
