from typing import Any

import pytest
from django.test import Client

from ipamweb.access import tokens
from ipamweb.access.models import SavedView, User
from tests import cast
from tests.api.conftest import Reader
from tests.cast_people import team, viewer

C = "clusters/prod-eu/"
HOT = {
    "name": "hot",
    "table": "nodes",
    "query": {"zone": "eu-b"},
    "columns": ["name", "slots"],
    "ordering": "-name",
}


def send(reader: Reader, method: str, path: str, body: Any = None) -> Any:
    ask = getattr(reader.client, method)
    return ask(f"/api/v1/{path}", body or {}, content_type="application/json")


def save(reader: Reader, **wish: Any) -> Any:
    answer = send(reader, "post", "views/", {**HOT, **wish})
    assert answer.status_code == 201, answer.content
    return answer.json()


def test_a_view_is_saved_listed_and_opened_by_its_name(reader: Reader) -> None:
    made = save(reader)

    assert made == {
        **HOT,
        "id": made["id"],
        "key": "hot",
        "owner": "ada",
        "shared": "nobody",
        "team": "",
        "own": True,
        "changed_at": "2026-11-22T14:00:05Z",
    }
    assert reader.results("views/") == [made]
    assert reader.results(f"{C}nodes/?view=hot") == [
        {"name": "worker-c", "slots_used": 0, "slots_total": "14"},
        {"name": "worker-b", "slots_used": 6, "slots_total": "13"},
    ]


def test_what_is_asked_goes_before_what_is_stored(reader: Reader) -> None:
    save(reader)

    rows = reader.results(f"{C}nodes/?view=hot&zone=eu-a&fields=zone")

    assert rows == [{"zone": "eu-a"}]


def test_pages_of_a_view_go_on_without_its_name(reader: Reader) -> None:
    save(reader)

    following = reader.json(f"{C}nodes/?view=hot&limit=1")["next"]

    assert "view=" not in following
    rows = reader.client.get(following).json()["results"]
    assert [row["name"] for row in rows] == ["worker-b"]


def test_at_an_instant_a_view_has_the_one_order_there_is(reader: Reader) -> None:
    save(reader, columns=["name"])

    rows = reader.results(f"{C}nodes/?view=hot&at=2026-11-22T13:45:00Z")

    assert [row["name"] for row in rows] == ["worker-b", "worker-c"]


def test_an_answer_is_known_until_the_view_changes(reader: Reader) -> None:
    made = save(reader)
    path = f"{C}nodes/?view=hot"
    etag = reader.get(path)["ETag"]
    assert reader.get(path, headers={"If-None-Match": etag}).status_code == 304

    send(reader, "patch", f"views/{made['id']}/", {"query": {}})

    assert reader.get(path, headers={"If-None-Match": etag}).status_code == 200


@pytest.mark.parametrize(
    ("table", "path", "query", "columns", "expected"),
    [
        ("allocations", f"{C}allocations/", {"kind": "health", "family": "4"},
         ["address"], [{"address": "10.0.0.18"}, {"address": "10.0.0.34"}]),
        ("pools", f"{C}pools/", {}, ["pool"],
         [{"slug": "cilium-cluster-pool-v4"}, {"slug": "cilium-cluster-pool-v6"}]),
        ("pools", f"{C}pools/", {"q": "10.0.0.35", "family": "4"}, ["pool"],
         [{"slug": "cilium-cluster-pool-v4"}]),
        ("blocks", f"{C}blocks/",
         {"node": "worker-c", "system": "cilium", "family": "4"}, ["cidr"],
         [{"cidr": "10.0.0.48/28"}]),
        ("namespaces", f"{C}namespaces/", {"q": "sh"}, ["namespace", "pods"],
         [{"namespace": "shop", "pods": 5}]),
        ("pods", f"{C}pods/", {"namespace": "shop", "q": "cart-0"}, ["name"],
         [{"name": "cart-0"}]),
    ],
)  # fmt: skip
def test_every_list_opens_views_of_its_table(
    reader: Reader, table: str, path: str, query: Any, columns: Any, expected: Any
) -> None:
    save(reader, table=table, query=query, columns=columns, ordering="")

    assert reader.results(f"{path}?view=hot") == expected


def test_findings_that_say_no_state_are_all_as_in_their_list(reader: Reader) -> None:
    made = save(reader, table="findings", query={}, columns=["cluster"], ordering="")

    assert made["query"] == {"state": "all"}
    assert reader.results("findings/?view=hot") == [
        {"cluster": row["cluster"]} for row in reader.results("findings/")
    ]


@pytest.mark.parametrize(
    "path",
    [
        f"{C}nodes/?view=nothing", f"{C}nodes/?view=vera/mine",
        f"{C}pools/?view=hot", f"{C}nodes/?view=a%00b",
    ],
)  # fmt: skip
def test_a_view_that_is_not_there_and_one_of_others_are_one_sentence(
    reader: Reader, path: str
) -> None:
    save(reader)
    vera = viewer("vera")
    SavedView.objects.create(
        owner=vera, table="nodes", name="mine", changed_at=cast.NOW
    )

    answer = reader.get(path)

    assert answer.status_code == 400
    error = answer.json()["error"]
    assert error["details"]["parameter"] == "view"
    if "%00" not in path:
        key = path.partition("view=")[2]
        assert f"there is no view '{key}' of " in error["message"]


def test_a_list_without_views_takes_none(reader: Reader) -> None:
    assert reader.get(f"{C}gaps/?view=hot").status_code == 400


