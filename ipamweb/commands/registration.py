"""Add, change, pause and remove a cluster: its connection, and what is mirrored of it.

Each tells both sides, so that a poll under the old connection stops before it writes.
Raises ValueError or ClusterError, with a sentence for a person.
"""

from collections.abc import Callable

from ipamweb.access import connections
from ipamweb.access.connections import Way
from ipamweb.access.models import ClusterConnection
from ipamweb.cluster import detection, rights
from ipamweb.cluster.access import open_session
from ipamweb.mirror.models import Cluster
from ipamweb.sync import acts, sessions
from ipamweb.usage import retention


def add(name: str, *, way: Way, say: Callable[[str], None]) -> None:
    """Write a connection, after the cluster answered and may be listed."""
    draft = connections.draft(name, way=way)
    _check_rights(draft, say)
    connections.write(draft)
    say(f"added {name}; it is polled while `up` or the workers run")


def change(name: str, *, way: Way, say: Callable[[str], None]) -> None:
    """Write another way to reach a cluster, after it answered there."""
    _check_rights(connections.redraft(name, way=way), say)
    connections.change(name, way=way)
    for cluster in Cluster.objects.filter(slug=name):
        acts.edited(cluster)
    say(f"changed {name}; its next poll makes a complete list")


def set_paused(name: str, *, paused: bool) -> None:
    if paused:
        connections.pause(name)
    else:
        connections.resume(name)
    for cluster in Cluster.objects.filter(slug=name):
        acts.set_paused(cluster, paused)


def remove(name: str) -> None:
    """Delete the connection first, so that no poll begins; then the mirror."""
    connections.remove(name)
    for cluster in Cluster.objects.filter(slug=name):
        retention.forget(cluster.pk)
        acts.remove(cluster)


def _check_rights(connection: ClusterConnection, say: Callable[[str], None]) -> None:
    """Say what a person should know of the credential."""
    with open_session(sessions.access_of(connection)) as session:
        for warning in session.warnings:
            say(f"warning: {warning}")
        found = detection.detect(session)
        reviewed = rights.review(session, kinds=found.kinds)
    if reviewed.required:
        raise ValueError(
            f"{connection.slug}: the credential may not {', '.join(reviewed.required)};"
            " deploy/kustomize has the ClusterRole it needs"
        )
    for right in (*reviewed.missing, *found.missing_rights):
        say(f"warning: the credential may not {right}")
    for right in reviewed.surplus:
        say(f"warning: the credential may {right}; we do not need that")
