"""What a cluster is asked with: its address, its TLS, its credential.

A Login is read from files and kept for a minute; nothing in its text is secret.
Not here: kubeconfigs (kubeconfig.py), the asking (access.py, connections.py).
"""

import ipaddress
import ssl
from dataclasses import dataclass, field
from pathlib import Path

import urllib3
from urllib3.exceptions import LocationParseError

from ipamweb.cluster.errors import Misconfigured
from ipamweb.cluster.guard import Guard

PORTS = {"https": 443, "http": 80}
SYSTEM_CAS = "the CAs of this machine"


@dataclass(frozen=True, slots=True)
class Server:
    """Where an API server is. `prefix` comes before every path, as Rancher needs it."""

    scheme: str
    host: str
    port: int
    prefix: str = ""

    @property
    def authority(self) -> str:
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{host}:{self.port}"

    @property
    def is_local(self) -> bool:
        """True for this machine's own addresses: nobody listens on the way."""
        try:
            return ipaddress.ip_address(self.host).is_loopback
        except ValueError:
            return self.host == "localhost"


@dataclass(frozen=True, slots=True)
class Login:
    """How to ask. `ca` is told in messages; `proxy` is a URL or empty."""

    server: Server
    context: ssl.SSLContext | None = field(default=None, repr=False)
    server_name: str = ""
    authorization: str = field(default="", repr=False)
    proxy: str = ""
    ca: str = SYSTEM_CAS
    warnings: tuple[str, ...] = ()
    guard: Guard | None = None


@dataclass(frozen=True, slots=True)
class Certificates:
    """The files of TLS; an empty `ca_file` means the CAs of this machine."""

    ca_file: str = ""
    client_file: str = ""
    key_file: str = ""
    is_verified: bool = True


def parse_server(url: str, *, cluster: str) -> Server:
    """Return the parts of an API server's URL; raises Misconfigured."""
    try:
        parts = urllib3.util.parse_url(url)
    except LocationParseError:
        parts = urllib3.util.Url()
    if parts.auth:
        raise Misconfigured(
            cluster,
            action="use the API server's URL",
            why="it carries a user name or password; give a token file instead",
        )
    if parts.scheme not in PORTS or not parts.host or parts.query:
        raise Misconfigured(
            cluster,
            action="use the API server's URL",
            why=f"{url!r} is not like https://host:6443",
        )
    host = parts.host.strip("[]")
    port = parts.port or PORTS[parts.scheme]
    return Server(parts.scheme, host, port, (parts.path or "").rstrip("/"))


def bearer(token: str, *, cluster: str, source: str) -> str:
    """Return the Authorization header of a token; `source` is told in messages."""
    text = token.strip()
    if not text:
        why = "there is no token in it"
    elif not text.isascii() or not text.isprintable() or " " in text:
        why = "what is in it cannot be a token"
    else:
        return f"Bearer {text}"
    raise Misconfigured(cluster, action=f"use {source}", why=why)


def read_token_file(path: str, *, cluster: str) -> str:
    """Return the Authorization header of the token in a file; raises Misconfigured."""
    source = f"the token file {path}"
    try:
        token = Path(path).expanduser().read_text(encoding="utf-8")
    except UnicodeDecodeError:
        # Not chained: the error would carry what stands in the file.
        token = "\0"
    except OSError as error:
        raise Misconfigured(
            cluster, action=f"read {source}", why=error.strerror or "it failed"
        ) from error
    return bearer(token, cluster=cluster, source=source)


def make_context(files: Certificates, *, cluster: str, ca: str) -> ssl.SSLContext:
    """Return the TLS settings; raises Misconfigured. No file is needed afterwards."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    if not files.is_verified:
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    elif files.ca_file:
        _load_ca(context, files.ca_file, cluster=cluster, ca=ca)
    else:
        context.load_default_certs()
    if files.client_file:
        _load_client(context, files, cluster=cluster)
    return context


def _load_ca(context: ssl.SSLContext, path: str, *, cluster: str, ca: str) -> None:
    try:
        context.load_verify_locations(cafile=path)
    except ssl.SSLError as error:
        raise Misconfigured(
            cluster, action=f"use {ca}", why="it holds no PEM certificate"
        ) from error
    except OSError as error:
        raise Misconfigured(
            cluster, action=f"read {ca}", why=error.strerror or "it failed"
        ) from error


def _load_client(context: ssl.SSLContext, files: Certificates, *, cluster: str) -> None:
    try:
        # An empty password: OpenSSL would ask for one at the terminal.
        context.load_cert_chain(files.client_file, files.key_file or None, password="")
    except ssl.SSLError as error:
        raise Misconfigured(
            cluster,
            action="use the client certificate",
            why="certificate and key are no PEM, do not fit, or need a password",
        ) from error
    except OSError as error:
        raise Misconfigured(
            cluster,
            action="read the client certificate or its key",
            why=error.strerror or "it failed",
        ) from error


def login_by_files(url: str, *, token_file: str, ca_file: str, cluster: str) -> Login:
    """Return the login of a URL with a token file and a CA file; both may be empty."""
    server = parse_server(url, cluster=cluster)
    ca = f"the CA file {ca_file}" if ca_file else SYSTEM_CAS
    context = None
    if server.scheme == "https":
        ca_path = str(Path(ca_file).expanduser()) if ca_file else ""
        context = make_context(Certificates(ca_path), cluster=cluster, ca=ca)
    authorization = read_token_file(token_file, cluster=cluster) if token_file else ""
    return Login(
        server,
        context,
        authorization=authorization,
        ca=ca,
        warnings=warnings_of(server, authorization=authorization, is_verified=True),
    )


def warnings_of(
    server: Server, *, authorization: str, is_verified: bool
) -> tuple[str, ...]:
    """Return what a person should know of a login that nevertheless works."""
    warnings = []
    if server.scheme == "http" and authorization and not server.is_local:
        warnings.append(
            f"the token goes to {server.host} without TLS: it can be read on the way"
        )
    if server.scheme == "https" and not is_verified:
        warnings.append(
            "insecure-skip-tls-verify: "
            f"nothing proves that {server.host} is the cluster"
        )
    return tuple(warnings)
