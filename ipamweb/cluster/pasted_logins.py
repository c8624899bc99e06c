"""The login of a cluster whose URL and credential were pasted, not put into files.

Its server is looked at before it is asked (guard.py). No proxy of the environment.
"""

import tempfile
from dataclasses import dataclass, field
from pathlib import Path

from ipamweb.cluster.errors import Misconfigured
from ipamweb.cluster.guard import Guard, Network
from ipamweb.cluster.logins import (
    SYSTEM_CAS,
    Certificates,
    Login,
    bearer,
    make_context,
    parse_server,
)


@dataclass(frozen=True, slots=True)
class Pasted:
    """PEM texts and a token; its own text holds none of them."""

    ca: str = field(default="", repr=False)
    token: str = field(default="", repr=False)
    certificate: str = field(default="", repr=False)
    key: str = field(default="", repr=False)
    server_name: str = ""
    networks: tuple[Network, ...] = ()


def login_by_values(url: str, pasted: Pasted, *, cluster: str) -> Login:
    """Return the login; raises Misconfigured. TLS is always verified.

    Python takes a client certificate from files only: they are gone when it returns.
    """
    server = parse_server(url, cluster=cluster)
    if server.scheme != "https":
        raise Misconfigured(cluster, action="use the URL", why="it is not https")
    ca = "the CA that was pasted" if pasted.ca else SYSTEM_CAS
    with tempfile.TemporaryDirectory() as folder:
        files = Certificates(
            _written(folder, "ca.pem", pasted.ca),
            _written(folder, "client.pem", pasted.certificate),
            _written(folder, "client.key", pasted.key),
        )
        context = make_context(files, cluster=cluster, ca=ca)
    source = "the token that was pasted"
    return Login(
        server,
        context,
        pasted.server_name,
        bearer(pasted.token, cluster=cluster, source=source) if pasted.token else "",
        ca=ca,
        guard=Guard(cluster, pasted.networks),
    )


def _written(folder: str, name: str, text: str) -> str:
    """Return the path of a file with a text, "" without one; the folder is private."""
    if not text:
        return ""
    file = Path(folder) / name
    file.write_text(text, encoding="ascii")
    return str(file)
