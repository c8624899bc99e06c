"""What a poll leaves beside the mirror: runs, gaps and pauses."""

from datetime import timedelta

import pytest

from ipamweb.cluster.errors import Throttled, Unreachable
from ipamweb.mirror.models import Cluster, PollCount, SyncRun
from ipamweb.sync import outcome
from ipamweb.sync.outcome import PollResult
from ipamweb.sync.prune import prune
from tests.sync.world import at

pytestmark = pytest.mark.django_db


@pytest.fixture
def cluster() -> Cluster:
    return Cluster.objects.create(slug="prod", name="prod", as_of=at("12:00:00"))


def record(cluster: Cluster, result: PollResult, second: int) -> None:
    moment = at(f"12:00:{second:02}")
    outcome.record_run(cluster, result, started=moment, now=moment)


def test_a_poll_with_changes_is_a_run_of_its_own(cluster: Cluster) -> None:
    record(cluster, PollResult("prod", opened=1), 5)
    record(cluster, PollResult("prod", opened=1), 10)

    assert SyncRun.objects.count() == 2


def test_idle_polls_are_one_run(cluster: Cluster) -> None:
    for second in (5, 10, 15):
        record(cluster, PollResult("prod"), second)

    run = SyncRun.objects.get()
    assert (run.polls, run.ended_at) == (3, at("12:00:15"))


def test_equal_failures_are_one_run_and_others_are_not(cluster: Cluster) -> None:
    refused = PollResult("prod", outcome="failed", error="refused", gaps=1)
    record(cluster, refused, 5)
    record(cluster, refused, 10)
    record(cluster, PollResult("prod", outcome="failed", error="timeout", gaps=1), 15)

    runs = SyncRun.objects.order_by("id").values_list("error", "polls")
    assert list(runs) == [("refused", 2), ("timeout", 1)]


def test_a_failure_is_noted_with_its_gap_and_its_pause(cluster: Cluster) -> None:
    error = Unreachable("prod", action="list pods", why="no route")
    result = PollResult("prod")
    now = at("12:00:05")
    outcome.record_failure(cluster, error, result=result, started=now, now=now)

    cluster.refresh_from_db()
    assert cluster.last_error == "prod: could not list pods: no route"
    assert (cluster.last_error_kind, cluster.failures_in_row) == ("unreachable", 1)
    assert cluster.gaps.get().started_at == at("12:00:00")
    assert (result.outcome, result.gaps) == ("failed", 1)


def test_L2_the_pause_a_server_asks_for_is_the_least(cluster: Cluster) -> None:
    error = Throttled("prod", action="list pods", why="429", retry_after=90)
    now = at("12:00:05")
    outcome.record_failure(
        cluster, error, result=PollResult("prod"), started=now, now=now
    )

    assert cluster.retry_at == at("12:01:35")


def test_L2_the_pause_stays_below_thirty_seconds_after_many_failures(
    cluster: Cluster,
) -> None:
    cluster.failures_in_row = 5_000
    error = Unreachable("prod", action="list pods", why="no route")
    now = at("12:00:05")
    outcome.record_failure(
        cluster, error, result=PollResult("prod"), started=now, now=now
    )

    assert cluster.retry_at is not None
    assert at("12:00:09") <= cluster.retry_at <= at("12:00:35")


def test_a_good_result_prints_no_error() -> None:
    printed = PollResult("prod", as_of=at("12:00:05"), seconds=0.12345).as_json()

    assert (printed["as_of"], printed["seconds"]) == (
        "2026-11-22T12:00:05+00:00",
        0.123,
    )
    assert "error" not in printed
    assert PollResult("prod", outcome="failed", error="no").as_json()["error"] == "no"


def counted(cluster: Cluster) -> dict[tuple[str, str], tuple[int, float]]:
    return {
        (each.kind, each.outcome): (each.polls, each.seconds)
        for each in PollCount.objects.filter(cluster=cluster)
    }


def test_every_poll_is_counted_by_its_kind_and_outcome(cluster: Cluster) -> None:
    record(cluster, PollResult("prod", kind="complete", opened=3, seconds=2.5), 5)
    for second in (10, 15):
        record(cluster, PollResult("prod", seconds=0.25), second)
    failed = PollResult("prod", outcome="failed", error="refused", seconds=1.0)
    record(cluster, failed, 20)

    assert counted(cluster) == {
        ("complete", "ok"): (1, 2.5),
        ("changes", "ok"): (2, 0.5),
        ("changes", "failed"): (1, 1.0),
    }


def test_counts_of_polls_outlive_their_runs(cluster: Cluster) -> None:
    record(cluster, PollResult("prod", opened=1, seconds=2.0), 5)
    prune(now=at("12:00:00") + timedelta(days=1000))

    assert SyncRun.objects.count() == 0
    assert counted(cluster) == {("changes", "ok"): (1, 2.0)}


def test_a_poll_that_was_cut_off_is_counted_by_who_comes_next(cluster: Cluster) -> None:
    outcome.record_cut_off(cluster, at=at("12:00:05"))

    assert counted(cluster) == {("unknown", "failed"): (1, 0.0)}
