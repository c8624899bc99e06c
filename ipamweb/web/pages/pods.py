"""A pod: what three sources say of its addresses, and which it had when."""

from dataclasses import dataclass
from urllib.parse import urlencode

from ipamweb.addressing.ranges import family_of, format_address
from ipamweb.mirror.queries.allocation_rows import AllocationRow
from ipamweb.mirror.queries.clusters import ClusterRow
from ipamweb.mirror.queries.gaps import GapRow
from ipamweb.mirror.queries.pods import EndpointRow, PodDetail, PodRow
from ipamweb.web import drawing
from ipamweb.web.drawing import Interval, Timeline
from ipamweb.web.pages.pod_others import MOST_SIBLINGS, OtherHolder, Sibling
from ipamweb.web.paths import path_to
from ipamweb.web.shell import Shell
from ipamweb.web.visit import ClusterVisit


@dataclass(frozen=True, slots=True)
class Said:
    """An address as a source tells it; `path` leads to its page."""

    text: str
    path: str


@dataclass(frozen=True, slots=True)
class Comparison:
    """What Kubernetes, the CNI's record and we say of one family, and a verdict."""

    family: int
    kubernetes: tuple[Said, ...]
    cni: tuple[Said, ...]
    derived: tuple[Said, ...]
    verdict: str
    differs: bool


@dataclass(frozen=True, slots=True)
class TimeLine:
    """An address of the pod in the table of its times."""

    row: AllocationRow
    path: str
    anchor: str
    pool_path: str


@dataclass(frozen=True, slots=True)
class PodPage:
    shell: Shell
    cluster: ClusterRow
    pod: PodRow
    sentence: str
    node_path: str
    namespace_path: str
    workload_path: str
    comparisons: tuple[Comparison, ...]
    endpoint: EndpointRow | None
    timeline: Timeline | None
    times: tuple[TimeLine, ...]
    siblings: tuple[Sibling, ...]
    other_holders: tuple[OtherHolder, ...]

    @property
    def siblings_are_cut(self) -> bool:
        return len(self.siblings) >= MOST_SIBLINGS


@dataclass(frozen=True, slots=True)
class Beside:
    """What is asked beside the pod itself."""

    gaps: tuple[GapRow, ...]
    siblings: tuple[Sibling, ...]
    other_holders: tuple[OtherHolder, ...]


def pod_page(
    found: PodDetail, *, visit: ClusterVisit, shell: Shell, beside: Beside
) -> PodPage:
    pod, slug = found.pod, visit.cluster.slug
    endpoint = next((each for each in found.endpoints if each.gone_at is None), None)
    rows = (*found.allocations, *found.history)
    return PodPage(
        shell=shell,
        cluster=visit.cluster,
        pod=pod,
        sentence=sentence_then(found) if visit.at else sentence(found),
        node_path=path_to("node", slug, pod.node) if pod.node else "",
        namespace_path=path_to("namespace", slug, pod.namespace),
        workload_path=_workload_path(pod, slug),
        comparisons=()
        if visit.at
        else _comparisons(found, endpoint, cluster=visit.cluster),
        endpoint=endpoint,
        timeline=drawing.timeline(
            [_interval(row) for row in rows],
            gaps=[(gap.started_at, gap.ended_at) for gap in beside.gaps],
            now=visit.at or visit.now,
        ),
        times=tuple(
            TimeLine(
                row,
                _said(row.address, slug).path,
                f"held-{row.id}",
                path_to("pool", slug, row.pool) if row.pool else "",
            )
            for row in rows
        ),
        siblings=beside.siblings,
        other_holders=beside.other_holders,
    )


def _workload_path(pod: PodRow, slug: str) -> str:
    """Return where all addresses of the pod's workload stand; "" without one."""
    if not pod.workload_name:
        return ""
    query = urlencode({"workload": f"{pod.workload_kind}/{pod.workload_name}"})
    return f"{path_to('namespace', slug, pod.namespace)}?{query}#allocations"


