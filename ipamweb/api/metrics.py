"""The metrics in the text of Prometheus and of OpenMetrics. Pure: no query, no clock.

Names and labels are public; docs/metrics.md explains each. There is no label for an
address, a pod or a namespace: series follow the number of nodes.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from ipamweb.findings.queries import OpenCount
from ipamweb.mirror.queries.clusters import ClusterRow
from ipamweb.mirror.queries.metrics import NodeCount, PollSum
from ipamweb.mirror.queries.pools import PoolRow

TEXT = "text/plain; version=0.0.4"
OPEN_METRICS = "application/openmetrics-text; version=1.0.0"
_ESCAPES = str.maketrans({"\\": r"\\", '"': r"\"", "\n": r"\n"})

# Name, kind and meaning of each metric, in the order of its samples in `families`.
_SAID = (
    (
        "ipamweb_cluster_as_of_timestamp_seconds", "gauge",
        "The instant that what is mirrored of the cluster is true of.",
    ),
    (
        "ipamweb_pool_addresses", "gauge",
        "Addresses of the pool: allocated + free is its capacity.",
    ),
    (
        "ipamweb_pool_capacity", "gauge",
        "Addresses of the pool that can be handed out.",
    ),
    ("ipamweb_pool_blocks", "gauge", "Blocks of the pool, given to nodes and not."),
    ("ipamweb_node_addresses", "gauge", "Addresses held in the blocks of the node."),
    (
        "ipamweb_node_capacity", "gauge",
        "Addresses of the node's blocks that can be handed out.",
    ),
    (
        "ipamweb_node_pod_slots", "gauge",
        "Pods on the node, and how many it has room for, these included.",
    ),
    (
        "ipamweb_findings", "gauge",
        "Findings that are confirmed and not acknowledged; without any: no series.",
    ),
    ("ipamweb_polls", "counter", "Polls of the cluster since it was added."),
    ("ipamweb_poll_seconds", "summary", "How long polls of the cluster took."),
)  # fmt: skip

# What follows the name, the labels as text, the value.
Sample = tuple[str, str, int | float]
# A node with the labels that name it.
Named = tuple[str, NodeCount]


@dataclass(frozen=True, slots=True)
class Counted:
    """All that is told, as it was counted."""

    clusters: tuple[ClusterRow, ...]
    pools: dict[int, tuple[PoolRow, ...]]
    nodes: tuple[NodeCount, ...]
    findings: tuple[OpenCount, ...]
    polls: tuple[PollSum, ...]


@dataclass(frozen=True, slots=True)
class Family:
    """A metric; the name of a counter is without `_total`."""

    name: str
    kind: str
    help: str
    samples: Iterable[Sample]


def text(counted: Counted) -> str:
    """Return the format that every Prometheus reads (exposition format 0.0.4)."""
    return "".join(_lines(counted, totals_are_names=True))


def open_metrics(counted: Counted) -> str:
    """Return the format of OpenMetrics 1.0: a counter is named without `_total`."""
    return "".join([*_lines(counted, totals_are_names=False), "# EOF\n"])


def labels(**values: str) -> str:
    """Return labels as both formats write them: `cluster="prod",node="a"`."""
    return ",".join(
        f'{name}="{value.translate(_ESCAPES)}"' for name, value in values.items()
    )


def _lines(counted: Counted, *, totals_are_names: bool) -> Iterator[str]:
    for family in families(counted):
        name = family.name
        if family.kind == "counter" and totals_are_names:
            name += "_total"
        yield f"# HELP {name} {family.help}\n# TYPE {name} {family.kind}\n"
        for suffix, wording, value in family.samples:
            yield f"{family.name}{suffix}{{{wording}}} {value}\n"


def families(counted: Counted) -> tuple[Family, ...]:
    """Return every metric there is, each with its samples."""
    nodes = [
        (labels(cluster=each.cluster, node=each.name), each) for each in counted.nodes
    ]
    samples = (
        _as_of(counted.clusters),
        _pool_addresses(counted),
        _pool_capacity(counted),
        _pool_blocks(counted),
        _node_addresses(nodes),
        _node_capacity(nodes),
        _node_slots(nodes),
        _findings(counted.findings),
        _polls(counted.polls),
        _poll_seconds(counted.polls),
    )
    return tuple(
        Family(*said, samples=each) for said, each in zip(_SAID, samples, strict=True)
    )


def _as_of(clusters: tuple[ClusterRow, ...]) -> Iterator[Sample]:
    for cluster in clusters:
        if as_of := cluster.freshness.as_of:
            yield "", labels(cluster=cluster.slug), as_of.timestamp()


def _pools(counted: Counted) -> Iterator[tuple[str, PoolRow]]:
    for cluster in counted.clusters:
        for pool in counted.pools[cluster.id]:
            own = {"cluster": cluster.slug, "pool": pool.slug}
            yield labels(**own, family=str(pool.family)), pool


def _pool_addresses(counted: Counted) -> Iterator[Sample]:
    for own, pool in _pools(counted):
        yield "", f'{own},state="allocated"', pool.numbers.allocated
        yield "", f'{own},state="reserved"', pool.numbers.reserved
        yield "", f'{own},state="free"', pool.numbers.free


def _pool_capacity(counted: Counted) -> Iterator[Sample]:
    for own, pool in _pools(counted):
        yield "", own, pool.numbers.capacity


def _pool_blocks(counted: Counted) -> Iterator[Sample]:
    """Yield nothing of a pool that is not cut into blocks."""
    for own, pool in _pools(counted):
        if pool.blocks_total is not None:
            free = max(0, pool.blocks_total - pool.blocks_assigned)
            yield "", f'{own},state="assigned"', pool.blocks_assigned
            yield "", f'{own},state="free"', free


def _node_addresses(nodes: list[Named]) -> Iterator[Sample]:
    for own, node in nodes:
        for family, held, _ in node.families:
            yield "", f'{own},family="{family}"', held


def _node_capacity(nodes: list[Named]) -> Iterator[Sample]:
    for own, node in nodes:
        for family, _, room in node.families:
            yield "", f'{own},family="{family}"', room


def _node_slots(nodes: list[Named]) -> Iterator[Sample]:
    for own, node in nodes:
        yield "", f'{own},state="used"', node.slots_used
        yield "", f'{own},state="total"', node.slots_total


def _findings(counts: tuple[OpenCount, ...]) -> Iterator[Sample]:
    for each in counts:
        own = {"cluster": each.cluster, "rule": each.rule, "severity": each.severity}
        yield "", labels(**own), each.count


def _polls(sums: tuple[PollSum, ...]) -> Iterator[Sample]:
    for each in sums:
        own = {"cluster": each.cluster, "kind": each.kind, "outcome": each.outcome}
        yield "_total", labels(**own), each.polls


def _poll_seconds(sums: tuple[PollSum, ...]) -> Iterator[Sample]:
    by_kind: dict[tuple[str, str], tuple[int, float]] = {}
    for each in sums:
        polls, seconds = by_kind.get((each.cluster, each.kind), (0, 0.0))
        key = each.cluster, each.kind
        by_kind[key] = polls + each.polls, seconds + each.seconds
    for (cluster, kind), (polls, seconds) in by_kind.items():
        own = labels(cluster=cluster, kind=kind)
        yield "_sum", own, seconds
        yield "_count", own, polls
