import gzip
import http.client
import json
import ssl
import urllib.error
import urllib.request
from pathlib import Path

import pytest

from ipamweb.simulator.server import Simulator
from tests.simulator.asking import ask, pod

ZIPPED = {"Accept-Encoding": "gzip"}


def test_only_large_answers_are_compressed(empty: Simulator) -> None:
    empty.store.add("pods", pod("small"))
    small = ask(empty, "/api/v1/pods", headers=ZIPPED)
    assert "content-encoding" not in small.headers
    empty.store.add("pods", pod("large", message="x" * 128 * 1024))
    large = ask(empty, "/api/v1/pods", headers=ZIPPED)
    assert large.headers["content-encoding"] == "gzip"
    assert len(json.loads(gzip.decompress(large.body))["items"]) == 2


def test_watches_are_never_compressed(empty: Simulator) -> None:
    empty.store.add("pods", pod("large", message="x" * 128 * 1024))
    path = "/api/v1/pods?watch=1&resourceVersion=1001&timeoutSeconds=0.2"
    assert ask(empty, path, headers=ZIPPED).lines[0]["type"] == "ADDED"


def test_a_connection_serves_lists_and_watches_one_after_the_other(
    six_pods: Simulator,
) -> None:
    token = six_pods.users["admin"].token
    headers = {"Authorization": f"Bearer {token}"}
    connection = http.client.HTTPConnection("127.0.0.1", six_pods.port, timeout=20)
    watch = "/api/v1/pods?watch=1&resourceVersion=1006&timeoutSeconds=0.2"
    for path in ("/api/v1/pods", watch, "/api/v1/nodes"):
        connection.request("GET", path, headers=headers)
        assert connection.getresponse().read()
    connection.close()
    assert {asked.connection for asked in six_pods.requests} == {1}


def test_the_log_tells_what_was_asked(six_pods: Simulator) -> None:
    ask(six_pods, "/api/v1/namespaces/shop/pods?limit=2", user="reader")
    (asked,) = six_pods.requests
    assert (asked.kind, asked.verb, asked.namespace) == ("pods", "list", "shop")
    assert (asked.query, asked.user, asked.status) == ({"limit": "2"}, "reader", 200)
    six_pods.forget_requests()
    assert six_pods.requests == []


def test_a_taken_port_is_an_error(empty: Simulator) -> None:
    with pytest.raises(OSError), Simulator().running(port=empty.port):  # noqa: PT011
        pass


def test_it_can_serve_tls_with_a_given_certificate(
    secure: Simulator, certificate: Path
) -> None:
    context = ssl.create_default_context(cafile=str(certificate))
    with urllib.request.urlopen(f"{secure.url}/version", context=context) as answer:
        assert json.load(answer)["major"] == "1"


def test_a_client_that_trusts_another_authority_refuses_it(secure: Simulator) -> None:
    with pytest.raises(urllib.error.URLError, match="CERTIFICATE_VERIFY_FAILED"):
        urllib.request.urlopen(f"{secure.url}/version")


def test_the_kubeconfig_names_the_certificate(
    secure: Simulator, certificate: Path, tmp_path: Path
) -> None:
    text = secure.kubeconfig(tmp_path / "kubeconfig").read_text()
    assert f"certificate-authority: {certificate}" in text
    assert f"server: https://127.0.0.1:{secure.port}" in text
