"""Every table of pages and REST, by name. What stands here is what a saved view can
hold of each; pages and REST give the filters the same names.
"""

from ipamweb.addressing import ranges
from ipamweb.addressing.records import KINDS
from ipamweb.findings import filters as findings
from ipamweb.findings.candidates import SEVERITIES
from ipamweb.mirror.queries import namespaces, nodes
from ipamweb.mirror.queries.allocation_rows import STATES
from ipamweb.tables.reading import (
    one_of,
    read_duration,
    read_family,
    read_instant,
    read_text,
    write_duration,
    write_instant,
)
from ipamweb.tables.table import Column, Filter, Table


def _text(name: str) -> Filter:
    return Filter(name, read_text)


def _name_of_owner(name: str) -> Filter:
    """Return a filter by a text that names a namespace, a pod, or what runs it."""
    return Filter(name, read_text, names_owner=True)


def _choice(name: str, *words: str) -> Filter:
    return Filter(name, one_of(words), words)


def _moment(name: str) -> Filter:
    example = "a time such as 2026-11-22T14:03:22Z"
    return Filter(name, read_instant, (example,), write_instant)


FAMILY = Filter("family", read_family, ("4", "6"))
WITHIN = Filter("within", ranges.parse_cidr, ("a CIDR such as 10.0.2.0/24",))

