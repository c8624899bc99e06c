"""What a sign-in by the provider does to users, roles and teams, and its entries."""

import pytest
from django.contrib.sessions.models import Session
from django.test import Client

from ipamweb.access import people, teams, visibility
from ipamweb.access.models import AuditEntry, Identity, Membership, User
from ipamweb.access.teams import Refused
from tests.access.oidc_flow import begin, sign_in
from tests.cast_people import PASSWORD, owns, team, viewer

pytestmark = pytest.mark.django_db


@pytest.fixture
def vera(provider):
    """Return how vera signs in with some groups, in a browser of her own."""

    def come_in(*groups):
        provider.claims["groups"] = list(groups)
        client = Client()
        assert sign_in(client, provider).status_code == 302
        return User.objects.get(pk=client.session["_auth_user_id"])

    return come_in


def acts():
    return [entry.act for entry in AuditEntry.objects.order_by("sequence")]


def role(user):
    return people.role_of(User.objects.get(pk=user.pk))


def test_the_first_sign_in_makes_a_user_who_is_found_again(vera, provider):
    first, again = vera(), vera()

    assert first == again
    assert (first.username, first.has_usable_password()) == ("vera", False)
    assert Identity.objects.values("issuer", "subject").get() == {
        "issuer": provider.issuer, "subject": "s-1",
    }  # fmt: skip
    assert acts() == ["user.create", "sign-in", "sign-in"]
    made, signed_in, _ = AuditEntry.objects.order_by("sequence")
    assert made.after["subject"] == "s-1"
    assert (signed_in.actor_name, signed_in.after) == ("vera", {"by": "provider"})


def test_who_has_the_name_and_the_mail_of_another_is_not_that_other(vera, provider):
    ada = viewer("Ada", email="ada@example.org", is_superuser=True)
    provider.claims |= {
        "preferred_username": "ada", "email": "ada@example.org", "email_verified": True,
    }  # fmt: skip

    user = vera()

    assert (user.username, user.is_superuser) == ("ada-2", False)
    assert not ada.identities.exists()


def test_a_subject_of_another_issuer_is_another_person(vera, provider):
    nina = viewer("nina")
    Identity.objects.create(user=nina, issuer="https://other.example", subject="s-1")

    assert vera() != nina


@pytest.mark.parametrize(
    ("called", "name"),
    [
        ("Zoë Müller/ops", "Zoë_Müller_ops"),
        ("", "user"),
        ("../..", ".._.."),
        (7, "user"),
    ],
)
def test_a_name_is_made_one_that_users_may_have(vera, provider, called, name):
    provider.claims["preferred_username"] = called

    user = vera()

    assert user.username == name
    user.clean_fields(exclude=["password"])


def test_a_group_puts_into_its_team_and_takes_out_again(vera):
    web = team("web")
    teams.set_group(web, "web-devs", by=None)
    owns(web, "shop")

    user = vera("web-devs", "others")
    assert Membership.objects.get(user=user).from_group
    vera("others")

    assert not Membership.objects.exists()
    assert acts() == [
        "team.group", "user.create", "team.member.add", "sign-in",
        "team.member.remove", "sign-in",
    ]  # fmt: skip
    entry = AuditEntry.objects.get(act="team.member.add")
    assert (entry.subject, entry.after) == (
        "team web", {"user": "vera", "role": "viewer", "group": "web-devs"},
    )  # fmt: skip


def test_a_token_without_groups_takes_out_of_all_their_teams(vera, provider):
    teams.set_group(team("web"), "web-devs", by=None)
    user = vera("web-devs")
    del provider.claims["groups"]

    sign_in(Client(), provider)

    assert not user.memberships.exists()


def test_a_membership_by_hand_stays_when_groups_come_and_go(vera):
    user = vera()
    web = team("web", user)
    teams.set_group(web, "web-devs", by=None)

    vera("web-devs")
    vera()

    assert not Membership.objects.get(team=web, user=user).from_group


def test_a_team_without_a_group_is_joined_by_nobody(vera):
    team("web")

    assert not vera("", "web").memberships.exists()


def test_who_is_in_by_the_group_is_not_taken_out_by_hand(vera):
    web = team("web")
    teams.set_group(web, "web-devs", by=None)
    vera("web-devs")

    with pytest.raises(Refused, match="by the group 'web-devs' of the provider"):
        teams.take_member(web, "vera", by=None)


