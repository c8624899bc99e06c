"""A pasted kubeconfig: a few fields are taken, and nothing is run, read or asked."""

import base64
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from ipamweb.access import pasted

CERTIFICATES = Path(__file__).parent.parent / "cluster" / "certificates"
CA = (CERTIFICATES / "ca.pem").read_text()
CANARY = "canary-8f2e-never-shown"
TOUCHED: list[str] = []
WATCHED = {
    "open", "subprocess.Popen", "os.system", "os.exec", "os.posix_spawn", "os.fork",
    "socket.connect", "socket.getaddrinfo", "import", "exec", "compile", "pty.spawn",
}  # fmt: skip
_watching: list[bool] = []


def _note(event: str, args: tuple[Any, ...]) -> None:
    if _watching and event in WATCHED:
        TOUCHED.append(f"{event} {args[:1]}")


sys.addaudithook(_note)


@contextmanager
def watched() -> Iterator[None]:
    TOUCHED.clear()
    _watching.append(True)
    try:
        yield
    finally:
        _watching.clear()


def encoded(text: str) -> str:
    return base64.b64encode(text.encode()).decode()


def kubeconfig(cluster: str = "", user: str = "", context: str = "") -> str:
    """Return a good kubeconfig, with further lines in one of its parts."""
    return f"""
apiVersion: v1
kind: Config
current-context: main
contexts:
- name: main
  context: {{cluster: c, user: u{context}}}
clusters:
- name: c
  cluster:
    server: https://API.example.org:6443/
    certificate-authority-data: {encoded(CA)}
{cluster}
users:
- name: u
  user:
    token: {CANARY}
{user}
"""


def test_the_fields_of_the_current_context_are_taken():
    found = pasted.read(kubeconfig("    tls-server-name: kubernetes"))

    assert found == pasted.Pasted(
        api_url="https://api.example.org:6443",
        tls_server_name="kubernetes",
        ca=CA,
        token=CANARY,
    )


def test_a_client_certificate_and_its_key_are_taken():
    certificate = (CERTIFICATES / "client.crt").read_text()
    key = (CERTIFICATES / "client.key").read_text()
    text = kubeconfig(
        user=f"    client-certificate-data: {encoded(certificate)}\n"
        f"    client-key-data: {encoded(key)}"
    )

    found = pasted.read(text)

    assert (found.certificate, found.key) == (certificate, key)


def test_no_secret_stands_in_the_text_of_it():
    assert CANARY not in repr(pasted.read(kubeconfig()))