ALLOCATIONS = Table(
    name="allocations",
    words="allocations",
    route="allocations",
    columns=(
        Column("address", "Address", ("address",), names_row=True),
        Column("kind", "Kind", ("kind",)),
        Column("owner", "Owner", ("namespace", "pod", "uid", "owner_hidden")),
        Column("namespace", "Namespace", ("namespace",), is_usual=False),
        Column("workload", "Workload", ("workload_kind", "workload_name")),
        Column("node", "Node", ("node",)),
        Column("pool", "Pool", ("pool",)),
        Column("block", "Block", ("block",), is_usual=False),
        Column("network", "Network", ("network",), is_usual=False),
        Column("state", "State", ("state",)),
        Column("since", "Held since", ("valid_from",)),
        Column("earliest", "Not held before", ("from_earliest",), is_usual=False),
        Column("until", "Held until", ("valid_to", "to_latest"), is_usual=False),
        Column("source", "Source", ("source", "confidence"), is_usual=False),
    ),
    filters=(
        _name_of_owner("q"),
        FAMILY,
        _choice("kind", *KINDS),
        _choice("state", *STATES),
        _text("node"),
        _name_of_owner("namespace"),
        _name_of_owner("pod"),
        _name_of_owner("uid"),
        _text("workload_kind"),
        _name_of_owner("workload_name"),
        _text("pool"),
        _text("network"),
        WITHIN,
        Filter(
            "address",
            ranges.parse_address,
            ("an IP address",),
            ranges.format_address,
        ),
        Filter(
            "older_than",
            read_duration,
            ("a number of s, m, h, d or w, such as 90m or 7d",),
            write_duration,
        ),
        _moment("since"),
        _moment("until"),
    ),
)
NODES = Table(
    name="nodes",
    words="nodes",
    route="nodes",
    columns=(
        Column("name", "Node", ("name",), sort="name", names_row=True),
        Column("zone", "Zone", ("zone",)),
        Column("node_pool", "Node pool", ("node_pool",)),
        Column("instance_type", "Instance type", ("instance_type",), is_usual=False),
        Column("ready", "State", ("ready",), when="now"),
        Column(
            "slots", "Pod slots", ("slots_used", "slots_total"),
            title="Pod slots, a bar",
        ),
        Column(
            "slots_used", "used", ("slots_used", "slots_total"), is_number=True,
            sort="slots_used", title="Pod slots used",
        ),
        Column(
            "slots_free", "free", ("slots_free",), is_number=True, sort="slots_free",
            title="Pod slots free",
        ),
        Column("max_pods", "Max pods", ("max_pods",), is_number=True, is_usual=False),
        Column("pods", "Pods", ("pods",), is_number=True, is_usual=False),
        Column(
            "held_v4", "IPv4 held", ("families",), is_number=True, sort="allocated_v4",
            when="4",
        ),
        Column(
            "held_v6", "IPv6 held", ("families",), is_number=True, sort="allocated_v6",
            when="6",
        ),
        Column("blocks", "Blocks", ("cidrs",)),
        Column("first_seen", "First seen", ("first_seen",), is_usual=False),
    ),
    filters=(_text("q"), _text("zone"), _text("node_pool")),
    orders=tuple(nodes.ORDERS),
)  # fmt: skip
NAMESPACES = Table(
    name="namespaces",
    words="namespaces",
    route="namespaces",
    columns=(
        Column("namespace", "Namespace", ("namespace",), sort="name", names_row=True),
        Column("pods", "Pods", ("pods",), is_number=True, sort="pod_count"),
        Column(
            "held_v4", "IPv4 held", ("families",), is_number=True, sort="allocated_v4",
            when="4",
        ),
        Column(
            "held_v6", "IPv6 held", ("families",), is_number=True, sort="allocated_v6",
            when="6",
        ),
        Column("labels", "Labels", ("labels",), is_usual=False),
        Column("first_seen", "First seen", ("first_seen",), is_usual=False),
    ),
    filters=(_name_of_owner("q"),),
    orders=tuple(namespaces.ORDERS),
)  # fmt: skip
POOLS = Table(
    name="pools",
    words="pools",
    route="pools",
    columns=(
        Column("pool", "Pool", ("slug",), names_row=True),
        Column("ranges", "Ranges", ("ranges",)),
        Column(
            "fill", "Fill", ("blocks_assigned", "blocks_total", "families"),
            title="Fill, a bar",
        ),
        Column(
            "blocks", "Blocks assigned", ("blocks_assigned", "blocks_total"),
            is_number=True,
        ),
        Column(
            "blocks_share", "of blocks", ("blocks_total",), is_number=True,
            title="Share of blocks",
        ),
        Column("held", "Addresses held", ("families",), is_number=True),
        Column(
            "held_share", "of capacity", ("families",), is_number=True,
            title="Share of capacity",
        ),
        Column("free", "Addresses free", ("families",), is_number=True, is_usual=False),
        Column("slots", "Pod slots used", ("slug",), is_number=True, when="now"),
        Column(
            "slots_share", "of slots", ("slug",), is_number=True, when="now",
            title="Share of slots",
        ),
        Column("course", "Slots over time", ("slug",), when="now"),
        Column("system", "System", ("system",), is_usual=False),
        Column("network", "Network", ("network",), is_usual=False),
    ),
    filters=(_text("q"), FAMILY, _text("system"), _text("network")),
)  # fmt: skip
FINDINGS = Table(
    name="findings",
    words="findings",
    route="findings",
    columns=(
        Column("severity", "Severity", ("severity",)),
        Column("kind", "Kind", ("id", "rule", "kind"), names_row=True),
        Column("subject", "About", ("subject",)),
        Column("cluster", "Cluster", ("cluster",)),
        Column("message", "What is so", ("message",)),
        Column("state", "State", ("state", "acknowledged_until")),
        Column("first_seen", "First seen", ("first_seen",)),
        Column("last_seen", "Last seen", ("last_seen",)),
        Column("suggestion", "What to do", ("suggestion",), is_usual=False),
        Column(
            "acknowledged", "Acknowledged", ("acknowledged_by", "acknowledged_reason"),
            is_usual=False,
        ),
    ),
    filters=(
        _choice("kind", *findings.KINDS),
        _choice("rule", *findings.RULE_IDS),
        _choice("severity", *SEVERITIES),
        _choice("state", *findings.STATES, findings.ALL),
        _text("cluster"),
        _name_of_owner("namespace"),
        _choice("age", *findings.AGES),
    ),
    implied={"state": findings.ALL},
)  # fmt: skip


def _only_rest(name: str, fields: str, *filters: Filter) -> Table:
    """Return a table that no page has: its columns are the fields of REST."""
    columns = tuple(Column(each, each, (each,)) for each in fields.split())
    return Table(name=name, words=name, columns=columns, filters=filters)


BLOCKS = _only_rest(
    "blocks",
    "cidr family pool node network system capacity_rule size reserved unreachable"
    " capacity allocated free allocated_by_kind valid_from valid_to",
    FAMILY,
    _text("node"),
    _text("pool"),
    _text("network"),
    _text("system"),
    WITHIN,
)
PODS = _only_rest(
    "pods",
    "uid namespace name node phase host_network workload_kind workload_name terminating"
    " addresses reported_addresses first_seen gone_at",
    _name_of_owner("namespace"),
    _text("node"),
    _text("phase"),
    _text("workload_kind"),
    _name_of_owner("workload_name"),
    _name_of_owner("q"),
    _choice("host_network", "true", "false"),
)
TABLES = {
    table.name: table
    for table in (ALLOCATIONS, NODES, POOLS, BLOCKS, NAMESPACES, PODS, FINDINGS)
}
