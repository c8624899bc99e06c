"""Which IPAM system a cluster has, in which mode, and who reads it.

Cheap, a handful of requests, made again at each complete list.
Not here: what it means that a kind is not served any more (sync).
"""

from dataclasses import dataclass

from ipamweb.addressing.records import Pool, Problem
from ipamweb.cluster import cluster_ranges, shapes
from ipamweb.cluster.cluster_ranges import Fact, Source, add_facts
from ipamweb.cluster.discovery import NOTHING, Served, read_served
from ipamweb.cluster.errors import BadAnswer
from ipamweb.cluster.ipam_mode import systems_and_mode
from ipamweb.cluster.objects import Asks, read_object
from ipamweb.cluster.readers.contract import (
    CILIUM_ENDPOINTS,
    CILIUM_NODES,
    NAMESPACES,
    NODE_POOL_LABELS,
    NODES,
    PODS,
    Kind,
    ReaderSettings,
)
from ipamweb.cluster.sight import (
    Sight,
    cilium_source,
    kubernetes_sources,
    sampled_pod_cidrs,
)

KUBERNETES_PLACES = "kubeadm-config or the flags of kube-controller-manager"


@dataclass(frozen=True, slots=True)
class Detection:
    """What a cluster is, as far as it says.

    `identity` is the UID of its namespace kube-system. `kinds` are those to be
    mirrored: needed and served. `unserved` are needed and not served: nothing may be
    concluded from their absence. `facts` are (name, value, where it was read).
    `pools_of` are the systems that have no other pools than those in `pools`. `refused`
    are configurations that may not be read, as facts name them, with the right.
    """

    identity: str
    version: str
    systems: tuple[str, ...]
    mode: str
    reader: str
    settings: ReaderSettings
    kinds: tuple[Kind, ...]
    unserved: tuple[Kind, ...] = ()
    served: Served = NOTHING
    pools: tuple[Pool, ...] = ()
    pools_of: tuple[str, ...] = ()
    families: tuple[int, ...] = ()
    facts: tuple[Fact, ...] = ()
    problems: tuple[Problem, ...] = ()
    missing_rights: tuple[str, ...] = ()
    refused: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Stated:
    """What the configuration says, and what of it may not be read, as a Detection."""

    facts: tuple[Fact, ...]
    refused: tuple[tuple[str, str], ...]


def stated(session: Asks, *, cilium_namespace: str = "kube-system") -> Stated:
    """Return the facts of the configuration alone, in the order of a Detection.

    Raises ClusterError. Costs three requests.
    """
    sight = Sight(session, NOTHING)
    cilium_source(sight, cilium_namespace)
    add_facts(kubernetes_sources(sight), sight.found)
    return Stated(tuple(sight.found.facts), tuple(sight.refused.items()))


def identity(session: Asks) -> str:
    """Return the UID of namespace kube-system: a cluster is the same while it is."""
    path = "/api/v1/namespaces/kube-system"
    uid = read_object(session, path, shapes.Namespace).metadata.uid
    if not uid:
        raise BadAnswer(session.name, action=f"get {path}", why="it has no UID")
    return uid


def detect(
    session: Asks,
    *,
    cilium_namespace: str = "kube-system",
    node_pool_labels: tuple[str, ...] = NODE_POOL_LABELS,
) -> Detection:
    """Return what the cluster is; raises ClusterError. Costs about six requests."""
    sight = Sight(session, read_served(session))
    cilium = cilium_source(sight, cilium_namespace)
    systems, mode = systems_and_mode(sight, cilium)
    with_cilium = systems[0] == "cilium"
    in_cluster_pool = with_cilium and mode == "cluster-pool"
    in_host_scope = with_cilium and mode == "kubernetes"
    rule = "cilium-host-scope" if in_cluster_pool or in_host_scope else "assumed"
    pools_of = _find_pools(
        sight, cilium, in_cluster_pool=in_cluster_pool, capacity_rule=rule
    )
    config = f"ConfigMap {cilium_namespace}/cilium-config"
    if cilium is None and (with_cilium or config in sight.refused):
        # Its mode was concluded, not read.
        pools_of.discard("cilium")
    kinds, unserved = _kinds(sight, cilium, with_cilium=with_cilium)
    return Detection(
        identity=identity(session),
        version=_version(sight),
        systems=systems,
        mode=mode,
        reader="cilium_cluster_pool" if in_cluster_pool else "node_pod_cidr",
        settings=ReaderSettings(
            capacity_rule=rule,
            cilium=in_host_scope,
            node_annotations=with_cilium and CILIUM_NODES not in kinds,
            node_pool_labels=node_pool_labels,
        ),
        kinds=kinds,
        unserved=unserved,
        served=sight.served,
        pools=tuple(sight.found.pools),
        pools_of=tuple(sorted(pools_of)),
        families=_families(sight, cilium),
        facts=tuple(sight.found.facts),
        problems=tuple(sight.found.problems),
        missing_rights=tuple(sight.missing_rights),
        refused=tuple(sight.refused.items()),
    )


def _version(sight: Sight) -> str:
    version = sight.read_if_there("/version", shapes.Version, right="get /version")
    return version.git_version if version else ""


def _find_pools(
    sight: Sight, cilium: Source | None, *, in_cluster_pool: bool, capacity_rule: str
) -> set[str]:
    """Add the pools; return the systems of which these are all there are.

    Of one whose ranges were not found, or not understood, nothing is said.
    """
    found = sight.found
    sources = kubernetes_sources(sight)
    add_facts(sources, found)
    understood = len(found.problems)
    if not in_cluster_pool:
        cluster_ranges.kubernetes_pools(sources, found, capacity_rule=capacity_rule)
    elif cilium:
        cluster_ranges.cilium_pools(cilium, found)
    is_whole = bool(found.pools) and len(found.problems) == understood
    if not found.pools:
        places = KUBERNETES_PLACES if not in_cluster_pool else "cilium-config"
        sight.problem(
            "pools",
            f"no cluster-wide range was found in {places}; blocks are shown without a "
            "pool",
        )
    if is_whole:
        return {"cilium", "kubernetes"}
    return set() if in_cluster_pool else {"cilium"}


def _kinds(
    sight: Sight, cilium: Source | None, *, with_cilium: bool
) -> tuple[tuple[Kind, ...], tuple[Kind, ...]]:
    """Return the kinds that are needed and served, and those that are not served."""
    needed = [NAMESPACES, NODES, PODS]
    if with_cilium:
        needed.append(CILIUM_NODES)
        disabled = cilium.values.get("disable-endpoint-crd", "") if cilium else ""
        if disabled.lower() != "true":
            needed.append(CILIUM_ENDPOINTS)
    unserved = [kind for kind in needed if not sight.served.has(kind)]
    for kind in unserved:
        sight.problem(
            "kinds",
            f"{kind.resource}.{kind.group} is not served by the API although Cilium is "
            "configured; nothing is concluded from its absence",
        )
    return tuple(kind for kind in needed if kind not in unserved), tuple(unserved)


def _families(sight: Sight, cilium: Source | None) -> tuple[int, ...]:
    """Return the enabled families, by Cilium, else by pools, else by some Nodes."""
    if cilium:
        said = [
            family
            for family in (4, 6)
            if cilium.values.get(f"enable-ipv{family}", "").lower() == "true"
        ]
        if said:
            return tuple(said)
    if sight.found.pools:
        return tuple(sorted({pool.family for pool in sight.found.pools}))
    return tuple(sorted({6 if ":" in cidr else 4 for cidr in sampled_pod_cidrs(sight)}))
