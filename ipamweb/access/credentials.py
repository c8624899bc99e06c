"""The credentials of clusters that were pasted: kept sealed, opened for a session.

A credential is bound to its row, the URL, the CA and the TLS name: whoever points the
cluster elsewhere has to give it again. What is kept of everything else: connections.py.
"""

import hashlib
import json
from dataclasses import asdict, dataclass, field

from django.db import models, transaction

from ipamweb.access import audit, connections, pasted, vault
from ipamweb.access.connections import Way
from ipamweb.access.models import CHANGED, ClusterConnection, User
from ipamweb.access.pasted import Pasted


@dataclass(frozen=True, slots=True)
class Credential:
    """A token, or a client certificate with its key."""

    token: str = field(default="", repr=False)
    certificate: str = field(default="", repr=False)
    key: str = field(default="", repr=False)


def add(name: str, *, text: str, context: str = "", by: User) -> ClusterConnection:
    """Write a connection from a pasted kubeconfig, its credential sealed.

    Raises ValueError with a sentence for a person, which quotes no secret.
    """
    connections.check_name(name)
    connection = ClusterConnection(slug=name)
    secret = _put(connection, pasted.read(text, context=context))
    with transaction.atomic():
        connections.insert(connection)
        connection.sealed = _sealed(connection, secret)
        connection.save(update_fields=["sealed"])
        audit.record(
            "cluster.add",
            by=by,
            subject=f"cluster {name}",
            after=_facts(connection, secret),
        )
    return connection


def replace(name: str, *, text: str, context: str = "", by: User) -> ClusterConnection:
    """Write another way to a cluster from a pasted kubeconfig, over the one it has;
    sync makes a complete list soon. Raises ValueError as `add` does."""
    # Before anything is locked: a large one takes a while.
    given = pasted.read(text, context=context)
    with transaction.atomic():
        connection = connections.locked(name)
        before = _facts(connection)
        secret = _put(connection, given)
        connection.sealed = _sealed(connection, secret)
        connection.asked = CHANGED
        connection.revision += 1
        connection.save()
        audit.record(
            "cluster.edit",
            by=by,
            subject=f"cluster {name}",
            before=before,
            after=_facts(connection, secret),
        )
    return connection


def _put(connection: ClusterConnection, found: Pasted) -> Credential:
    """Put what a kubeconfig says of the way into a connection; return the secret."""
    for column, value in asdict(Way()).items():
        setattr(connection, column, value)
    connection.namespaces = []
    connection.api_url, connection.ca_pem = found.api_url, found.ca
    connection.tls_server_name = found.tls_server_name
    return Credential(found.token, found.certificate, found.key)


def _facts(
    connection: ClusterConnection, secret: Credential | None = None
) -> dict[str, object]:
    """Return what the log says of a way: of the credential only of what kind it is."""
    way = asdict(connections.way_of(connection))
    kind = "token" if secret and secret.token else "client certificate"
    return {
        **{name: value for name, value in way.items() if value},
        "ca_sha256": _digest(connection.ca_pem),
        "tls_server_name": connection.tls_server_name,
        **({"credential": kind} if secret else {}),
    }


def open_of(connection: ClusterConnection) -> Credential:
    """Return the credential of a connection. Raises vault.NoKey or vault.Unreadable."""
    plain = vault.unseal(connection.sealed, purpose=_purpose(connection))
    return Credential(**json.loads(plain))


def rotate() -> int:
    """Seal every credential with the first key anew; return how many had another.

    Raises vault.NoKey or vault.Unreadable, and then none was changed.
    """
    changed = 0
    with transaction.atomic():
        rows = ClusterConnection.objects.exclude(sealed="").order_by("pk")
        for connection in rows.select_for_update():
            if vault.key_of(connection.sealed) == vault.first_key():
                continue
            ClusterConnection.objects.filter(pk=connection.pk).update(
                sealed=_sealed(connection, open_of(connection)),
                revision=models.F("revision") + 1,
            )
            changed += 1
        audit.record(
            "keys.rotate",
            by=None,
            subject="credentials of clusters",
            after={"key": vault.first_key(), "credentials": changed},
        )
    return changed


def _sealed(connection: ClusterConnection, credential: Credential) -> str:
    plain = {
        "token": credential.token,
        "certificate": credential.certificate,
        "key": credential.key,
    }
    return vault.seal(json.dumps(plain).encode(), purpose=_purpose(connection))


def _purpose(connection: ClusterConnection) -> bytes:
    bound = [
        connection.pk,
        connection.api_url,
        _digest(connection.ca_pem),
        connection.tls_server_name,
    ]
    return json.dumps(bound).encode()


def _digest(ca: str) -> str:
    return hashlib.sha256(ca.encode()).hexdigest()
