"""Acts on teams: each leaves one audit entry, and what cannot be is said."""

import pytest

from ipamweb.access import team_rows, teams
from ipamweb.access.audit_entry import AuditEntry
from ipamweb.access.models import Ownership, Team
from ipamweb.access.teams import Refused
from ipamweb.mirror.queries.paging import FIRST_PAGE
from tests import cast
from tests.access.locking import goes_by_locked_rows
from tests.cast_people import auditor, owns, team, viewer

pytestmark = pytest.mark.django_db


def entries():
    return [
        (entry.act, entry.actor_name, entry.subject, entry.before, entry.after)
        for entry in AuditEntry.objects.order_by("sequence")
    ]


def test_a_team_is_made_and_removed():
    ada = cast.user()
    made = teams.create("web", name="Web people", by=ada)
    teams.put_member(made, "ada", is_admin=True, by=None)
    teams.add_rule(made, namespace="shop", by=None)

    teams.remove(made, by=ada)

    assert not Team.objects.exists()
    assert entries()[0] == (
        "team.create", "ada", "team web", None, {"name": "Web people"},
    )  # fmt: skip
    assert entries()[-1][3] == {
        "name": "Web people",
        "group": "",
        "members": ["ada"],
        "owns": ["namespace shop in every cluster"],
    }


@pytest.mark.parametrize(
    ("slug", "why"),
    [
        ("", "'' is no name for an address"),
        ("a/b", "'a/b' is no name for an address"),
        ("web", "There is a team web already."),
        ("w" * 64, "is too long"),
    ],
)
def test_a_team_needs_a_name_of_its_own(slug, why):
    team("web")

    with pytest.raises(Refused, match=why):
        teams.create(slug, by=None)
    assert entries() == []


def test_a_member_comes_changes_and_goes_with_an_entry_each():
    viewer("vera")
    web = team("web")

    teams.put_member(web, " vera ", by=None)
    teams.put_member(web, "vera", is_admin=True, by=None)
    teams.take_member(web, "vera", by=None)

    assert [(act, before, after) for act, _, _, before, after in entries()] == [
        ("team.member.add", None, {"user": "vera", "role": "viewer"}),
        (
            "team.member.change",
            {"user": "vera", "role": "viewer"},
            {"user": "vera", "role": "team admin"},
        ),
        ("team.member.remove", {"user": "vera", "role": "team admin"}, None),
    ]


def test_what_changes_nothing_is_refused_and_leaves_no_entry():
    web = team("web", viewer())

    for act, why in (
        (lambda: teams.put_member(web, "victor", by=None), "is in web already"),
        (lambda: teams.put_member(web, "nobody", by=None), "There is no user 'nobody'"),
        (lambda: teams.take_member(web, "nobody", by=None), "'nobody' is not in web"),
        (lambda: teams.remove_rule(web, 1, by=None), "has no such rule any more"),
    ):
        with pytest.raises(Refused, match=why):
            act()
    assert entries() == []


def test_a_rule_is_a_name_or_labels():
    web = team("web")

    teams.add_rule(web, namespace="shop", cluster="prod-eu", by=None)
    teams.add_rule(web, labels="team=web, tier=front", by=None)

    assert [rule.words for rule in team_rows.rules(web)] == [
        "namespace shop in prod-eu",
        "namespaces labelled team=web, tier=front in every cluster",
    ]


@pytest.mark.parametrize(
    ("rule", "why"),
    [
        ({}, "Give the name of a namespace, or labels"),
        ({"namespace": "shop", "labels": "a=b"}, "one of the two"),
        ({"labels": "team"}, "'team' is no label: write key=value."),
        ({"labels": "=web"}, "'=web' is no label"),
        ({"labels": "a==b"}, "'a==b' is no label"),
        ({"labels": "a=b,a=c"}, "Nothing carries two values of the label 'a'"),
        ({"labels": "a=" + "b" * 64}, "longer than a label"),
        ({"namespace": "n" * 64}, "at most 63 letters"),
        ({"namespace": "mine"}, "web owns namespace mine in every cluster already"),
    ],
)
def test_a_rule_that_cannot_be_is_said(rule, why):
    web = team("web")
    owns(web, "mine")

    with pytest.raises(Refused, match=why):
        teams.add_rule(web, by=None, **rule)
    assert Ownership.objects.count() == 1


def test_a_rule_that_is_removed_is_in_the_log():
    web = team("web")

    teams.remove_rule(web, owns(web, "shop").pk, by=None)

    assert entries() == [
        (
            "team.rule.remove", "", "team web",
            {"owns": "namespace shop in every cluster"}, None,
        )
    ]  # fmt: skip


def test_members_see_their_teams_and_auditors_all():
    victor = viewer()
    team("web", victor, auditor())
    team("shop", viewer("vera"))

    seen = team_rows.listed(victor, window=FIRST_PAGE).rows

    assert [(row.slug, row.members) for row in seen] == [("web", 2)]
    assert team_rows.found("shop", user=victor) is None
    for each in (auditor("audry"), cast.user()):
        rows = team_rows.listed(each, window=FIRST_PAGE).rows
        assert [row.slug for row in rows] == ["shop", "web"]


def test_members_are_managed_by_admins_and_admins_of_that_team():
    ruth, victor = viewer("ruth"), viewer()
    web, shop = team("web", victor, admin=ruth), team("shop", ruth)
    off = cast.user("zoe")
    off.is_active = False

    assert teams.may_manage(ruth, web)
    assert teams.may_manage(cast.user(), web)
    assert not teams.may_manage(ruth, shop)
    assert not teams.may_manage(victor, web)
    assert not teams.may_manage(auditor(), web)
    assert not teams.may_manage(off, web)


ON_A_TEAM = {
    "remove": lambda web: teams.remove(web, by=None),
    "group": lambda web: teams.set_group(web, "devs", by=None),
    "put": lambda web: teams.put_member(web, "nina", by=None),
    "take": lambda web: teams.take_member(web, "mia", by=None),
    "add rule": lambda web: teams.add_rule(web, namespace="shop", by=None),
    "remove rule": lambda web: teams.remove_rule(web, 7, by=None),
}


@pytest.mark.parametrize("act", ON_A_TEAM.values(), ids=ON_A_TEAM)
def test_no_act_on_a_team_is_done_twice_at_once(act):
    web = team("web", viewer("mia"))
    owns(web, "default", id=7)
    viewer("nina")

    assert goes_by_locked_rows(lambda: act(web))


@pytest.mark.parametrize("act", ON_A_TEAM.values(), ids=ON_A_TEAM)
def test_nothing_is_done_to_a_team_that_went_meanwhile(act):
    web = team("web", viewer("mia"))
    owns(web, "default", id=7)
    viewer("nina")
    Team.objects.get().delete()

    with pytest.raises(Refused, match="There is no team web any more."):
        act(web)
    assert entries() == []
