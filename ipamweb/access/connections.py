"""How clusters are reached: add, change, pause. Paths and addresses, never secrets.

Raises ValueError, with a sentence for a person, where what is given cannot work. Not
here: whether the cluster answers (cluster), and the mirror of it, which sync makes at
the first good poll and removes (sync/acts.py).
"""

import os
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any, Unpack

from django.core.exceptions import ValidationError
from django.core.validators import validate_slug
from django.db import IntegrityError, models, transaction

from ipamweb.access import audit
from ipamweb.access.models import CHANGED, REMOVED, ClusterConnection, User

# A cluster that is reached another way keeps nothing of a pasted kubeconfig.
NOTHING_PASTED = {"ca_pem": "", "tls_server_name": "", "sealed": ""}
NAME_RULE = "letters, digits, '-' and '_', at most 63"


@dataclass(frozen=True, slots=True)
class Way:
    """One way to reach a cluster: a kubeconfig, in-cluster, or URL, token and CA files.

    `namespaces` empty: the whole cluster.
    """

    kubeconfig: str = ""
    context: str = ""
    in_cluster: bool = False
    api_url: str = ""
    token_file: str = ""
    ca_file: str = ""
    namespaces: tuple[str, ...] = ()


def draft(name: str, *, way: Way) -> ClusterConnection:
    """Return a new connection, not yet written."""
    check_name(name)
    return ClusterConnection(slug=name, **_columns(checked(way)))


def redraft(name: str, *, way: Way) -> ClusterConnection:
    """Return a connection as it would be with another way, not yet written."""
    connection = find(name)
    for field, value in {**_columns(checked(way)), **NOTHING_PASTED}.items():
        setattr(connection, field, value)
    return connection


def add(name: str, *, way: Way) -> ClusterConnection:
    """Write a connection and return it."""
    connection = draft(name, way=way)
    write(connection)
    return connection


def write(draft: ClusterConnection, *, by: User | None = None) -> None:
    """Write a new connection."""
    with transaction.atomic():
        insert(draft)
        _record("cluster.add", draft.slug, by=by, after=_columns(way_of(draft)))


def add_or_change(name: str, *, way: Way) -> ClusterConnection:
    """Write a connection, over the one of the same name where there is one."""
    if ClusterConnection.objects.filter(slug=name).exists():
        return change(name, way=way)
    return add(name, way=way)


def change(name: str, *, way: Way) -> ClusterConnection:
    """Write another way to reach a cluster; polls under the old one stop.

    A way that is no other is not written: nothing then stops.
    """
    with transaction.atomic():
        before, after = locked(name), redraft(name, way=way)
        if way_of(before) != way_of(after) or before.sealed:
            after.revision += 1
            after.save()
            _record(
                "cluster.edit",
                name,
                before=_columns(way_of(before)),
                after=_columns(way_of(after)),
            )
    return after


def remove(name: str) -> None:
    """Delete a connection: no poll begins any more."""
    with transaction.atomic():
        connection = locked(name)
        connection.delete()
        _record("cluster.remove", name, before=_columns(way_of(connection)))


def pause(name: str) -> None:
    """Stop polling a cluster; what is mirrored stays, and grows old."""
    _set_paused(name, paused=True)


def resume(name: str) -> None:
    _set_paused(name, paused=False)


def ask_paused(name: str, *, paused: bool, by: User) -> ClusterConnection:
    """Pause or resume a cluster from where its mirror cannot be told: sync does that
    soon. No poll begins any more at once."""
    with transaction.atomic():
        connection = locked(name)
        if connection.paused == paused:
            is_so = "paused" if paused else "not paused"
            raise ValueError(f"{name} is {is_so} already")
        connection.paused, connection.asked = paused, CHANGED
        connection.revision += 1
        connection.save(update_fields=["paused", "asked", "revision"])
        _record("cluster.pause" if paused else "cluster.resume", name, by=by)
    return connection


def ask_removal(name: str, *, by: User) -> None:
    """Let a cluster be removed with all of its history: no poll begins any more, its
    credential is gone at once, and sync removes the rest soon."""
    with transaction.atomic():
        connection = locked(name)
        before = _columns(way_of(connection))
        connection.paused, connection.asked, connection.sealed = True, REMOVED, ""
        connection.revision += 1
        connection.save(update_fields=["paused", "asked", "sealed", "revision"])
        _record("cluster.remove", name, by=by, before=before)


