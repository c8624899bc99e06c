"""A kubeconfig that somebody pasted: a few inline fields of one context are taken.

Nothing in it is believed to be harmless. It never reaches a client library; no program
is run, no file is read, no address is asked. What would want one of these is refused
in a sentence that quotes no secret. Kubeconfigs named on the command line are another
thing (cluster/kubeconfig.py).
"""

import base64
import binascii
import re
import ssl
from dataclasses import dataclass, field
from typing import Any, NoReturn
from urllib.parse import urlsplit

import yaml

# Ten times a large one; no person nests more; aliases could make it grow without end.
MOST_CHARACTERS = 256 * 1024
MOST_EVENTS = 20_000
DEEPEST = 12

CLUSTER_FIELDS = {"server", "certificate-authority-data", "tls-server-name"}
USER_FIELDS = {"token", "client-certificate-data", "client-key-data"}
CONTEXT_FIELDS = {"cluster", "user", "namespace"}
# What programs leave in every part for themselves: not taken, and no reason to refuse.
IGNORED = {"extensions"}
_A_PATH = "names a file; give its content in the field that ends in -data"
WHY_NOT = {
    "exec": "would run a program here; give a token",
    "auth-provider": "would run code of a provider here; give a token",
    "tokenFile": "names a file; give its content as token",
    "certificate-authority": _A_PATH,
    "client-certificate": _A_PATH,
    "client-key": _A_PATH,
    "proxy-url": "would send everything to another server",
    "insecure-skip-tls-verify": "would let any server pass for the cluster",
    "username": "is a password's; clusters no longer take them, give a token",
    "password": "is not taken; clusters no longer take them, give a token",
    "as": "would act as somebody else",
    "as-uid": "would act as somebody else",
    "as-groups": "would act as somebody else",
    "as-user-extra": "would act as somebody else",
}
_HOST = re.compile(
    r"[A-Za-z0-9]([A-Za-z0-9.-]{0,251}[A-Za-z0-9])?\.?|[0-9A-Fa-f:.]{1,253}"
)
LONGEST_URL = 900
_PATH = re.compile(r"(/[A-Za-z0-9._~-]+)*/?")
_TOKEN = re.compile(r"[\x21-\x7e]{1,65536}")


class Refused(ValueError):
    """What was pasted is not taken, as one sentence for a person."""


@dataclass(frozen=True, slots=True)
class Pasted:
    """How to reach a cluster, and the credential: a token, or certificate and key.

    `api_url` is in one spelling; `ca` "" means the CAs of this machine."""

    api_url: str
    tls_server_name: str
    ca: str = field(repr=False)
    token: str = field(default="", repr=False)
    certificate: str = field(default="", repr=False)
    key: str = field(default="", repr=False)


def read(text: str, *, context: str = "") -> Pasted:
    """Return what a context holds, the current one where none is named.

    Raises Refused.
    """
    config = _mapping(_parsed(text), "what was pasted")
    chosen = _part(config, "contexts", _chosen(config, context), "context")
    _check(chosen, CONTEXT_FIELDS, "the context")
    cluster = _part(config, "clusters", _name(chosen, "cluster"), "cluster")
    user = _part(config, "users", _name(chosen, "user"), "user")
    _check(cluster, CLUSTER_FIELDS, "the cluster")
    _check(user, USER_FIELDS, "the user")
    certificate = _pem(user, "client-certificate-data", "CERTIFICATE")
    key = _pem(user, "client-key-data", "PRIVATE KEY")
    token = _text(user, "token").strip()
    if token and not _TOKEN.fullmatch(token):
        raise Refused("token: what is in it cannot be a token.")
    if bool(certificate) != bool(key):
        raise Refused("A client certificate and its key belong together.")
    if not token and not certificate:
        raise Refused("The user has no token and no client certificate.")
    ca = _pem(cluster, "certificate-authority-data", "CERTIFICATE")
    _check_ca(ca)
    name = _text(cluster, "tls-server-name")
    if name and not _HOST.fullmatch(name):
        raise Refused("tls-server-name: this is no name of a host.")
    return Pasted(
        api_url=normal_url(_text(cluster, "server")),
        tls_server_name=name,
        ca=ca,
        token=token,
        certificate=certificate,
        key=key,
    )


