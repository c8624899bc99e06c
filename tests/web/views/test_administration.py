import pytest
from django.test import Client

from ipamweb.access.audit_entry import AuditEntry
from ipamweb.access.models import Team, User
from tests.cast_people import PASSWORD, auditor, team, viewer
from tests.web.reading import text

TEAMS, USERS = "/admin/teams/", "/admin/users/"


def acts():
    return [
        (entry.act, entry.actor_name)
        for entry in AuditEntry.objects.exclude(act="sign-in").order_by("sequence")
    ]


@pytest.mark.parametrize("path", [TEAMS, USERS])
@pytest.mark.parametrize("person", [viewer, auditor])
def test_for_others_than_admins_there_are_no_such_pages(db, path, person):
    team("web", admin=viewer("ruth"))
    for user in (person(), User.objects.get(username="ruth")):
        client = Client()
        client.force_login(user)

        assert client.get(path).status_code == 404
        assert client.post(path, {"act": "create"}).status_code == 404


def test_an_admin_makes_and_removes_a_team(reader):
    made = reader.post(TEAMS, {"act": "create", "slug": "web", "name": "Web people"})
    assert made["Location"] == TEAMS
    assert "Web people web 0 0" in text(reader.get(TEAMS))

    reader.post(TEAMS, {"act": "remove", "slug": "web"})

    assert not Team.objects.exists()
    assert acts() == [("team.create", "ada"), ("team.remove", "ada")]


@pytest.mark.parametrize(
    ("form", "why"),
    [
        ({"act": "create", "slug": "a b"}, "'a b' is no name for an address"),
        ({"act": "remove", "slug": "gone"}, "There is no team 'gone' any more."),
    ],
)
def test_what_cannot_be_done_to_teams_is_said(reader, form, why):
    answer = reader.post(TEAMS, form)

    assert (answer.status_code, acts()) == (400, [])
    assert why in text(answer)


def test_an_admin_makes_a_user_who_can_sign_in(reader):
    form = {"act": "create", "name": "vera", "password": PASSWORD, "role": "viewer"}

    assert reader.post(USERS, form)["Location"] == USERS

    assert Client().login(username="vera", password=PASSWORD)
    assert acts()[0] == ("user.create", "ada")


def test_an_admin_gives_roles_and_switches_users_off_and_on(reader):
    vera = viewer("vera")

    for form in (
        {"act": "role", "role": "auditor"},
        {"act": "switch-off"},
        {"act": "switch-on"},
    ):
        assert reader.post(USERS, {**form, "user": str(vera.pk)}).status_code == 302

    vera.refresh_from_db()
    assert (vera.is_auditor, vera.is_active) == (True, True)
    assert acts() == [
        ("user.role", "ada"),
        ("user.switch-off", "ada"),
        ("user.switch-on", "ada"),
    ]


@pytest.mark.parametrize(
    ("form", "why"),
    [
        ({"act": "create", "name": "ada"}, "There is a user ada already."),
        ({"act": "create", "name": "vera", "role": "x"}, "'x' is no role"),
        (
            {"act": "create", "name": "vera", "password": "1", "role": "viewer"},
            "This password is too short.",
        ),
        ({"act": "switch-off", "user": "9" * 40}, "There is no such user any more."),
        ({"act": "role", "user": "x", "role": "admin"}, "There is no such user"),
    ],
)
def test_what_cannot_be_done_to_users_is_said(reader, form, why):
    answer = reader.post(USERS, {"role": "viewer", **form})

    assert (answer.status_code, acts()) == (400, [])
    assert why in text(answer)


def test_the_last_admin_cannot_lock_the_door_behind_everybody(reader):
    ada = User.objects.get(username="ada")

    answer = reader.post(USERS, {"act": "switch-off", "user": str(ada.pk)})

    assert "This is the last admin" in text(answer)
    assert reader.get(USERS).status_code == 200


def test_users_are_listed_with_their_roles(reader):
    auditor()
    viewer("vera", is_active=False)

    page = text(reader.get(USERS))

    assert "audrey never" in page
    assert "vera switched off never" in page


@pytest.mark.parametrize("path", [TEAMS, USERS])
def test_an_unknown_act_is_refused(reader, path):
    assert reader.post(path, {"act": "sudo"}).status_code == 403
