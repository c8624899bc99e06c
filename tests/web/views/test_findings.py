"""The list of findings, and one with its two sides, as readers of each kind see it."""

from datetime import datetime

import pytest

from ipamweb.access.models import AuditEntry
from ipamweb.findings import check
from ipamweb.findings.models import Check, Finding
from ipamweb.mirror.models import Cluster
from tests import cast, cast_findings, cast_people
from tests.web.reading import links, text

pytestmark = pytest.mark.django_db

LIST, ONE = "/findings/", "/findings/1/"
WHY = {"act": "acknowledge", "reason": "known, job is moved on Monday", "days": "7"}


@pytest.fixture
def prod(everybody) -> Cluster:
    return everybody.prod


@pytest.fixture
def client_of(client):
    """Sign somebody in: client_of(user)."""

    def sign_in(user):
        client.force_login(user)
        return client

    return sign_in


def team_admin() -> cast.User:
    """Return the admin of a team that owns namespace default."""
    admin = cast_people.viewer("tina")
    cast_people.owns(cast_people.team("front", admin=admin), "default")
    return admin


def test_the_list_says_what_is_so_the_worst_first(prod, reader):
    cast_findings.of_pod(prod)

    page = text(reader.get(LIST))

    assert (
        "▲▲ critical Duplicate pod address address 10.0.0.39 prod-eu"
        " 10.0.0.39 is held by 2 pods. open"
    ) in page
    assert page.index("▲▲ critical") < page.index("▲ high")


def test_an_empty_list_proves_that_it_looked(prod, reader):
    Finding.objects.all().delete()

    page = text(reader.get(LIST))

    assert (
        "No findings. Last check 2026-11-22 14:00:00Z, 19 rules, 45 addresses, 1 "
        "cluster."
    ) in page
    assert "lab was not looked at: it was not read yet." in page


def test_before_the_first_look_nothing_is_said_to_be_well(prod, reader):
    Finding.objects.all().delete()
    Check.objects.all().delete()

    assert "No cluster was looked at yet." in text(reader.get(LIST))


def test_of_a_stale_cluster_the_list_says_that_nothing_is_resolved(prod, reader):
    Cluster.objects.filter(pk=1).update(as_of=cast.at("13:50:00"))

    assert (
        "prod-eu is not seen as it is now: nothing of it was confirmed or resolved "
        "since 5 s ago."
    ) in text(reader.get(LIST))


def test_a_rule_that_could_not_be_asked_is_named(prod, reader):
    Check.objects.update(untold=["F04", "F13"], cut=["F07"])

    page = text(reader.get(LIST))

    assert "prod-eu has more findings of F07 than are kept." in page
    assert (
        "prod-eu was not asked by F04, F13: what they look at could not be read lately."
    ) in page


@pytest.mark.parametrize(
    ("query", "shown"),
    [
        ("", ["1"]),
        ("?state=all", ["1", "7", "8", "9"]),
        ("?state=suspected", ["7"]),
        ("?state=acknowledged", ["8"]),
        ("?state=resolved", ["9"]),
        ("?state=all&kind=pod-outside-node-cidrs", ["9"]),
        ("?state=all&severity=high", ["9"]),
        ("?state=all&rule=F06", ["9"]),
        ("?rule=F01", []),
        ("?cluster=lab", []),
        ("?age=day", ["1"]),
        ("?age=hour", []),
        ("?state=all&age=day", ["1", "7", "8", "9"]),
    ],
)
def test_facets_filter_the_list(prod, reader, query, shown):
    cast_findings.doubled(prod, id=7, key="a", state="suspected")
    later = cast.at("15:00:00")
    cast_findings.doubled(prod, id=8, key="b", acknowledged_until=later)
    cast_findings.of_pod(prod, id=9, state="resolved", resolved_at=later)

    found = reader.get(f"{LIST}{query}")

    paths = sorted({each for each in links(found) if each.startswith("/findings/")})
    assert [each.split("/")[2] for each in paths if each.count("/") == 3] == shown


def test_facets_count_what_each_choice_leaves(prod, reader):
    cast_findings.of_pod(prod)

    page = text(reader.get(f"{LIST}?kind=duplicate-pod-address"))

    assert (
        "State open 1 Severity critical 1 Kind Pod address outside its node's CIDRs 1"
        " Duplicate pod address 1 First seen 1 to 24 hours ago 1 Cluster prod-eu 1"
    ) in page


