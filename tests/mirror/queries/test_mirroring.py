from ipamweb.mirror.models import Problem
from ipamweb.mirror.queries import gaps, problems, reservations, runs
from ipamweb.mirror.queries.clusters import ClusterRow
from ipamweb.mirror.queries.problems import ProblemFilter
from ipamweb.mirror.scope import EVERYTHING
from tests import cast
from tests.cast import at
from tests.mirror.queries.conftest import SHOP_ONLY, named


def test_an_open_problem_is_listed_with_what_could_not_be_read(
    prod: ClusterRow,
) -> None:
    (row,) = problems.listed(prod, scope=EVERYTHING).rows

    assert (row.object, row.field) == ("shop/odd-0", "status.podIPs[0].ip")


def test_a_problem_that_is_over_is_listed_among_the_resolved(
    people: cast.Cast, prod: ClusterRow
) -> None:
    Problem.objects.update(resolved_at=at("13:40:00"))

    assert problems.listed(prod, scope=EVERYTHING).rows == ()
    over = problems.listed(prod, scope=EVERYTHING, wanted=ProblemFilter(resolved=True))
    assert len(over.rows) == 1


def test_problems_are_found_by_the_kind_of_their_object(prod: ClusterRow) -> None:
    found = {
        kind: len(problems.listed(prod, scope=EVERYTHING, wanted=wanted).rows)
        for kind in ("pods", "nodes")
        for wanted in [ProblemFilter(kind=kind)]
    }

    assert found == {"pods": 1, "nodes": 0}


def test_a_problem_names_no_object_to_who_does_not_see_everything(
    prod: ClusterRow,
) -> None:
    (row,) = problems.listed(prod, scope=SHOP_ONLY).rows

    assert (row.object_hidden, row.object, row.why, row.kind) == (True, "", "", "pods")


def test_a_gap_tells_whether_events_were_lost(prod: ClusterRow) -> None:
    (row,) = gaps.listed(prod, scope=EVERYTHING).rows

    assert (row.started_at, row.ended_at, row.lost_events) == (
        at("12:59:55"), at("13:10:00"), True,
    )  # fmt: skip


def test_a_run_tells_what_a_poll_did(prod: ClusterRow) -> None:
    (row,) = runs.listed(prod, scope=EVERYTHING).rows

    assert (row.kind, row.outcome, row.opened) == ("complete", "ok", 11)


def test_a_reservation_tells_why(prod: ClusterRow) -> None:
    (row,) = reservations.listed(prod, scope=EVERYTHING).rows

    assert (str(row.range), row.why) == ("10.0.0.60/31", "kept for the load balancer")


def test_each_cluster_has_its_own(people: cast.Cast) -> None:
    lab = named("lab")

    assert problems.listed(lab, scope=EVERYTHING).rows == ()
    assert gaps.listed(lab, scope=EVERYTHING).rows == ()
    assert runs.listed(lab, scope=EVERYTHING).rows == ()
    assert reservations.listed(lab, scope=EVERYTHING).rows == ()