USERS = {
    "exec": "    exec: {command: /bin/sh, args: [-c, touch /tmp/canary]}",
    "auth-provider": "    auth-provider: {name: gcp, config: {cmd-path: /bin/sh}}",
    "tokenFile": "    tokenFile: /etc/passwd",
    "client-certificate": "    client-certificate: /etc/passwd",
    "client-key": "    client-key: /etc/shadow",
    "username": "    username: root",
    "password": "    password: secret",
    "as": "    as: system:admin",
    "as-uid": "    as-uid: '0'",
    "as-groups": "    as-groups: [system:masters]",
    "as-user-extra": "    as-user-extra: {a: [b]}",
}
CLUSTERS = {
    "certificate-authority": "    certificate-authority: /etc/passwd",
    "proxy-url": "    proxy-url: http://169.254.169.254",
    "insecure-skip-tls-verify": "    insecure-skip-tls-verify: true",
}
HOSTILE = {
    **{name: (kubeconfig(user=line), f"^{name} of the user is not taken: it ")
       for name, line in USERS.items()},
    **{name: (kubeconfig(line), f"^{name} of the cluster is not taken: it ")
       for name, line in CLUSTERS.items()},
    "unknown field": (kubeconfig(user="    tokn: x"), "only these fields"),
    "unknown in context": (kubeconfig(context=", as: root"), "as of the context"),
    "python object": (
        "!!python/object/apply:os.system ['touch /tmp/canary']", "is no YAML",
    ),
    "tag that fails by its value": (
        kubeconfig(user=f"    token: !!bool {CANARY}"), "is no YAML",
    ),
    "tag of a time": (kubeconfig(user="    token: !!timestamp x"), "is no YAML"),
    "tag of nothing": (kubeconfig(user='    token: !!int ""'), "is no YAML"),
    "long server": (
        kubeconfig().replace("https://", f"https://a.example/{'a' * 900}/", 1),
        "longer than 900",
    ),
    "python tag inside": (
        kubeconfig(user="    x: !!python/name:os.system"), "is no YAML",
    ),
    "billion laughs": (
        "a: &a [x, x]\nb: &b [*a, *a]\nc: [*b, *b]", "anchors or aliases",
    ),
    "merge key": ("a: &a {token: x}\nusers: {<<: *a}", "anchors or aliases"),
    "deep": ("[" * 2_000, "nested deeper"),
    "deep and closed": ("[" * 500 + "]" * 500, "nested deeper"),
    "many parts": ("- x\n" * 30_000, "nested deeper, or has more parts"),
    "long": ("x" * 300_000, "longer than 256 KiB"),
    "long number": ("a: " + "9" * 10_000, "It is no YAML|is not what|no current"),
    "no mapping": ("- a", "is not what it should be"),
    "empty": ("", "is not what it should be"),
    "two documents": (kubeconfig() + "\n---\n" + kubeconfig(), "is no YAML"),
    "control characters": ("a: \x00", "is no YAML"),
    "no token": (
        kubeconfig().replace(f"token: {CANARY}", "extensions: []"), "no token and no",
    ),
    "token with a line": (
        kubeconfig().replace(f"token: {CANARY}", 'token: "a\\r\\nHost: x"'),
        "cannot be a token",
    ),
    "http": (kubeconfig().replace("https://API", "http://API"), "begins with https"),
    "file": (kubeconfig().replace("https://API", "file:///etc"), "begins with https"),
    "user in URL": (
        kubeconfig().replace("https://API", "https://a:b@API"), "and no more",
    ),
    "query in URL": (kubeconfig().replace(":6443/", ":6443/?a=b"), "and no more"),
    "dots in URL": (kubeconfig().replace(":6443/", ":6443/%2e%2e"), "is like https"),
    "CA that is none": (
        kubeconfig().replace(encoded(CA), encoded("-----BEGIN CERTIFICATE-----")),
        "no certificate can be read",
    ),
    "CA that is a key": (
        kubeconfig().replace(
            encoded(CA), encoded((CERTIFICATES / "client.key").read_text())
        ),
        "no PEM certificate",
    ),
    "CA that is no base64": (
        kubeconfig().replace(encoded(CA), "%%%"), "no base64|no YAML",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", HOSTILE)
def test_what_is_hostile_is_refused_and_touches_nothing(name):
    text, sentence = HOSTILE[name]

    with watched(), pytest.raises(pasted.Refused) as refused:
        pasted.read(text)

    assert TOUCHED == []
    refused.match(sentence)


@pytest.mark.parametrize("name", HOSTILE)
def test_a_refusal_quotes_nothing_secret(name):
    with pytest.raises(pasted.Refused) as refused:
        pasted.read(HOSTILE[name][0])

    assert CANARY not in str(refused.value)
    assert refused.value.__cause__ is None


def test_what_is_taken_touches_nothing():
    with watched():
        pasted.read(kubeconfig())

    assert TOUCHED == []


def test_the_watch_sees_a_file_that_is_opened():
    with watched():
        Path(__file__).read_text()

    assert TOUCHED


def test_only_the_context_that_is_named_is_looked_at():
    text = kubeconfig() + "- name: other\n  user: {exec: {command: sh}}\n"

    assert pasted.read(text).token == CANARY


def test_a_context_that_is_not_there_is_refused():
    with pytest.raises(pasted.Refused, match="Of contexts it has 0 with the name"):
        pasted.read(kubeconfig(), context="other")
