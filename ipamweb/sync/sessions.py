"""Sessions kept between polls of one process, so that connections are kept too."""

import threading

from django.conf import settings

from ipamweb.access import credentials
from ipamweb.access.models import ClusterConnection
from ipamweb.cluster.access import Access, Session, open_session
from ipamweb.cluster.errors import Misconfigured
from ipamweb.cluster.pasted_logins import Pasted

_sessions: dict[int, tuple[int, Session]] = {}
_lock = threading.Lock()


def access_of(connection: ClusterConnection) -> Access:
    """Return how the cluster of a connection is reached."""
    return Access(
        name=connection.slug,
        kubeconfig=connection.kubeconfig,
        context=connection.context,
        in_cluster=connection.in_cluster,
        api_url=connection.api_url,
        token_file=connection.token_file,
        ca_file=connection.ca_file,
        pasted=_pasted(connection) if connection.sealed else None,
        namespaces=tuple(connection.namespaces),
    )


def _pasted(connection: ClusterConnection) -> Pasted:
    """Return what was pasted of a cluster; raises Misconfigured."""
    try:
        credential = credentials.open_of(connection)
    except ValueError as error:
        raise Misconfigured(
            connection.slug, action="use the stored credential", why=str(error)
        ) from error
    return Pasted(
        ca=connection.ca_pem,
        token=credential.token,
        certificate=credential.certificate,
        key=credential.key,
        server_name=connection.tls_server_name,
        networks=tuple(settings.IPAMWEB_CLUSTER_NETWORKS),
    )


def session_of(connection: ClusterConnection) -> Session:
    """Return the kept session, or a new one where the connection was edited since.

    Raises Misconfigured.
    """
    with _lock:
        revision, session = _sessions.get(connection.pk, (0, None))
        if session is not None and revision == connection.revision:
            return session
        if session is not None:
            session.close()
        session = open_session(access_of(connection))
        _sessions[connection.pk] = (connection.revision, session)
        return session


def forget_all() -> None:
    """Close all sessions of this process."""
    with _lock:
        for _, session in _sessions.values():
            session.close()
        _sessions.clear()
