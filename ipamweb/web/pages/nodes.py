"""The list of nodes, and one node with its addresses."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

from django.http import HttpRequest

from ipamweb.addressing.ranges import format_address
from ipamweb.mirror.queries.allocation_rows import AllocationRow
from ipamweb.mirror.queries.allocations import MOST_OF_A_NODE
from ipamweb.mirror.queries.clusters import ClusterRow
from ipamweb.mirror.queries.nodes import NodeDetail, NodeFilter, NodeRow
from ipamweb.mirror.queries.numbers import FamilyNumbers
from ipamweb.mirror.queries.pods import PodRow
from ipamweb.web import drawing
from ipamweb.web.drawing import Bar
from ipamweb.web.pages.compare import Comparison
from ipamweb.web.pages.lists import Pager, link
from ipamweb.web.pages.node_owners import Owners, owners
from ipamweb.web.pages.tables import TablePart, ViewTools
from ipamweb.web.pages.usage import UsagePart
from ipamweb.web.pages.wall import Ordered, WallPart
from ipamweb.web.paths import path_to
from ipamweb.web.shell import Shell
from ipamweb.web.tile_fills import FILLS, WORDS, Fill, Key, legend
from ipamweb.web.tiles import CODES, DrawnBlock, owner_words

MOST_NAMESPACES = 10
# Of addresses on the page at a time: a full node of two families has 230.
MOST_ROWS = 100

CAPTION = (
    "Nodes. A slot is room for one more pod: by max pods and by free addresses. The "
    "tick stands at 85 %."
)
CAPTION_THEN = (
    "Nodes of then. Used slots are pods that held an address and pods on the host "
    "network; readiness is not kept."
)
READINESS = {True: "Ready", False: "Not ready", None: "Readiness not stated"}
NOT_KEPT = "Readiness of then is not kept"


@dataclass(frozen=True, slots=True)
class NodeLine:
    """A node in a table; `families` in the cluster's order, None where it has none.

    `measured` is what the wall is filled by where no other column says it.
    """

    node: NodeRow
    path: str
    readiness: str
    slots: Bar
    families: tuple[FamilyNumbers | None, ...]
    measured: str = ""


@dataclass(frozen=True, slots=True)
class NodesPage:
    shell: Shell
    cluster: ClusterRow
    table: TablePart
    tools: ViewTools
    columns: str
    wanted: NodeFilter
    is_filtered: bool
    sort: str
    zones: tuple[str, ...]
    node_pools: tuple[str, ...]
    pager: Pager
    wall: WallPart


@dataclass(frozen=True, slots=True)
class NodesThenPage:
    """The nodes of an instant, by name; there is no wall of the past."""

    shell: Shell
    cluster: ClusterRow
    table: TablePart
    tools: ViewTools
    columns: str
    wanted: NodeFilter
    is_filtered: bool
    pager: Pager


def node_line(cluster: ClusterRow, node: NodeRow) -> NodeLine:
    numbers = {each.family: each for each in node.families}
    return NodeLine(
        node=node,
        path=path_to("node", cluster.slug, node.name),
        readiness=READINESS[node.ready],
        slots=slots_bar(node),
        families=tuple(numbers.get(family) for family in cluster.families),
    )


def node_lines(
    cluster: ClusterRow, found: Sequence[NodeRow], *, measured: Ordered
) -> tuple[NodeLine, ...]:
    """Return the nodes, with what the wall measures where it is no share."""
    lines = (node_line(cluster, node) for node in found)
    if measured.scale.is_share:
        return tuple(lines)
    words = {
        each.id: measured.scale.in_words(each.value, each.whole)
        for each in measured.shown
    }
    return tuple(replace(line, measured=words.get(line.node.id, "–")) for line in lines)


def slots_bar(node: NodeRow) -> Bar:
    """Return used slots of all; of max pods where the node runs more than it may."""
    whole = node.slots_total
    if node.max_pods is not None and node.slots_used > node.max_pods:
        whole = node.max_pods
    return drawing.bar(node.slots_used, whole)


def slots_note(node: NodeRow) -> str:
    """Return what limits the slots where it is not max pods; "" where it is."""
    if node.max_pods is None:
        return (
            "The node does not say how many pods it may run, so the slots are its "
            "addresses."
        )
    if node.slots_total < node.max_pods:
        return (
            f"The node may run {node.max_pods} pods, but its free addresses allow "
            f"no more than {node.slots_total}."
        )
    return ""


@dataclass(frozen=True, slots=True)
class HeldLine:
    """An address held, in a table; `owner_path` is empty where no page tells more."""

    row: AllocationRow
    path: str
    owner: str
    owner_path: str
    code: str


@dataclass(frozen=True, slots=True)
class Meter:
    """The addresses of one family; `bar` is None in IPv6, `rule` empty if they vary."""

    numbers: FamilyNumbers
    bar: Bar | None
    rule: str


@dataclass(frozen=True, slots=True)
class Choice:
    """A way to look at the grid."""

    words: str
    path: str
    is_current: bool


@dataclass(frozen=True, slots=True)
class GridChoices:
    """What the grid can be filled by, which namespace can be lit, the sheets of a large
    node; and the legend of the fill in use. Empty where there is no choice."""

    fills: tuple[Choice, ...]
    namespaces: tuple[Choice, ...]
    sheets: tuple[Choice, ...]
    legend: tuple[Key, ...]


@dataclass(frozen=True, slots=True)
class Share:
    """How many of a node's addresses a namespace holds, and a width for it."""

    name: str
    path: str
    number: int
    width: str


