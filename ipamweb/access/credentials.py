"""The credentials of clusters that were pasted: kept sealed, opened for a session.

A credential is bound to its row, the URL, the CA and the TLS name: whoever points the
cluster elsewhere has to give it again. What is kept of everything else: connections.py.
"""

import hashlib
import json
from dataclasses import dataclass, field

from django.db import models, transaction

from ipamweb.access import audit, connections, pasted, vault
from ipamweb.access.models import ClusterConnection, User


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
    found = pasted.read(text, context=context)
    connection = ClusterConnection(
        slug=name,
        api_url=found.api_url,
        ca_pem=found.ca,
        tls_server_name=found.tls_server_name,
    )
    secret = Credential(found.token, found.certificate, found.key)
    with transaction.atomic():
        connection.save(force_insert=True)
        connection.sealed = _sealed(connection, secret)
        connection.save(update_fields=["sealed"])
        audit.record(
            "cluster.add",
            by=by,
            subject=f"cluster {name}",
            after={
                "api_url": found.api_url,
                "ca_sha256": _digest(found.ca),
                "tls_server_name": found.tls_server_name,
                "credential": "token" if found.token else "client certificate",
            },
        )
    return connection


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
