from ipamweb.mirror.models import Cluster, CoverageGap, Problem
from tests import cast
from tests.web.reading import text

PROBLEMS = "/clusters/prod-eu/problems/"


def test_what_could_not_be_read_is_named_with_its_field(everybody, reader):
    page = text(reader.get(PROBLEMS))

    assert (
        "pods shop/odd-0 status.podIPs[0].ip '10.0.0.999' is not an IP address "
        "30 min ago 5 s ago"
    ) in page


def test_an_empty_list_proves_that_it_looked(everybody, reader):
    Problem.objects.all().delete()

    assert (
        "Every object could be read. Last read 2026-11-22 14:00:00Z: 3 nodes, 21 pods."
    ) in text(reader.get(PROBLEMS))


def test_resolved_problems_are_a_list_of_their_own(everybody, reader):
    Problem.objects.update(resolved_at=cast.at("13:45:00"))

    assert "shop/odd-0" not in text(reader.get(PROBLEMS))
    assert "shop/odd-0" in text(reader.get(PROBLEMS, {"state": "resolved"}))


def test_another_state_is_one_clear_sentence(everybody, reader):
    response = reader.get(PROBLEMS, {"state": "odd"})

    assert response.status_code == 400
    assert "state: 'odd' is not accepted; it is one of open, resolved." in text(
        response
    )


def test_gaps_say_how_long_why_and_what_follows(everybody, reader):
    page = text(reader.get(PROBLEMS))

    assert (
        "2026-11-22 12:59:55Z 2026-11-22 13:10:00Z 10 min not reachable "
        "prod-eu: could not watch pods: timed out "
        "what came and went inside it was never seen"
    ) in page


def test_a_gap_bridged_by_the_watch_lost_nothing(everybody, reader):
    CoverageGap.objects.update(recovered_by="watch")

    assert "nothing was missed; times are less exact" in text(reader.get(PROBLEMS))


def test_an_open_gap_is_as_long_as_it_lasts(everybody, reader):
    CoverageGap.objects.update(ended_at=None)

    # From 12:59:55 until 14:00:05.
    assert "2026-11-22 12:59:55Z open 1 h not reachable" in text(reader.get(PROBLEMS))


def test_polls_say_what_they_did(everybody, reader):
    assert "2026-11-22 12:00:00Z complete ok 1 11 0 0 0 2.50" in text(
        reader.get(PROBLEMS)
    )


def test_a_held_release_shows_the_command_on_every_page(everybody, reader):
    Cluster.objects.filter(slug="prod-eu").update(
        held_release_at=cast.at("13:59:00"), held_release_count=30, held_release_of=45
    )

    for path in (PROBLEMS, "/clusters/prod-eu/", "/clusters/prod-eu/nodes/"):
        assert "python manage.py accept_release prod-eu" in text(reader.get(path))


def test_a_cluster_never_read_has_no_empty_promise(everybody, reader):
    page = text(reader.get("/clusters/lab/problems/"))

    assert "The cluster was not read yet." in page
    assert "There was no poll yet." in page
