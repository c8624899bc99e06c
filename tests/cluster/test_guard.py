"""Where a pasted cluster may be, and what is sent to it."""

import socket
from ipaddress import ip_network

import pytest

from ipamweb.cluster.access import Access, open_session
from ipamweb.cluster.errors import Misconfigured
from ipamweb.cluster.guard import Guard
from ipamweb.cluster.pasted_logins import Pasted
from tests.cluster.raw_server import CERTIFICATES, answer

CA = (CERTIFICATES / "ca.pem").read_text()
LOOPBACK = (ip_network("127.0.0.0/8"),)


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1", "127.8.8.8", "::1", "0.0.0.0", "::", "169.254.169.254", "fe80::1",
        "fe80::1%eth0", "224.0.0.1", "ff02::1", "240.0.0.1", "255.255.255.255",
        "::ffff:127.0.0.1", "::ffff:169.254.169.254", "2002:7f00:1::",
        "64:ff9b::a9fe:a9fe", "fd00:ec2::254", "100.100.100.200", "168.63.129.16",
    ],
)  # fmt: skip
def test_this_machine_its_link_and_metadata_are_not_allowed(address):
    assert not Guard("prod").allows(address)


@pytest.mark.parametrize(
    "address", ["10.0.0.1", "192.168.1.1", "172.16.0.1", "fd12::1", "198.18.0.1"]
)
def test_private_networks_are_where_clusters_are(address):
    assert Guard("prod").allows(address)


def test_networks_that_are_named_are_the_only_ones():
    guard = Guard("prod", (ip_network("10.1.0.0/16"),))

    assert [guard.allows(each) for each in ("10.1.2.3", "10.2.0.1")] == [True, False]


def test_one_bad_address_of_a_name_is_enough(monkeypatch):
    answers = [
        (socket.AF_INET, socket.SOCK_STREAM, 6, "", (each, 443))
        for each in ("10.0.0.1", "127.0.0.1")
    ]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: answers)

    with pytest.raises(Misconfigured, match="an address that is not allowed here"):
        Guard("prod").address_of("rebinding.example.org", 443)


def pasted(server, **fields):
    """Ask a server on this machine by a pasted login."""
    access = Access("prod", api_url=server.url, pasted=Pasted(ca=CA, **fields))
    with open_session(access) as session:
        return session.request("/version")


def test_a_server_on_this_machine_is_not_asked(serve):
    server = serve(lambda _: [answer({})], certificate="server.pem")

    with pytest.raises(Misconfigured, match="not allowed here"):
        pasted(server, token="t")
    assert server.requests == []


def test_a_server_that_is_allowed_gets_token_and_name(serve):
    server = serve(lambda _: [answer({})], certificate="server.pem")

    pasted(server, token="t", networks=LOOPBACK)

    (request,) = server.requests
    assert request.headers["authorization"] == "Bearer t"
    assert request.headers["host"] == server.url.removeprefix("https://")


def test_no_proxy_of_the_environment_is_asked(serve, monkeypatch):
    monkeypatch.setenv("HTTPS_PROXY", "http://127.0.0.1:1")
    server = serve(lambda _: [answer({})], certificate="server.pem")

    assert pasted(server, token="t", networks=LOOPBACK) == b"{}"


def test_a_redirect_is_not_followed(serve):
    other = serve(lambda _: [answer({})])
    server = serve(
        lambda _: [answer({}, status=302, headers={"Location": other.url})],
        certificate="server.pem",
    )

    with pytest.raises(Exception, match="prod: could not"):
        pasted(server, token="t", networks=LOOPBACK)
    assert other.requests == []
