"""Who may say where a request came from."""

from ipaddress import ip_network

import pytest
from django.http import HttpResponse

from ipamweb.web import proxies


@pytest.fixture(autouse=True)
def trusted(settings):
    settings.IPAMWEB_TRUSTED_PROXIES = [
        ip_network("10.0.0.0/8"),
        ip_network("fd00::/8"),
    ]


@pytest.mark.parametrize(
    ("forwarded_for", "address"),
    [
        pytest.param("192.0.2.7", "192.0.2.7", id="the client"),
        pytest.param("1.1.1.1, 192.0.2.7", "192.0.2.7", id="what the client made up"),
        pytest.param("192.0.2.7, 10.0.0.2", "192.0.2.7", id="a second proxy"),
        pytest.param("2001:db8::1, fd00::2", "2001:db8::1", id="IPv6"),
        pytest.param("", "10.0.0.1", id="nothing said"),
        pytest.param("nonsense, 10.0.0.2", "10.0.0.2", id="no address"),
        pytest.param("10.0.0.3, 10.0.0.2", "10.0.0.3", id="proxies only"),
    ],
)
def test_the_client_is_the_nearest_that_is_no_proxy_of_ours(forwarded_for, address):
    assert proxies.client_address(forwarded_for, peer="10.0.0.1") == address


@pytest.mark.parametrize("header", proxies.HEADERS)
def test_a_stranger_is_not_believed(rf, header):
    request = rf.get("/", REMOTE_ADDR="192.0.2.7", **{header: "https"})

    proxies.middleware(lambda _: HttpResponse())(request)

    assert header not in request.META
    assert request.META["REMOTE_ADDR"] == "192.0.2.7"


def test_a_trusted_proxy_says_that_the_client_came_by_https(rf):
    request = rf.get(
        "/",
        REMOTE_ADDR="10.0.0.1",
        HTTP_X_FORWARDED_FOR="192.0.2.7",
        HTTP_X_FORWARDED_PROTO="https",
    )

    proxies.middleware(lambda _: HttpResponse())(request)

    assert request.is_secure()
    assert request.META["REMOTE_ADDR"] == "192.0.2.7"
