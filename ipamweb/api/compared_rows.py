"""What REST shows of two instants side by side, beside the fields of a row."""

from typing import Any

from ipamweb.exports import rows
from ipamweb.mirror.queries.allocation_rows import AllocationRow
from ipamweb.mirror.queries.clusters import ClusterRow
from ipamweb.mirror.queries.compared_allocations import ChangedRow
from ipamweb.mirror.queries.compared_places import Compared
from ipamweb.mirror.queries.namespaces import NamespaceRow
from ipamweb.mirror.queries.nodes import NodeRow
from ipamweb.mirror.queries.pools import PoolRow

Json = dict[str, Any]


def allocation(row: AllocationRow | ChangedRow, of: ClusterRow) -> Json:
    """Return what is held; beside another instant also what differs by it."""
    if isinstance(row, AllocationRow):
        return rows.allocation(row, of)
    return {
        **rows.allocation(row.row, of),
        "change": row.change,
        "side": row.side,
        "is_certain": row.is_certain,
    }


def of_nodes(found: Compared[NodeRow]) -> Json:
    before, after = found.before, found.after
    return {
        "change": found.change,
        "slots_used": _difference(
            before.slots_used if before else None, after.slots_used if after else None
        ),
        "families": _families(
            {each.family: each.allocated for each in before.families}
            if before
            else None,
            {each.family: each.allocated for each in after.families} if after else None,
        ),
    }


def of_pools(found: Compared[PoolRow]) -> Json:
    before, after = found.before, found.after
    return {
        "change": found.change,
        "blocks_assigned": _difference(
            before.blocks_assigned if before else None,
            after.blocks_assigned if after else None,
        ),
        "families": _families(
            {before.family: before.numbers.allocated} if before else None,
            {after.family: after.numbers.allocated} if after else None,
        ),
    }


def of_namespaces(found: Compared[NamespaceRow]) -> Json:
    before, after = found.before, found.after
    return {
        "change": found.change,
        "pods": _difference(
            before.pods if before else None, after.pods if after else None
        ),
        "families": _families(
            dict(before.allocated) if before else None,
            dict(after.allocated) if after else None,
        ),
    }


def _families(before: dict[int, int] | None, after: dict[int, int] | None) -> Json:
    families = sorted({*(before or {}), *(after or {})})
    return {
        str(family): _difference(
            None if before is None else before.get(family, 0),
            None if after is None else after.get(family, 0),
        )
        for family in families
    }


def _difference(before: int | None, after: int | None) -> Json:
    return {
        "before": before,
        "after": after,
        "difference": (after or 0) - (before or 0),
    }
