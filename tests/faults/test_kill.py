"""Polls that are killed or stand still for too long: nothing is lost, or done twice."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from ipamweb.mirror.models import CoverageGap
from tests.faults.kill_harness import Trial, left, let_lease_run_out, poll_here, wrong
from tests.faults.kill_scenes import DRAIN, SCENES, SMALL_DRAIN, Scene
from tests.faults.prepared_child import PreparedChild, database_url, prepared_child

pytestmark = pytest.mark.django_db(transaction=True)
LOST = "the lease of this cluster was lost; nothing was written"


@pytest.fixture(scope="module")
def child(django_db_setup: None) -> Iterator[PreparedChild]:
    with prepared_child(database_url()) as started:
        yield started


@pytest.mark.parametrize("scene", SCENES, ids=lambda scene: scene.name)
def test_C1_O2_a_kill_at_any_commit_is_as_if_it_had_not_been(
    scene: Scene, child: PreparedChild, tmp_path: Path
) -> None:
    trial = Trial(scene, child, tmp_path)
    peace = trial.reference()
    commits = range(1, peace.last.commits + 1)
    kills = {f"kill-at-{number}": {"at_commit": number} for number in commits}

    assert trial.complaints(kills, peace) == []


def test_O2_cursors_move_with_the_data_or_not_at_all(
    child: PreparedChild, tmp_path: Path
) -> None:
    trial = Trial(SMALL_DRAIN, child, tmp_path)
    peace = trial.reference()
    # The last transaction, which moves the cursors, and what comes around it.
    last = range(peace.last.statements - 16, peace.last.statements + 1)
    kills = {f"kill-after-{number}": {"at_statement": number} for number in last}

    assert trial.complaints(kills, peace) == []


@pytest.mark.parametrize("commit", [3, 14])
def test_C2_a_poll_that_stood_still_past_its_lease_writes_no_more(
    child: PreparedChild, tmp_path: Path, commit: int
) -> None:
    trial = Trial(DRAIN, child, tmp_path)
    peace = trial.reference()
    with trial.played(["frozen"]) as due:
        frozen = child.poll("frozen", due.now, how="stop", at_commit=commit)
        meanwhile = poll_here("frozen", due.now).outcome
        taken_over = trial.taken_over("frozen", due, peace)
        thawed = child.go_on(frozen)

    assert (frozen.state, meanwhile, taken_over) == ("stopped", "busy", [])
    assert thawed.result["error"] == LOST
    assert wrong("frozen", peace) == []


def test_C2_a_lease_holds_for_a_minute_and_no_longer(
    child: PreparedChild, tmp_path: Path
) -> None:
    with Trial(DRAIN, child, tmp_path).played(["dead"]) as due:
        child.poll("dead", due.now, at_commit=8)
        outcomes = [
            poll_here("dead", due.now + timedelta(seconds=seconds)).outcome
            for seconds in (0, 59, 60)
        ]

    assert outcomes == ["busy", "busy", "ok"]


@pytest.mark.parametrize(
    ("seconds", "forgotten", "kind", "gaps"),
    [
        pytest.param(0, False, "changes", [], id="at once"),
        pytest.param(60, False, "changes", ["watch"], id="young"),
        pytest.param(400, True, "complete", ["list"], id="old"),
    ],
)
def test_C3_a_restart_goes_on_from_its_cursor_or_lists_and_tells_the_gap(
    child: PreparedChild,
    tmp_path: Path,
    seconds: int,
    forgotten: bool,
    kind: str,
    gaps: list[str],
) -> None:
    with Trial(DRAIN, child, tmp_path).played(["dead"]) as due:
        child.poll("dead", due.now, at_commit=8)
        if forgotten:
            due.store.compact()
        let_lease_run_out("dead")
        result = poll_here("dead", due.now + timedelta(seconds=seconds))

    found = CoverageGap.objects.values_list("recovered_by", flat=True)
    assert (result.kind, list(found), left("dead")) == (kind, gaps, [])
