"""What could not be read is a problem, once, until it can be read."""

import pytest

from ipamweb.addressing import records
from ipamweb.mirror.models import Cluster, Problem
from ipamweb.sync import lease, problems
from ipamweb.sync.problems import ProblemReport
from tests.sync.world import Clock, World, at, pod

pytestmark = pytest.mark.django_db


@pytest.fixture
def held(clock: Clock) -> lease.Held:
    cluster = Cluster.objects.create(slug="prod", name="prod")
    found = lease.take(cluster, clock=clock)
    assert found is not None
    return found


def problem(object_: str = "default/web", why: str = "broken") -> records.Problem:
    return records.Problem("Pod", object_, "", why, "uid-1")


def report(*problems: records.Problem, whole: bool = True) -> ProblemReport:
    return ProblemReport("Pod", list(problems), whole)


def write(held: lease.Held, *reports: ProblemReport) -> int:
    """Write five seconds later."""
    assert isinstance(held.clock, Clock)
    held.clock.advance(5)
    return problems.write_problems(held, Cluster.objects.get(), reports)


def test_a_problem_is_stored_once_and_said_again(held: lease.Held) -> None:
    first = write(held, report(problem()))
    again = write(held, report(problem(why="still broken")))

    row = Problem.objects.get()
    assert (first, again, row.why) == (1, 0, "still broken")
    assert (row.first_seen, row.last_seen) == (at("12:00:05"), at("12:00:10"))


def test_a_problem_is_over_when_a_whole_list_does_not_have_it(
    held: lease.Held,
) -> None:
    write(held, report(problem()))
    write(held, report(whole=False))
    still = Problem.objects.get().resolved_at
    write(held, report())

    assert (still, Problem.objects.get().resolved_at) == (None, at("12:00:15"))


def test_a_problem_is_over_when_its_object_was_seen_without(held: lease.Held) -> None:
    write(held, report(problem()))
    write(held, ProblemReport("Pod", [], False, frozenset({"uid-1"})))

    assert Problem.objects.get().resolved_at == at("12:00:10")


def test_a_list_has_the_last_word_on_what_a_stream_told(held: lease.Held) -> None:
    write(held, report(problem()))
    write(
        held,
        ProblemReport("Pod", [], False, frozenset({"uid-1"})),
        report(problem()),
    )

    assert Problem.objects.get().resolved_at is None


def test_a_problem_that_two_reports_have_is_one(held: lease.Held) -> None:
    assert write(held, report(problem(), whole=False), report(problem())) == 1


def test_L5_problems_are_written_in_parts(
    held: lease.Held, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(problems, "ROWS", 2)
    five = [problem(f"default/web-{number}") for number in range(5)]
    assert write(held, report(*five)) == 5
    write(held, report(*five[:2]))

    rows = Problem.objects.order_by("id").values_list("resolved_at", flat=True)
    assert list(rows) == [None, None, *[at("12:00:10")] * 3]


def test_C2_problems_are_not_written_without_the_lease(held: lease.Held) -> None:
    lease.revoke(Cluster.objects.get())

    with pytest.raises(lease.LeaseLost):
        write(held, report(problem()))


def test_O2_a_problem_is_said_again_where_the_poll_was_cut_off_behind_it(
    world: World,
) -> None:
    world.poll()
    world.add(pod("a", "10.244.1.x"))
    cursors = list(world.cluster.cursors.values("id", "resource_version", "as_of"))
    world.poll()
    for row in cursors:
        world.cluster.cursors.filter(pk=row.pop("id")).update(**row)
    world.poll(after=0)

    assert Problem.objects.filter(kind="Pod").count() == 1
