"""IP-hours, worked by hand on the cast: 12:00 to 14:00 of 22 November 2026.

Of `batch`: 10.0.0.35 was held for certain 12:10:00–12:25:00, possibly
12:09:55–12:25:05; 10.0.0.40 12:30:00–12:59:55, possibly 12:29:55–13:10:00.
"""

from datetime import UTC, datetime, timedelta

import pytest

from ipamweb.mirror.models import Allocation, CoverageGap, PastAllocation
from ipamweb.mirror.queries import clusters, ip_hours
from ipamweb.mirror.queries.ip_hours import Month
from ipamweb.mirror.scope import EVERYTHING, Scope
from ipamweb.mirror.time_bins import time_bin
from tests import cast
from tests.cast import at

pytestmark = pytest.mark.django_db
NOVEMBER = Month(2026, 11)


def prod():
    return clusters.one("prod-eu", scope=EVERYTHING, now=cast.NOW)


def of_past(*numbers: int, month: Month = NOVEMBER):
    """Return (certain, possible) of one family of some ended allocations alone."""
    Allocation.objects.all().delete()
    PastAllocation.objects.exclude(id__in=numbers).delete()
    (row,) = ip_hours.of_namespaces([prod()], month=month, scope=EVERYTHING)
    return row.certain, row.possible


@pytest.mark.parametrize(
    ("number", "certain", "possible"),
    [
        # 12:10:00–12:25:00; five seconds at either end.
        pytest.param(61, timedelta(minutes=15), timedelta(seconds=10), id="quarter"),
        # 12:30:00–12:59:55; 5 s before, 10 min 5 s after.
        pytest.param(
            62, timedelta(minutes=29, seconds=55), timedelta(minutes=10, seconds=10),
            id="gap",
        ),
    ],
)  # fmt: skip
def test_an_ended_allocation_counts_from_begin_to_end(number, certain, possible):
    cast.insert()

    assert of_past(number) == (certain, possible)


def test_two_allocations_add_up():
    cast.insert()

    # 15:00 + 29:55, and 10 s + 10:10.
    assert of_past(61, 62) == (
        timedelta(minutes=44, seconds=55),
        timedelta(minutes=10, seconds=20),
    )


def moved(number: int, **bounds: datetime) -> None:
    """Put an ended allocation elsewhere in time: the row is written anew."""
    row = PastAllocation.objects.filter(id=number).values().get()
    PastAllocation.objects.filter(id=number).delete()
    moments = {**row, **bounds}
    moments["time_bin"] = time_bin(moments["from_earliest"], moments["to_latest"])
    PastAllocation.objects.create(**moments)


def december(day: int, clock: str) -> datetime:
    return datetime.fromisoformat(f"2026-12-{day:02}T{clock}+00:00")


def test_an_allocation_over_the_end_of_a_month_is_cut_there():
    cast.insert()
    moved(
        61,
        from_earliest=datetime(2026, 11, 30, 22, 59, tzinfo=UTC),
        valid_from=datetime(2026, 11, 30, 23, 0, tzinfo=UTC),
        valid_to=december(1, "02:00:00"),
        to_latest=december(1, "02:30:00"),
    )

    # 23:00–24:00, and the minute before.
    assert of_past(61) == (timedelta(hours=1), timedelta(minutes=1))


def test_the_next_month_has_the_rest():
    cast.insert()
    moved(
        61,
        from_earliest=datetime(2026, 11, 30, 22, 59, tzinfo=UTC),
        valid_from=datetime(2026, 11, 30, 23, 0, tzinfo=UTC),
        valid_to=december(1, "02:00:00"),
        to_latest=december(1, "02:30:00"),
    )

    # 00:00–02:00, and the half hour after.
    assert of_past(61, month=Month(2026, 12)) == (
        timedelta(hours=2),
        timedelta(minutes=30),
    )


def test_what_came_and_went_between_two_reads_is_possible_only():
    cast.insert()
    moved(
        61,
        from_earliest=at("12:10:00"),
        valid_from=at("12:10:05"),
        valid_to=at("12:10:00"),
        to_latest=at("12:10:05"),
    )

    assert of_past(61) == (timedelta(0), timedelta(seconds=5))


def test_an_open_allocation_counts_until_it_was_last_read():
    cast.insert()
    PastAllocation.objects.all().delete()
    Allocation.objects.exclude(id=41).delete()
    Allocation.objects.filter(id=41).update(
        from_earliest=at("12:59:00"), valid_from=at("13:00:00")
    )

    (row,) = ip_hours.of_namespaces([prod()], month=NOVEMBER, scope=EVERYTHING)

    # Last read at 14:00:00.
    assert (row.certain, row.possible) == (timedelta(hours=1), timedelta(minutes=1))


def test_addresses_of_nodes_belong_to_no_namespace():
    cast.insert()

    found = ip_hours.of_namespaces([prod()], month=NOVEMBER, scope=EVERYTHING)

    assert {row.namespace for row in found} == {"default", "shop", "batch"}


def test_a_scope_leaves_out_what_it_does_not_hold():
    cast.insert()
    every = ip_hours.of_namespaces([prod()], month=NOVEMBER, scope=EVERYTHING)
    shop = next(row.namespace_uid for row in every if row.namespace == "shop")

    found = ip_hours.of_namespaces(
        [prod()],
        month=NOVEMBER,
        scope=Scope(namespaces=frozenset([(1, shop)])),
    )

    assert {row.namespace_uid for row in found} == {shop}


def test_one_namespace_is_the_same_asked_alone():
    cast.insert()
    every = ip_hours.of_namespaces([prod()], month=NOVEMBER, scope=EVERYTHING)
    shop = tuple(row for row in every if row.namespace == "shop")

    assert shop == ip_hours.of_namespaces(
        [prod()],
        month=NOVEMBER,
        scope=EVERYTHING,
        namespace_uid=shop[0].namespace_uid,
    )


def not_seen(month: Month) -> timedelta:
    (found,) = ip_hours.unseen([prod()], month=month, now=cast.NOW, scope=EVERYTHING)
    return found.time


def test_what_was_not_seen_of_a_month_is_said():
    cast.insert()

    # 21 days and 12 hours before the first read, the gap of 10 min 5 s, and the five
    # seconds since the last read.
    assert not_seen(NOVEMBER) == timedelta(days=21, hours=12, minutes=10, seconds=10)


def test_a_gap_in_which_nothing_was_lost_does_not_count():
    cast.insert()
    CoverageGap.objects.update(recovered_by="watch")

    assert not_seen(NOVEMBER) == timedelta(days=21, hours=12, seconds=5)


def test_a_month_before_history_was_not_seen_at_all():
    cast.insert()

    assert not_seen(Month(2026, 10)) == timedelta(days=31)


def test_of_a_month_to_come_nothing_is_missing():
    cast.insert()

    assert not_seen(Month(2026, 12)) == timedelta(0)


def test_december_ends_with_the_year():
    assert Month(2026, 12).end == datetime(2027, 1, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    "text", ["", "2026", "2026-13", "2026-1", "26-11", "２026-11", "1999-12"]
)
def test_a_text_that_is_no_month_is_refused(text):
    with pytest.raises(ValueError, match="is no"):
        Month.parse(text)
