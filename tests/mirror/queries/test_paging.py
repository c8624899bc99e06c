import pytest

from ipamweb.mirror.models import Node
from ipamweb.mirror.queries import nodes
from ipamweb.mirror.queries.clusters import ClusterRow
from ipamweb.mirror.queries.nodes import ORDERS, NodeRow
from ipamweb.mirror.queries.paging import BadCursor, Page, Window
from ipamweb.mirror.scope import EVERYTHING
from tests.cast import FIRST_AS_OF, uid


def page(
    prod: ClusterRow, cursor: str = "", *, order: str = "name", limit: int = 2
) -> Page[NodeRow]:
    return nodes.listed(
        prod,
        scope=EVERYTHING,
        order=ORDERS[order],
        window=Window(limit=limit, cursor=cursor),
    )


def names(found: Page[NodeRow]) -> list[str]:
    return [row.name for row in found.rows]


def test_the_next_page_goes_on_after_the_last_row(prod: ClusterRow) -> None:
    first = page(prod)
    second = page(prod, first.next)

    assert names(first) == ["worker-a", "worker-b"]
    assert names(second) == ["worker-c"]


def test_the_first_page_has_none_before_it_and_the_last_none_after_it(
    prod: ClusterRow,
) -> None:
    first = page(prod)
    last = page(prod, first.next)

    assert (first.previous, last.next) == ("", "")


def test_a_page_that_ends_with_the_list_has_none_after_it(prod: ClusterRow) -> None:
    assert page(prod, limit=3).next == ""


def test_back_from_the_second_page_leads_to_the_first(prod: ClusterRow) -> None:
    first = page(prod)
    second = page(prod, first.next)
    back = page(prod, second.previous)

    assert names(back) == ["worker-a", "worker-b"]
    assert (bool(back.next), back.previous) == (True, "")


def test_a_descending_order_is_paged_downwards(prod: ClusterRow) -> None:
    first = page(prod, order="-allocated_v4", limit=1)
    second = page(prod, first.next, order="-allocated_v4", limit=1)

    assert names(first) + names(second) == ["worker-a", "worker-b"]


def test_rows_that_are_equal_in_the_order_are_neither_lost_nor_repeated(
    prod: ClusterRow,
) -> None:
    Node.objects.update(slots_free=7)
    cursor = ""
    found: list[str] = []
    for _ in range(3):
        part = page(prod, cursor, order="slots_free", limit=1)
        found, cursor = found + names(part), part.next

    assert (found, cursor) == (["worker-a", "worker-b", "worker-c"], "")


def test_a_row_that_comes_before_the_cursor_does_not_move_the_next_page(
    prod: ClusterRow,
) -> None:
    first = page(prod)
    Node.objects.create(
        cluster_id=1, uid=uid(9), name="worker-0", first_seen=FIRST_AS_OF
    )

    assert names(page(prod, first.next)) == ["worker-c"]


@pytest.mark.parametrize("cursor", ["x", "WyJuZXh0IiwiYSIsMV0.bad", "\x00", "a.b.c"])
def test_a_cursor_that_was_not_made_here_is_refused(
    prod: ClusterRow, cursor: str
) -> None:
    with pytest.raises(BadCursor, match="not made for this list"):
        page(prod, cursor)


def test_a_cursor_of_another_order_is_refused(prod: ClusterRow) -> None:
    cursor = page(prod).next

    with pytest.raises(BadCursor):
        page(prod, cursor, order="slots_free")