def test_a_view_is_changed_in_parts_and_removed(reader: Reader) -> None:
    team("web", User.objects.get(username="ada"))
    made = save(reader)
    path = f"views/{made['id']}/"

    changed = send(reader, "patch", path, {"name": "hotter", "team": "web"}).json()
    removed = send(reader, "delete", path)

    assert (changed["name"], changed["shared"], changed["team"]) == (
        "hotter", "team", "web",
    )  # fmt: skip
    assert (changed["query"], changed["ordering"]) == (HOT["query"], HOT["ordering"])
    assert (removed.status_code, reader.get(path).status_code) == (204, 404)


@pytest.mark.parametrize(
    ("wish", "parameter"),
    [
        ({"table": "users"}, "table"),
        ({"query": {"zone__startswith": "e"}}, "zone__startswith"),
        ({"query": {"node_pool__id": "1"}}, "node_pool__id"),
        ({"query": {"zone": ["a"]}}, "query"),
        ({"query": "zone=eu"}, "query"),
        ({"query": {"zone": "a\0b"}}, "query"),
        ({"columns": ["password"]}, "columns"),
        ({"ordering": "max_pods"}, "ordering"),
        ({"ordering": "name__desc"}, "ordering"),
        ({"name": ""}, "name"),
        ({"name": "a/b"}, ""),
        ({"shared": "world"}, "shared"),
        ({"shared": "team", "team": "nothing"}, ""),
        ({"table": "allocations", "query": {"q": "x"}, "columns": [], "ordering": "",
          "shared": "everybody"}, ""),
    ],
)  # fmt: skip
def test_what_cannot_be_saved_is_an_error_that_names_it(
    reader: Reader, wish: Any, parameter: str
) -> None:
    answer = send(reader, "post", "views/", {**HOT, **wish})

    assert answer.status_code == 400, answer.content
    assert answer.json()["error"]["details"]["parameter"] == parameter
    assert not SavedView.objects.exists()


def test_a_view_stays_one_of_its_table(reader: Reader) -> None:
    path = f"views/{save(reader)['id']}/"

    assert send(reader, "patch", path, {"table": "pools"}).status_code == 400
    assert send(reader, "patch", path, {"table": "nodes"}).status_code == 200


@pytest.mark.parametrize("number", ["0", "x", "9" * 30, "1.5", "٣"])
def test_a_number_that_no_view_has_is_not_there(reader: Reader, number: str) -> None:
    for method in ("get", "patch", "delete"):
        assert send(reader, method, f"views/{number}/").status_code == 404


def test_each_role_does_what_is_theirs(reader: Reader) -> None:
    vera = viewer("vera")
    mine = save(reader, columns=[], ordering="")["id"]
    shared = save(reader, name="all", shared="everybody")["id"]
    reader.client.force_login(vera)

    for number, status in ((mine, 404), (shared, 403)):
        assert send(reader, "patch", f"views/{number}/").status_code == status
        assert send(reader, "delete", f"views/{number}/").status_code == status
    assert [row["key"] for row in reader.results("views/")] == ["ada/all"]
    names = [row["name"] for row in reader.results(f"{C}nodes/?view=ada/all")]
    assert names == ["worker-c", "worker-b"]


def test_an_admin_removes_what_others_share(reader: Reader) -> None:
    vera = viewer("vera")
    of_vera = {"owner": vera, "table": "nodes", "changed_at": cast.NOW}
    SavedView.objects.create(**of_vera, name="x", everybody=True, id=7)
    SavedView.objects.create(**of_vera, name="y", id=8)

    assert send(reader, "delete", "views/7/").status_code == 204
    assert send(reader, "delete", "views/8/").status_code == 404


def test_views_are_listed_of_one_table(reader: Reader) -> None:
    save(reader)
    save(reader, table="pools", query={}, columns=[], ordering="")

    assert [row["table"] for row in reader.results("views/?table=pools")] == ["pools"]


def test_whoever_opens_a_shared_view_sees_their_own_scope(reader: Reader) -> None:
    pods = {"table": "allocations", "query": {"kind": "pod"}, "columns": ["owner"]}
    save(reader, **pods, ordering="", shared="everybody")
    assert reader.results(f"{C}allocations/?view=hot")[0]["pod"] == "web-01"

    reader.client.force_login(viewer("vera"))
    rows = reader.results(f"{C}allocations/?view=ada/hot")
    assert {(row["namespace"], row["pod"], row["owner_hidden"]) for row in rows} == {
        ("", "", True)
    }


def test_a_token_that_only_reads_opens_views_and_saves_none(reader: Reader) -> None:
    save(reader)
    text = tokens.create(User.objects.get(username="ada"), now=cast.NOW)
    headers = {"Authorization": f"Bearer {text}"}

    opened = Client().get(f"/api/v1/{C}nodes/?view=hot", headers=headers)
    saved = Client().post(
        "/api/v1/views/",
        {**HOT, "name": "more"},
        content_type="application/json",
        headers=headers,
    )

    assert (opened.status_code, saved.status_code) == (200, 403)


def test_a_stored_query_that_nobody_checked_reaches_no_table(reader: Reader) -> None:
    """As if it had been written into the database behind our back."""
    SavedView.objects.create(
        owner=User.objects.get(username="ada"),
        table="nodes",
        name="bad",
        query={"zone__startswith": "eu"},
        changed_at=cast.NOW,
    )

    answer = reader.get(f"{C}nodes/?view=bad")

    assert answer.status_code == 400
    assert (
        "There is no parameter 'zone__startswith' here."
        in (answer.json()["error"]["message"])
    )
