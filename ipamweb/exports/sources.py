"""What a wish is answered with: the rows of a whole list, batch by batch."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from ipamweb.access import audit_entries
from ipamweb.exports import columns, finding_rows, rows
from ipamweb.exports.allocation_columns import Table
from ipamweb.exports.encode import Batch, Json
from ipamweb.exports.wishes import Wish
from ipamweb.findings import about
from ipamweb.findings import queries as findings
from ipamweb.mirror.queries import (
    allocation_stream,
    blocks,
    nodes,
    past_blocks,
    past_nodes,
    past_pools,
    pools,
)
from ipamweb.mirror.queries.clusters import ClusterRow
from ipamweb.mirror.queries.nodes import NodeRow
from ipamweb.mirror.queries.paging import Page, Window
from ipamweb.mirror.queries.past_filters import Times, instant, window_of
from ipamweb.mirror.scope import Scope
from ipamweb.usage import queries as usage

Clusters = Sequence[ClusterRow]
PAGE = 1_000
# Read whole before anything is sent: they are few, and change in place.
AT_ONE_MOMENT = frozenset({"nodes", "pools", "blocks", "findings"})


class Changed(RuntimeError):
    """What was read changed meanwhile, and the rest would not fit what was sent."""


def batches(
    wish: Wish, *, clusters: Clusters, scope: Scope, now: datetime
) -> Iterator[Batch]:
    """Yield all rows of a wish, those of one cluster after the other.

    Who may read the audit log is asked by the caller.
    """
    if wish.what == "allocations":
        found = times(wish, clusters, now=now)
        for cluster in clusters:
            yield from _allocations(wish, cluster, times=found, scope=scope)
        return
    for page in _PAGES[wish.what](wish, clusters, scope, now):
        if page:
            yield Batch(columns.flat(wish.what, page), rows=page)


def times(wish: Wish, clusters: Clusters, *, now: datetime) -> Times | None:
    """Return the instant or the window of a wish; None: the present. Raises NoWindow
    where retention has overtaken a wish that waited."""
    if wish.at:
        return instant(wish.at)
    if not (wish.since or wish.until):
        return None
    return window_of(clusters, since=wish.since, until=wish.until, now=now)


def _allocations(
    wish: Wish, cluster: ClusterRow, *, times: Times | None, scope: Scope
) -> Iterator[Batch]:
    question: dict[str, Any] = {"scope": scope, "wanted": wish.allocations_of(cluster)}
    if times:
        for past in allocation_stream.held_in(cluster, times=times, **question):
            shown = [rows.allocation(row, cluster) for row in past]
            yield Batch(columns.flat("allocations", shown), rows=shown)
        return
    table = Table(cluster, scope)
    for batch in allocation_stream.held(cluster, **question):
        values = table.columns(batch)
        if values[0]:
            yield Batch(values)


def _pages(ask: Callable[[Window], Page[Any]]) -> Iterator[Sequence[Any]]:
    window = Window(limit=PAGE)
    while True:
        page = ask(window)
        yield page.rows
        if not page.next:
            return
        window = replace(window, cursor=page.next)


def _nodes(
    wish: Wish, clusters: Clusters, scope: Scope, now: datetime
) -> Iterator[list[Json]]:
    for cluster in clusters:
        for page in _pages(_nodes_of(wish, cluster, scope)):
            counts = _findings_of(page, wish, cluster, scope)
            yield [
                {"cluster": cluster.slug, **rows.node((each, count), cluster)}
                for each, count in zip(page, counts, strict=True)
            ]


def _nodes_of(
    wish: Wish, cluster: ClusterRow, scope: Scope
) -> Callable[[Window], Page[NodeRow]]:
    def ask(window: Window) -> Page[NodeRow]:
        question: dict[str, Any] = {
            "scope": scope, "wanted": wish.nodes, "window": window,
        }  # fmt: skip
        if wish.at:
            return past_nodes.listed(cluster, at=wish.at, **question)
        return nodes.listed(cluster, order=nodes.ORDERS[wish.ordering], **question)

    return ask


def _findings_of(
    page: Sequence[NodeRow], wish: Wish, cluster: ClusterRow, scope: Scope
) -> list[int | None]:
    """Return how many findings of each node are open; None in the past."""
    if wish.at:
        return [None] * len(page)
    counts = about.open_of_nodes(
        [node.name for node in page], cluster_id=cluster.id, scope=scope
    )
    return [counts.get(node.name, 0) for node in page]


def _pools(
    wish: Wish, clusters: Clusters, scope: Scope, now: datetime
) -> Iterator[list[Json]]:
    question: dict[str, Any] = {"scope": scope, "wanted": wish.pools}
    for cluster in clusters:
        if wish.at:
            found = past_pools.every(cluster, at=wish.at, **question)
        else:
            found = pools.every(cluster, **question)
        yield [{"cluster": cluster.slug, **rows.pool(each, cluster)} for each in found]


def _blocks(
    wish: Wish, clusters: Clusters, scope: Scope, now: datetime
) -> Iterator[list[Json]]:
    question: dict[str, Any] = {"scope": scope, "wanted": wish.blocks}
    for cluster in clusters:
        of = cluster

        def ask(window: Window, of: ClusterRow = of) -> Page[Any]:
            if wish.at:
                return past_blocks.listed(of, at=wish.at, window=window, **question)
            return blocks.listed(of, window=window, **question)

        for page in _pages(ask):
            yield [{"cluster": of.slug, **rows.block(each, of)} for each in page]


def _findings(
    wish: Wish, clusters: Clusters, scope: Scope, now: datetime
) -> Iterator[list[Json]]:
    wanted = replace(wish.findings, at=wish.at)
    for page in _pages(
        lambda window: findings.listed(
            scope=scope, now=now, wanted=wanted, window=window
        )
    ):
        yield [finding_rows.finding(each) for each in page]


def _usage(
    wish: Wish, clusters: Clusters, scope: Scope, now: datetime
) -> Iterator[list[Json]]:
    """Yield samples up to now: those that are taken meanwhile are left out."""
    wanted = replace(wish.usage, until=min(wish.usage.until or now, now))
    rolled = _rolled(clusters, scope)
    for page in _pages(
        lambda window: usage.listed(clusters, scope=scope, wanted=wanted, window=window)
    ):
        yield [rows.usage(each, None) for each in page]
    if _rolled(clusters, scope) != rolled:
        raise Changed("old samples were put together while they were read")


def _rolled(clusters: Clusters, scope: Scope) -> list[Any]:
    return [[pk, rolled] for pk, _, rolled in usage.state(clusters, scope=scope)]


def _audit(
    wish: Wish, clusters: Clusters, scope: Scope, now: datetime
) -> Iterator[list[Json]]:
    """Yield the log from its newest entry on down: none is ever added below."""
    for page in _pages(
        lambda window: audit_entries.listed(wanted=wish.audit, window=window)
    ):
        yield [rows.audit_entry(each, None) for each in page]


_PAGES = {
    "nodes": _nodes,
    "pools": _pools,
    "blocks": _blocks,
    "findings": _findings,
    "usage": _usage,
    "audit": _audit,
}
