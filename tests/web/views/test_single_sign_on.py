"""The door with a provider of sign-ins: one button, and passwords only where taken."""

import pytest

from ipamweb.access.models import User
from tests.cast_people import PASSWORD, viewer
from tests.web.reading import parsed, text

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def provider(settings):
    settings.IPAMWEB_OIDC_ISSUER = "https://id.example.org"
    settings.IPAMWEB_OIDC_NAME = "Example ID"


def test_the_door_has_one_button_for_the_provider(client):
    page = parsed(client.get("/login/?next=/teams/"))

    assert text(client.get("/login/")).count("Sign in with Example ID") == 1
    assert ("form", "action", "/login/oidc/") in page.attributes
    assert page.attributes.count(("input", "value", "/teams/")) == 2


def test_without_a_provider_there_is_no_button(client, settings):
    settings.IPAMWEB_OIDC_ISSUER = ""

    assert "Sign in with" not in text(client.get("/login/"))


def test_where_no_passwords_are_taken_none_is_asked_for(client, settings):
    viewer()
    settings.IPAMWEB_PASSWORDS = False

    answer = client.post("/login/", {"username": "victor", "password": PASSWORD})

    assert "Password" not in text(client.get("/login/"))
    assert (answer.status_code, "_auth_user_id" in client.session) == (403, False)
    assert "Sign in by Example ID." in text(answer)


def test_where_no_passwords_are_taken_none_is_made(client, settings):
    settings.IPAMWEB_PASSWORDS = False
    client.force_login(viewer("ada", is_superuser=True))
    form = {"act": "create", "name": "n", "password": PASSWORD, "role": "viewer",
            "user": "0"}  # fmt: skip

    assert client.post("/admin/users/", form).status_code == 403
    assert client.post("/account/", {"old_password": PASSWORD}).status_code == 403
    assert "no passwords are taken" in text(client.get("/account/"))
    assert not User.objects.filter(username="n").exists()


def test_the_page_of_teams_asks_for_a_group_and_keeps_it(client):
    client.force_login(viewer("ada", is_superuser=True))
    client.post("/admin/teams/", {"act": "create", "slug": "web"})

    client.post("/admin/teams/", {"act": "group", "slug": "web", "group": "web-devs"})

    page = parsed(client.get("/admin/teams/"))
    assert ("input", "value", "web-devs") in page.attributes
    assert "in the group web-devs of the provider" in text(client.get("/teams/web/"))
