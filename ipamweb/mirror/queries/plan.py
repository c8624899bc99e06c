"""Which ranges all clusters use: pools, services, and blocks that lie in no pool.

Not here: which of them share addresses (addressing/overlaps.py), one cluster's pools
with their numbers (pools.py).
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from ipamweb.addressing.overlaps import union
from ipamweb.addressing.ranges import Range, parse_cidrs
from ipamweb.mirror.models import Block, ClusterVersion, PoolRange
from ipamweb.mirror.queries.clusters import ClusterRow
from ipamweb.mirror.scope import Scope

Use = Literal["pool", "blocks", "services"]
# The facts that tell where services have their addresses, by name (cluster_ranges.py).
SERVICE_FACTS = ("service-cluster-ip-range", "networking.serviceSubnet")


@dataclass(frozen=True, slots=True)
class PlannedRange:
    """A range that a cluster uses. `name` is a pool's slug, and empty of others;
    `read_from` is the place where a range of services was read."""

    cluster: str
    use: Use
    range: Range
    name: str = ""
    read_from: str = ""


def ranges(clusters: Sequence[ClusterRow], *, scope: Scope) -> tuple[PlannedRange, ...]:
    """Return what the clusters use now, in address order, IPv4 before fd00::/8.

    Three queries. Ranges are for all to see: names of owners are not in them.
    """
    slugs = {cluster.id: cluster.slug for cluster in clusters}
    found = [*_pools(slugs), *_blocks_in_no_pool(slugs), *_services(slugs)]
    return tuple(sorted(found, key=_order))


def _order(each: PlannedRange) -> tuple[int, int, str, str, str]:
    """Return what ranges are sorted by: the wider of two that begin alike first."""
    run = each.range
    return run.first, -run.last, each.cluster, each.use, each.name


def _pools(slugs: dict[int, str]) -> Iterator[PlannedRange]:
    present = PoolRange.objects.filter(
        pool__cluster_id__in=slugs, pool__gone_at=None, valid_to=None
    )
    columns = present.values_list("pool__cluster_id", "pool__slug", "first", "last")
    for cluster_id, slug, first, last in columns:
        yield PlannedRange(slugs[cluster_id], "pool", Range(first, last), slug)


def _blocks_in_no_pool(slugs: dict[int, str]) -> Iterator[PlannedRange]:
    """Yield runs of such blocks: 5,000 nodes side by side are one range."""
    present = Block.objects.filter(cluster_id__in=slugs, pool=None, valid_to=None)
    by_cluster: dict[int, list[Range]] = {}
    for cluster_id, first, last in present.values_list("cluster_id", "first", "last"):
        by_cluster.setdefault(cluster_id, []).append(Range(first, last))
    for cluster_id, blocks in by_cluster.items():
        for run in union(blocks):
            yield PlannedRange(slugs[cluster_id], "blocks", run)


def _services(slugs: dict[int, str]) -> Iterator[PlannedRange]:
    present = ClusterVersion.objects.filter(cluster_id__in=slugs, valid_to=None)
    for cluster_id, facts in present.values_list("cluster_id", "facts"):
        told: dict[Range, str] = {}
        for name, value, read_from in facts:
            if name in SERVICE_FACTS:
                for each in _parsed(value):
                    told.setdefault(each, read_from)
        for found, read_from in told.items():
            yield PlannedRange(
                slugs[cluster_id], "services", found, read_from=read_from
            )


def _parsed(value: str) -> Iterable[Range]:
    """Return the CIDRs of a fact; none where it holds none, which is told elsewhere."""
    try:
        return parse_cidrs(value)
    except ValueError:
        return ()