def test_a_rule_that_is_asked_for_holds_of_all_counts(prod, reader):
    cast_findings.of_pod(prod)

    page = text(reader.get(f"{LIST}?rule=F07"))

    assert "State open 1 Severity critical 1 Kind Duplicate pod address 1" in page


@pytest.mark.parametrize(
    ("first_seen", "age"),
    [
        ("2026-11-22T13:00:06+00:00", "hour"),
        ("2026-11-22T13:00:05+00:00", "day"),
        ("2026-11-21T14:00:06+00:00", "day"),
        ("2026-11-21T14:00:05+00:00", "week"),
        ("2026-11-15T14:00:05+00:00", "older"),
    ],
)
def test_an_age_holds_what_is_younger_than_it_and_no_younger_one(
    prod, reader, first_seen, age
):
    Finding.objects.update(first_seen=datetime.fromisoformat(first_seen))

    shown = [
        each
        for each in ("hour", "day", "week", "older")
        if "/findings/1/" in links(reader.get(f"{LIST}?age={each}"))
    ]

    assert shown == [age]


@pytest.mark.parametrize(
    "query", ["?kind=x", "?severity=x", "?state=x", "?age=x", "?rule=x"]
)
def test_a_word_that_is_no_choice_is_refused(prod, reader, query):
    assert reader.get(f"{LIST}{query}").status_code == 400


def test_a_finding_shows_both_sides_with_their_times(prod, reader):
    page = text(reader.get(ONE))

    for name in ("job-1", "job-2"):
        assert f"pod batch/{name} address 10.0.0.39 node worker-b workload" in page
    assert page.count("so since 2026-11-22 12:00:00Z") == 2
    assert "Two pods hold the same address at the same time. (F07)" in page
    assert "80 looks saw it, over 1 h" in page
    assert "kubectl get pod -A -o wide --field-selector status.podIP=10.0.0.39" in page
    assert "Delete the younger pod" in page


def test_there_is_no_finding_of_another_number(prod, reader):
    assert reader.get("/findings/999999999999999999999999/").status_code == 404


def test_names_of_others_are_not_shown_and_the_conflict_is(prod, client_of):
    page = text(client_of(cast_people.viewer()).get(ONE))

    assert "10.0.0.39 is held by 2 pods." in page
    assert "job-1" not in page
    assert "nightly" not in page
    assert page.count("pod not shown address 10.0.0.39") == 2


def test_words_of_the_cluster_are_read_by_who_sees_everything(prod, client_of):
    cast_findings.of_operator(prod, id=7)

    assert "error shop is odd" in text(
        client_of(cast_people.auditor()).get("/findings/7/")
    )
    assert "shop is odd" not in text(
        client_of(cast_people.viewer()).get("/findings/7/")
    )


def test_a_finding_about_anothers_pod_is_not_there(prod, client_of):
    cast_findings.of_pod(prod, id=7)
    client = client_of(cast_people.viewer())

    assert client.get("/findings/7/").status_code == 404
    assert "web-01" not in text(client.get(LIST))


def test_a_team_sees_the_findings_about_its_pods(prod, client_of):
    cast_findings.of_pod(prod, id=7)

    assert client_of(team_admin()).get("/findings/7/").status_code == 200


def test_an_acknowledged_finding_rests_with_its_reason(prod, reader):
    answer = reader.post(ONE, WHY)

    assert (answer.status_code, answer["Location"]) == (302, ONE)
    page = text(reader.get(ONE))
    assert "acknowledged until 2026-11-29 14:00:05Z" in page
    assert "ada, 2026-11-22 14:00:05Z: known, job is moved on Monday" in page


def test_an_acknowledgement_leaves_one_audit_entry(prod, reader):
    seen = AuditEntry.objects.count()

    reader.post(ONE, WHY)

    [entry] = AuditEntry.objects.order_by("sequence")[seen:]
    assert entry.act == "finding.acknowledge"
    assert entry.subject == "prod-eu finding 1: F07 10.0.0.39"
    assert '"reason":"known, job is moved on Monday"' in entry.after_text