def normal_url(url: str) -> str:
    """Return an API server's URL in one spelling, with its port. Raises Refused."""
    try:
        parts = urlsplit(url.strip())
        host, port = parts.hostname or "", parts.port or 443
    except ValueError:
        raise Refused("server: this is no URL.") from None
    if parts.scheme != "https":
        raise Refused("server: the URL begins with https://.")
    if "@" in parts.netloc or parts.query or parts.fragment or "%" in parts.netloc:
        raise Refused("server: the URL has a host, a port and a path, and no more.")
    if len(url) > LONGEST_URL:
        raise Refused(f"server: the URL is longer than {LONGEST_URL} characters.")
    if not _HOST.fullmatch(host) or not _PATH.fullmatch(parts.path):
        raise Refused("server: the URL is like https://host:6443.")
    shown = f"[{host}]" if ":" in host else host
    return f"https://{shown}:{port}{parts.path.rstrip('/')}"


def _parsed(text: str) -> Any:
    if len(text) > MOST_CHARACTERS:
        raise Refused(f"It is longer than {MOST_CHARACTERS // 1024} KiB.")
    try:
        _check_events(text)
        return yaml.safe_load(text)
    except Refused:
        raise
    except (
        yaml.YAMLError,
        ArithmeticError,
        AttributeError,
        LookupError,
        RecursionError,
        TypeError,
        ValueError,
    ):
        # Not chained: the error quotes what was pasted.
        raise Refused("It is no YAML, as a kubeconfig is.") from None


def _check_events(text: str) -> None:
    """Look for what grows or nests without end, before anything is built."""
    depth = 0
    for count, event in enumerate(yaml.parse(text, Loader=yaml.SafeLoader)):
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
            raise Refused("It has anchors or aliases; a kubeconfig needs none.")
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1
        if depth > DEEPEST or count > MOST_EVENTS:
            raise Refused("It is nested deeper, or has more parts, than a kubeconfig.")


def _mapping(value: Any, what: str) -> dict[str, Any]:
    if not isinstance(value, dict) or not all(isinstance(key, str) for key in value):
        raise Refused(f"In it {what} is not what it should be in a kubeconfig.")
    return value


def _chosen(config: dict[str, Any], context: str) -> str:
    found = context or config.get("current-context") or ""
    if not isinstance(found, str) or not found:
        raise Refused("It has no current context; name the one that is meant.")
    return found


def _name(context: dict[str, Any], part: str) -> str:
    found = context.get(part)
    if not isinstance(found, str) or not found:
        raise Refused(f"The context names no {part}.")
    return found


def _part(config: dict[str, Any], section: str, name: str, key: str) -> dict[str, Any]:
    """Return what stands under `key` in the one entry of a section with a name."""
    entries = config.get(section)
    if not isinstance(entries, list):
        raise Refused(f"It has no list of {section}.")
    found = [each for each in entries if _mapping(each, section).get("name") == name]
    if len(found) != 1:
        raise Refused(f"Of {section} it has {len(found)} with the name that is meant.")
    return _mapping(found[0].get(key), f"a {key}")


def _check(part: dict[str, Any], taken: set[str], what: str) -> None:
    for name, value in part.items():
        if name in taken or name in IGNORED:
            continue
        if name == "insecure-skip-tls-verify" and value is False:
            continue
        if name in WHY_NOT:
            raise Refused(f"{name} of {what} is not taken: it {WHY_NOT[name]}.")
        _refuse_unknown(taken, what)


def _refuse_unknown(taken: set[str], what: str) -> NoReturn:
    known = ", ".join(sorted(taken))
    raise Refused(f"Of {what} only these fields are taken: {known}.")


def _text(part: dict[str, Any], name: str) -> str:
    value = part.get(name, "")
    if not isinstance(value, str):
        raise Refused(f"{name}: this is no text.")
    return value


def _pem(part: dict[str, Any], name: str, kind: str) -> str:
    """Return the PEM text of a base64 field; "" where it is not there."""
    text = _text(part, name)
    if not text:
        return ""
    try:
        pem = base64.b64decode("".join(text.split()), validate=True).decode("ascii")
    except (binascii.Error, ValueError):
        raise Refused(f"{name}: this is no base64 of PEM text.") from None
    begins = re.findall(r"-----BEGIN ([A-Z0-9 ]+)-----", pem)
    if not begins or not all(each.endswith(kind) for each in begins):
        raise Refused(f"{name}: this is no PEM {kind.lower()}.")
    return pem


def _check_ca(pem: str) -> None:
    if pem:
        try:
            ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT).load_verify_locations(cadata=pem)
        except (ssl.SSLError, ValueError):
            raise Refused(
                "certificate-authority-data: no certificate can be read of it."
            ) from None
