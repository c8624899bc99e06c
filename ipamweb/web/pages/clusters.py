"""The fleet: every cluster, with its pools."""

from dataclasses import dataclass

from ipamweb.mirror.queries.clusters import ClusterRow
from ipamweb.web.pages.pools import PoolLine
from ipamweb.web.shell import Shell, lamp_of


@dataclass(frozen=True, slots=True)
class FleetLine:
    """A cluster in the list of all, with its pools; `is_known` is False of an instant
    before its history starts."""

    cluster: ClusterRow
    systems: str
    state: str
    lamp: str
    pools: tuple[PoolLine, ...]
    is_known: bool = True


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


def fleet_line_then(
    cluster: ClusterRow, pools: tuple[PoolLine, ...], *, is_known: bool
) -> FleetLine:
    """Return a cluster as it was, and whether it was seen then."""
    fresh = cluster.freshness
    state = "seen" if fresh.gap_since is None else "not seen: a gap"
    if cluster.at and fresh.as_of and cluster.at > fresh.as_of:
        state = "after the last read"
    return FleetLine(
        cluster,
        systems(cluster),
        state=state if is_known else "before history starts",
        lamp="past",
        pools=pools,
        is_known=is_known,
    )


def systems(cluster: ClusterRow) -> str:
    """Return what runs there, in a few words: "cilium, cluster-pool"."""
    parts = [*cluster.systems, cluster.mode] if cluster.mode else list(cluster.systems)
    return ", ".join(dict.fromkeys(parts))
