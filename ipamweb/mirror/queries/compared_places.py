"""Nodes, pools and namespaces at two instants side by side, those too that were there
at one of them only. Both sides are counted from the allocations of their instant.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Generic, TypeVar

from django.db.models import Q

from ipamweb.mirror.models import Namespace, Node, Pool
from ipamweb.mirror.queries import past_namespaces, past_nodes, past_pools
from ipamweb.mirror.queries.clusters import ClusterRow
from ipamweb.mirror.queries.namespaces import NamespaceRow
from ipamweb.mirror.queries.nodes import ALL, NodeFilter, NodeRow
from ipamweb.mirror.queries.paging import FIRST_PAGE, Page, Window, read_page
from ipamweb.mirror.queries.past_filters import Times
from ipamweb.mirror.queries.pools import ALL as EVERY_POOL
from ipamweb.mirror.queries.pools import BY_SLUG, PoolFilter, PoolRow
from ipamweb.mirror.queries.visibility import only_shown
from ipamweb.mirror.scope import Scope

Row = TypeVar("Row")


@dataclass(frozen=True, slots=True)
class Compared(Generic[Row]):
    """A thing at the earlier and at the later instant; None where it was not there."""

    before: Row | None
    after: Row | None

    @property
    def change(self) -> str:
        """new, gone, or same: it was there at both."""
        if self.before is None:
            return "new"
        return "gone" if self.after is None else "same"

    def shown(self, *, is_later: bool) -> Row:
        """Return the row of the one instant, or of the other where it has none."""
        first, second = (
            (self.after, self.before) if is_later else (self.before, self.after)
        )
        found = second if first is None else first
        assert found is not None
        return found


def nodes(
    cluster: ClusterRow,
    *,
    times: Times,
    scope: Scope,
    wanted: NodeFilter = ALL,
    window: Window = FIRST_PAGE,
) -> Page[Compared[NodeRow]]:
    """Return a page of the nodes of two instants by name. Seventeen queries."""
    there = Q()
    for at in (times.since, times.until):
        query = past_nodes.matching(cluster, at=at, wanted=wanted, scope=scope)
        there |= Q(pk__in=query.values("pk"))

    def rows_at(ids: list[int], at: datetime) -> dict[int, NodeRow]:
        return past_nodes.with_ids(ids, cluster=cluster, at=at, scope=scope)

    return read_page(
        Node.objects.filter(there),
        order=past_nodes.BY_NAME,
        window=window,
        build=lambda found: _both([each.pk for each in found], times, rows_at),
    )


def pools(
    cluster: ClusterRow,
    *,
    times: Times,
    scope: Scope,
    wanted: PoolFilter = EVERY_POOL,
    window: Window = FIRST_PAGE,
) -> Page[Compared[PoolRow]]:
    """Return a page of the pools of two instants that pass a filter at one of them, by
    slug. Eleven queries."""
    there = Q()
    for at in (times.since, times.until):
        query = past_pools.matching(cluster, at=at, wanted=wanted, scope=scope)
        there |= Q(pk__in=query.order_by().values("pk"))

    def rows_at(ids: list[int], at: datetime) -> dict[int, PoolRow]:
        return past_pools.with_ids(ids, cluster=cluster, at=at, scope=scope)

    return read_page(
        Pool.objects.filter(there),
        order=BY_SLUG,
        window=window,
        build=lambda found: _both([each.pk for each in found], times, rows_at),
    )


def namespaces(
    cluster: ClusterRow,
    *,
    times: Times,
    scope: Scope,
    window: Window = FIRST_PAGE,
    q: str = "",
) -> Page[Compared[NamespaceRow]]:
    """Return a page of the namespaces of two instants inside the scope, by name.

    Eleven queries.
    """
    there = Q()
    for at in (times.since, times.until):
        query = past_namespaces.namespaces_at(cluster, at)
        there |= Q(pk__in=query.values("pk"))
    named = Namespace.objects.filter(there, name__contains=q.lower())

    def rows_at(ids: list[int], at: datetime) -> dict[int, NamespaceRow]:
        return past_namespaces.with_ids(ids, cluster=cluster, at=at, scope=scope)

    return read_page(
        only_shown(named, scope, cluster_id=cluster.id, field="uid"),
        order=past_namespaces.BY_NAME,
        window=window,
        build=lambda found: _both([each.pk for each in found], times, rows_at),
    )


def _both(
    ids: list[int],
    times: Times,
    rows_at: Callable[[list[int], datetime], dict[int, Row]],
) -> list[Compared[Row]]:
    before, after = (rows_at(ids, at) for at in (times.since, times.until))
    return [Compared(before.get(pk), after.get(pk)) for pk in ids]
