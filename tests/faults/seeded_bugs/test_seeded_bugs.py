"""The tests can fail: each mistake, made on purpose, is caught by the test it names."""

from collections.abc import Iterator
from concurrent.futures import Future

import pytest

from tests.faults.seeded_bugs import bugs_of_planning, bugs_of_polls, bugs_of_reading
from tests.faults.seeded_bugs.bug import Bug, seeded
from tests.faults.seeded_bugs.runner import Runner, Told
from tests.source import ROOT

BUGS = (*bugs_of_reading.BUGS, *bugs_of_planning.BUGS, *bugs_of_polls.BUGS)
Started = dict[str, "Future[Told]"]
each_bug = pytest.mark.parametrize("bug", BUGS, ids=lambda bug: bug.name)


@pytest.fixture(scope="module")
def runner(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Runner]:
    runner = Runner(tmp_path_factory.mktemp("seeded"))
    yield runner
    runner.close()


@pytest.fixture(scope="module")
def started(request: pytest.FixtureRequest, runner: Runner) -> Started:
    """Start the bugs of all tests that were chosen, two at a time."""
    specs = [getattr(item, "callspec", None) for item in request.session.items]
    chosen = {
        spec.params["bug"].name for spec in specs if spec and "bug" in spec.params
    }
    return {bug.name: runner.start(bug) for bug in BUGS if bug.name in chosen}


def test_there_are_twenty_bugs_and_more() -> None:
    assert len({bug.name for bug in BUGS}) == len(BUGS) >= 20


@each_bug
def test_the_bug_can_still_be_seeded(bug: Bug) -> None:
    for change in bug.changes:
        assert seeded(ROOT, change)


def test_without_a_bug_the_same_tests_pass(runner: Runner) -> None:
    told = runner.run_all(BUGS)

    assert told.code == 0, told.last


@each_bug
def test_the_bug_is_caught(bug: Bug, started: Started) -> None:
    told = started[bug.name].result()

    assert told.is_caught, told.last
