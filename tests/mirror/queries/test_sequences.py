"""Gaps and polls are found by the time that they touch, and by what they are."""

from datetime import datetime
from itertools import pairwise
from typing import Any

import pytest

from ipamweb.mirror.models import CoverageGap, SyncRun
from ipamweb.mirror.queries import gaps, runs
from ipamweb.mirror.queries.clusters import ClusterRow
from ipamweb.mirror.queries.gaps import GapFilter
from ipamweb.mirror.queries.paging import Window
from ipamweb.mirror.queries.runs import RunFilter
from ipamweb.mirror.scope import EVERYTHING
from tests import cast
from tests.cast import at

S: dict[str, Any] = {"scope": EVERYTHING}
# Beside that of the cast, from 12:59:55 to 13:10:00.
GAPS = {2: ("13:20:00", "13:30:00"), 3: ("13:50:00", None)}
# Beside that of the cast, complete and ok, from 11:59:58 to 12:00:00.
RUNS = {
    2: ("12:10:00", "12:40:00", "changes", "ok"),
    3: ("12:45:00", "12:45:02", "changes", "failed"),
    4: ("12:50:00", "12:50:02", "complete", "held"),
    5: ("12:55:00", "12:55:02", "complete", "ok"),
}


def moment(clock: str | None) -> datetime | None:
    return at(clock) if clock else None


@pytest.fixture
def gapped(people: cast.Cast, prod: ClusterRow) -> ClusterRow:
    for number, (begin, end) in GAPS.items():
        CoverageGap.objects.create(
            id=number,
            cluster=people.prod,
            started_at=at(begin),
            ended_at=moment(end),
            reason="unreachable",
        )
    CoverageGap.objects.create(
        id=9, cluster=people.lab, started_at=at("13:00:00"), reason="unreachable"
    )
    return prod


@pytest.fixture
def polled(people: cast.Cast, prod: ClusterRow) -> ClusterRow:
    for number, (begin, end, kind, outcome) in RUNS.items():
        SyncRun.objects.create(
            id=number,
            cluster=people.prod,
            kind=kind,
            outcome=outcome,
            started_at=at(begin),
            ended_at=at(end),
        )
    SyncRun.objects.create(
        id=9,
        cluster=people.lab,
        kind="changes",
        outcome="failed",
        started_at=at("12:30:00"),
        ended_at=at("12:30:02"),
    )
    return prod


@pytest.mark.parametrize(
    ("since", "until", "ids"),
    [
        (None, None, [3, 2, 1]),
        ("13:05:00", None, [3, 2, 1]),
        # A gap lasts up to its end, and not longer.
        ("13:10:00", None, [3, 2]),
        ("13:09:59", "13:20:00", [2, 1]),
        ("13:25:00", "13:26:00", [2]),
        ("13:10:00", "13:19:59", []),
        ("14:30:00", None, [3]),
        ("13:35:00", "13:40:00", []),
        (None, "12:59:55", [1]),
        (None, "12:59:54", []),
        ("11:00:00", "13:00:00", [1]),
    ],
)
def test_a_gap_is_found_by_any_time_in_it(
    gapped: ClusterRow, since: str | None, until: str | None, ids: list[int]
) -> None:
    wanted = GapFilter(moment(since), moment(until))

    assert [gap.id for gap in gaps.listed(gapped, wanted=wanted, **S).rows] == ids


@pytest.mark.parametrize(
    ("wanted", "ids"),
    [
        (RunFilter(), [5, 4, 3, 2, 1]),
        (RunFilter(kind="complete"), [5, 4, 1]),
        (RunFilter(outcome="held"), [4]),
        (RunFilter(kind="changes", outcome="ok"), [2]),
        (RunFilter(kind="unknown"), []),
        # It extended over half an hour in which nothing changed.
        (RunFilter(since=at("12:20:00"), until=at("12:21:00")), [2]),
        (RunFilter(since=at("12:40:00")), [5, 4, 3, 2]),
        (RunFilter(since=at("12:40:01"), until=at("12:44:59")), []),
        (RunFilter(until=at("12:10:00")), [2, 1]),
        (RunFilter(since=at("12:00:00"), until=at("12:00:00")), [1]),
        (RunFilter("complete", "ok", at("12:30:00"), at("14:00:00")), [5]),
        (RunFilter("complete", since=at("12:50:02")), [5, 4]),
    ],
)
def test_a_poll_is_found_by_what_it_was_and_any_time_in_it(
    polled: ClusterRow, wanted: RunFilter, ids: list[int]
) -> None:
    assert [run.id for run in runs.listed(polled, wanted=wanted, **S).rows] == ids


def test_a_poll_that_another_clock_timed_a_little_early_hides_none(
    polled: ClusterRow,
) -> None:
    SyncRun.objects.filter(pk=3).update(started_at=at("12:39:30"))
    wanted = RunFilter(since=at("12:39:40"), until=at("12:41:00"))

    assert [run.id for run in runs.listed(polled, wanted=wanted, **S).rows] == [3, 2]


def test_polls_of_a_filter_go_on_from_page_to_page_and_back(polled: ClusterRow) -> None:
    wanted = RunFilter(kind="complete", until=at("14:00:00"))
    pages = [runs.listed(polled, wanted=wanted, window=Window(1), **S)]
    while pages[-1].next:
        window = Window(1, pages[-1].next)
        pages.append(runs.listed(polled, wanted=wanted, window=window, **S))

    assert [run.id for page in pages for run in page.rows] == [5, 4, 1]
    for before, page in pairwise(pages):
        window = Window(1, page.previous)
        back = runs.listed(polled, wanted=wanted, window=window, **S)
        assert back.rows == before.rows


@pytest.mark.one_database
def test_of_months_of_polls_and_gaps_a_page_is_read_along_an_index(
    prod: ClusterRow,
) -> None:
    """SQLite says how it goes about it."""
    window = (at("12:00:00"), at("13:00:00"))
    asked = {
        "run_by_begin": runs._matching(prod, RunFilter("", "", *window), None),
        "run_of_kind": runs._matching(prod, RunFilter("complete"), None),
        "run_of_outcome": runs._matching(prod, RunFilter(outcome="held"), None),
        "mirror_cove_cluster": gaps._matching(prod, GapFilter(*window), None),
    }
    for index, query in asked.items():
        plan = query.order_by("-started_at", "-id").explain()

        assert index in plan
        assert "SCAN mirror" not in plan
        assert "TEMP B-TREE" not in plan
    assert "started_at>" in asked["run_by_begin"].explain()
