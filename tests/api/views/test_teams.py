from typing import Any

import pytest
from django.test import Client

from ipamweb.access import teams, tokens
from ipamweb.access.models import Team, User
from tests import cast, cast_people
from tests.api.conftest import Reader
from tests.cast_people import auditor, team, viewer


def test_a_team_is_told_with_members_and_rules(reader: Reader) -> None:
    web = team("web", viewer(), admin=viewer("ruth", is_active=False))
    cast_people.owns(web, labels={"team": "web"})

    body = reader.json("teams/web/")

    assert (body["slug"], body["name"], body["member_count"]) == ("web", "Web", 2)
    assert [tuple(each.values()) for each in body["members"]] == [
        ("ruth", "team admin", False, False),
        ("victor", "viewer", True, False),
    ]
    (rule,) = body["rules"]
    del rule["id"]
    assert rule == {
        "cluster": "",
        "namespace": "",
        "labels": {"team": "web"},
        "since": "2026-11-22T12:30:00Z",
    }


def test_teams_are_listed_to_their_members_alone(reader: Reader) -> None:
    victor = viewer()
    team("web", victor)
    assert [row["slug"] for row in reader.results("teams/")] == ["platform", "web"]

    reader.client.force_login(victor)

    assert [row["slug"] for row in reader.results("teams/")] == ["web"]
    assert reader.get("teams/platform/").status_code == 404


def test_an_answer_is_known_until_the_team_changes(reader: Reader) -> None:
    for path in ("teams/", "teams/platform/"):
        etag = reader.get(path)["ETag"]
        assert reader.get(path, headers={"If-None-Match": etag}).status_code == 304

        platform = Team.objects.get(slug="platform")
        teams.add_rule(platform, namespace=f"more-{len(path)}", by=None)
        assert reader.get(path, headers={"If-None-Match": etag}).status_code == 200


def send(reader: Reader, method: str, path: str, body: Any = None) -> Any:
    ask = getattr(reader.client, method)
    return ask(f"/api/v1/{path}", body or {}, content_type="application/json")


def test_members_are_put_and_taken(reader: Reader) -> None:
    viewer("vera")

    put = send(
        reader, "put", "teams/platform/members/vera", {"role": "team admin"}
    ).json()
    taken = send(reader, "delete", "teams/platform/members/vera").json()

    assert put["members"] == [
        {
            "username": "vera",
            "role": "team admin",
            "active": True,
            "from_group": False,
        }
    ]
    assert (put["member_count"], taken["member_count"], taken["members"]) == (1, 0, [])


def test_rules_are_added_and_removed(reader: Reader) -> None:
    wish = {"cluster": "prod-eu", "labels": "team=web,tier=db"}

    added = send(reader, "post", "teams/platform/rules", wish).json()["rules"]
    path = f"teams/platform/rules/{added[1]['id']}"
    removed = send(reader, "delete", path).json()["rules"]

    assert added[1]["labels"] == {"team": "web", "tier": "db"}
    assert removed == added[:1]


@pytest.mark.parametrize(
    ("method", "path", "body", "status"),
    [
        ("put", "teams/platform/members/nobody", {}, 400),
        ("put", "teams/platform/members/ada", {"role": "boss"}, 400),
        ("put", "teams/nothing/members/ada", {}, 404),
        ("put", "teams/platform/members/a%00b", {}, 404),
        ("put", "teams/a%00b/members/ada", {}, 404),
        ("post", "teams/platform/rules", {}, 400),
        ("post", "teams/platform/rules", {"namespace": "a\0b"}, 400),
        ("post", "teams/platform/rules", ["labels"], 400),
        ("delete", "teams/platform/rules/x", {}, 404),
        ("delete", f"teams/platform/rules/{'9' * 30}", {}, 404),
        ("delete", "teams/platform/rules/999999", {}, 400),
        ("get", "teams/platform/rules", {}, 405),
    ],
)
def test_what_cannot_be_done_is_an_error_of_the_one_shape(
    reader: Reader, method: str, path: str, body: Any, status: int
) -> None:
    answer = send(reader, method, path, body)

    assert answer.status_code == status
    assert set(answer.json()["error"]) == {"code", "message", "details"}


def test_each_role_changes_what_is_theirs(reader: Reader) -> None:
    ruth, victor = viewer("ruth"), viewer()
    team("web", victor, admin=ruth)
    member, rules = "teams/web/members/audrey", "teams/web/rules"
    for user, statuses in (
        (viewer("vera"), (404, 404)),
        (auditor(), (403, 403)),
        (victor, (403, 403)),
        (ruth, (200, 403)),
    ):
        reader.client.force_login(user)
        found = (
            send(reader, "put", member).status_code,
            send(reader, "post", rules, {"namespace": "batch"}).status_code,
        )
        assert found == statuses, user


def test_a_token_that_only_reads_changes_nothing(reader: Reader) -> None:
    ada = User.objects.get(username="ada")
    for may_write, status in ((False, 403), (True, 200)):
        text = tokens.create(ada, now=cast.NOW, may_write=may_write)
        answer = Client().put(
            "/api/v1/teams/platform/members/ada",
            {},
            content_type="application/json",
            headers={"Authorization": f"Bearer {text}"},
        )
        assert answer.status_code == status
