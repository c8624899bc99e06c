"""The allocations of a cluster as a table: what is held, or was."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from django.utils.html import format_html

from ipamweb.addressing.records import KINDS
from ipamweb.mirror.queries.allocation_rows import STATES
from ipamweb.mirror.queries.clusters import ClusterRow
from ipamweb.web import cells
from ipamweb.web.cells import Cell
from ipamweb.web.pages.lists import Pager
from ipamweb.web.pages.nodes import HeldLine
from ipamweb.web.pages.tables import Cells, TablePart, ViewTools
from ipamweb.web.paths import path_to
from ipamweb.web.shell import Shell
from ipamweb.web.templatetags import ipam
from ipamweb.web.tiles import MEANINGS

# What is asked seldom stands behind "More filters": name, words, example, length.
SELDOM = (
    ("pod", "Pod", "", 253),
    ("uid", "UID of the pod", "", 60),
    ("workload_kind", "Kind of workload", "Deployment", 63),
    ("workload_name", "Workload", "", 253),
    ("within", "Inside a CIDR", "10.0.2.0/24", 60),
    ("address", "Address", "10.0.2.7", 60),
    ("network", "Network", "", 63),
    ("older_than", "Held for longer than", "7d", 10),
    ("since", "Held at this time or later", "2026-11-21T14:03:22Z", 40),
    ("until", "Held at this time or before", "2026-11-22T00:00:00Z", 40),
)


@dataclass(frozen=True, slots=True)
class Field:
    """A field of the form; `options` are (value, words), empty where one types."""

    name: str
    words: str
    value: str
    options: tuple[tuple[str, str], ...] = ()
    example: str = ""
    longest: int = 253


@dataclass(frozen=True, slots=True)
class AllocationsPage:
    """`sentence` says of when and how many. `has_seldom`: one of the fields that are
    asked seldom is filled."""

    shell: Shell
    cluster: ClusterRow
    sentence: str
    q: str
    often: tuple[Field, ...]
    seldom: tuple[Field, ...]
    has_seldom: bool
    is_filtered: bool
    columns: str
    clear: str
    table: TablePart
    tools: ViewTools
    pager: Pager


def often(value_of: Callable[[str], str]) -> tuple[Field, ...]:
    """Return the fields that stand in sight, after the one for free text."""
    kinds = tuple((kind, MEANINGS[kind]) for kind in KINDS)
    states = tuple((state, state.replace("-", " ")) for state in STATES)
    families = (("4", "IPv4"), ("6", "IPv6"))
    return (
        Field("kind", "Kind", value_of("kind"), kinds),
        Field("state", "State", value_of("state"), states),
        Field("family", "Family", value_of("family"), families),
        Field("namespace", "Namespace", value_of("namespace"), longest=63),
        Field("node", "Node", value_of("node")),
        Field("pool", "Pool", value_of("pool")),
    )


def seldom(value_of: Callable[[str], str]) -> tuple[Field, ...]:
    return tuple(
        Field(name, words, value_of(name), example=example, longest=longest)
        for name, words, example, longest in SELDOM
    )


def table_cells(cluster: str) -> Cells[HeldLine]:
    """Return what stands in each column of an allocation."""
    return {
        "address": lambda line, _: cells.link(
            line.path, ipam.breakable(line.row.address), "mono"
        ),
        "kind": _kind,
        "owner": _owner,
        "namespace": lambda line, _: _to("namespace", cluster, line.row.namespace),
        "workload": _workload,
        "node": lambda line, _: _to("node", cluster, line.row.node),
        "pool": lambda line, _: _to("pool", cluster, line.row.pool, "nowrap"),
        "block": lambda line, _: cells.words(str(line.row.block or ""), "mono nowrap"),
        "network": lambda line, _: cells.words(line.row.network),
        "state": _state,
        "since": lambda line, now: cells.ago(line.row.valid_from, now),
        "earliest": lambda line, now: cells.ago(line.row.from_earliest, now),
        "until": _until,
        "source": lambda line, _: cells.muted(
            f"{line.row.source}, {line.row.confidence}", "nowrap"
        ),
    }


def _kind(line: HeldLine, _: datetime) -> Cell:
    key = format_html('<span class="key kind-{}">{}</span>', line.row.kind, line.code)
    return Cell(key, "narrow")


def _owner(line: HeldLine, _: datetime) -> Cell:
    if not line.owner_path:
        return Cell(line.owner, "name")
    return cells.link(line.owner_path, f"{line.row.namespace}/{line.row.pod}")


def _workload(line: HeldLine, _: datetime) -> Cell:
    row = line.row
    if not row.workload_name:
        return cells.words("")
    kind = format_html('<span class="muted">{}</span>', row.workload_kind)
    return Cell(format_html("{} {}", kind, row.workload_name), "wrap")


def _state(line: HeldLine, _: datetime) -> Cell:
    if line.row.counted:
        return cells.words(line.row.state)
    second = '{} <span class="badge badge-warn">second owner</span>'
    return Cell(format_html(second, line.row.state), "nowrap")


def _until(line: HeldLine, now: datetime) -> Cell:
    if line.row.valid_to is None:
        return cells.muted("still held", "nowrap")
    return cells.ago(line.row.valid_to, now)


def _to(route: str, cluster: str, name: str, style: str = "wrap") -> Cell:
    return (
        cells.link(path_to(route, cluster, name), name, style)
        if name
        else cells.words("")
    )
