import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from ipamweb.access.audit_entry import AuditEntry
from ipamweb.access.models import Membership, Ownership, Team
from ipamweb.web import visit
from tests import cast, cast_usage
from tests.cast_people import auditor, owns, team, viewer
from tests.web.reading import links, parsed, text


@pytest.fixture
def web(everybody) -> Team:
    """A team that owns default and shop; ruth manages its members, victor is one."""
    made = team("web", viewer("victor"), admin=viewer("ruth"))
    owns(made, "default")
    owns(made, "shop", cluster="prod-eu")
    return made


def signed_in(user) -> Client:
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def ruth(web) -> Client:
    return signed_in(Membership.objects.get(is_admin=True).user)


@pytest.fixture
def victor(web) -> Client:
    return signed_in(Membership.objects.get(is_admin=False).user)


def acts():
    return [
        (entry.act, entry.actor_name)
        for entry in AuditEntry.objects.exclude(act="sign-in").order_by("sequence")
    ]


def test_a_team_says_what_it_owns_and_holds_now(web, reader):
    page = text(reader.get("/teams/web/"))

    assert (
        "It owns 2 namespaces in 1 cluster, with 17 pods that hold 16 IPv4 and 16 IPv6 "
        "addresses together."
    ) in page
    assert "default prod-eu 12 12 IPv4, 12 IPv6 addresses" in page
    assert "shop prod-eu 5 4 IPv4, 4 IPv6 addresses" in page
    assert "batch" not in page


def test_a_team_leads_to_its_namespaces(web, victor):
    assert "/clusters/prod-eu/ns/default/" in links(victor.get("/teams/web/"))
    assert victor.get("/clusters/prod-eu/ns/default/").status_code == 200


def test_a_team_leads_to_its_ip_hours(web, victor):
    path = "/api/v1/export/ip-hours.csv?team=web&month=2026-11"

    assert path in links(victor.get("/teams/web/"))
    assert victor.get(path).status_code == 200


def test_a_team_shows_what_it_held_over_time_drawn_and_as_a_table(
    web, victor, monkeypatch
):
    cast_usage.insert()
    monkeypatch.setattr(visit, "present", lambda: cast.NOW)

    answer = victor.get("/teams/web/")

    page = text(answer)
    assert "Held in the last 2 hours IPv4 addresses held least 16, most 16" in page
    assert "The same as a table" in page
    assert "2026-11-22 14:00:04Z 16 16" in page
    assert (page.count("Z 16 16"), page.count("Z not seen not seen")) == (33, 27)
    drawn = [value for tag, name, value in parsed(answer).attributes if tag == "svg"]
    assert any("IPv4 addresses held, 2 hours: least 16, most 16" in d for d in drawn)


def test_without_a_sample_nothing_is_drawn(web, victor):
    assert "Held in the last" not in text(victor.get("/teams/web/"))


def test_a_team_shows_how_it_is_spread_and_its_ip_hours_of_a_month(web, victor):
    page = text(victor.get("/teams/web/"))
    before = text(victor.get("/teams/web/?month=2026-10"))

    assert "On 2 of 3 nodes; at most 24 addresses on one, worker-a." in page
    assert "IP-hours in 2026-11" in page
    assert "No address was held in 2026-10, as far as it was seen." in before


def test_a_month_that_is_none_is_refused(web, victor):
    assert victor.get("/teams/web/?month=soon").status_code == 400


def test_more_namespaces_cost_a_team_page_no_more_queries(web, victor):
    cast_usage.insert()
    with CaptureQueriesContext(connection) as few:
        victor.get("/teams/web/")
    owns(web, labels={})
    for name in ("batch", "kube-system"):
        owns(web, name)
    with CaptureQueriesContext(connection) as many:
        victor.get("/teams/web/")

    assert len(many) == len(few) <= 25


def test_a_team_shows_its_rules_and_members(web, reader):
    page = text(reader.get("/teams/web/"))

    assert "namespace default in every cluster" in page
    assert "namespace shop in prod-eu" in page
    assert "ruth team admin" in page
    assert "victor viewer" in page


def test_a_team_that_owns_nothing_says_so(everybody, reader):
    team("empty")

    page = text(reader.get("/teams/empty/"))

    assert "It owns no namespace that is there now." in page
    assert "It has no rule, and owns nothing." in page
    assert "Nobody is in it yet." in page