def sentence(found: PodDetail) -> str:
    """Return what stands first: which addresses the pod holds, or why it holds none."""
    pod = found.pod
    if pod.host_network:
        return "It runs on the host network: it uses the node's address and holds none."
    if pod.gone_at:
        return "The pod is gone, and holds no address."
    held = " and ".join(format_address(address) for address in pod.addresses)
    if held and pod.terminating_at:
        return f"It is terminating, and holds {held} until it is gone."
    if held:
        return f"It holds {held}."
    if pod.phase in ("Succeeded", "Failed"):
        return f"It has ended ({pod.phase}); a pod that ended holds no address."
    return "It holds no address yet."


def sentence_then(found: PodDetail) -> str:
    """Return the same of an instant: what it held, or may have held."""
    if found.pod.host_network:
        return "It ran on the host network: it used the node's address and held none."
    certain, possible = (
        " and ".join(
            format_address(row.address)
            for row in found.allocations
            if row.is_certain == is_certain
        )
        for is_certain in (True, False)
    )
    words = f"It held {certain}." if certain else "It held no address for certain."
    if certain and found.pod.terminating_at:
        words = f"It was terminating, and held {certain}."
    if possible:
        words += f" It may have held {possible}: that is between two reads."
    return words


@dataclass(frozen=True, slots=True)
class _Sources:
    """Addresses by source; `cni` is None where the CNI keeps no record of the pod."""

    kubernetes: tuple[int, ...]
    cni: tuple[int, ...] | None
    derived: tuple[int, ...]

    def of(self, family: int) -> "_Sources":
        return _Sources(
            _of(family, self.kubernetes),
            None if self.cni is None else _of(family, self.cni),
            _of(family, self.derived),
        )

    @property
    def differ(self) -> bool:
        return self.cni is not None and set(self.kubernetes) != set(self.cni)


def _comparisons(
    found: PodDetail, endpoint: EndpointRow | None, *, cluster: ClusterRow
) -> tuple[Comparison, ...]:
    """Return one comparison for each family that the cluster or any source has."""
    pod = found.pod
    sources = _Sources(
        pod.reported, endpoint.addresses if endpoint else None, pod.addresses
    )
    told = (*sources.kubernetes, *(sources.cni or ()), *sources.derived)
    families = {family_of(address) for address in told} | set(cluster.families)
    return tuple(
        _comparison(family, sources.of(family), pod=pod, slug=cluster.slug)
        for family in sorted(families)
    )


def _comparison(
    family: int, sources: _Sources, *, pod: PodRow, slug: str
) -> Comparison:
    return Comparison(
        family=family,
        kubernetes=tuple(_said(each, slug) for each in sources.kubernetes),
        cni=tuple(_said(each, slug) for each in sources.cni or ()),
        derived=tuple(_said(each, slug) for each in sources.derived),
        verdict=_verdict(family, sources, is_on_host_network=pod.host_network),
        differs=sources.differ and not pod.host_network,
    )


def _verdict(family: int, sources: _Sources, *, is_on_host_network: bool) -> str:
    if not (sources.kubernetes or sources.cni or sources.derived):
        return f"No IPv{family} address"
    if is_on_host_network:
        return "The node's address, not the pod's"
    if sources.differ:
        return "Kubernetes and the CNI record disagree"
    if sources.kubernetes and not sources.derived:
        return "Still in the pod's status, held no more"
    return "One source only" if sources.cni is None else "They agree"


def _of(family: int, addresses: tuple[int, ...]) -> tuple[int, ...]:
    return tuple(each for each in addresses if family_of(each) == family)


def _said(address: int, slug: str) -> Said:
    text = format_address(address)
    return Said(text, path_to("address", slug, text))


def _interval(row: AllocationRow) -> Interval:
    return Interval(
        owner=format_address(row.address),
        anchor=f"held-{row.id}",
        possible_from=row.from_earliest,
        certain_from=row.valid_from,
        certain_to=row.valid_to,
        possible_to=row.to_latest,
    )
