"""What REST shows of a map: from the answers of queries to what JSON can hold.

The fields: docs, "The map's data"; map_serializers.py describes them.
"""

from base64 import b64encode
from dataclasses import asdict
from typing import Any

from ipamweb.addressing.ranges import Range, format_address
from ipamweb.cidrmap.legend import UNCERTAIN
from ipamweb.cidrmap.sizes import addresses
from ipamweb.mirror.queries.map_addresses import AddressRow
from ipamweb.mirror.queries.map_children import ChildRow, Level
from ipamweb.mirror.queries.map_mask import Mask
from ipamweb.mirror.queries.map_windows import Window, Windows

Json = dict[str, Any]


def level(found: Level) -> Json:
    rows = [_address_row(row) for row in found.addresses]
    return {
        "cidr": str(found.bounds),
        "family": found.bounds.family,
        "pool": found.where.pool,
        "range": str(found.where.range),
        "path": [str(each) for each in found.path],
        "child_prefix_length": found.child_length,
        "leaf": found.leaf,
        "children_total": found.children_total,
        "level": "addresses" if found.is_of_addresses else "blocks",
        "rows": rows or [_child_row(row) for row in found.rows],
    }


def mask(found: Mask, text: str) -> Json:
    return {
        "cidr": str(found.bounds),
        "q": text,
        "hits": found.hits,
        "of": found.of,
        "nodes": found.nodes,
        "unit": found.unit,
        "blocks": found.blocks,
        "complete": found.complete,
        "bits": None if found.bits is None else b64encode(found.bits).decode(),
    }


def windows(found: Windows) -> Json:
    size = found.bounds.size
    return {
        "cidr": str(found.bounds),
        "held": found.held,
        "size": str(size),
        "size_words": addresses(size, 6),
        "total": found.total,
        "complete": found.total == len(found.windows),
        "windows": [_window(each) for each in found.windows],
        "rest": str(found.rest),
        "rest_words": _gap_words(found.rest),
    }


def _window(each: Window) -> Json:
    return {
        "cidr": str(each.range),
        "held": each.held,
        "gap_before": str(each.gap_before),
        "gap_words": _gap_words(each.gap_before),
    }


def _gap_words(number: int) -> str:
    return addresses(number, 6) if number else ""


def _span(kind: str, bounds: Range, children: int) -> Json:
    return {
        "kind": kind,
        "first": format_address(bounds.first),
        "last": format_address(bounds.last),
        "cidr": None if bounds.prefix_length is None else str(bounds),
        "children": children,
    }


def _child_row(row: ChildRow) -> Json:
    span = _span(row.kind, row.range, row.children)
    total = None if row.blocks_total is None else str(row.blocks_total)
    if row.differences is not None:
        span |= asdict(row.differences)
    if row.kind == "unassigned":
        return {**span, "blocks_total": total, "allocated": row.allocated}
    return {
        **span,
        "node": row.node or None,
        "zone": row.zone,
        "block": None if row.block is None else str(row.block),
        "blocks_assigned": row.blocks_assigned,
        "blocks_total": total,
        "slots_used": row.slots_used,
        "slots_total": None if row.slots_total is None else str(row.slots_total),
        "allocated": row.allocated,
        "capacity": str(row.capacity),
        "free": str(row.free),
        "flags": row.flags,
    }


def _address_row(row: AddressRow) -> Json:
    found = {**_span(row.kind, row.range, row.range.size), "byte": row.byte}
    if row.change:
        found |= {"change": row.change, "is_certain": not row.byte & UNCERTAIN}
    if row.kind == "outside":
        return found
    found["node"] = row.node or None
    found["block"] = None if row.block is None else str(row.block)
    owner = row.owner
    if owner is None:
        return found
    return {
        **found,
        "address_kind": owner.kind,
        "state": owner.state,
        "owners": row.owners,
        "owner_hidden": owner.owner_hidden,
        "namespace": owner.namespace,
        "pod": owner.pod,
        "uid": owner.uid,
        "valid_from": owner.valid_from,
    }
