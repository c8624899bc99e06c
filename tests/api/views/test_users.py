"""Users by REST: for admins; for others there is no such list."""

import pytest

from ipamweb.access import people
from ipamweb.access.models import User
from tests.api.sending import send
from tests.cast_people import PASSWORD, auditor, viewer

pytestmark = pytest.mark.django_db


def test_users_are_listed_by_name_without_anything_secret(reader):
    viewer("vera", is_active=False)

    rows = reader.results("users/")

    assert [(row["username"], row["role"], row["active"]) for row in rows] == [
        ("ada", "admin", True), ("vera", "viewer", False),
    ]  # fmt: skip
    assert set(rows[0]) == {
        "username", "role", "role_from_group", "by_provider", "active", "last_login",
    }  # fmt: skip


def test_a_user_is_made_and_the_password_is_not_told(reader):
    body = {"username": "nora", "password": PASSWORD, "role": "auditor"}

    answer = send(reader.client, "post", "users/", body)

    assert (answer.status_code, answer.json()["role"]) == (201, "auditor")
    assert PASSWORD not in answer.content.decode()
    assert User.objects.get(username="nora").check_password(PASSWORD)


@pytest.mark.parametrize(
    ("body", "why"),
    [
        ({"username": "ada", "password": PASSWORD}, "There is a user ada already."),
        ({"username": "n", "password": "short"}, "This password is too short"),
        ({"username": "n", "password": PASSWORD, "role": "root"}, "not a valid choice"),
        ({"username": "n", "password": PASSWORD, "is_superuser": True}, "is_superuser"),
    ],
)
def test_a_user_who_cannot_be_is_refused(reader, body, why):
    answer = send(reader.client, "post", "users/", body)

    assert (answer.status_code, User.objects.count()) == (400, 1)
    assert why in answer.json()["error"]["message"]


def test_where_no_passwords_are_taken_no_user_is_made(reader, settings):
    settings.IPAMWEB_PASSWORDS = False
    body = {"username": "nora", "password": PASSWORD}

    assert send(reader.client, "post", "users/", body).status_code == 400
    assert User.objects.count() == 1


def test_a_role_is_given_and_a_user_switched_off_and_on(reader):
    viewer("vera")
    changes = ({"role": "auditor"}, {"active": False}, {"active": True})

    rows = [
        send(reader.client, "patch", "users/vera/", each).json() for each in changes
    ]

    assert [(row["role"], row["active"]) for row in rows] == [
        ("auditor", True), ("auditor", False), ("auditor", True),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("path", "body", "why"),
    [
        ("users/ada/", {"active": False}, "This is the last admin"),
        ("users/ada/", {"role": "admin"}, "ada is admin already."),
        ("users/ada/", {"role": "viewer", "active": True}, "one of the two"),
        ("users/ada/", {"password": PASSWORD}, "password is not known here"),
        ("users/ada/", {}, "one of the two"),
    ],
)
def test_a_change_that_cannot_be_is_refused(reader, path, body, why):
    answer = send(reader.client, "patch", path, body)

    assert answer.status_code == 400
    assert why in answer.json()["error"]["message"]
    assert people.role_of(User.objects.get()) == "admin"


@pytest.mark.parametrize("make", [viewer, auditor])
def test_for_others_there_are_no_users(reader, make):
    reader.client.force_login(make("vera"))

    answers = [
        reader.get("users/"), reader.get("users/ada/"), reader.get("users/nobody/"),
        send(reader.client, "post", "users/", {"username": "n", "password": PASSWORD}),
        send(reader.client, "patch", "users/vera/", {"role": "admin"}),
    ]  # fmt: skip

    assert {answer.status_code for answer in answers} == {404}
    assert len({answer.content for answer in answers}) == 1
