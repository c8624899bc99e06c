"""Where a webhook may lead."""

import socket
from ipaddress import ip_network

import pytest

from ipamweb.events import destinations
from ipamweb.events.destinations import Destination, NotAllowed
from ipamweb.events.models import Webhook

pytestmark = pytest.mark.one_database


def leads_to(monkeypatch, *addresses: str) -> Destination:
    """Let a name have these addresses."""
    found = [
        (socket.AF_INET, socket.SOCK_STREAM, 6, "", (each, 443)) for each in addresses
    ]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: found)
    return destinations.parsed("https://hooks.example.org/in")


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1", "10.0.0.1", "172.16.0.1", "192.168.1.1", "169.254.169.254",
        "100.100.100.200", "168.63.129.16", "0.0.0.0", "224.0.0.1", "255.255.255.255",
        "::1", "::", "fe80::1%eth0", "fd00:ec2::254", "ff02::1", "::ffff:10.0.0.1",
        "64:ff9b::a00:1", "2002:0a00:0001::1", "2001:db8::1", "64:ff9b:1::a00:1",
        "::7f00:1", "::a00:1", "::ffff:0:7f00:1", "fec0::1", "2001:0:7f00:1::",
        "3fff::1", "5f00::1", "192.0.0.192", "192.88.99.1", "240.0.0.1", "198.18.0.1",
    ],
)  # fmt: skip
def test_an_address_that_is_not_public_is_refused(monkeypatch, address):
    with pytest.raises(NotAllowed, match="not allowed here"):
        destinations.address_of(leads_to(monkeypatch, address))


@pytest.mark.parametrize(
    "host", ["2130706433", "0x7f.1", "0177.0.0.1", "127.1", "[::ffff:127.0.0.1]", "0"]
)
def test_no_way_to_write_this_machine_leads_to_it(host):
    with pytest.raises(NotAllowed, match="not allowed here"):
        destinations.address_of(destinations.parsed(f"https://{host}/in"))


@pytest.mark.parametrize("address", ["93.184.216.34", "2606:2800:220:1::1"])
def test_a_public_address_is_connected_to(monkeypatch, address):
    assert destinations.address_of(leads_to(monkeypatch, address)) == address


def test_one_private_address_among_public_ones_is_enough_to_refuse(monkeypatch):
    with pytest.raises(NotAllowed):
        destinations.address_of(leads_to(monkeypatch, "93.184.216.34", "10.0.0.1"))


def test_the_operator_allows_networks_besides(monkeypatch, settings):
    settings.IPAMWEB_WEBHOOK_NETWORKS = [ip_network("10.0.0.0/24")]

    assert destinations.address_of(leads_to(monkeypatch, "10.0.0.1")) == "10.0.0.1"
    with pytest.raises(NotAllowed):
        destinations.address_of(leads_to(monkeypatch, "10.0.1.1"))


def test_without_https_only_allowed_networks_are_sent_to(monkeypatch, settings):
    settings.IPAMWEB_WEBHOOK_NETWORKS = [ip_network("10.0.0.0/24")]
    leads_to(monkeypatch, "93.184.216.34")

    with pytest.raises(NotAllowed):
        destinations.address_of(destinations.parsed("http://hooks.example.org/"))


@pytest.mark.parametrize(
    ("url", "why"),
    [
        ("http://hooks.example.org/", "begins with https://; http is for networks"),
        ("ftp://hooks.example.org/", "begins with https"),
        ("file:///etc/passwd", "begins with https"),
        ("https://user:password@hooks.example.org/", "without a user"),
        ("https:///in", "begins with https"),
        ("https://hooks.example.org:99999/", "no URL"),
        ("https://[::1", "no URL"),
        ("https://hooks.example.org/a b", "characters of ASCII"),
        ("https://hooks.example.org/\r\nX-Evil: 1", "characters of ASCII"),
        (f"https://hooks.example.org/{'a' * 1000}", "at most 1000"),
        (f"https://{'a.' * 127}org/", "name of a host"),
    ],
)
def test_what_is_no_url_to_send_to_is_refused_in_a_sentence(url, why):
    with pytest.raises(NotAllowed, match=why):
        destinations.parsed(url)


def test_what_is_shown_of_the_longest_host_and_mailbox_can_be_kept():
    longest = Webhook._meta.get_field("destination").max_length
    url = destinations.parsed(f"https://{'a.' * 125}org:65535/in")

    assert len(url.host) == 253
    assert len(url.shown) <= longest
    assert len(destinations.mailbox(f"{'a' * 64}@{'b' * 185}.org")) == 254


def test_of_a_url_only_the_host_is_shown():
    found = destinations.parsed("https://hooks.example.org:8443/in/s3cret?key=1")

    assert found.shown == "https://hooks.example.org:8443/…"
    assert (found.authority, found.target) == (
        "hooks.example.org:8443", "/in/s3cret?key=1",
    )  # fmt: skip


@pytest.mark.parametrize(
    "text",
    [
        "", "ops", "ops@", "a b@example.org", "a@b\nCc: c@d",
        f"{'a' * 64}@{'b' * 186}.org",
    ],
)  # fmt: skip
def test_what_is_no_mailbox_is_refused(text):
    with pytest.raises(NotAllowed):
        destinations.mailbox(f"mailto:{text}")
