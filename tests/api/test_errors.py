import pytest
from django.db import OperationalError

from ipamweb.mirror.queries import pools
from tests.api.conftest import Reader

C = "clusters/prod-eu/"
NOT_FOUND = {
    "error": {
        "code": "not-found",
        "message": "There is nothing here by this name, or it is not yours to see.",
        "details": {},
    }
}


@pytest.mark.parametrize(
    "path",
    [
        "clusters/nowhere/", "clusters/nowhere/nodes/", f"{C}pools/nothing/",
        f"{C}nodes/worker-z/", f"{C}pods/00000000-0000-4000-8000-000000000999/",
        f"{C}namespaces/nowhere/", f"{C}nothing/", "nothing", "", f"{C}nodes/a/b/",
        "clusters/%00/", f"{C}nodes/%00/", f"{C}pods/a%00b/", f"{C}nodes/%0a/",
    ],
)  # fmt: skip
def test_what_is_not_there_is_one_and_the_same_404(reader: Reader, path: str) -> None:
    answer = reader.get(path)

    assert (answer.status_code, answer.json()) == (404, NOT_FOUND)
    assert answer["Content-Type"] == "application/json"


@pytest.mark.parametrize(
    ("path", "message", "accepted"),
    [
        (f"{C}nodes/?limit=0", "limit: '0' is out of range. Accepted: 1 to 1000.",
         ["1 to 1000"]),
        (f"{C}nodes/?limit=1001", "limit: '1001' is out of range. Accepted: 1 to 1000.",
         ["1 to 1000"]),
        (f"{C}nodes/?limit=ten", "limit: 'ten' is out of range. Accepted: 1 to 1000.",
         ["1 to 1000"]),
        (f"{C}nodes/?limit=", "limit: '' is not accepted. Accepted: 1 to 1000.",
         ["1 to 1000"]),
        (f"{C}nodes/?limit=1&limit=2", "limit is given 2 times. Accepted: 1 to 1000.",
         ["1 to 1000"]),
        (f"{C}pods/?format=csv", "format: 'csv' is not accepted. Accepted: json.",
         ["json"]),
        (f"{C}allocations/?family=5", "family: '5' is not accepted. Accepted: 4, 6.",
         ["4", "6"]),
        (f"{C}allocations/?state=gone",
         "state: 'gone' is not accepted. Accepted: held, terminating, cooling-down,"
         " possible.",
         ["held", "terminating", "cooling-down", "possible"]),
        (f"{C}allocations/?within=10.0.0.5/24",
         "within: '10.0.0.5/24' has host bits set; the CIDR is 10.0.0.0/24."
         " Accepted: a CIDR such as 10.0.2.0/24.",
         ["a CIDR such as 10.0.2.0/24"]),
        (f"{C}allocations/?address=fe80::1%25eth0",
         "address: 'fe80::1%eth0' carries a zone id; an address in a cluster has none."
         " Accepted: an IP address.",
         ["an IP address"]),
        (f"{C}allocations/?older_than=week",
         "older_than: 'week' is no duration. Accepted: a number of s, m, h, d or w,"
         " such as 90m or 7d.",
         ["a number of s, m, h, d or w, such as 90m or 7d"]),
        (f"{C}allocations/?older_than=999999w",
         "older_than: '999999w' is longer than a hundred years. Accepted: a number of"
         " s, m, h, d or w, such as 90m or 7d.",
         ["a number of s, m, h, d or w, such as 90m or 7d"]),
        (f"{C}addresses/10.0.0.19/?at=0001-01-01T00:00:00%2B14:00",
         "at: '0001-01-01T00:00:00+14:00' is out of range: years are 1970 to 9000."
         " Accepted: a time such as 2026-11-22T14:03:22Z.",
         ["a time such as 2026-11-22T14:03:22Z"]),
        (f"{C}addresses/10.0.0.19/?at=yesterday",
         "at: 'yesterday' is no RFC 3339 time with a zone."
         " Accepted: a time such as 2026-11-22T14:03:22Z.",
         ["a time such as 2026-11-22T14:03:22Z"]),
        (f"{C}addresses/10.0.0.19/?at=2026-11-22T14:03:22",
         "at: '2026-11-22T14:03:22' is no RFC 3339 time with a zone."
         " Accepted: a time such as 2026-11-22T14:03:22Z.",
         ["a time such as 2026-11-22T14:03:22Z"]),
        (f"{C}addresses/10.0.0.19/?at=2026-11-31T14:03:22Z",
         "at: day is out of range for month."
         " Accepted: a time such as 2026-11-22T14:03:22Z.",
         ["a time such as 2026-11-22T14:03:22Z"]),
        (f"{C}addresses/10.0.0.300/", "'10.0.0.300' is not an IP address.",
         ["an IP address"]),
        ("addresses/nothing/", "'nothing' is not an IP address.", ["an IP address"]),
    ],
)  # fmt: skip
def test_a_bad_parameter_is_400_and_names_what_is_accepted(
    reader: Reader, path: str, message: str, accepted: list[str]
) -> None:
    answer = reader.get(path)

    assert answer.status_code == 400
    error = answer.json()["error"]
    assert (error["code"], error["message"]) == ("bad-parameter", message)
    assert error["details"]["accepted"] == accepted