def find(name: str) -> ClusterConnection:
    """Return a connection. Raises ValueError naming the ones there are."""
    return _one(_there(), name)


def locked(name: str) -> ClusterConnection:
    """Return a connection as it is until the transaction ends: what is written over it
    undoes no act that came between, as a removal. Raises ValueError as `find`."""
    return _one(_there().select_for_update(), name)


def _one(
    connections: models.QuerySet[ClusterConnection], name: str
) -> ClusterConnection:
    connection = connections.filter(slug=name).first()
    if connection is None:
        known = ", ".join(names()) or "none yet; add one with add_cluster"
        raise ValueError(f"there is no cluster {name!r}; known are: {known}")
    return connection


def names() -> list[str]:
    """Return the names of all clusters, sorted."""
    return list(_there().order_by("slug").values_list("slug", flat=True))


def _there() -> models.QuerySet[ClusterConnection]:
    return ClusterConnection.objects.exclude(asked=REMOVED)


def way_of(connection: ClusterConnection) -> Way:
    """Return how a cluster is reached now."""
    fields = {field: getattr(connection, field) for field in Way.__slots__}
    return Way(**{**fields, "namespaces": tuple(connection.namespaces)})


def checked(way: Way) -> Way:
    """Return a way with absolute paths. Raises ValueError where it cannot be one."""
    ways = [bool(way.kubeconfig), way.in_cluster, bool(way.api_url)]
    if sum(ways) != 1:
        raise ValueError(
            "say one way to reach the cluster: a kubeconfig, in-cluster, or an API URL"
            " with a token file and a CA file"
        )
    if way.context and not way.kubeconfig:
        raise ValueError("a context belongs to a kubeconfig")
    if bool(way.token_file or way.ca_file) != bool(way.api_url):
        raise ValueError("an API URL, a token file and a CA file belong together")
    if way.api_url:
        _check_url(way)
    return _with_absolute_paths(way)


def _check_url(way: Way) -> None:
    if not way.api_url.startswith("https://"):
        raise ValueError(f"{way.api_url!r} is no API URL: it begins with https://")
    if not (way.token_file and way.ca_file):
        raise ValueError("an API URL needs a token file and a CA file")


def _with_absolute_paths(way: Way) -> Way:
    """A kubeconfig may be several files, as in KUBECONFIG: one of them is enough."""
    files = [
        Path(part).expanduser() for part in way.kubeconfig.split(os.pathsep) if part
    ]
    if files and not any(file.is_file() for file in files):
        raise ValueError(f"there is no file {way.kubeconfig}")
    return replace(
        way,
        kubeconfig=os.pathsep.join(str(file.absolute()) for file in files),
        token_file=_existing(way.token_file),
        ca_file=_existing(way.ca_file),
    )


def _existing(file: str) -> str:
    if not file:
        return ""
    if not Path(file).expanduser().is_file():
        raise ValueError(f"there is no file {file}")
    return str(Path(file).expanduser().absolute())


def check_name(name: str) -> None:
    """Raise ValueError where a new cluster cannot have a name."""
    try:
        validate_slug(name)
    except ValidationError:
        raise ValueError(f"{name!r} is no name: give {NAME_RULE}") from None
    if len(name) > 63:
        raise ValueError(f"{name!r} is too long: give {NAME_RULE}")
    if ClusterConnection.objects.filter(slug=name).exists():
        raise _there_is(name)


def insert(connection: ClusterConnection) -> None:
    """Write the row of a new connection. Raises ValueError where somebody else was
    quicker with its name."""
    try:
        with transaction.atomic():
            connection.save(force_insert=True)
    except IntegrityError:
        raise _there_is(connection.slug) from None


def _there_is(name: str) -> ValueError:
    return ValueError(f"there is a cluster {name!r} already; see edit_cluster")


def _columns(way: Way) -> dict[str, Any]:
    return {**asdict(way), "namespaces": list(way.namespaces)}


def _set_paused(name: str, *, paused: bool) -> None:
    with transaction.atomic():
        connection = locked(name)
        if connection.paused == paused:
            return
        ClusterConnection.objects.filter(pk=connection.pk).update(
            paused=paused, revision=models.F("revision") + 1
        )
        _record("cluster.pause" if paused else "cluster.resume", name)


def _record(
    act: str, name: str, *, by: User | None = None, **facts: Unpack[audit.Facts]
) -> None:
    audit.record(act, by=by, subject=f"cluster {name}", **facts)
