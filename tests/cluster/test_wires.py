"""Which way a connection takes: straight, or through a proxy."""

import pytest

from ipamweb.cluster.logins import Login, parse_server
from ipamweb.cluster.wires import Limits, make_wire, proxy_of_environment

LIMITS = Limits(1.0, 1.0, 1.0)


def server(url):
    return parse_server(url, cluster="prod")


@pytest.fixture
def environment(monkeypatch):
    monkeypatch.setenv("HTTPS_PROXY", "http://proxy.example:3128")
    monkeypatch.setenv("NO_PROXY", "inside.example")


@pytest.mark.parametrize(
    ("url", "proxy"),
    [
        ("https://outside.example:6443", "http://proxy.example:3128"),
        ("https://inside.example:6443", ""),
        ("https://127.0.0.1:6443", ""),
        ("https://[::1]:6443", ""),
        ("https://localhost:6443", ""),
    ],
)
@pytest.mark.usefixtures("environment")
def test_the_environment_says_what_goes_through_a_proxy(url, proxy):
    assert proxy_of_environment(server(url)) == proxy


@pytest.mark.usefixtures("environment")
def test_the_proxy_of_the_kubeconfig_comes_first():
    login = Login(server("https://outside.example"), proxy="http://mine.example")

    wire = make_wire(login, LIMITS)

    assert (wire.host, wire.port) == ("mine.example", 8080)
    assert wire.proxy_is_tunneling


def test_without_a_proxy_the_wire_leads_to_the_server():
    wire = make_wire(Login(server("https://[fd00::1]:6443")), LIMITS)

    assert (wire.host, wire.port, wire.proxy_is_tunneling) == ("fd00::1", 6443, False)
