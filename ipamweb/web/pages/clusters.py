"""The fleet: every cluster, with its pools."""

from dataclasses import dataclass

from ipamweb.mirror.queries.clusters import ClusterRow
from ipamweb.web.pages.pools import PoolLine
from ipamweb.web.shell import Shell, lamp_of


@dataclass(frozen=True, slots=True)
class FleetLine:
    """A cluster in the list of all, with its pools."""

    cluster: ClusterRow
    systems: str
    state: str
    lamp: str
    pools: tuple[PoolLine, ...]


@dataclass(frozen=True, slots=True)
class FleetPage:
    shell: Shell
    clusters: tuple[FleetLine, ...]
    nodes: int
    pods: int
    allocations: int


def fleet_line(cluster: ClusterRow, pools: tuple[PoolLine, ...]) -> FleetLine:
    lamp, state = lamp_of(cluster)
    return FleetLine(cluster, systems(cluster), state=state, lamp=lamp, pools=pools)


def systems(cluster: ClusterRow) -> str:
    """Return what runs there, in a few words: "cilium, cluster-pool"."""
    parts = [*cluster.systems, cluster.mode] if cluster.mode else list(cluster.systems)
    return ", ".join(dict.fromkeys(parts))