def test_an_acknowledgement_can_be_taken_back(prod, reader):
    reader.post(ONE, WHY)

    assert reader.post(ONE, {"act": "withdraw"}).status_code == 302
    assert Finding.objects.get(pk=1).acknowledged_until is None


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"reason": " "}, "reason: 1 to 1000 characters of text are accepted."),
        ({"days": "9999"}, "days: choose how long it may rest."),
        ({"act": "withdraw"}, "This finding is not acknowledged."),
    ],
)
def test_what_cannot_be_done_is_said_and_nothing_is_written(
    prod, reader, changes, words
):
    seen = AuditEntry.objects.count()

    answer = reader.post(ONE, {**WHY, **changes})

    assert answer.status_code == 400
    assert words in text(answer)
    assert AuditEntry.objects.count() == seen


def test_a_suspicion_cannot_be_acknowledged(prod, reader):
    cast_findings.doubled(prod, id=7, key="x", state="suspected")

    answer = reader.post("/findings/7/", WHY)

    assert "A finding that is suspected cannot be acknowledged." in text(answer)


@pytest.mark.parametrize("who", [cast_people.viewer, cast_people.auditor, team_admin])
def test_who_is_no_admin_acknowledges_no_fault_of_a_cluster(prod, client_of, who):
    client = client_of(who())

    assert client.post(ONE, WHY).status_code == 403
    assert "Why it may rest" not in text(client.get(ONE))


def test_a_teams_admin_acknowledges_what_is_about_its_pods(prod, client_of):
    cast_findings.of_pod(prod, id=7)

    assert client_of(team_admin()).post("/findings/7/", WHY).status_code == 302


def test_a_cluster_says_how_many_findings_are_open(prod, reader):
    page = reader.get("/clusters/prod-eu/")

    assert "Findings 1 open" in text(page)
    assert "1 finding is open" in text(page)
    assert "/findings/?cluster=prod-eu" in links(page)


def test_the_twin_of_the_list_shows_the_same(prod, reader):
    assert "/api/v1/findings/?state=open" in links(reader.get(LIST))
    assert "/api/v1/findings/" in links(reader.get(f"{LIST}?state=all"))


def states(page: str) -> str:
    return page.partition("Since Why ")[2].partition(" What to do")[0]


def test_a_finding_tells_the_states_it_came_into(prod, reader):
    reader.post(ONE, WHY)
    reader.post(ONE, {"act": "withdraw"})

    assert states(text(reader.get(ONE))) == (
        "suspected 2026-11-22 12:31:00Z A look saw it. open 2026-11-22 12:33:00Z A"
        " further look saw it, after the grace period. acknowledged 2026-11-22"
        " 14:00:05Z ada, until 2026-11-29 14:00:05Z: known, job is moved on Monday open"
        " 2026-11-22 14:00:05Z ada took it back."
    )


def test_an_acknowledgement_that_ran_out_is_told_with_its_end(prod, reader):
    reader.post(ONE, WHY)

    check.run(now=datetime.fromisoformat("2026-11-29T14:00:06+00:00"))

    assert (
        "open 2026-11-29 14:00:05Z The time for which it might rest was over."
    ) in text(reader.get(ONE))


def test_the_same_fault_before_is_told(prod, reader):
    Finding.objects.update(state="resolved", resolved_at=cast.at("13:00:00"))
    cast_findings.doubled(prod, id=7, first_seen=cast.at("13:30:00"))

    found = reader.get("/findings/7/")

    assert "The same was found before: 2026-11-22 12:31:00Z to" in text(found)
    assert "/findings/1/" in links(found)


def test_a_script_is_told_which_findings_a_list_would_show_now(prod, reader):
    cast_findings.doubled(prod, id=7, key="a", state="suspected")
    cast_findings.of_pod(prod, id=9)

    assert reader.get("/findings/news").json() == {"ids": [1, 9]}
    assert reader.get("/findings/news?state=suspected").json() == {"ids": [7]}
    assert reader.get("/findings/news?state=x").status_code == 400


def test_a_script_is_not_told_of_findings_about_others_pods(prod, client_of):
    cast_findings.of_pod(prod, id=9)

    client = client_of(cast_people.viewer())

    assert client.get("/findings/news").json() == {"ids": [1]}