def test_an_unknown_parameter_is_400_and_names_the_known(reader: Reader) -> None:
    answer = reader.get(f"{C}allocations/?owner=web")

    error = answer.json()["error"]
    assert (answer.status_code, error["message"]) == (
        400, "There is no parameter 'owner' here.",
    )  # fmt: skip
    assert error["details"] == {
        "parameter": "owner",
        "accepted": [
            "address", "at", "cursor", "family", "fields", "format", "kind", "limit",
            "namespace", "network", "node", "older_than", "pod", "pool", "q", "since",
            "state", "uid", "until", "view", "vs", "within", "workload_kind",
            "workload_name",
        ],
    }  # fmt: skip


@pytest.mark.parametrize("value", ["%00", "a%00b", "x" * 601])
def test_text_that_no_name_can_be_is_400(reader: Reader, value: str) -> None:
    assert reader.get(f"{C}nodes/?q={value}").status_code == 400


@pytest.mark.parametrize("cursor", ["x", "a.b", "WyJuZXh0IiwgMV0.x", "%F0%9F%98%80"])
def test_a_cursor_that_was_not_made_here_is_400(reader: Reader, cursor: str) -> None:
    answer = reader.get(f"{C}nodes/?cursor={cursor}")

    assert answer.status_code == 400
    assert answer.json()["error"]["details"] == {"parameter": "cursor", "accepted": []}


def test_a_cursor_of_another_list_is_400(reader: Reader) -> None:
    url = reader.json(f"{C}nodes/?limit=1")["next"]

    cursor = url.partition("cursor=")[2]

    assert reader.get(f"{C}pods/?cursor={cursor}").status_code == 400
    assert reader.get(f"{C}nodes/?ordering=-name&cursor={cursor}").status_code == 400


def test_a_fault_of_ours_says_no_more_than_that(
    reader: Reader, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(*_: object, **__: object) -> None:
        raise OperationalError("password=secret")

    monkeypatch.setattr(pools, "listed", broken)

    answer = reader.get(f"{C}pools/")

    assert (answer.status_code, answer.json()["error"]["code"]) == (500, "internal")
    assert b"secret" not in answer.content
    assert "password=secret" in caplog.text


def test_a_slash_left_out_leads_to_the_path_with_it(reader: Reader) -> None:
    answer = reader.get("clusters/prod-eu/nodes?zone=eu-a")

    assert (answer.status_code, answer["Location"]) == (
        302, "/api/v1/clusters/prod-eu/nodes/?zone=eu-a",
    )  # fmt: skip


def test_a_path_that_is_none_is_404_whatever_is_done_to_it(reader: Reader) -> None:
    assert reader.client.post("/api/v1/nothing/").status_code == 404


def test_options_tell_of_the_methods(reader: Reader) -> None:
    answer = reader.client.options("/api/v1/clusters/prod-eu/nodes/")

    assert (answer.status_code, answer["Allow"]) == (200, "GET, HEAD, OPTIONS")
