"""The namespaces of a cluster, and one with the addresses it holds."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlencode

from ipamweb.mirror.queries.allocation_filters import AllocationFilter
from ipamweb.mirror.queries.allocation_rows import AllocationRow
from ipamweb.mirror.queries.clusters import ClusterRow
from ipamweb.mirror.queries.namespace_use import NodeUse, WorkloadUse
from ipamweb.mirror.queries.namespaces import NamespaceRow
from ipamweb.usage.queries import Usage
from ipamweb.web import drawing, formatting, sparks
from ipamweb.web.pages.ip_hours import IpHoursPart
from ipamweb.web.pages.lists import Pager
from ipamweb.web.pages.nodes import HeldLine, held_line
from ipamweb.web.pages.spread import Spread
from ipamweb.web.pages.tables import TablePart, ViewTools
from ipamweb.web.pages.usage import HeldPart, UsagePart
from ipamweb.web.paths import path_to
from ipamweb.web.shell import Shell

# Workloads, nodes and newcomers on the page; the table of addresses has all.
MOST_WORKLOADS = 30
MOST_NODES = 12
MOST_NEWEST = 10
CAPTION = "Namespaces with their pods and the addresses those hold"


@dataclass(frozen=True, slots=True)
class NamespacesPage:
    shell: Shell
    cluster: ClusterRow
    table: TablePart
    tools: ViewTools
    columns: str
    q: str
    pager: Pager


@dataclass(frozen=True, slots=True)
class UseLine:
    """A workload or a node with a bar; `path` shows its addresses alone."""

    kind: str
    words: str
    path: str
    pods: int
    addresses: int
    width: str


@dataclass(frozen=True, slots=True)
class UseLines:
    """The largest; `rest` is what the others hold together."""

    lines: tuple[UseLine, ...]
    rest: int
    count: int


@dataclass(frozen=True, slots=True)
class Newcomer:
    """An address that was handed out lately; `until` is None while it is held."""

    held: HeldLine
    until: datetime | None


@dataclass(frozen=True, slots=True)
class NamespacePage:
    """`only` says of what the table of addresses is; "" of all."""

    shell: Shell
    cluster: ClusterRow
    namespace: NamespaceRow
    sentence: str
    workloads: UseLines
    nodes: UseLines
    newest: tuple[Newcomer, ...]
    only: str
    held: tuple[HeldLine, ...]
    pager: Pager
    usage: UsagePart | None
    over_time: HeldPart | None
    peaks: str
    spread: Spread | None
    ip_hours: IpHoursPart


def sentence(namespace: NamespaceRow, cluster: ClusterRow) -> str:
    """Return what the namespace holds, and how much that is of the cluster's."""
    held = sum(count for _, count in namespace.allocated)
    pods = formatting.plural(namespace.pods, "pod")
    if not held:
        return f"It has {pods}, and none of them holds an address."
    share = formatting.share(held, cluster.allocations)
    addresses = formatting.plural(held, "address", plural_noun="addresses")
    verb = "holds" if namespace.pods == 1 else "hold"
    return (
        f"Its {pods} {verb} {addresses}: {share} of the "
        f"{formatting.count(cluster.allocations)} that are held in {cluster.slug}."
    )


def peaks(found: dict[int, Usage]) -> str:
    """Return the most it held of late; "" where nothing was sampled yet."""
    most = [
        f"{formatting.count(usage.peak.held)} IPv{family}"
        for family, usage in found.items()
        if usage.peak
    ]
    if not most:
        return ""
    held = next(iter(found.values())).held
    span = sparks.span_words(held.start, held.end)
    return f"The most in the last {span}: {' and '.join(most)} addresses."


def workload_lines(
    found: tuple[WorkloadUse, ...], *, namespace: NamespaceRow, cluster: str
) -> UseLines:
    most = max((each.addresses for each in found), default=0)
    lines = tuple(
        UseLine(
            kind=each.kind,
            words=each.name or "of no workload",
            path=_only(namespace, cluster, workload=f"{each.kind}/{each.name}")
            if each.name
            else "",
            pods=each.pods,
            addresses=each.addresses,
            width=drawing.width(each.addresses, most),
        )
        for each in found
    )
    return _lines(lines, held=sum(count for _, count in namespace.allocated))


def node_lines(
    found: tuple[NodeUse, ...], *, namespace: NamespaceRow, cluster: str
) -> UseLines:
    most = max((each.addresses for each in found), default=0)
    lines = tuple(
        UseLine(
            kind="",
            words=each.name or "on no node that is known",
            path=_only(namespace, cluster, node=each.name) if each.name else "",
            pods=0,
            addresses=each.addresses,
            width=drawing.width(each.addresses, most),
        )
        for each in found[:MOST_NODES]
    )
    held = sum(each.addresses for each in found)
    return UseLines(lines, held - sum(each.addresses for each in lines), len(found))


def newcomers(rows: Iterable[AllocationRow], *, cluster: str) -> tuple[Newcomer, ...]:
    return tuple(
        Newcomer(held_line(row, cluster=cluster), row.valid_to) for row in rows
    )


def only_words(wanted: AllocationFilter) -> str:
    """Return by whom and where the addresses are held; "" of everything."""
    parts = []
    if wanted.workload_name:
        parts.append(f"by {wanted.workload_kind} {wanted.workload_name}")
    if wanted.node:
        parts.append(f"on node {wanted.node}")
    return " ".join(parts)


def _lines(lines: tuple[UseLine, ...], *, held: int) -> UseLines:
    shown = sum(each.addresses for each in lines)
    # What was counted a moment later than the counters may be more.
    return UseLines(lines, max(0, held - shown), len(lines))


def _only(namespace: NamespaceRow, cluster: str, **wanted: str) -> str:
    path = path_to("namespace", cluster, namespace.name)
    return f"{path}?{urlencode(wanted)}#allocations"
