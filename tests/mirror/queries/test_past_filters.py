"""Windows of time of which one end is given, or none that meets the other."""

from datetime import datetime

import pytest

from ipamweb.mirror.queries.clusters import ClusterRow
from ipamweb.mirror.queries.past_filters import NoWindow, Times, window_of
from tests.cast import at
from tests.mirror.queries.conftest import named

NOON, ONE, TWO = at("12:00:00"), at("13:00:00"), at("14:00:00")


def window(
    *clusters: ClusterRow, since: datetime | None = None, until: datetime | None = None
) -> Times:
    return window_of(clusters, since=since, until=until, now=TWO)


def test_the_end_that_is_not_given_is_now_or_where_history_starts(
    prod: ClusterRow,
) -> None:
    assert window(prod, since=ONE) == Times(ONE, TWO)
    assert window(prod, until=ONE) == Times(NOON, ONE)
    assert window(prod, until=NOON) == Times(NOON, NOON)


def test_of_several_clusters_the_first_history_counts(prod: ClusterRow) -> None:
    assert window(named("lab"), prod, until=ONE) == Times(NOON, ONE)


def test_both_ends_may_lie_before_history(prod: ClusterRow) -> None:
    assert window(prod, since=at("10:00:00"), until=at("11:00:00")) == Times(
        at("10:00:00"), at("11:00:00")
    )


@pytest.mark.parametrize(
    ("ends", "sentence", "to_blame"),
    [
        (
            {"until": at("11:59:59")},
            "History begins at 2026-11-22T12:00:00Z, so until lies before all that is "
            "known.",
            "until",
        ),
        ({"since": ONE, "until": NOON}, "since lies behind until.", "since"),
        (
            {"since": at("15:00:00")},
            "since lies behind now, where a window without until ends.",
            "since",
        ),
    ],
)
def test_a_window_that_ends_before_it_begins_is_told_by_what_is_wrong(
    prod: ClusterRow, ends: dict[str, datetime], sentence: str, to_blame: str
) -> None:
    with pytest.raises(NoWindow) as told:
        window(prod, **ends)

    assert (str(told.value), told.value.end) == (sentence, to_blame)


def test_before_the_first_read_history_has_not_begun(prod: ClusterRow) -> None:
    with pytest.raises(NoWindow, match="History has not begun, so until lies before"):
        window(named("lab"), until=ONE)
