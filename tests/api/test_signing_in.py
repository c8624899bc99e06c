from datetime import timedelta

import pytest
from django.test import Client
from rest_framework.test import APIRequestFactory

from ipamweb.access import tokens
from ipamweb.access.models import Token, User
from ipamweb.api.views.schema import Schema
from tests import cast, cast_people

PATHS = [
    "clusters/", "clusters/prod-eu/", "clusters/prod-eu/pools/",
    "clusters/prod-eu/pools/x/", "clusters/prod-eu/pools/x/blocks.bin",
    "clusters/prod-eu/cells/10.0.0.0/24/", "clusters/prod-eu/children/10.0.0.0/24/",
    "clusters/prod-eu/mask/10.0.0.0/24/", "clusters/prod-eu/windows/fd00::/64/",
    "clusters/prod-eu/nodes/",
    "clusters/prod-eu/nodes/worker-a/", "clusters/prod-eu/blocks/",
    "clusters/prod-eu/pods/", "clusters/prod-eu/pods/x/",
    "clusters/prod-eu/namespaces/", "clusters/prod-eu/namespaces/shop/",
    "clusters/prod-eu/allocations/", "clusters/prod-eu/addresses/10.0.0.1/",
    "clusters/prod-eu/problems/", "clusters/prod-eu/gaps/", "clusters/prod-eu/runs/",
    "clusters/prod-eu/reservations/", "addresses/10.0.0.1/", "schema",
    "nowhere/", "clusters/nowhere/", "",
]  # fmt: skip


@pytest.fixture
def ada(db: None, stopped_clock: None) -> User:
    cast.insert()
    return cast.user()


def ask(authorization: str, path: str = "clusters/") -> int:
    answer = Client().get(f"/api/v1/{path}", headers={"Authorization": authorization})
    return answer.status_code


@pytest.mark.parametrize("path", PATHS)
def test_without_signing_in_everything_is_401_in_the_one_shape(
    ada: User, path: str
) -> None:
    answer = Client().get(f"/api/v1/{path}")

    assert (answer.status_code, answer["WWW-Authenticate"]) == (
        401, 'Bearer realm="ipamweb"',
    )  # fmt: skip
    assert answer.json() == {
        "error": {
            "code": "not-signed-in",
            "message": "Authentication credentials were not provided.",
            "details": {},
        }
    }


def test_a_session_signs_in(ada: User) -> None:
    client = Client()
    client.force_login(ada)

    assert client.get("/api/v1/clusters/").status_code == 200


def test_a_token_signs_in(ada: User) -> None:
    text = tokens.create(ada, now=cast.NOW)

    assert ask(f"Bearer {text}") == 200
    assert ask(f"bearer {text}") == 200


def test_a_wrong_expired_or_switched_off_token_is_401(ada: User) -> None:
    good = tokens.create(ada, now=cast.NOW)
    expired = tokens.create(ada, now=cast.NOW, expires_at=cast.NOW)
    idle = User.objects.create_user("idle")
    idles = tokens.create(idle, now=cast.NOW)
    User.objects.filter(pk=idle.pk).update(is_active=False)

    for text in (good[:-1] + "-", expired, idles, ""):
        assert ask(f"Bearer {text}") == 401


def test_a_bad_token_does_not_fall_back_to_the_session(ada: User) -> None:
    client = Client()
    client.force_login(ada)

    answer = client.get(
        "/api/v1/clusters/", headers={"Authorization": "Bearer ipw_nothing.at_all"}
    )

    assert (answer.status_code, answer.json()["error"]["code"]) == (
        401, "not-signed-in",
    )  # fmt: skip


def test_another_scheme_opens_nothing(ada: User) -> None:
    assert ask("Basic YWRhOmRpZmZlcmVuY2UtZW5naW5lLTE4NDM=") == 401


def test_the_use_of_a_token_is_noted_once_a_minute(
    ada: User, django_assert_num_queries: pytest.FixtureRequest
) -> None:
    text = tokens.create(ada, now=cast.NOW)
    ask(f"Bearer {text}")

    assert Token.objects.get().last_used_at == cast.NOW
    # The token, the clusters they may see, the page of clusters: nothing is written.
    with django_assert_num_queries(3):  # type: ignore[operator]
        ask(f"Bearer {text}")


def test_a_user_switched_off_is_signed_out_at_once(ada: User) -> None:
    client = Client()
    client.force_login(ada)
    User.objects.update(is_active=False)

    assert client.get("/api/v1/clusters/").status_code == 401


def test_a_session_may_not_write_from_another_site(ada: User) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(ada)

    assert client.post("/api/v1/clusters/").status_code == 403


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
def test_nothing_can_be_written_of_a_mirror(ada: User, method: str) -> None:
    client = Client()
    client.force_login(ada)

    answer = getattr(client, method)("/api/v1/clusters/prod-eu/nodes/")

    assert (answer.status_code, answer["Allow"]) == (405, "GET, HEAD, OPTIONS")
    assert answer.json()["error"]["code"] == "method-not-allowed"


def test_a_token_that_outlived_a_day_is_still_good_without_an_end(ada: User) -> None:
    text = tokens.create(ada, now=cast.NOW - timedelta(days=1))

    assert ask(f"Bearer {text}") == 200


@pytest.mark.parametrize("may_write", [True, False])
def test_a_token_only_reads_unless_it_was_made_to_write(
    ada: User, may_write: bool
) -> None:
    text = tokens.create(ada, now=cast.NOW, may_write=may_write)
    request = APIRequestFactory().post("/api/v1/clusters/")
    request.META["HTTP_AUTHORIZATION"] = f"Bearer {text}"

    answer = Schema.as_view()(request)

    # Reading is all there is to this path: who may write is told that.
    assert answer.status_code == (405 if may_write else 403)


def test_a_token_that_may_write_shows_no_more_than_its_user_may_see(ada: User) -> None:
    text = tokens.create(cast_people.viewer(), now=cast.NOW, may_write=True)

    assert ask(f"Bearer {text}", f"clusters/prod-eu/pods/{cast.uid(401)}/") == 404
