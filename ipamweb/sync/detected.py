"""Writes what was detected of a cluster: its row, its version and its pools."""

from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass, replace

from django.conf import settings

from ipamweb.access.models import ClusterConnection
from ipamweb.addressing.records import Problem
from ipamweb.cluster import detection
from ipamweb.cluster.access import Session
from ipamweb.cluster.cluster_ranges import Fact
from ipamweb.cluster.ipam_mode import SYSTEM_OF_GROUP
from ipamweb.cluster.objects import Asks
from ipamweb.cluster.questions import Question
from ipamweb.cluster.readers import READERS
from ipamweb.cluster.readers.contract import (
    ALL_KINDS,
    Kind,
    Reader,
    ReaderSettings,
)
from ipamweb.mirror.models import Cluster, ClusterVersion, Node
from ipamweb.sync.counters import Counters
from ipamweb.sync.gather import Gathered
from ipamweb.sync.known import known_uids
from ipamweb.sync.pools import write_pools

KINDS = {kind.resource: kind for kind in ALL_KINDS}
# A second source: without it the mirror is poorer, not wrong.
OPTIONAL_KINDS = frozenset({"ciliumendpoints"})


@dataclass(frozen=True, slots=True)
class Patient:
    """Asks of a session, and does something before each question: renews the lease.

    A slow cluster answers the few questions of a detection in minutes.
    """

    session: Session
    before: Callable[[], None]

    @property
    def name(self) -> str:
        return self.session.name

    def ask(self, question: Question) -> bytes:
        self.before()
        return self.session.ask(question)


def detect(cluster: Cluster, session: Asks) -> detection.Detection:
    """Return what the cluster is now; raises ClusterError.

    A kind that is not needed any more is read on until nothing of it is left. Where a
    configuration that was read once may not be read any more, what is concluded without
    it is no news: the cluster is what it was.
    """
    found = detection.detect(
        session,
        cilium_namespace=settings.IPAMWEB_CILIUM_NAMESPACE,
        node_pool_labels=tuple(settings.IPAMWEB_NODE_POOL_LABELS),
    )
    if lost := lost_rights(cluster, found.refused):
        return _as_it_was(cluster, found, lost)
    return replace(found, kinds=(*found.kinds, *_left_behind(cluster, found)))


def _left_behind(cluster: Cluster, found: detection.Detection) -> list[Kind]:
    """Return the kinds of a system that was uninstalled and left them behind.

    They are served, so that lists tell that nothing is in them.
    """
    names = {kind.resource for kind in found.kinds}
    lost = [KINDS[name] for name in cluster.kinds if name not in names]
    return [
        kind
        for kind in lost
        if kind.group
        and SYSTEM_OF_GROUP[kind.group] not in found.systems
        and found.served.has(kind)
        and known_uids(cluster, kind.resource, namespaces=())
    ]


def stored_facts(cluster: Cluster) -> list[Fact]:
    """Return the facts that were read last."""
    return [
        (name, value, where)
        for version in _open_versions(cluster)
        for name, value, where in version.facts
    ]


def lost_rights(cluster: Cluster, refused: Iterable[tuple[str, str]]) -> list[str]:
    """Return which of the rights refused now once let the last facts be read."""
    places = [where for _, _, where in stored_facts(cluster)]
    return [
        right
        for place, right in refused
        if any(where.startswith(f"{place}, ") for where in places)
    ]


def _as_it_was(
    cluster: Cluster, found: detection.Detection, lost: list[str]
) -> detection.Detection:
    [version] = _open_versions(cluster)
    stored = _stored_settings(cluster)
    problem = Problem(
        "Cluster",
        cluster.slug,
        "rights",
        f"the credential may not {', '.join(lost)} any more; mode, families and pools"
        " are those that were read last",
    )
    return replace(
        found,
        systems=tuple(version.systems),
        mode=version.mode,
        reader=version.reader,
        settings=replace(stored, node_pool_labels=found.settings.node_pool_labels),
        kinds=tuple(KINDS[name] for name in cluster.kinds),
        families=tuple(cluster.families),
        facts=tuple(stored_facts(cluster)),
        # Pools that are not read stay as they are.
        pools=(),
        pools_of=(),
        problems=(problem,),
    )


def _open_versions(cluster: Cluster) -> list[ClusterVersion]:
    """Return the version that holds now, if there is one yet."""
    return list(cluster.versions.filter(valid_to=None)[:1])


def _stored_settings(cluster: Cluster) -> ReaderSettings:
    stored = dict(cluster.reader_settings)
    stored["node_pool_labels"] = tuple(stored.get("node_pool_labels", ()))
    return ReaderSettings(**stored)


def reading_of(
    cluster: Cluster, found: detection.Detection | None
) -> tuple[Reader, ReaderSettings, tuple[Kind, ...]]:
    """Return reader, its settings and the kinds to read: as detected now, or stored."""
    if found is not None:
        return READERS[found.reader], found.settings, found.kinds
    kinds = tuple(KINDS[name] for name in cluster.kinds)
    return READERS[cluster.reader], _stored_settings(cluster), kinds


def write(
    cluster: Cluster,
    found: detection.Detection,
    connection: ClusterConnection,
    gathered: list[Gathered],
) -> int:
    """Write the cluster's row, its version and its pools; return how much changed."""
    changed = _write_version(cluster, found, gathered)
    families_changed = cluster.families != list(found.families)
    cluster.identity = cluster.identity or found.identity
    cluster.server_version = found.version
    cluster.systems, cluster.mode = list(found.systems), found.mode
    cluster.reader, cluster.families = found.reader, list(found.families)
    cluster.kinds = [kind.resource for kind in found.kinds]
    cluster.reader_settings = asdict(found.settings)
    cluster.namespaces = list(connection.namespaces)
    cluster.save(
        update_fields=[
            "identity", "server_version", "systems", "mode", "reader", "families",
            "kinds", "reader_settings", "namespaces",
        ]
    )  # fmt: skip
    if families_changed:
        _count_slots_anew(cluster)
    return changed + write_pools(
        cluster.pk,
        found.pools,
        systems=found.pools_of,
        now=gathered[0].bounds.answered_at,
    )


def _count_slots_anew(cluster: Cluster) -> None:
    """A family more or less changes how many pods every node can take."""
    nodes = Node.objects.filter(cluster=cluster).values_list("pk", flat=True)
    Counters(cluster.pk, nodes=set(nodes)).write()


def _write_version(
    cluster: Cluster, found: detection.Detection, gathered: list[Gathered]
) -> int:
    facts = [list(fact) for fact in found.facts]
    stated = (list(found.systems), found.mode, found.reader, facts)
    last = cluster.versions.filter(valid_to=None).first()
    if last and (last.systems, last.mode, last.reader, last.facts) == stated:
        return 0
    now = gathered[0].bounds.answered_at
    # Cut off from here on, the next poll lists too: cursors are of another reader.
    cluster.cursors.update(needs_list=True)
    cluster.versions.filter(valid_to=None).update(valid_to=now)
    cluster.versions.create(
        systems=stated[0], mode=found.mode, reader=found.reader, facts=facts,
        valid_from=now,
    )  # fmt: skip
    return 1
