"""A list of what is held stands still while it is paged."""

from dataclasses import replace
from typing import Any

import pytest

from ipamweb.mirror.models import Allocation, Cluster, PastAllocation, Pod
from ipamweb.mirror.queries import allocations, snapshots
from ipamweb.mirror.queries.allocation_filters import AllocationFilter
from ipamweb.mirror.queries.allocation_rows import AllocationRow
from ipamweb.mirror.queries.clusters import ClusterRow
from ipamweb.mirror.queries.paging import BadCursor, Page, Window
from ipamweb.mirror.scope import EVERYTHING, Scope
from tests import cast
from tests.cast import at, uid
from tests.mirror.queries.conftest import SHOP_ONLY, named

# In the cast the cluster stands at this generation, read at 14:00:00.
PRESENT = 7


def page(
    cursor: str = "", *, limit: int = 10, scope: Scope = EVERYTHING, **wanted: Any
) -> Page[AllocationRow]:
    return snapshots.listed(
        named("prod-eu"),
        scope=scope,
        wanted=AllocationFilter(**wanted),
        window=Window(limit, cursor),
    )


def all_from(first: Page[AllocationRow], **options: Any) -> list[tuple[int, str]]:
    """Return (id, state) of a page and of all that follow."""
    found, cursor = [*first.rows], first.next
    while cursor:
        more = page(cursor, **options)
        found, cursor = found + [*more.rows], more.next
    return [(row.id, row.state) for row in found]


def end(number: int, *, generation: int = PRESENT + 1, clock: str = "14:00:05") -> None:
    """Let an allocation end as a poll does: the row moves, its id stays."""
    row = Allocation.objects.get(pk=number)
    columns = {
        field.attname: getattr(row, field.attname)
        for field in Allocation._meta.concrete_fields
        if field.attname not in ("counted", "changed_generation")
    }
    PastAllocation.objects.create(
        **columns,
        valid_to=at("14:00:00"),
        to_latest=at(clock),
        closed_by="watch",
        closed_generation=generation,
        time_bin=0,
    )
    row.delete()


def begin(number: int, text: str, *, generation: int = PRESENT + 1) -> None:
    cast.allocation(
        number,
        text,
        owner_key=uid(number),
        from_earliest=at("14:00:00"),
        valid_from=at("14:00:05"),
        opened_generation=generation,
    ).save()


def move_on(generation: int = PRESENT + 1, clock: str = "14:00:05") -> None:
    """End a poll: generation and age move."""
    Cluster.objects.filter(slug="prod-eu").update(
        generation=generation, as_of=at(clock), last_poll_at=at(clock)
    )


def test_the_present_is_what_is_held_now(prod: ClusterRow) -> None:
    everything = allocations.listed(prod, scope=EVERYTHING, window=Window(1000))

    assert page(limit=1000).rows == everything.rows


def test_all_pages_show_what_was_held_at_the_first(prod: ClusterRow) -> None:
    before = all_from(page())
    first = page()
    end(41)
    begin(2001, "10.0.0.45")
    end(43, generation=PRESENT + 2)
    move_on(PRESENT + 2)

    assert all_from(first) == before
    assert 41 not in dict(all_from(page()))
    assert 2001 in dict(all_from(page()))


def test_back_from_a_later_page_leads_to_the_same_rows(prod: ClusterRow) -> None:
    first = page()
    second = page(first.next)
    for row in first.rows[:3]:
        end(row.id)
    move_on()

    back = page(second.previous)

    assert [row.id for row in back.rows] == [row.id for row in first.rows]


def test_a_poll_half_written_is_not_shown(prod: ClusterRow) -> None:
    before = all_from(page())
    end(41)
    begin(2001, "10.0.0.45")

    assert all_from(page()) == before


def test_what_ended_since_is_shown_as_it_was(prod: ClusterRow) -> None:
    first = page(limit=1, node="worker-b", kind="pod")
    whole = page(limit=100, node="worker-b", kind="pod").rows
    for row in whole[1:]:
        end(row.id)
    move_on()

    rest = page(first.next, limit=100, node="worker-b", kind="pod").rows

    # Whether a row counts is known of open ones only, and nothing of the list.
    assert rest == tuple(replace(row, counted=True) for row in whole[1:])


def test_a_mark_that_came_later_is_not_part_of_it(prod: ClusterRow) -> None:
    first = page(limit=1, state="held")
    before = all_from(first, state="held")
    Allocation.objects.filter(pk__in=[44, 46]).update(terminating_at=at("14:00:05"))
    end(46)
    move_on()

    assert all_from(first, state="held") == before
    assert {state for _, state in before} == {"held"}


@pytest.mark.parametrize(
    "wanted",
    [
        {"node": "worker-b"}, {"namespace": "shop"}, {"pod": "cart-0"}, {"q": "cart"},
        {"uid": uid(421)}, {"kind": "pod", "family": 4},
        {"pool": "cilium-cluster-pool-v4"}, {"workload_name": "pay"},
        {"held_before": at("13:00:00")},
    ],
    ids=str,
)  # fmt: skip
def test_a_filter_finds_the_same_among_what_ended_since(
    prod: ClusterRow, wanted: dict[str, Any]
) -> None:
    first = page(limit=1, **wanted)
    before = all_from(first, limit=100, **wanted)
    for number in (41, 42, 43, 44, 45, 46, 51):
        end(number)
    Pod.objects.filter(pk__in=[421, 422, 423]).update(
        gone_at=at("14:00:00"), gone_by=at("14:00:05")
    )
    move_on()

    assert all_from(first, limit=100, **wanted) == before


def test_an_owner_outside_the_scope_stays_hidden_when_it_ended(
    prod: ClusterRow,
) -> None:
    first = page(limit=1, scope=SHOP_ONLY)
    end(51)
    end(41)
    move_on()

    rows = {row.id: row for row in page(first.next, limit=100, scope=SHOP_ONLY).rows}

    assert (rows[51].pod, rows[51].owner_hidden) == ("", True)
    assert rows[41].pod == "cart-0"


def test_a_filter_by_owner_finds_no_hidden_one_that_ended(prod: ClusterRow) -> None:
    first = page(limit=1, scope=SHOP_ONLY)
    end(51)
    move_on()

    found = page(first.next, limit=100, scope=SHOP_ONLY, uid=uid(431))

    assert found.rows == ()


def test_a_row_that_moves_while_it_is_read_is_shown_once(
    prod: ClusterRow, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = all_from(page())
    closed_since = snapshots.past_filters.closed_since

    def closed_meanwhile(*args: Any, **options: Any) -> Any:
        if Allocation.objects.filter(pk=41).exists():
            end(41)
        return closed_since(*args, **options)

    monkeypatch.setattr(snapshots.past_filters, "closed_since", closed_meanwhile)

    assert all_from(page(limit=1000)) == before


def test_a_cursor_older_than_the_history_kept_is_expired(prod: ClusterRow) -> None:
    cursor = page().next
    move_on(clock="15:00:00")
    Cluster.objects.filter(slug="prod-eu").update(pruned_to=at("14:30:00"))

    with pytest.raises(snapshots.Expired, match="older than the history kept"):
        page(cursor)


def test_a_cursor_of_another_list_of_allocations_is_refused(prod: ClusterRow) -> None:
    cursor = allocations.listed(prod, scope=EVERYTHING, window=Window(1)).next

    with pytest.raises(BadCursor):
        page(cursor)
