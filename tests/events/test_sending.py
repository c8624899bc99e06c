"""One attempt over a real connection, whatever the receiver does."""

import socket
from ipaddress import ip_network
from time import monotonic

import pytest

from ipamweb.events import sending
from ipamweb.events.sending import Answer
from tests.events.receiver import receiving

pytestmark = pytest.mark.one_database


def post(url: str) -> Answer:
    return sending.post(url, b'{"a":1}', headers={"webhook-id": "evt_1"})


def test_a_receiver_gets_the_body_and_the_headers_at_its_path(receiver):
    assert post(receiver.url) == Answer(204)

    (got,) = receiver.got
    assert (got.path, got.body) == ("/hook?key=s3cret", b'{"a":1}')
    assert got.headers == {
        "host": f"127.0.0.1:{receiver.port}",
        "content-type": "application/json",
        "content-length": "7",
        "user-agent": "ipamweb",
        "accept-encoding": "identity",
        "webhook-id": "evt_1",
    }


@pytest.mark.parametrize("status", [400, 404, 500, 503])
def test_any_other_status_is_a_failure_that_says_so(receiver, status):
    receiver.answers = [status]

    assert post(receiver.url) == Answer(status, f"It answered {status}.")


def test_a_redirect_is_not_followed(receiver):
    with receiving() as elsewhere:
        receiver.answers, receiver.headers = [302], {"Location": elsewhere.url}

        assert post(receiver.url) == Answer(
            302, "It answered 302: redirects are not followed."
        )
        assert elsewhere.got == []


def test_a_pause_that_is_asked_for_is_kept_within_an_hour(receiver):
    receiver.answers = [429]
    pauses = []
    for text in ("90", "99999", "tomorrow"):
        receiver.headers = {"Retry-After": text}
        pauses.append(post(receiver.url).pause_seconds)

    assert pauses == [90, 3600, 0]


def test_a_receiver_that_says_nothing_is_left(receiver, monkeypatch):
    monkeypatch.setattr(sending, "IDLE_SECONDS", 0.1)
    receiver.silence = 1

    assert post(receiver.url) == Answer(None, "It did not answer in time.")


def test_a_byte_now_and_then_keeps_nobody(receiver, monkeypatch):
    monkeypatch.setattr(sending, "TOTAL_SECONDS", 0.3)
    receiver.drip = 0.05
    began = monotonic()

    assert post(receiver.url) == Answer(None, "It did not answer within 0.3 seconds.")
    assert monotonic() - began < 2


def test_nobody_there_is_said(settings):
    settings.IPAMWEB_WEBHOOK_NETWORKS = [ip_network("127.0.0.0/8")]
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        port = unused.getsockname()[1]

        answer = post(f"http://127.0.0.1:{port}/")

    assert answer == Answer(None, "It refused the connection.")


def test_a_server_without_tls_is_told_apart(receiver):
    answer = post(receiver.url.replace("http:", "https:"))

    assert answer == Answer(None, "It does not speak TLS as we do.")


def test_a_name_that_leads_inside_is_not_connected_to(receiver, settings):
    settings.IPAMWEB_WEBHOOK_NETWORKS = []

    answer = post(f"https://localhost:{receiver.port}/")

    assert answer == Answer(
        None, "The URL leads to an address that is not allowed here."
    )
    assert receiver.got == []


def test_a_name_is_resolved_once_and_that_address_connected_to(receiver, monkeypatch):
    """A name that answers another address a moment later changes nothing."""
    asked = []

    def answer(host, port, *_args, **_kwargs):
        asked.append(host)
        address = "127.0.0.1" if host in ("rebind.test", "127.0.0.1") else host
        family = socket.AF_INET
        return [(family, socket.SOCK_STREAM, 6, "", (address, port))]

    monkeypatch.setattr(socket, "getaddrinfo", answer)

    assert post(f"http://rebind.test:{receiver.port}/") == Answer(204)
    assert asked.count("rebind.test") == 1
    assert receiver.got[0].headers["host"] == f"rebind.test:{receiver.port}"


def test_proxies_of_the_environment_are_not_asked(receiver, monkeypatch):
    with receiving() as proxy:
        for name in ("http_proxy", "HTTP_PROXY", "ALL_PROXY"):
            monkeypatch.setenv(name, f"http://127.0.0.1:{proxy.port}")

        assert post(receiver.url) == Answer(204)
        assert proxy.got == []


def test_a_name_that_no_host_can_have_is_said():
    assert post(f"https://{'a' * 70}.example.org/") == Answer(
        None, "The name of the host has no address."
    )


def test_a_name_without_an_address_is_said(settings, monkeypatch):
    def fail(*_args, **_kwargs):
        raise socket.gaierror

    monkeypatch.setattr(socket, "getaddrinfo", fail)

    assert post("https://nowhere.invalid/").error == (
        "The name of the host has no address."
    )