def test_members_see_their_teams_and_no_other(web, victor):
    assert "Web" in text(victor.get("/teams/"))
    assert "Platform" not in text(victor.get("/teams/"))
    assert victor.get("/teams/platform/").status_code == 404
    assert victor.get("/teams/nothing/").status_code == 404


def test_who_is_in_no_team_is_told_what_that_means(everybody):
    page = text(signed_in(viewer()).get("/teams/"))

    assert "You are in no team: you see how addresses are used" in page


def test_an_auditor_sees_all_teams_and_changes_none(web):
    client = signed_in(auditor())

    assert "Platform" in text(client.get("/teams/"))
    assert "Put into the team" not in text(client.get("/teams/web/"))
    answer = client.post("/teams/web/", {"act": "take-member", "user": "victor"})
    assert (answer.status_code, acts()) == (403, [])


def test_a_team_admin_manages_members(ruth):
    viewer("vera")

    answer = ruth.post("/teams/web/", {"act": "put-member", "user": "vera"})
    ruth.post("/teams/web/", {"act": "take-member", "user": "victor"})

    assert answer["Location"] == "/teams/web/"
    names = Membership.objects.order_by("user__username")
    assert list(names.values_list("user__username", flat=True)) == ["ruth", "vera"]
    assert acts() == [("team.member.add", "ruth"), ("team.member.remove", "ruth")]


@pytest.mark.parametrize(
    "form",
    [
        {"act": "add-rule", "namespace": "batch"},
        {"act": "remove-rule", "rule": "1"},
        {"act": "nothing"},
        {},
    ],
)
def test_a_team_admin_does_not_say_what_the_team_owns(ruth, form):
    before = list(Ownership.objects.order_by("id").values())

    assert ruth.post("/teams/web/", form).status_code == 403
    assert list(Ownership.objects.order_by("id").values()) == before
    assert acts() == []


@pytest.mark.parametrize("act", ["put-member", "take-member", "add-rule"])
def test_a_viewer_changes_nothing(victor, act):
    answer = victor.post("/teams/web/", {"act": act, "user": "victor"})

    assert (answer.status_code, acts()) == (403, [])
    assert "Put into the team" not in text(victor.get("/teams/web/"))


def test_a_stranger_to_a_team_cannot_even_tell_that_it_is_there(web):
    client = signed_in(viewer("vera"))
    form = {"act": "put-member", "user": "vera", "role": "admin"}

    assert client.post("/teams/web/", form).status_code == 404
    assert client.post("/teams/nothing/", form).status_code == 404


def test_an_admin_adds_and_removes_rules(web, reader):
    reader.post("/teams/web/", {"act": "add-rule", "labels": "tier=db"})
    number = Ownership.objects.get(labels={"tier": "db"}).pk
    reader.post("/teams/web/", {"act": "remove-rule", "rule": str(number)})

    assert acts() == [("team.rule.add", "ada"), ("team.rule.remove", "ada")]


def test_what_cannot_be_is_said_on_the_page(web, reader):
    answer = reader.post("/teams/web/", {"act": "put-member", "user": "nobody"})

    assert answer.status_code == 400
    assert "There is no user 'nobody'." in text(answer)


@pytest.mark.parametrize("number", ["", "x", "-1", "9" * 30, "²"])
def test_a_rule_that_is_no_number_is_refused_in_a_sentence(web, reader, number):
    answer = reader.post("/teams/web/", {"act": "remove-rule", "rule": number})

    assert "web has no such rule any more." in text(answer)


def test_a_form_with_nul_is_refused_in_a_sentence(web, reader):
    answer = reader.post("/teams/web/", {"act": "put-member", "user": "a\0b"})

    assert answer.status_code == 400
    assert "A form holds no NUL character." in text(answer)


def test_new_members_see_names_at_once_and_former_ones_no_more(ruth):
    client, pod = signed_in(viewer("vera")), f"/clusters/prod-eu/pod/{cast.uid(401)}/"
    assert client.get(pod).status_code == 404

    ruth.post("/teams/web/", {"act": "put-member", "user": "vera"})
    assert client.get(pod).status_code == 200

    ruth.post("/teams/web/", {"act": "take-member", "user": "vera"})
    assert client.get(pod).status_code == 404
