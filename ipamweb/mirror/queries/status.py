"""What nodes hold, in the words of `cilium-dbg status --all-addresses`.

    IPv4: 5/254 allocated from 10.0.2.0/24
    Allocated addresses:
      10.0.2.163 (default/nginx)

People who know that output compare it with ours: the words and the order are Cilium's
(pkg/ipam, cilium-dbg/cmd/status.go), the IPv6 total included, which is the power of two
less 2 although the allocator hands out fewer.
"""

from collections import defaultdict
from collections.abc import Iterator

from ipamweb.addressing import capacity
from ipamweb.addressing.ranges import format_address
from ipamweb.mirror.models import Allocation, Node
from ipamweb.mirror.queries import blocks
from ipamweb.mirror.queries.allocation_rows import AllocationRow, open_rows
from ipamweb.mirror.queries.blocks import BlockRow
from ipamweb.mirror.scope import Scope


def lines(cluster_id: int, *, node: str, scope: Scope) -> list[str]:
    """Return the text of one node, or of all present ones, each under its name.

    Raises ValueError where the node is not there. Three queries.
    """
    nodes = Node.objects.filter(cluster_id=cluster_id, gone_at=None).order_by("name")
    names = {row.pk: row.name for row in nodes if node in ("", row.name)}
    if node and not names:
        raise ValueError(f"there is no node {node!r} now")
    given = blocks.of_nodes(names, scope=scope)
    held = _held(cluster_id, node_ids=names if node else None, scope=scope)
    text: list[str] = []
    for pk, name in names.items():
        if len(names) > 1:
            text.append(f"{name}:")
        text.extend(_node_lines(given.get(pk, []), held))
    return text


def _held(
    cluster_id: int, *, node_ids: dict[int, str] | None, scope: Scope
) -> dict[str, list[AllocationRow]]:
    """Return what is held in each block, by the block's text."""
    found = Allocation.objects.filter(cluster_id=cluster_id, block__valid_to=None)
    if node_ids is not None:
        found = found.filter(block__node_id__in=list(node_ids))
    held: dict[str, list[AllocationRow]] = defaultdict(list)
    for row in open_rows(found, scope):
        if row.block is not None:
            held[str(row.block)].append(row)
    return held


def _node_lines(
    given: list[BlockRow], held: dict[str, list[AllocationRow]]
) -> Iterator[str]:
    if not given:
        yield "no block of addresses"
        return
    yield ", ".join(_summary(block) for block in given)
    yield "Allocated addresses:"
    rows = [row for block in given for row in held.get(str(block.range), [])]
    yield from sorted(
        f"  {format_address(row.address)} ({_owner(row)})" for row in rows
    )


def _summary(block: BlockRow) -> str:
    total = capacity.status_total(block.range)
    allocated = f"{block.numbers.allocated}/{total}"
    return f"IPv{block.numbers.family}: {allocated} allocated from {block.range}"


def _owner(row: AllocationRow) -> str:
    if row.owner_hidden:
        return "held"
    return f"{row.namespace}/{row.pod}" if row.kind == "pod" else row.kind