@dataclass(frozen=True, slots=True)
class HeldRows:
    """The addresses of a node as rows, MOST_ROWS at a time: `parts` leads to all, and
    is empty where there is one only. `is_cut`: there are more than were read."""

    lines: tuple[HeldLine, ...] = ()
    total: int = 0
    parts: tuple[Choice, ...] = ()
    is_cut: bool = False


@dataclass(frozen=True, slots=True)
class NodePage:
    """A node: its grid, who holds how many, and every address as a row."""

    shell: Shell
    cluster: ClusterRow
    node: NodeRow
    readiness: str
    slots: Bar
    slots_note: str
    meters: tuple[Meter, ...]
    blocks: tuple[DrawnBlock, ...]
    choices: GridChoices
    owners: Owners
    namespaces: tuple[Share, ...]
    without_address: tuple[PodRow, ...]
    on_host_network: tuple[PodRow, ...]
    held: HeldRows = HeldRows()
    usage: UsagePart | None = None
    comparison: Comparison | None = None


def node_page(
    found: NodeDetail,
    *,
    cluster: ClusterRow,
    shell: Shell,
    blocks: tuple[DrawnBlock, ...],
    choices: GridChoices,
) -> NodePage:
    node = found.node
    return NodePage(
        shell=shell,
        cluster=cluster,
        node=node,
        readiness=NOT_KEPT if shell.past else READINESS[node.ready],
        slots=slots_bar(node),
        slots_note=slots_note(node),
        meters=_meters(node),
        blocks=blocks,
        choices=choices,
        owners=owners(node.name, allocations=found.allocations, pods=found.pods),
        namespaces=_by_namespace(found.allocations, cluster=cluster.slug),
        without_address=tuple(
            pod for pod in found.pods if not pod.addresses and not pod.host_network
        ),
        on_host_network=tuple(pod for pod in found.pods if pod.host_network),
    )


def row_parts(allocations: Sequence[AllocationRow]) -> int:
    """Return in how many parts a node's addresses are shown; one of none."""
    return max(1, -(-len(allocations) // MOST_ROWS))


def held_rows(
    request: HttpRequest,
    allocations: Sequence[AllocationRow],
    *,
    cluster: str,
    part: int,
) -> HeldRows:
    """Return a part of a node's addresses as rows; the first is 1."""
    count = row_parts(allocations)
    shown = allocations[(part - 1) * MOST_ROWS : part * MOST_ROWS]
    return HeldRows(
        lines=tuple(held_line(row, cluster=cluster) for row in shown),
        total=len(allocations),
        parts=tuple(
            Choice(
                _run(number, len(allocations)),
                f"{link(request, rows=str(number))}#allocations",
                number == part,
            )
            for number in range(1, count + 1)
            if count > 1
        ),
        is_cut=len(allocations) >= MOST_OF_A_NODE,
    )


def _run(part: int, total: int) -> str:
    """Return which rows a part has: 2 of 130 -> 101–130."""
    return f"{(part - 1) * MOST_ROWS + 1}–{min(part * MOST_ROWS, total)}"


def held_line(row: AllocationRow, *, cluster: str) -> HeldLine:
    owner_path = ""
    if row.pod and not row.owner_hidden:
        owner_path = path_to("pod_of_uid", cluster, row.uid)
    return HeldLine(
        row=row,
        path=path_to("address", cluster, format_address(row.address)),
        owner=owner_words(row),
        owner_path=owner_path,
        code=CODES.get(row.kind, "?"),
    )


def _meters(node: NodeRow) -> tuple[Meter, ...]:
    rules: dict[int, set[str]] = {}
    for block in node.blocks:
        rules.setdefault(block.range.family, set()).add(block.capacity_rule)
    return tuple(
        Meter(
            numbers,
            drawing.bar(numbers.allocated, numbers.capacity)
            if numbers.family == 4
            else None,
            " and ".join(sorted(rules[numbers.family])),
        )
        for numbers in node.families
    )


def grid_choices(
    request: HttpRequest,
    *,
    fill: Fill,
    namespaces: Sequence[str],
    sheets: tuple[int, int],
) -> GridChoices:
    """Return the choices of a grid at a sheet of so many."""
    fills = tuple(
        Choice(
            WORDS[name],
            link(request, fill="" if name == "owner" else name, ns=""),
            name == fill.name,
        )
        for name in FILLS
    )
    lit = tuple(
        Choice(name, link(request, fill="ns", ns=name), name == fill.namespace)
        for name in namespaces[:MOST_NAMESPACES]
    )
    sheet, last = sheets
    numbers = range(1, last + 1) if last > 1 else ()
    return GridChoices(
        fills=fills,
        namespaces=lit if fill.name == "ns" else (),
        sheets=tuple(
            Choice(str(number), link(request, sheet=str(number)), number == sheet)
            for number in numbers
        ),
        legend=legend(fill),
    )


def namespaces_of(allocations: Sequence[AllocationRow]) -> tuple[str, ...]:
    """Return the namespaces that hold addresses, the largest first."""
    return tuple(name for name, _ in _counted(allocations))


def _counted(allocations: Sequence[AllocationRow]) -> list[tuple[str, int]]:
    counts = Counter(
        row.namespace for row in allocations if row.namespace and row.in_numbers
    )
    return sorted(counts.items(), key=lambda each: (-each[1], each[0]))


def _by_namespace(
    allocations: tuple[AllocationRow, ...], *, cluster: str
) -> tuple[Share, ...]:
    """Return the namespaces that hold most, largest first: MOST_NAMESPACES at most."""
    counted = _counted(allocations)[:MOST_NAMESPACES]
    most = counted[0][1] if counted else 0
    return tuple(
        Share(
            name,
            path_to("namespace", cluster, name),
            number,
            drawing.width(number, most),
        )
        for name, number in counted
    )