def test_another_group_ends_the_memberships_of_the_first(vera):
    web = team("web", viewer("nina"))
    teams.set_group(web, "web-devs", by=None)
    vera("web-devs")

    teams.set_group(web, "front", by=None)

    assert [each.user.username for each in web.memberships.all()] == ["nina"]
    entry = AuditEntry.objects.order_by("sequence").last()
    assert (entry.act, entry.before, entry.after) == (
        "team.group",
        {"group": "web-devs", "members": ["vera"]},
        {"group": "front", "members": []},
    )


def test_what_a_group_lets_see_goes_with_it(vera):
    web = team("web")
    teams.set_group(web, "web-devs", by=None)
    owns(web, labels={"team": "web"})

    user = vera("web-devs")
    assert user.memberships.count() == 1
    vera()

    assert visibility.scope(user) == visibility.NOTHING


def test_groups_give_roles_and_take_them_back(vera):
    roles = [role(vera(*groups)) for groups in (["audit"], ["platform", "audit"], [])]

    assert roles == ["auditor", "admin", "viewer"]
    changes = AuditEntry.objects.filter(act="user.role").order_by("sequence")
    assert [entry.after["role"] for entry in changes] == roles


def test_a_role_by_hand_is_back_when_the_group_is_gone(vera):
    user = vera()
    people.set_role(user.pk, "auditor", by=None)

    roles = [role(vera(*groups)) for groups in (["platform"], ["platform"], [])]

    assert roles == ["admin", "admin", "auditor"]


def test_a_role_of_a_group_is_not_changed_by_hand(vera):
    user = vera("platform")

    with pytest.raises(Refused, match="comes from a group of the provider"):
        people.set_role(user.pk, "viewer", by=None)


@pytest.mark.parametrize("issuer", ["", "https://next.example"])
def test_a_role_of_a_provider_that_is_no_more_is_changed_by_hand(
    vera, settings, issuer
):
    user = vera("platform")
    settings.IPAMWEB_OIDC_ISSUER = issuer
    viewer("ada", is_superuser=True)

    people.set_role(user.pk, "auditor", by=None)

    assert role(user) == "auditor"
    assert people.row(people.found("vera")).from_group is False


def test_who_is_switched_off_stays_out_and_nothing_is_changed(vera, provider):
    user = vera()
    people.switch_off(user.pk, by=None)
    provider.claims["groups"] = ["platform"]
    seen = AuditEntry.objects.count()

    answer = sign_in(Client(), provider)

    assert answer.status_code == 403
    assert b"This user is switched off." in answer.content
    assert role(user) == "viewer"
    [entry] = AuditEntry.objects.filter(sequence__gt=seen)
    assert (entry.act, entry.subject, entry.after["reason"]) == (
        "sign-in.refused", "user vera", "the user is switched off",
    )  # fmt: skip


def test_a_session_lives_so_long_and_ends_at_once_when_switched_off(provider, settings):
    settings.IPAMWEB_OIDC_SESSION_HOURS = 2
    client = Client()
    sign_in(client, provider)
    assert 7190 < client.session.get_expiry_age() <= 7200

    people.switch_off(User.objects.get().pk, by=None)

    assert client.get("/account/").status_code == 302


def test_a_sign_in_that_is_begun_makes_the_one_of_before_last_no_longer(provider):
    client = Client()
    sign_in(client, provider)
    until = Session.objects.get().expire_date

    begin(client)

    assert Session.objects.get().expire_date == until


def test_who_went_out_and_then_gave_a_password_stays_as_long_as_others(
    provider, settings
):
    client = Client()
    viewer("nina")
    begin(client)

    client.post("/login/", {"username": "nina", "password": PASSWORD})

    assert client.get("/account/").status_code == 200
    assert client.session.get_expiry_age() == settings.SESSION_COOKIE_AGE


def test_no_password_opens_the_account_of_who_comes_by_the_provider(vera, client):
    vera()
    for password in ("", "!", PASSWORD):
        client.post("/login/", {"username": "vera", "password": password})

    assert "_auth_user_id" not in client.session


def test_a_failure_on_the_way_leaves_no_user_and_no_entry(provider, monkeypatch):
    monkeypatch.setattr("ipamweb.access.oidc_people.login", lambda *_, **__: 1 / 0)

    with pytest.raises(ZeroDivisionError):
        sign_in(Client(), provider)

    assert not User.objects.exists()
    assert not AuditEntry.objects.exists()
